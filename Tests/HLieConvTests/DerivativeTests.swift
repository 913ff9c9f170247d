// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

@Suite("Derivatives against extrapolated central differences")
struct DerivativeTests {
  static let groups = Groups.all.map { ($0.name, $0.spaceDimension) }

  /// The kinds without a group that are potentials, in the plane and in space.
  static let potentials = ModelCase.potentials.map { ($0.kind, $0.group.spaceDimension) }

  @Test("the force is −∂H/∂q", arguments: groups)
  func force(group: String, dimension: Int) throws {
    try checkForce(SmallProblem(group: group, dimension: dimension))
  }

  @Test("the force is −∂H/∂q for every baseline", arguments: potentials)
  func force(kind: ModelKind, dimension: Int) throws {
    try checkForce(SmallProblem(kind: kind, dimension: dimension))
  }

  private func checkForce(_ problem: SmallProblem) throws {
    let system = problem.system
    let q = problem.data.systems[0].states[0].q
    let force = SmallProblem.force(system, at: q)
    let scale = force.map(abs).max() ?? 0
    #expect(scale > 0.1 && scale < 10)
    for k in q.indices {
      let difference = extrapolatedDifference(1e-3) { h in
        var moved = q
        moved[k] += h
        return system.potentialEnergy(at: moved.span)
      }
      #expect(abs(force[k] + difference) < 1e-9 * scale)
    }
  }

  /// Every parameter tensor, at the entry of its largest gradient and at five others.
  @Test("the training gradient of every group", arguments: groups)
  func trainingGradient(group: String, dimension: Int) throws {
    try check(group, dimension, method: "rk4-38", pool: .mean, centre: true)
  }

  @Test("the training gradient of every other kind", arguments: ModelCase.potentials + ModelCase.flows)
  func trainingGradient(_ model: ModelCase) throws {
    for centre in [true, false] { try check(SmallProblem(model, centre: centre), method: "rk4-38") }
    try check(SmallProblem(model), method: "rk4")
  }

  @Test(
    "(dq/dt, dp/dt) = (∂H/∂p, −∂H/∂q) of a learned H(q, p)",
    arguments: [Trivial2.self, Trivial3.self] as [any LieGroup.Type])
  func hamiltonianField(group: any LieGroup.Type) throws {
    let problem = try SmallProblem(ModelCase(group: group, kind: .hogn))
    let (law, z) = (problem.flow(0), problem.data.systems[0].states[0])
    let (qdot, pdot) = rates(of: law, at: z)
    let scale = (qdot + pdot).map(abs).max() ?? 0
    #expect(scale > 0.1)
    func slope(_ move: (inout PhaseState, Double) -> Void) -> Double {
      extrapolatedDifference(1e-3) { h in
        var moved = z
        move(&moved, h)
        return law.energy(q: moved.q.span, p: moved.p.span) ?? .nan
      }
    }
    for k in z.q.indices {
      #expect(abs(qdot[k] - slope { $0.p[k] += $1 }) < 1e-9 * scale)
      #expect(abs(pdot[k] + slope { $0.q[k] += $1 }) < 1e-9 * scale)
    }
  }

  @Test("the training gradient through every method", arguments: ChunkMethod.all.map(\.name))
  func trainingGradient(method: String) throws {
    try check("T3", 3, method: method, pool: .mean, centre: true)
  }

  @Test("the training gradient through steps over several points", arguments: [2, 3, 10])
  func trainingGradient(stride: Int) throws {
    try check("T2", 2, method: "nystrom4", stride: stride, pool: .mean, centre: true)
  }

  @Test("the training gradient with sums, uncentred", arguments: groups)
  func otherOptions(group: String, dimension: Int) throws {
    try check(group, dimension, method: "rk4-38", pool: .sum, centre: false)
  }

  /// The readout of pairs, alone and upon layers, kernels that see both ends, and statistics in the network.
  @Test(
    "the training gradient of the other readout, kernels and inputs", arguments: [0, 1],
    [Lift.isotropic, .frame, .haar])
  func pairReadout(layers: Int, lift: Lift) throws {
    for charges in Charges.allCases { try pairReadout(layers: layers, lift: lift, charges) }
  }

  private func pairReadout(layers: Int, lift: Lift, _ charges: Charges) throws {
    for (group, dimension) in [("T2", 2), ("SE2", 2), ("SO3", 3)] {
      try check(group, dimension, method: "nystrom4", pool: .sum, centre: true) { config in
        (config.readout, config.layers, config.width, config.hidden) = (.pair, layers, 8, [8, 6])
        config.charges = charges
        (config.channels, config.kernel, config.normalise, config.lift) = (3, .ends, true, lift)
        config.scales = [0.2]
      }
    }
    try check("T3", 3, method: "rk4-38", pool: .mean, centre: false) { config in
      (config.kernel, config.normalise, config.neighbourhood) = (.ends, true, .cutoff(radius: 3))
    }
  }

