// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import TestSupport
import Testing

@testable import HLieConv

@Suite("Neighbourhoods")
struct NeighbourhoodTests {
  private func results(_ model: ModelCase, at q: [Double]) throws -> [Double] {
    let system = try model.system(bodies: 5)
    return [system.potentialEnergy(at: q.span)] + SmallProblem.force(system, at: q)
  }

  @Test("without end, every kind is `all` to the bit", arguments: ModelCase.all)
  func everything(_ model: ModelCase) throws {
    let q = model.positions(bodies: 5)
    let all = try results(model, at: q)
    let kinds: [Neighbourhood] = [
      .cutoff(radius: 1e300), .ball(.radius(1e300)), .nearest(count: 100),
      .sample(.radius(1e300), count: 100),
    ]
    for kind in kinds { #expect(try results(model.with(kind), at: q) == all, "\(kind)") }
    #expect(try results(model.with(.nearest(count: 2)), at: q) != all)
    #expect(try results(model.with(.cutoff(radius: 1)), at: q) != all)
  }

  /// Distances by the definition, with the lifts and the logarithm written out.
  private func distances<G: LieGroup>(
    _ group: G.Type, _ points: [Coordinates<Double>], _ frames: [Coordinates<Double>]
  ) -> [[Double]] {
    let lifts = points.flatMap { x in
      frames.isEmpty ? [group.lift(x)] : frames.map { group.lift(x, frame: $0) }
    }
    return lifts.map { a in
      lifts.map { b in
        group.distance(group.log(group.product(group.inverse(b.u), a.u)), a.q, b.q, alpha: 0.2)
      }
    }
  }

  @Test("masks are those of a slow twin", arguments: ModelCase.all.filter { $0.lift != .frame })
  func masks(_ model: ModelCase) throws {
    // Where the fibre is integrated out, the distance of SO(3) is not that of any one lift.
    if model.group == SO3.self, model.lift == .isotropic { return }
    let (bodies, d) = (5, model.group.spaceDimension)
    let q = model.positions(bodies: bodies)
    var centred = q
    if model.centre {
      for k in q.indices {
        centred[k] -= stride(from: k % d, to: q.count, by: d).reduce(0) { $0 + q[$1] } / Double(bodies)
      }
    }
    func coordinates(_ numbers: some Collection<Double>) -> Coordinates<Double> {
      var x = Coordinates<Double>(count: numbers.count)
      for (k, number) in numbers.enumerated() { x[k] = number }
      return x
    }
    let config = model.config()
    let flat = config.frames(of: model.group)
    let width = d == 2 ? 2 : 4
    let frames = stride(from: 0, to: flat.count, by: width).map { coordinates(flat[$0..<$0 + width]) }
    let points = stride(from: 0, to: q.count, by: d).map { coordinates(centred[$0..<$0 + d]) }
    let distance = distances(model.group, points, frames)
    let nodes = distance.count
    let middle = distance.flatMap { $0 }.sorted()[nodes * nodes / 2]

    let kinds: [Neighbourhood] = [
      .ball(.radius(middle)), .nearest(count: 3), .sample(.radius(middle), count: 2),
    ]
    for kind in kinds {
      let trained = try model.with(kind).model()
      let engine = TileEngine<Double>(
        trained.program, parameters: ParameterStorage(trained.parameters, layout: trained.layout),
        capacity: 1,
        bodies: bodies, evaluations: 1, tangents: false)
      engine.begin(systems: 1, features: [0.5, 1, 2, 1.5, 3])
      _ = engine.potential(0, at: q)
      var found: [Double] = []
      for case .neighbourMask(let mask) in trained.program.operations {
        found = (0..<nodes * nodes).map { engine.workspace.value(mask.output, 0)[$0] }
      }
      #expect(found.count == nodes * nodes)
      for i in 0..<nodes where found.count == nodes * nodes {
        let members = (0..<nodes).filter { found[i * nodes + $0] != 0 }
        #expect(members.contains(i))
        for j in members { #expect(found[i * nodes + j] == Double(nodes) / Double(members.count)) }
        let inside = (0..<nodes).filter { $0 == i || distance[i][$0] <= middle }
        switch kind {
        case .nearest:
          let farthest = members.map { distance[i][$0] }.max() ?? 0
          #expect(members.count == 3)
          #expect((0..<nodes).filter { distance[i][$0] < farthest - 1e-12 }.count < 3)
        case .sample: #expect(members.count == min(2, inside.count) && Set(members).isSubset(of: inside))
        default: #expect(members == inside)
        }
      }
    }
  }

  @Test("a body beyond the cutoff is felt by no other, and the force vanishes smoothly")
  func locality() throws {
    let model = ModelCase(group: T2.self, neighbourhood: .cutoff(radius: 2))
    let near = Array(model.positions(bodies: 3).map { 0.3 * $0 })
    func force(_ x: Double) throws -> [Double] {
      SmallProblem.force(try model.system(bodies: 4), at: near + [x, 0])
    }
    let (far, farther) = (try force(20), try force(30))
    #expect(far == farther)
    #expect(far[6] == 0 && far[7] == 0)
    #expect(try force(1)[6] != 0)
  }

  @Test(
    "the radius keeps the wanted share of pairs, whatever the number of threads", arguments: [0.3, 0.6, 1])
  func fill(share: Double) throws {
    let config = try SpringData.config([
      "model.neighbourhood={kind: ball, fill: \(share)}", "model.group=SE2", "model.lift=haar",
      "model.samples=2",
      "training.epochs=1",
    ])
    let data = try SpringData.dataset(config, .train)
    let settled = try config.model.settled(on: data)
    guard case .ball(.radius(let radius)) = settled.neighbourhood else {
      Issue.record("no radius was found")
      return
    }
    var (inside, all) = (0, 0)
    for entry in data.systems {
      var pairs = PairDistances(
        points: 6, dimension: 2, alpha: 0.2, frames: settled.frames(of: SE2.self), samples: 2)
      pairs.q = entry.states[0].q
      SE2.measurePairs(&pairs)
      inside += pairs.distances.filter { $0 <= radius * (1 + 1e-9) }.count
      all += pairs.distances.count
    }
    #expect(abs(Double(inside) / Double(all) - share) < 1e-3)
    #expect(throws: NoetherError.self) {
      try HamiltonianModel(config.model, dimension: 2, featureNames: ["m", "k"], precision: "float32")
    }

    guard share == 0.6 else { return }
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let trained = try SpringData.train(config, in: one.path, threads: 1)
    let again = try SpringData.train(config, in: two.path, threads: 3)
    #expect(trained.config == settled)
    #expect(trained.parameters == again.parameters)
  }
}
