// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import TestSupport
import Testing

@testable import HLieConv

@Suite("Augmentation by the law's symmetries")
struct AugmentationTests {
  private let all = Set(Augmentation.allCases)

  /// What neither an order of the bodies nor a rotation changes, of the first state of a system: V and T, the square of the angular
  /// momentum, P², Σ m k |q|², Σ k F·q, the stiffness that is free, and m · 1/m.
  private func invariants(_ tile: ChunkTensors<Double>.Tile, dimension d: Int) -> [Double] {
    let (q, p) = tile.states[0]
    let n = tile.bodies
    func vector(_ x: [Double], _ i: Int) -> [Double] { Array(x[i * d..<(i + 1) * d]) }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (k, m) = ((0..<n).map { tile.features[2 * $0 + 1] }, (0..<n).map { tile.features[2 * $0] })
    var (v, t, momentum) = (0.0, 0.0, [Double](repeating: 0, count: d))
    var angular = [Double](repeating: 0, count: d * d)
    for i in 0..<n {
      for j in 0..<i {
        let apart = zip(vector(q, i), vector(q, j)).map { $0 - $1 }
        v += k[i] * k[j] * dot(apart, apart)
      }
      t += dot(vector(p, i), vector(p, i)) * tile.inverseMasses[i * d] / 2
      for a in 0..<d {
        momentum[a] += p[i * d + a]
        for b in 0..<d { angular[a * d + b] += q[i * d + a] * p[i * d + b] - q[i * d + b] * p[i * d + a] }
      }
    }
    let moment = (0..<n).reduce(0.0) { $0 + m[$1] * k[$1] * dot(vector(q, $1), vector(q, $1)) }
    let virial =
      tile.forces.isEmpty
      ? 0 : (0..<n).reduce(0.0) { $0 + k[$1] * dot(vector(tile.forces, $1), vector(q, $1)) }
    return [v, t, dot(angular, angular), dot(momentum, momentum), moment, virial]
      + [(0..<n).reduce(0) { $0 + k[$1] * tile.isFree[$1 * d] }]
      + m.indices.map { m[$0] * tile.inverseMasses[$0 * d] }.sorted()
  }

  /// Chunks with forces and with a body that is held, so that all that a system has is seen to move together.
  private func data(dimension: Int) throws -> ChunkDataset {
    let plain = try SmallProblem(group: "Trivial", dimension: dimension, systems: 4).data
    var data = ChunkDataset(
      dimension: dimension, featureNames: plain.featureNames, points: plain.points, step: plain.step)
    for entry in plain.systems {
      let (bodies, features) = (entry.bodies, entry.features)
      let law = SpringSystem(
        bodies: Bodies(
          dimension: dimension, names: bodies.names, masses: bodies.masses,
          pinned: bodies.masses.indices.map { $0 == 1 }),
        stiffness: bodies.masses.indices.map { features[2 * $0 + 1] })
      let forces = rates(of: law, at: entry.states[0]).1
      try data.append(law, states: entry.states, labels: PotentialLabels(energy: 1, forces: forces))
    }
    return data
  }

  @Test(
    "a changed system has the energies, momenta, forces and masses of the one it was", arguments: [2, 3],
    Augmentation.allCases.map { Set([$0]) } + [Set(Augmentation.allCases)])
  func sameLaw(dimension: Int, kinds: Set<Augmentation>) throws {
    let tensors = ChunkTensors<Double>(try data(dimension: dimension))
    let batch = [2, 0, 3]
    let changed = tensors.augmented(batch, by: kinds, seed: 1, epoch: 5)
    #expect(changed.count == 3)
    for (index, system) in batch.enumerated() {
      let (before, after) = (tensors.tile([system]), changed.tile([index]))
      let known = invariants(before, dimension: dimension)
      for (a, b) in zip(known, invariants(after, dimension: dimension)) {
        #expect(abs(a - b) < 1e-11 * max(1, abs(a)))
      }
      // The coordinates themselves are others, and with a rotation alone the features are not.
      #expect(before.states[0].q != after.states[0].q)
      #expect((before.features == after.features) == (kinds == [.rotations]))
    }
  }

  @Test("what is drawn depends on seed, epoch and system alone")
  func draws() throws {
    let tensors = ChunkTensors<Double>(try data(dimension: 2))
    func positions(_ batch: [Int], _ at: Int, seed: UInt64 = 1, epoch: Int = 1) -> [Double] {
      tensors.augmented(batch, by: all, seed: seed, epoch: epoch).tile([at]).states[0].q
    }
    let known = positions([0, 1, 2], 1)
    #expect(positions([1], 0) == known)
    #expect(positions([1, 1], 1) == known)
    #expect(positions([1], 0, seed: 2) != known)
    #expect(positions([1], 0, epoch: 2) != known)
    let plain = tensors.augmented([1], by: [], seed: 1, epoch: 1).tile([0])
    #expect(plain.states[0].q == tensors.tile([1]).states[0].q)
  }

