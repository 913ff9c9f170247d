// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch

/// Runs a program on one tile of systems: energies, forces, and the products that training needs.
///
/// One engine belongs to one worker. The order of calls for one tile is `begin`, any number of `force` (each
/// evaluation has a number), then for training `hessianProduct` for each evaluation and `finishGradient` once.
final class TileEngine<T: NetworkScalar>: TeamWork {
  let program: Program
  /// Bodies of each system of the tile at hand.
  private(set) var bodies: Int
  let workspace: Workspace<T>
  private let staticOperations: [Int]
  let dynamicOperations: [Int]
  private let parameters: ParameterStorage<T>
  private(set) var systems = 0
  /// Who shares the forces of this tile, if anybody, and how.
  private let team: Team?
  private let plan: TeamPlan
  /// Of each kind of task; nil where they are shared whenever the team has time.
  private var paces: [Pace]?
  /// What it is asked for now.
  private var task = (evaluation: 0, passes: Passes.forward)
  enum Passes: Int { case forward, reverse, both }

  /// For tiles of up to `capacity` systems of `bodies` bodies, and `evaluations` of the force held at once. Its
  /// forces are shared among `team`, where that is found to pay or `sharesAlways`.
  convenience init(
    _ program: Program, parameters: ParameterStorage<T>, capacity: Int, bodies: Int, evaluations: Int,
    tangents: Bool, team: Team? = nil, sharesAlways: Bool = false
  ) {
    self.init(
      program, parameters: parameters, shapes: [TileShape(systems: capacity, bodies: bodies)],
      evaluations: evaluations, tangents: tangents, team: team, sharesAlways: sharesAlways)
  }

  /// For tiles of up to as many systems as one of `shapes` says for their number of bodies.
  init(
    _ program: Program, parameters: ParameterStorage<T>, shapes: [TileShape], evaluations: Int,
    tangents: Bool, team: Team? = nil, sharesAlways: Bool = false
  ) {
    self.program = program
    self.parameters = parameters
    bodies = shapes.first?.bodies ?? 0
    workspace = Workspace(program, shapes: shapes, evaluations: evaluations, tangents: tangents)
    staticOperations = program.staticOperations
    dynamicOperations = program.dynamicOperations
    self.team = team
    paces = sharesAlways ? nil : [Pace(), Pace(), Pace()]
    plan = TeamPlan(program)
  }

  /// Coordinates of a tile's positions, or states: systems × bodies × their width.
  var coordinates: Int { systems * bodies * program.width(program.positions) }

  func context(
    _ evaluation: Int, gradient: UnsafeMutablePointer<T>? = nil
  ) -> Context<T> {
    Context(
      program: program, systems: systems, bodies: bodies, parameters: parameters.base,
      panels: parameters.panels, parameterGradient: gradient,
      workspace: workspace, evaluation: evaluation)
  }

