// SPDX-License-Identifier: GPL-3.0-or-later

/// Runs a program on one tile of systems: energies, forces, and the products that training needs.
///
/// One engine belongs to one worker. The order of calls for one tile is `begin`, any number of `force` (each
/// evaluation has a number), then for training `hessianProduct` for each evaluation and `finishGradient` once.
final class TileEngine<T: NetworkScalar>: TeamWork {
  let program: Program
  let bodies: Int
  let workspace: Workspace<T>
  private let staticOperations: [Int]
  private let dynamicOperations: [Int]
  private let parameters: ParameterStorage<T>
  private(set) var systems = 0
  /// Who shares the forces of this tile, and how.
  private let team: Team?
  private let plan: TeamPlan?
  /// What it is asked for now.
  private var task = (evaluation: 0, reverses: false)

  /// For tiles of up to `capacity` systems of `bodies` bodies, and `evaluations` of the force held at once. Its
  /// forces are shared among `team`.
  init(
    _ program: Program, parameters: ParameterStorage<T>, capacity: Int, bodies: Int, evaluations: Int,
    tangents: Bool, team: Team? = nil
  ) {
    self.program = program
    self.parameters = parameters
    self.bodies = bodies
    workspace = Workspace(
      program, systems: capacity, bodies: bodies, evaluations: evaluations, tangents: tangents)
    staticOperations = program.staticOperations
    dynamicOperations = program.dynamicOperations
    self.team = team
    plan = team == nil ? nil : TeamPlan(program)
  }

  /// Coordinates of a tile's positions: systems × bodies × dimension.
  var coordinates: Int { systems * bodies * program.width(program.positions) }

  func context(
    _ evaluation: Int, gradient: UnsafeMutablePointer<T>? = nil
  ) -> Context<T> {
    Context(
      program: program, systems: systems, bodies: bodies, parameters: parameters.base,
      panels: parameters.panels, parameterGradient: gradient,
      workspace: workspace, evaluation: evaluation)
  }

  /// Starts a tile: what depends on the features [systems × bodies × features] alone is computed now.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func begin(systems: Int, features: [T]) {
    self.systems = systems
    let c = context(0)
    c.value(program.features).update(from: features, count: c.size(program.features))
    for k in staticOperations { program.operations[k].run(.forward, c) }
    workspace.clearStaticCotangents()
  }

  /// Comes back to a tile whose static values `begin` has once computed in place.
  func resume(_ values: StaticValues<T>) {
    workspace.statics = values
    systems = values.systems
  }

  /// V [systems] at positions q [systems × bodies × dimension].
  @specialized(where T == Float)
  @specialized(where T == Double)
  func potential(_ evaluation: Int, at q: [T]) -> UnsafePointer<T> {
    perform(evaluation, at: q, reverses: false)
    return UnsafePointer(workspace.value(program.output, evaluation))
  }

  private func perform(_ evaluation: Int, at q: [T], reverses: Bool) {
    workspace.value(program.positions, evaluation).update(from: q, count: coordinates)
    task = (evaluation, reverses)
    if let team { team.share(self) } else { work(.whole) }
  }

  /// The forward pass, and the reverse pass if a force is wanted, or one member's share of them.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func work(_ share: Share) {
    var c = context(task.evaluation)
    c.share = share
    for k in dynamicOperations where isDue(k, share, plan?.waitsForward) {
      program.operations[k].run(.forward, c)
    }
    guard task.reverses else { return }
    if share.index == 0 {
      c.cotangent(program.output).update(repeating: 1, count: c.size(program.output))
    }
    team?.meet(share.count)
    for k in dynamicOperations.reversed() where isDue(k, share, plan?.waitsReverse) {
      c.adds = program.adds[k]
      program.operations[k].run(.reverse, c)
    }
  }

  /// Whether operation k is for this member to do, after waiting for the others where that is needed.
  private func isDue(_ k: Int, _ share: Share, _ waits: [Bool]?) -> Bool {
    guard share.count > 1, let team, let plan, let waits else { return true }
    if waits[k] { team.meet(share.count) }
    return share.index == 0 || !plan.isAlone[k]
  }

  /// V_i [systems × bodies] of the last evaluation of `potential` or `force`: what each body adds to V = Σ V_i.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func bodyEnergies(_ evaluation: Int) -> [T] {
    let v = context(evaluation).value(program.nodeEnergies)
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
    perform(evaluation, at: q, reverses: true)
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

  /// Writes ∇²V·v for a direction v at the positions of an evaluation, and adds ∂(v·∇V)/∂θ to `gradient`.
  ///
  /// What the static part owes is summed until `finishGradient`.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func hessianProduct(
    _ evaluation: Int, direction v: [T], addingTo gradient: UnsafeMutablePointer<T>, into product: inout [T]
  ) {
    var c = context(evaluation, gradient: gradient)
    c.tangent(program.positions).update(from: v, count: coordinates)
    for k in dynamicOperations { program.operations[k].run(.tangentForward, c) }
    c.cotangentTangent(program.output).update(repeating: 0, count: c.size(program.output))
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