  /// A network with the symmetries has the same loss and gradient whatever is done; the perceptrons have not, which is why it is
  /// done. Graph networks know the order of bodies, not rotations.
  @Test(
    "networks that have the symmetry do not notice",
    arguments: [
      (ModelKind.hlieconv, Set(Augmentation.allCases), true), (.vogn, [.permutations], true),
      (.vogn, [.rotations], false), (.hfc, [.permutations], false), (.fc, [.rotations], false),
    ] as [(ModelKind, Set<Augmentation>, Bool)])
  func invariantNetworks(kind: ModelKind, kinds: Set<Augmentation>, isBlind: Bool) throws {
    let problem = try SmallProblem(group: kind == .hlieconv ? "SE2" : ModelConfig.noGroup, dimension: 2) {
      $0.kind = kind
      if kind.countsBodies { $0.bodies = 4 }
    }
    func gradient(_ data: ChunkTensors<Double>) throws -> [Double] {
      let loss = try ChunkLoss<Double>(
        problem.model.program, initial: problem.model.parameters, objective: .chunks(.threeEighths),
        sizes: [4],
        points: problem.data.points, threads: 1)
      return [loss.gradient(of: data, Array(0..<data.count))] + Array(loss.gradient)
    }
    let tensors = ChunkTensors<Double>(problem.data)
    let plain = try gradient(tensors)
    let changed = try gradient(tensors.augmented([0, 1, 2], by: kinds, seed: 3, epoch: 1))
    let size = plain.reduce(0) { max($0, abs($1)) }
    let difference = zip(plain, changed).reduce(0) { max($0, abs($1.0 - $1.1)) } / size
    #expect(isBlind ? difference < 1e-12 : difference > 1e-4, "\(difference)")
  }

  @Test("random rotations keep lengths and handedness, and have no preferred direction", arguments: [2, 3])
  func rotations(dimension d: Int) {
    var mean = [Double](repeating: 0, count: d * d)
    let count = 4000
    for index in 0..<count {
      var generator = SeededGenerator(seed: 4, path: UInt64(index))
      let turn = RandomRotation(dimension: d, using: &generator)
      // The rows are what the axes become.
      let r = turn((0..<d * d).map { $0 % (d + 1) == 0 ? 1 : 0 })
      for a in 0..<d {
        for b in 0..<d {
          let product = (0..<d).reduce(0.0) { $0 + r[a * d + $1] * r[b * d + $1] }
          #expect(abs(product - (a == b ? 1 : 0)) < 1e-14)
        }
      }
      let determinant =
        d == 2
        ? r[0] * r[3] - r[1] * r[2]
        : r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6])
          + r[2] * (r[3] * r[7] - r[4] * r[6])
      #expect(abs(determinant - 1) < 1e-13)
      for k in mean.indices { mean[k] += r[k] / Double(count) }
    }
    // Entries have the variance 1/d: five standard errors.
    #expect(mean.allSatisfy { abs($0) < 5 / (Double(d) * Double(count)).squareRoot() }, "\(mean)")
  }

  @Test("a perceptron learns from few systems what it cannot learn of them as they are")
  func perceptron() throws {
    func error(_ augment: String) throws -> Double {
      let config = try SpringData.config(
        [
          "data.train=40", "model.width=64", "training.epochs=400", "optimizer.learning_rate=3e-3",
          "training.augment=\(augment)",
        ], file: "springs-hfc.yaml")
      let folder = try TemporaryFolder()
      let model = try SpringData.train(config, in: folder.path)
      return try model.evaluate(
        on: SpringData.dataset(config, .validation), method: config.method, threads: 2
      ).mean
    }
    let (plain, augmented) = (try error("[]"), try error("[permutations, rotations]"))
    #expect(augmented < 0.5 * plain, "\(plain) \(augmented)")
  }

  @Test(
    "nonsense is refused by key",
    arguments: [
      (["training.augment=rotation"], "rotations"),
      (["training.augment=[permutations, mirrors]"], "training.augment.1: 'mirrors' is not known"),
      (["training.augment=true"], "use one of: permutations, rotations"),
      (
        ["data.scenario=../harmonic-chain.yaml", "training.augment=rotations", "model.group=Trivial"],
        "live in 1 dimension"
      ),
    ])
  func refusals(overrides: [String], part: String) {
    let error = #expect(throws: NoetherError.self) { try SpringData.config(overrides) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }
}