  /// Starts a tile: what depends on the features [systems × bodies × features] alone is computed now. `bodies` may be left
  /// out where all tiles have the same.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func begin(systems: Int, bodies: Int? = nil, features: [T]) {
    self.systems = systems
    if let bodies { self.bodies = bodies }
    let c = context(0)
    c.value(program.features).update(from: features, count: c.size(program.features))
    for k in staticOperations { program.operations[k].run(.forward, c) }
    workspace.clearStaticCotangents()
  }

  /// Comes back to a tile whose static values `begin` has once computed in place.
  func resume(_ values: StaticValues<T>, systems: Int) {
    workspace.statics = values
    self.systems = systems
  }

  /// V [systems] at positions q [systems × bodies × dimension].
  @specialized(where T == Float)
  @specialized(where T == Double)
  func potential(_ evaluation: Int, at q: [T]) -> UnsafePointer<T> {
    load(evaluation, q)
    perform(evaluation, .forward)
    return potential(evaluation)
  }

  /// V [systems] of the last `potential` or `force` for this evaluation.
  func potential(_ evaluation: Int) -> UnsafePointer<T> {
    UnsafePointer(workspace.value(program.output, evaluation))
  }

  func load(_ evaluation: Int, _ q: [T]) {
    workspace.value(program.positions, evaluation).update(from: q, count: coordinates)
  }

  func perform(_ evaluation: Int, _ passes: Passes) {
    task = (evaluation, passes)
    guard let team else { return work(.whole) }
    let kind = passes.rawValue
    let start = DispatchTime.now().uptimeNanoseconds
    let shared = paces?[kind].prefersSharing != false && team.share(self)
    if !shared { work(.whole) }
    paces?[kind].note(nanoseconds: DispatchTime.now().uptimeNanoseconds - start, shared: shared)
  }

  /// The passes that the task consists of, or one member's share of them.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func work(_ share: Share) {
    var c = context(task.evaluation)
    c.share = share
    if task.passes != .reverse {
      for step in plan.forward where isDue(step, share) {
        program.operations[step.operation].run(.forward, c)
      }
      if task.passes == .forward { return }
      team?.meet(share.count)
    }
    if share.index == 0 {
      c.cotangent(program.output).update(repeating: 1, count: c.size(program.output))
    }
    for step in plan.reverse where isDue(step, share) {
      c.adds = program.adds[step.operation]
      program.operations[step.operation].run(.reverse, c)
    }
  }

  /// Whether the step is for this member to do, after waiting for the others where that is needed.
  private func isDue(_ step: TeamPlan.Step, _ share: Share) -> Bool {
    if share.count == 1 { return true }
    if step.waits { team?.meet(share.count) }
    return share.index == 0 || !step.isAlone
  }

  /// The embeddings of all pairs of nodes of different bodies, of a single system at q.
  func pairEmbeddings(at q: [T]) -> [[T]] {
    _ = potential(0, at: q)
    let (a, width, nodes) = (
      workspace.value(program.pairs, 0), program.width(program.pairs), bodies * program.samples
    )
    var pairs: [[T]] = []
    for row in 0..<nodes * nodes where row / nodes / program.samples != row % nodes / program.samples {
      pairs.append((0..<width).map { a[row * width + $0] })
    }
    return pairs
  }

  /// V_i [systems × bodies] of the last evaluation of `potential` or `force`: what each body adds to V = Σ V_i, equal
  /// shares of it where the network does not say.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func bodyEnergies(_ evaluation: Int) -> [T] {
    guard let nodeEnergies = program.nodeEnergies else {
      let v = potential(evaluation)
      return (0..<systems * bodies).map { v[$0 / bodies] / T(bodies) }
    }
    let v = context(evaluation).value(nodeEnergies)
    let samples = program.samples
    let weight = T(program.pooling.weight(bodies: bodies, samples: samples))
    return (0..<systems * bodies).map { body in
      var sum: T = 0
      for sample in 0..<samples { sum += v[body * samples + sample] }
      return weight * sum
    }
  }

  /// F = −∂V/∂q at q; V is left in the workspace.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func force(_ evaluation: Int, at q: [T], into force: inout [T]) {
    load(evaluation, q)
    perform(evaluation, .both)
    take(evaluation, &force)
  }

  /// F at the positions of the last `potential` for this evaluation, or of the last `force`, whose values are in place.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func force(_ evaluation: Int, into force: inout [T]) {
    perform(evaluation, .reverse)
    take(evaluation, &force)
  }

  private func take(_ evaluation: Int, _ force: inout [T]) {
    let gradient = workspace.cotangent(program.positions, evaluation)
    for k in 0..<coordinates { force[k] = -gradient[k] }
  }

  /// Adds Σ_s w_s ∂V_s/∂θ over the systems of the tile to `gradient`: what training on energies needs. It is to be called
  /// directly after `potential` for the same evaluation, some of whose values the next one overwrites.
  ///
  /// What the static part owes is summed until `finishGradient`.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func energyGradient(_ evaluation: Int, weights: [T], addingTo gradient: UnsafeMutablePointer<T>) {
    var c = context(evaluation, gradient: gradient)
    c.cotangent(program.output).update(from: weights, count: systems)
    for k in dynamicOperations.reversed() {
      c.adds = program.adds[k]
      program.operations[k].run(.reverse, c)
    }
  }

  /// Writes ∇²V·v for a direction v at the positions of an evaluation, and adds ∂(v·∇V)/∂θ to `gradient`; with weights w [systems] of
  /// energies, ∇²V·v + w∇V and ∂(v·∇V + wV)/∂θ, for no more work.
  ///
  /// What the static part owes is summed until `finishGradient`.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func hessianProduct(
    _ evaluation: Int, direction v: [T], energyWeights: [T]? = nil,
    addingTo gradient: UnsafeMutablePointer<T>,
    into product: inout [T]
  ) {
    var c = context(evaluation, gradient: gradient)
    c.tangent(program.positions).update(from: v, count: coordinates)
    for k in dynamicOperations { program.operations[k].run(.tangentForward, c) }
    // The reverse pass of V begins with 1, and its derivative with that of 1 + ε w by ε.
    if let energyWeights {
      c.cotangentTangent(program.output).update(from: energyWeights, count: systems)
    } else {
      c.cotangentTangent(program.output).update(repeating: 0, count: c.size(program.output))
    }
    for k in dynamicOperations.reversed() {
      c.adds = program.adds[k]
      program.operations[k].run(.tangentReverse, c)
    }
    let result = c.cotangentTangent(program.positions)
    for k in 0..<coordinates { product[k] = result[k] }
  }

  /// Carries the summed cotangents through the static part and adds its share to `gradient`.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func finishGradient(addingTo gradient: UnsafeMutablePointer<T>) {
    var c = context(0, gradient: gradient)
    for k in staticOperations.reversed() {
      c.adds = program.adds[k]
      program.operations[k].run(.reverse, c)
    }
  }
}
