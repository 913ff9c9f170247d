// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@Suite struct LedgerTests {
  /// Two bodies of mass 1 far apart, whose momenta cancel: P = 0, but S_P is not.
  private let system = SpringSystem(
    bodies: Bodies(dimension: 2, masses: [1, 1]), couplings: [SpringCoupling(i: 0, j: 1, k: 1)])

  private func frame(_ step: Int, q: [Double], p: [Double]) -> Frame {
    Frame(step: step, t: Double(step), state: PhaseState(q: q, p: p))
  }

  @Test func driftIsMeasuredAgainstScalesThatDoNotVanish() {
    let rows = diagnostics(
      of: [
        frame(0, q: [1, 0, -1, 0], p: [3, 4, -3, -4]),
        frame(1, q: [1, 0, -1, 0], p: [3.5, 4, -3, -4]),
      ], system: system)
    #expect(rows[0].P == [0, 0])
    #expect(rows[0].dP == 0)
    #expect(rows[1].P == [0.5, 0])
    // S_P = |(3.5, 4)| + 5 is the larger of the two sums met.
    #expect((rows[1].dP - 0.5 / ((3.5 * 3.5 + 16).squareRoot() + 5)).magnitude < 1e-16)
    #expect(rows[0].L == [8])
    #expect(rows[1].dL == 0)
  }

  /// A number that is not finite shows whatever stands beside it; one that is may overflow, and then proves nothing.
  @Test(arguments: [2, 3], [Double.nan, .infinity, -.infinity, 1e200])
  func momentaProveThatAStateIsFinite(dimension: Int, value: Double) {
    let zero = [Double](repeating: 0, count: 4 * dimension)
    let ones = zero.map { $0 + 1 }
    let free = Bodies(dimension: dimension, masses: [1, 1, 1, 1])
    let held = Bodies(
      dimension: dimension, names: free.names, masses: free.masses, pinned: [false, false, true, false])
    func prove(_ q: [Double], _ p: [Double], _ bodies: Bodies) -> Bool {
      let start = PhaseState(q: ones, p: ones)
      return ConservationLedger(bodies: bodies, state: start, H: 1).momenta(q: q.span, p: p.span)
        .proveFiniteState
    }
    #expect(prove(ones, ones, free) && prove(zero, zero, free))
    // Those who are left out prove nothing.
    #expect(!prove(ones, ones, held))
    for index in zero.indices {
      for other in [zero, ones] {
        var one = ones
        one[index] = value
        #expect(!prove(one, other, free) && !prove(other, one, free))
      }
    }
  }

  @Test func scalesAreTheLargestMetSoFar() {
    let rows = diagnostics(
      of: [
        frame(0, q: [1, 0, -1, 0], p: [0, 10, 0, -10]), frame(1, q: [1, 0, -1, 0], p: [0, 1, 0, 0]),
      ], system: system)
    #expect(rows[1].dP == 1.0 / 20)
    #expect(rows[1].dL == 19.0 / 20)
  }

  @Test func maximaAreOverAllStepsSinceTheLastRow() {
    let start = PhaseState(q: [1, 0, -1, 0], p: [0, 10, 0, -10])
    let kicked: [Double] = [0, 10, 5, -10]
    var ledger = ConservationLedger(bodies: system.bodies, state: start, H: system.energy(of: start))
    ledger.record(q: start.q.span, p: kicked.span)
    ledger.record(q: start.q.span, p: start.p.span)
    let row = ledger.row(step: 2, t: 2, state: start, T: 100, V: 4)
    #expect(row.P == [0, 0])
    #expect((row.dP - 5 / (10 + 125.0.squareRoot())).magnitude < 1e-15)
    ledger.record(q: start.q.span, p: start.p.span)
    #expect(ledger.row(step: 3, t: 3, state: start, T: 100, V: 4).dP == 0)
  }

  @Test func energyDriftIsAbsoluteWhereTheEnergyIsZero() {
    let rest = PhaseState(q: [0, 0, 0, 0], p: [0, 0, 0, 0])
    var ledger = ConservationLedger(bodies: system.bodies, state: rest, H: 0, learnedH: -2)
    #expect(ledger.energyDriftIsAbsolute)
    let row = ledger.row(step: 1, t: 1, state: rest, T: 0.25, V: 0, learnedH: -2.5)
    #expect(row.dH == 0.25)
    #expect(row.dHIsAbsolute)
    #expect(row.learned == LearnedEnergy(H: -2.5, dH: -0.25))
    // All at rest: no momentum and no scale, and no NaN either.
    ledger.record(q: rest.q.span, p: rest.p.span)
    #expect(ledger.row(step: 1, t: 1, state: rest, T: 0, V: 0).dP == 0)
  }

  @Test func driftsThatCannotBeToldAreNoneOfTheSmallOnes() {
    let rows = diagnostics(
      of: [
        frame(0, q: [1, 0, -1, 0], p: [3, 4, -3, -4]), frame(1, q: [1, 0, -1, 0], p: [.nan, 4, -3, -4]),
        frame(2, q: [1, 0, -1, 0], p: [3, 4, -3, -4]),
      ], system: system)
    #expect(rows[0].dP == 0 && rows[0].dL == 0)
    #expect(rows[1].dP.isNaN && rows[1].dL.isNaN)
    // Σ|pᵢ| overflows where no momentum does.
    let huge = diagnostics(of: [frame(0, q: [1, 0, -1, 0], p: [1e200, 0, -1e200, 0])], system: system)
    #expect(huge[0].dP.isNaN)
  }

  @Test(
    arguments: [
      ([], nil), ([1, 3, 2], 3), ([1, .nan, 2], .nan), ([.nan], .nan), ([0, .infinity], .infinity),
    ] as [([Double], Double?)])
  func maximumKeepsNaN(_ numbers: [Double], _ expected: Double?) {
    let largest = numbers.maximum()
    #expect(largest == expected || (largest?.isNaN ?? false) && (expected?.isNaN ?? false))
  }

  @Test func angularMomentumInSpace() {
    let bodies = Bodies(dimension: 3, masses: [1])
    let system = GravitySystem(bodies: bodies, G: 1, softening: 0)
    let rows = diagnostics(of: [frame(0, q: [1, 2, 3], p: [-2, 5, 7])], system: system)
    // (2·7 − 3·5, 3·(−2) − 1·7, 1·5 − 2·(−2)).
    #expect(rows[0].L == [-1, -13, 9])
  }

  @Test func pinnedBodiesHaveNoMomentum() {
    let rows = diagnostics(
      of: [
        Frame(step: 0, t: 0, state: PhaseState(q: Problem.kepler.initial.q, p: [7, 7, 0, 2]))
      ], system: Problem.kepler.system)
    #expect(rows[0].P == [0, 2])
    #expect(rows[0].L == [0.8])
    #expect(rows[0].T == 2)
  }

  @Test func ledgerSurvivesJSONBitForBit() throws {
    let problem = Problem.springs(seed: 9, dimension: 3)
    var ledger = ConservationLedger(
      bodies: problem.system.bodies, state: problem.initial, H: -0.0, learnedH: 1.0 / 3)
    ledger.record(q: problem.initial.p.span, p: problem.initial.q.span)
    let copy = try JSONDecoder().decode(ConservationLedger.self, from: JSONEncoder().encode(ledger))
    #expect(copy == ledger)
    let faster = problem.initial.p.map { 7 * $0 }
    ledger.record(q: problem.initial.q.span, p: faster.span)
    #expect(copy != ledger)
  }
}
