// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import Integrators

/// Laws ż = f(z) behind which no H = T + V is known.
@Suite struct GeneralLaws {
  /// A law that says how the state changes and nothing else.
  private struct Veiled: DynamicalSystem {
    let law: SpringSystem
    var bodies: Bodies { law.bodies }
    func energy(q: Span<Double>, p: Span<Double>) -> Double? { nil }
    func rates(
      q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
    ) { law.rates(q: q, p: p, qdot: &qdot, pdot: &pdot) }
  }

  private static let law = SpringSystem(
    bodies: Bodies(dimension: 2, masses: [1, 2, 0.7]), stiffness: [1, 0.5, 2])
  private static let start = PhaseState(q: [0, 0, 1, 0.3, -0.4, 1], p: [0.1, 0, -0.5, 0.2, 0.3, -0.4])

  private func run(
    _ law: any DynamicalSystem, _ method: IntegrationMethod, truth: SpringSystem? = GeneralLaws.law
  ) throws -> [(Frame, DiagnosticsRow)] {
    let stepping = method.takes == .step ? Stepping.fixed(step: 0.01) : .adaptive(tolerance: 1e-9)
    var frames: [(Frame, DiagnosticsRow)] = []
    _ = try integrate(
      law, from: Self.start, method: method, stepping: stepping,
      plan: FramePlan(start: 0, end: 1, frames: 11, stepping: stepping), diagnosedBy: truth,
      onFrame: { frames.append(($0, $1)) })
    return frames
  }

  @Test("explicit methods take any law, to the bits of the same law with an energy")
  func explicit() throws {
    let methods = IntegrationMethods.all.filter { !$0.isForSeparable }
    #expect(methods.map(\.name) == ["gsl-rk4", "gsl-rkf45", "gsl-rk8pd", "rk4", "rk4-38"])
    for method in methods {
      let (veiled, plain) = (try run(Veiled(law: Self.law), method), try run(Self.law, method))
      #expect(veiled.map(\.0) == plain.map(\.0), "\(method)")
      #expect(veiled.allSatisfy { $0.1.learned == nil } && plain.allSatisfy { $0.1.learned != nil })
      #expect(veiled.map(\.1.H) == plain.map(\.1.H))
    }
  }

  @Test("methods for H = T + V refuse it and name those that work")
  func separable() {
    for method in IntegrationMethods.all where method.isForSeparable {
      let error = #expect(throws: NoetherError.self) { try run(Veiled(law: Self.law), method) }
      for part in [method.name, "T(p) + V(q)", "rk4", "rk4-38", "gsl-rk8pd"] {
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
      }
    }
  }

  @Test("without an energy of its own it needs the true law for the account")
  func undiagnosed() {
    let error = #expect(throws: NoetherError.self) { try run(Veiled(law: Self.law), .rk4, truth: nil) }
    #expect(error?.message.contains("true law") == true)
  }
}
