// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Dynamics

@Suite struct TrajectoryPairTests {
  private func set(
    times: [Double], masses: [Double] = [1, 2], dimension: Int = 2, shift: Double = 0, index: Int = 0
  ) -> TrajectorySet {
    let bodies = Bodies(dimension: dimension, masses: masses)
    let frames = times.enumerated().map { step, t in
      let q = (0..<bodies.coordinates).map {
        Double($0) + t + ($0 == 0 ? 3 * shift : $0 == 1 ? 4 * shift : 0)
      }
      return Frame(step: step, t: t, state: PhaseState(q: q, p: q.map { -$0 }))
    }
    return TrajectorySet(members: [
      TrajectorySet.Member(index: index, bodies: bodies, parameters: .unknown, frames: frames)
    ])
  }

  @Test func distancesAreThoseOfBodies() throws {
    let pair = try #require(
      TrajectoryPair.all(of: set(times: [0, 1]), set(times: [0, 1], shift: 0.5), names: ("a", "b")).first)
    #expect(pair.frames.count == 2)
    for (a, b) in pair.frames {
      let distance = StateDistance(of: a.state, from: b.state, dimension: 2)
      // One of two bodies is off by (1.5, 2), which is 2.5 long.
      #expect(distance.position.largest == 2.5 && distance.position.body == 0)
      #expect(abs(distance.position.rms - 2.5 / 2.0.squareRoot()) < 1e-15)
      #expect(distance.momentum == distance.position)
    }
  }

  @Test func aNumberThatIsNoneIsNotPassedOver() {
    let a = PhaseState(q: [0, .nan, 5], p: [0, 0, 0])
    let distance = StateDistance(of: a, from: PhaseState(q: [0, 0, 0], p: [0, 0, 0]), dimension: 1)
    #expect(distance.position.largest.isNaN && distance.position.body == 1)
    #expect(distance.momentum.largest == 0)
  }

  @Test func whatDiffersIsNamed() {
    func message(_ a: TrajectorySet, _ b: TrajectorySet) -> String {
      do {
        _ = try TrajectoryPair.all(of: a, b, names: ("a.csv", "b.csv"))
        return ""
      } catch { return "\(error)" }
    }
    let a = set(times: [0, 1, 2])
    #expect(message(a, set(times: [0, 1.5, 2])).contains("seen at t = 1.0 where b.csv: system 0 is at 1.5"))
    #expect(message(a, set(times: [0, 1])).contains("3 frames to t = 2.0, b.csv: system 0 2 to 1.0"))
    #expect(message(a, set(times: [0, 1])).contains("--common"))
    #expect(
      message(a, set(times: [0, 1, 2], masses: [1, 3])).contains("body '2' has the mass 2.0, in b.csv 3.0"))
    #expect(message(a, set(times: [0, 1, 2], masses: [1])).contains("2 bodies in 2 dimensions"))
    #expect(message(a, set(times: [0, 1, 2], dimension: 3)).contains("2 bodies in 3 dimensions"))
    #expect(message(a, set(times: [0, 1, 2], index: 4)).contains("a.csv has system 0, b.csv system 4"))
    #expect(message(a, a).isEmpty)
    // What rounding makes of one time is one time.
    #expect(message(set(times: [0, 0.3]), set(times: [0, 0.1 + 0.2])).isEmpty)
  }

  @Test func commonTimesAreTakenOnRequest() throws {
    func times(_ a: [Double], _ b: [Double]) throws -> [Double] {
      try TrajectoryPair.all(of: set(times: a), set(times: b), names: ("a", "b"), common: true)[0]
        .frames.map(\.0.t)
    }
    #expect(try times([0, 1, 2, 3], [0, 0.5, 1, 3, 4]) == [0, 1, 3])
    #expect(try times([0, -1, -2], [0, -2, -4]) == [0, -2])
    #expect(throws: NoetherError.self) { try times([0, 1], [0.5, 1.5]) }
  }
}