  @Test("the gradient of energies by the parameters", arguments: groups)
  func energyGradient(group: String, dimension: Int) throws {
    try checkEnergyGradient(SmallProblem(group: group, dimension: dimension, pool: .sum))
  }

  @Test("the gradient of every baseline's energies by the parameters", arguments: potentials)
  func energyGradient(kind: ModelKind, dimension: Int) throws {
    try checkEnergyGradient(SmallProblem(kind: kind, dimension: dimension))
  }

  private func checkEnergyGradient(_ problem: SmallProblem) throws {
    let program = problem.model.program
    let storage = ParameterStorage(problem.model.parameters, layout: program.parameters)
    let (systems, weights) = (problem.data.systems, [0.7, -1.3, 0.4])
    let engine = TileEngine(
      program, parameters: storage, capacity: 3, bodies: 4, evaluations: 1, tangents: false)
    let q = systems.flatMap { $0.states[0].q }
    func energies() -> [Double] {
      storage.pack()
      engine.begin(systems: 3, features: systems.flatMap(\.features))
      let v = engine.potential(0, at: q)
      return (0..<3).map { v[$0] }
    }
    let gradient = AlignedMemory<Double>(count: program.parameters.count)
    _ = energies()
    engine.energyGradient(0, weights: weights, addingTo: gradient.base)
    engine.finishGradient(addingTo: gradient.base)
    for view in program.parameters.views {
      let scale = view.range.map { abs(gradient.base[$0]) }.max() ?? 0
      #expect(scale > 0)
      let k = view.range.max { abs(gradient.base[$0]) < abs(gradient.base[$1]) } ?? view.offset
      let original = storage.values[k]
      let difference = extrapolatedDifference(2.5e-4) { h in
        storage.values[k] = original + h
        return zip(weights, energies()).reduce(0) { $0 + $1.0 * $1.1 }
      }
      storage.values[k] = original
      #expect(abs(gradient.base[k] - difference) < 1e-7 * scale, "\(view.name)")
    }
  }

  private func check(
    _ group: String, _ dimension: Int, method name: String, stride: Int = 1, pool: Pooling, centre: Bool,
    configure: (inout ModelConfig) -> Void = { _ in }
  ) throws {
    var problem = try SmallProblem(
      group: group, dimension: dimension, pool: pool, centre: centre, configure: configure)
    if problem.model.config.normalise { problem.model = try problem.model.normalised(by: problem.data) }
    try check(problem, method: name, stride: stride)
  }

  private static func isIdle(_ name: String, _ kind: ModelKind) -> Bool {
    kind == .hogn && name.hasPrefix("nodes") || kind == .ogn && name.hasPrefix("global")
  }

  private func check(_ problem: SmallProblem, method name: String, stride: Int = 1) throws {
    let method = try #require(ChunkMethod.named(name, stride: stride))
    let data = ChunkTensors<Double>(problem.data)
    let loss = try ChunkLoss<Double>(
      problem.model.program, initial: problem.model.parameters, objective: .chunks(method), sizes: data.sizes,
      points: data.points, threads: 2)
    let batch = Array(0..<data.count)
    func value() -> Double { loss.errors(of: data).reduce(0, +) / Double(data.count) }

    let mean = loss.gradient(of: data, batch)
    #expect(abs(mean - value()) < 1e-12 * mean)
    let gradient = Array(loss.gradient)
    var generator = SeededGenerator(seed: 5)
    for view in problem.model.layout.views {
      let entries = gradient[view.range]
      let scale = entries.map(abs).max() ?? 0
      // A constant in V moves nothing, nor do the parameters that are only counted.
      let config = problem.model.config
      // Nor does one between features that do not move.
      let isConstant =
        view.name == "readout.b" && config.kind.dynamics.hasEnergy
        || view.name == "readout.kernel.2.b" && config.layers == 0
      if isConstant || Self.isIdle(view.name, config.kind) {
        #expect(entries.allSatisfy { $0 == 0 })
        continue
      }
      let largest = entries.indices.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? view.offset
      let others = (0..<5).map { _ in view.offset + generator.index(below: view.count) }
      for k in [largest] + others {
        let original = loss.parameters[k]
        let difference = extrapolatedDifference(2.5e-4) { h in
          loss.parameters[k] = original + h
          return value()
        }
        loss.parameters[k] = original
        #expect(
          abs(gradient[k] - difference) < 1e-6 * scale,
          "\(view.name)[\(k - view.offset)]: \(gradient[k]) against \(difference), largest \(scale)")
      }
    }
  }
}
