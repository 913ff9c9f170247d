// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators

/// What is likely to go wrong without being wrong.
extension Simulation {
  func warn() { for warning in warnings { Terminal.say("warning: \(warning)") } }

  var warnings: [String] {
    [
      coarseStep, lostSymplecticity, framesWithinSteps, repulsiveSpring, driftOfCentre, lightness,
      lengthOfTable,
    ].compactMap(
      \.self)
  }

  private var coarseStep: String? {
    guard case .fixed(let step) = stepping else { return nil }
    // Splittings of T and V up to order 2 are Störmer and Verlet's method, or conjugate to it.
    let isVerlet = method.isSymplectic && method.isForSeparable && method.order <= 2
    return StepWarning.judge(step, systems: systems, isVerlet: isVerlet)
  }

  private var lostSymplecticity: String? {
    guard case .adaptive = stepping, method.isSymplectic else { return nil }
    return
      "\(method.name) is symplectic with a fixed step alone; with a tolerance its energy drifts, which "
      + "integrator.step prevents"
  }

  private var framesWithinSteps: String? {
    guard case .adaptive = stepping, scenario.interpolates, plan.count > 2 else { return nil }
    return
      "frames within the steps of \(method.name) lie on a polynomial of degree 5, which errs by more than the tolerance where steps "
      + "are long, and so do the energies of those frames; without interpolate: true steps end at the frames"
  }

  /// Springs that are listed stand in the file in the system's own order.
  private var repulsiveSpring: String? {
    guard let springs = systems[0].system as? SpringSystem, springs.stiffness == nil,
      let index = springs.couplings.firstIndex(where: { $0.k < 0 }),
      let written = try? scenario.resolved["system"]?["couplings"]?.items()[index]["k"]
    else { return nil }
    return written.error(
      "\(springs.couplings[index].k) is below 0: this spring drives its ends away from its rest length, ever faster"
    ).message
  }

  /// That the centre of mass moves, where bodies are listed and nothing from outside holds them.
  private var driftOfCentre: String? {
    let (system, initial) = (systems[0].system, systems[0].initial)
    let bodies = system.bodies
    guard !scenario.isEnsemble, driftNote == nil, bodies.count > 1, !bodies.momentumNames.P.isEmpty else {
      return nil
    }
    var ledger = ConservationLedger(bodies: bodies, state: initial, H: 0)
    let P = ledger.row(step: 0, t: 0, state: initial, T: 0, V: 0).P
    // Test particles carry none, whatever their velocity.
    let sizes = initial.p.indices.filter { bodies.masses[$0 / bodies.dimension] > 0 }.map {
      abs(initial.p[$0])
    }
    guard let largest = P.map(abs).max(), largest > 1e-9 * sizes.reduce(0, +) else { return nil }
    return
      "the total momentum is not zero, so that the bodies drift off together; frame: centre-of-mass holds them"
  }

  /// That a body is as light beside the heaviest as Pluto beside the Sun, 8e-9, or lighter: it could go anywhere without a
  /// trace in the energy.
  private var lightness: String? {
    guard scenario.units.G != nil else { return nil }
    let bodies = systems[0].system.bodies
    let massive = bodies.masses.indices.filter { bodies.masses[$0] > 0 }
    guard let least = massive.min(by: { bodies.masses[$0] < bodies.masses[$1] }),
      let most = massive.max(by: { bodies.masses[$0] < bodies.masses[$1] }),
      bodies.masses[least] < 1e-8 * bodies.masses[most]
    else { return nil }
    return
      "'\(bodies.names[least])' has \((bodies.masses[least] / bodies.masses[most]).short) of the mass of "
      + "'\(bodies.names[most])': H, P and L hardly tell of its motion, so look at its places; m: 0 makes it a test "
      + "particle"
  }

  /// A row of trajectory.csv: some twenty-three bytes a number.
  private var lengthOfTable: String? {
    let rows = Double(systems.count * systems[0].system.bodies.count) * Double(plan.count)
    let gigabytes = rows * 23 * Double(2 * scenario.dimension + 2) / 1e9
    guard gigabytes > 4 else { return nil }
    return "trajectory.csv will have about \(Int(gigabytes)) GB; fewer systems or frames make it smaller"
  }
}
