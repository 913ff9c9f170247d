// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

/// A force shared by a team is that of one thread, bit by bit.
@Suite("Teams")
struct TeamTests {
  static let cases =
    ModelCase.all + ModelCase.all.prefix(3).map { $0.with(.cutoff(radius: 2)) }
    + ModelCase.potentials
  /// 24 channels of a convolution cannot be cut where panels begin in float32; 32 can.
  static let widths = [96, 128]

  private static func model(_ modelCase: ModelCase, width: Int) throws -> HamiltonianModel {
    var config = modelCase.config()
    config.width = width
    if modelCase.kind.hasLayers { config.layers = 2 }
    return try HamiltonianModel(
      config, dimension: modelCase.group.spaceDimension, featureNames: ["m"], precision: "float64")
  }

  private static func engine<T: NetworkScalar>(
    _ model: HamiltonianModel, systems: Int, team: Team?, _ type: T.Type
  ) -> TileEngine<T> {
    let storage = ParameterStorage(model.parameters.map { T($0) }, layout: model.layout)
    let engine = TileEngine(
      model.program, parameters: storage, capacity: systems, bodies: 5, evaluations: 1, tangents: false,
      team: team, sharesAlways: true)
    engine.begin(systems: systems, features: (0..<5 * systems).map { 0.5 + 0.4 * T($0) })
    return engine
  }

  private static func force<T: NetworkScalar>(_ engine: TileEngine<T>, _ q: [T]) -> [T] {
    var force = [T](repeating: .nan, count: q.count)
    engine.force(0, at: q, into: &force)
    return force
  }

  /// Threads that meet where the plan says, many times, so that they come late in every way.
  @Test("of three threads", .serialized, arguments: cases, widths)
  func threads(modelCase: ModelCase, width: Int) throws {
    let model = try Self.model(modelCase, width: width)
    func check<T: NetworkScalar>(_ type: T.Type) {
      let alone = Self.engine(model, systems: 2, team: nil, type)
      let shared = Self.engine(model, systems: 2, team: Self.team, type)
      let before = Self.team.works
      for seed in 0..<10 {
        let q = (modelCase.positions(bodies: 10, seed: UInt64(seed))).map { T($0) }
        #expect(Self.force(shared, q) == Self.force(alone, q))
        #expect(shared.potential(0, at: q)[1] == alone.potential(0, at: q)[1])
      }
      #expect(Self.team.works == before + 20)
    }
    check(Float.self)
    check(Double.self)
  }
  private static let team = Team(size: 3) { 3 }

  /// Between two meetings members may work in any order. A meeting left out shows: what the memory held before were the
  /// numbers of other positions.
  @Test("whoever comes first", arguments: cases, widths)
  func order(modelCase: ModelCase, width: Int) throws {
    let model = try Self.model(modelCase, width: width)
    let plan = TeamPlan(model.program)
    let q = modelCase.positions(bodies: 10, seed: 8)
    let expected = Self.force(Self.engine(model, systems: 2, team: nil, Double.self), q)
    let engine = Self.engine(model, systems: 2, team: nil, Double.self)
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      _ = Self.force(engine, modelCase.positions(bodies: 10, seed: 1))
      var c = engine.context(0)
      c.value(model.program.positions).update(from: q, count: q.count)
      func run(_ pass: AnyOperation.Pass, _ steps: [TeamPlan.Step]) {
        for segment in steps.cut(before: \.waits) {
          for member in order {
            c.share = Share(index: member, count: 3)
            for step in segment where member == 0 || !step.isAlone {
              c.adds = model.program.adds[step.operation]
              model.program.operations[step.operation].run(pass, c)
            }
          }
        }
      }
      run(.forward, plan.forward)
      run(.reverse, plan.reverse)
      #expect((0..<q.count).map { -c.cotangent(model.program.positions)[$0] } == expected)
    }
    // Few meetings are what makes a team worth while.
    let steps = plan.forward + plan.reverse
    #expect((1..<steps.count / 2).contains(steps.count(where: \.waits)))
  }

  @Test("parts of a range cover it, cut at multiples of the grain", arguments: [0, 1, 15, 16, 17, 96, 100])
  func parts(n: Int) {
    for count in 1...5 {
      let parts = (0..<count).map { Share(index: $0, count: count).part(of: n, grain: 16) }
      #expect(parts.flatMap { Array($0) } == Array(0..<n))
      #expect(parts.allSatisfy { $0.lowerBound.isMultiple(of: 16) || $0.isEmpty })
    }
  }
}

extension Array {
  /// Consecutive pieces, each of which but the first begins where `isCut` says.
  fileprivate func cut(before isCut: (Element) -> Bool) -> [[Element]] {
    var pieces: [[Element]] = [[]]
    for element in self {
      if isCut(element) { pieces.append([]) }
      pieces[pieces.count - 1].append(element)
    }
    return pieces
  }
}
