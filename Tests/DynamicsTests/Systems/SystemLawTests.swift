// SPDX-License-Identifier: GPL-3.0-or-later

import TestSupport
import Testing

@testable import Dynamics

/// What every kind of system must keep to.
@Suite struct SystemLawTests {
  @Test(arguments: Problem.ofEveryKind + Problem.ofEveryAnchoredLaw)
  func forceIsTheSlopeOfTheEnergy(problem: Problem) {
    #expect(forceDefect(of: problem) < 1e-9)
  }

  /// Whatever is registered goes through these tests, or those of pendulums.
  @Test func everyLawIsThere() {
    let tested = (Problem.ofEveryKind + Problem.ofEveryAnchoredLaw).compactMap {
      ($0.system as? any ParametrisedSystem)?.parameters.law.name
    }
    #expect(Set(tested) == Set(Laws.known.map { $0.name }))
  }

  /// Walls, fields and pivots take up momentum; laws that have none say so.
  @Test(arguments: Problem.ofEveryAnchoredLaw)
  func anchorsTakeUpMomentum(problem: Problem) {
    let law = (problem.system as? any ParametrisedSystem)?.parameters.law
    if problem.system.bodies.coordinatesKind == .cartesian {
      #expect(netForceAndTorque(of: problem).force > 1e-3)
      #expect(law?.anchor != nil)
    } else {
      #expect(problem.system.bodies.momentumNames.P.isEmpty)
    }
  }

  /// Newton's third law: internal forces have neither sum nor moment. A pinned body breaks it.
  @Test(arguments: Problem.ofEveryKind)
  func internalForcesBalance(problem: Problem) {
    let net = netForceAndTorque(of: problem)
    if problem.system.bodies.pinned.contains(true) {
      #expect(net.force > 1e-3)
    } else {
      #expect(net.force < 1e-15)
      #expect(net.torque < 1e-15)
    }
  }

  /// The force turns with the bodies: F(Rq) = R F(q). On a line they can only be mirrored.
  @Test(arguments: Problem.ofEveryKind)
  func forceTurnsWithTheBodies(problem: Problem) {
    func turned(_ array: [Double]) -> [Double] {
      let d = problem.system.bodies.dimension
      if d == 1 { return array.map { -$0 } }
      var result = array
      // cos = 0.28, sin = 0.96 in the x–y plane: a rotation with short decimals.
      for body in 0..<array.count / d {
        result[body * d] = 0.28 * array[body * d] - 0.96 * array[body * d + 1]
        result[body * d + 1] = 0.96 * array[body * d] + 0.28 * array[body * d + 1]
      }
      return result
    }
    let force = self.force(of: problem.system, at: problem.initial.q)
    let other = self.force(of: problem.system, at: turned(problem.initial.q))
    let largest = force.map(\.magnitude).max() ?? 0
    for (a, b) in zip(turned(force), other) { #expect((a - b).magnitude < 1e-14 * largest) }
  }

  @Test func pinnedBodiesHaveNoForce() {
    for problem in Problem.ofEveryKind + Problem.ofEveryAnchoredLaw {
      let force = force(of: problem.system, at: problem.initial.q)
      let d = problem.system.bodies.dimension
      for index in force.indices where problem.system.bodies.pinned[index / d] { #expect(force[index] == 0) }
    }
  }

  private func force(of system: any HamiltonianSystem, at q: [Double]) -> [Double] {
    var force = [Double](repeating: .nan, count: q.count)
    var out = force.mutableSpan
    system.force(at: q.span, into: &out)
    return force
  }
}
