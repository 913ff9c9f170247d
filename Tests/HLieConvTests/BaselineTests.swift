// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import HLieConv

/// The baselines of the published study beside LieConv.
@Suite("Baselines")
struct BaselineTests {
  private func model(
    _ kind: ModelKind, width: Int? = nil, dimension: Int = 2,
    configure: (inout ModelConfig) -> Void = { _ in }
  ) throws -> HamiltonianModel {
    var config = ModelConfig(baseline: kind, bodies: kind.countsBodies ? 6 : nil)
    if let width { config.width = width }
    configure(&config)
    return try HamiltonianModel(
      config, dimension: dimension, featureNames: ["m", "k"], precision: "float64")
  }

  /// Those of Finzi et al. 2020 for two features in the plane; of VOGN, about 1.58 million.
  @Test("have as many parameters as the published ones")
  func counts() throws {
    #expect(try model(.hfc).layout.count == 204_033)
    #expect(try model(.vogn).layout.count == 1_584_641)
    #expect(try model(.fc).layout.count == 213_016)
    #expect(try model(.ogn).layout.count == 401_412)
    #expect(try model(.hogn).layout.count == 401_669)
    #expect(
      try model(.flieconv, width: 384) {
        ($0.group, $0.centre) = ("T2", true)
      }.layout.count == 897_220)
  }

  /// Weights and biases of layers from and to so many numbers.
  private func count(_ layers: (Int, Int)...) -> Int { layers.reduce(0) { $0 + ($1.0 + 1) * $1.1 } }

  @Test("have the layers they should at any width", arguments: [4, 16, 100], [2, 3])
  func layers(k: Int, d: Int) throws {
    #expect(
      try model(.hfc, width: k, dimension: d) { $0.layers = 2 }.layout.count
        == count((6 * (d + 2), k), (k, k), (k, 1)))
    // Nodes are told d + 2 numbers, edges those of both ends and two ones, the system one one.
    #expect(
      try model(.vogn, width: k, dimension: d).layout.count
        == count(
          (2 * (d + 2) + 2, k), (k, k), (d + 2 + k + 1, k), (k, k), (1 + k + k, k), (k, k), (k, 1)))
    // With momenta, and the rates of all bodies.
    #expect(
      try model(.fc, width: k, dimension: d) { $0.layers = 2 }.layout.count
        == count((6 * (2 * d + 2), k), (k, k), (k, 6 * 2 * d)))
    let block = count(
      (2 * (2 * d + 2) + 2, k), (k, k), (2 * d + 2 + k + 1, k), (k, k), (1 + k + k, k), (k, k))
    #expect(try model(.ogn, width: k, dimension: d).layout.count == block + count((k, 2 * d)))
    #expect(try model(.hogn, width: k, dimension: d).layout.count == block + count((k, 2 * d), (k, 1)))
  }

  /// The same networks written body by body and layer by layer, as the formulas have them.
  @Test("give what their formulas say", arguments: ModelCase.baselines)
  func formulas(_ model: ModelCase) throws {
    let made = try model.model()
    let d = model.group.spaceDimension
    let (q, p) = (model.positions(bodies: 5, seed: 4), model.positions(bodies: 5, seed: 5))
    let masses = [0.5, 0.9, 1.3, 1.7, 2.1]
    let hasMomenta = made.dynamics != .potential
    let told = (0..<5).map { i in
      (0..<d).map { axis in
        q[i * d + axis] - (0..<5).reduce(0) { $0 + q[$1 * d + axis] } / 5
      } + (hasMomenta ? Array(p[i * d..<(i + 1) * d]) : []) + [masses[i]]
    }
    let layers = PlainLayers(model: made)
    let output = layers.output(told)
    let scale = output.map(abs).max() ?? 0
    #expect(scale > 1e-3)
    let bodies = Bodies(dimension: d, masses: masses)
    let features = masses.map { [$0] }
    switch made.dynamics {
    case .potential:
      let system = LearnedSystem(made, bodies: bodies, features: features)
      let (V, shares) = (system.potentialEnergy(at: q.span), system.bodyEnergies(at: q.span))
      #expect(abs(V - output[0]) < 1e-13 * scale)
      #expect(shares.count == 5 && abs(shares.reduce(0, +) - V) < 1e-14 * scale)
    case .hamiltonian:
      let H = LearnedFlow(made, bodies: bodies, features: features).energy(q: q.span, p: p.span)
      #expect(abs((H ?? .nan) - output[0]) < 1e-13 * scale)
    case .vectorField:
      let law = LearnedFlow(made, bodies: bodies, features: features)
      let (qdot, pdot) = rates(of: law, at: PhaseState(q: q, p: p))
      for i in 0..<5 {
        for axis in 0..<d {
          #expect(abs(qdot[i * d + axis] - output[2 * i * d + axis]) < 1e-13 * scale)
          #expect(abs(pdot[i * d + axis] - output[(2 * i + 1) * d + axis]) < 1e-13 * scale)
        }
      }
    }
  }

  /// Another order of the bodies is another input to a perceptron, and the same to a graph.
  @Test("know the order of the bodies only as perceptrons")
  func order() throws {
    func change(_ kind: ModelKind) throws -> Double {
      func energy(_ order: [Int]) throws -> Double {
        let (masses, k) = ([0.5, 1, 1.5, 2, 2.5, 3], [1, 0, 2, 1, 4, 3].map { Double($0) })
        let system = try model(kind, width: 16).system(
          like: SpringSystem(
            bodies: Bodies(dimension: 2, masses: order.map { masses[$0] }), stiffness: order.map { k[$0] }))
        var generator = SeededGenerator(seed: 5)
        let q = (0..<12).map { _ in generator.normal() }
        let ordered = order.flatMap { [q[2 * $0], q[2 * $0 + 1]] }
        return system.potentialEnergy(at: ordered.span)
      }
      return try abs(energy([3, 0, 4, 1, 5, 2]) - energy(Array(0..<6)))
    }
    #expect(try change(.vogn) < 1e-14)
    #expect(try change(.hfc) > 1e-6)
  }

  @Test("a perceptron refuses another number of bodies and says what to do")
  func bodies() throws {
    let system = SpringSystem(
      bodies: Bodies(dimension: 2, masses: [1, 1, 1]), stiffness: [1, 1, 1])
    let error = #expect(throws: NoetherError.self) { try model(.hfc).system(like: system) }
    for part in ["hfc", "for 6 bodies", "has 3", "model.bodies: 3", "vogn"] {
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
    var data = ChunkDataset(dimension: 2, featureNames: ["m", "k"], points: 2, step: 0.1)
    let state = PhaseState(q: [0, 0, 1, 0, 0, 1], p: [0, 0, 0, 0, 0, 0])
    try data.append(system, states: [state, state])
    #expect(throws: NoetherError.self) {
      try TrainingStep<Double>(model(.hfc), data: data, method: .threeEighths, threads: 1)
    }
    #expect(throws: NoetherError.self) {
      try model(.hfc).evaluate(on: data, method: .threeEighths, threads: 1)
    }
    _ = try model(.vogn).system(like: system)
  }

  @Test(
    "what their blocks cannot say is refused by key",
    arguments: [
      ("{kind: vogm}", "did you mean 'vogn'"), ("{kind: vogn, group: T2}", "model.group: unknown key"),
      ("{kind: vogn, wdith: 8}", "did you mean 'width'"), ("{kind: vogn, layers: 2}", "model.layers"),
      ("{kind: vogn, bodies: 6}", "model.bodies"), ("{kind: vogn, width: 0}", "model.width"),
      ("{kind: hfc}", "bodies: 6"), ("{kind: hfc, bodies: 0}", "model.bodies"),
      ("{kind: hfc, bodies: 6, lift: haar}", "model.lift"), ("{kind: fc, width: 8}", "bodies: 6"),
      ("{kind: ogn, layers: 1}", "model.layers"), ("{kind: hogn, group: T2}", "model.group: unknown key"),
      ("{kind: flieconv}", "model.group"),
      ("{kind: flieconv, group: T2, pool: sum}", "model.pool: unknown key"),
      ("{kind: flieconv, group: SO2}", "SO2 changes the components of velocities"),
      ("{kind: flieconv, group: SE2}", "T2, Tx, Ty"),
      ("{kind: hlieconv, bodies: 6}", "model.bodies: unknown key"),
    ])
  func refused(model: String, part: String) {
    let error = #expect(throws: NoetherError.self) {
      try SpringData.config(["model=\(model)", "loss.integrator=rk4"])
    }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test("a group, or no number of bodies, is refused to programs too")
  func programs() {
    var config = ModelConfig(baseline: .hfc)
    func error() -> String? {
      #expect(throws: NoetherError.self) {
        try HamiltonianModel(config, dimension: 2, featureNames: ["m"], precision: "float64")
      }?.message
    }
    #expect(error()?.contains("model.bodies: missing") == true)
    (config.bodies, config.group) = (6, "SO2")
    #expect(error()?.contains("leave group out") == true)
  }

  @Test(
    "what is written is read back, and a file holds all", arguments: ModelCase.baselines + ModelCase.flows)
  func roundTrip(_ model: ModelCase) throws {
    let made = try model.model()
    let read = try HamiltonianModel(made.safetensors, name: "file")
    #expect(read.config == made.config && read.parameters == made.parameters)
    #expect(
      try ModelConfig(
        ConfigNode.parse(made.config.node.json, name: "model"), dimension: model.group.spaceDimension)
        == made.config)
  }
}
