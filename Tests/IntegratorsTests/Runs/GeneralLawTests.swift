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
    let stepping =
      method.takesStep ? Stepping.fixed(step: 0.01) : .adaptive(tolerance: 1e-9)
    var frames: [(Frame, DiagnosticsRow)] = []
    _ = try integrate(
      law, from: Self.start, method: method, stepping: stepping,
      plan: FramePlan(start: 0, end: 1, frames: 11, stepping: stepping), diagnosedBy: truth,
      onFrame: { frames.append(($0, $1)) })
    return frames
  }

  /// Those that solve equations go another way there where they know more: to rounding, or to the precision of a Jacobian
  /// by differences.
  @Test("methods for any law give the same motion with an energy and without", arguments: methods)
  func general(method: IntegrationMethod) throws {
    let (veiled, plain) = (try run(Veiled(law: Self.law), method), try run(Self.law, method))
    #expect(veiled.count == plain.count)
    let isExplicit =
      !method.name.hasPrefix("gauss") && !method.name.hasSuffix("imp") && !method.name.hasPrefix("gsl-ms")
    for (a, b) in zip(veiled, plain) {
      #expect(isExplicit ? a.0 == b.0 : a.0.state.distance(to: b.0.state) < 1e-8)
      #expect(a.1.learned == nil && b.1.learned != nil)
      #expect(isExplicit ? a.1.H == b.1.H : abs(a.1.H - b.1.H) < 1e-7)
    }
  }

  private static let methods = IntegrationMethods.all.filter { !$0.isForSeparable }

  @Test("only splittings and Nyström's method ask for an energy")
  func names() {
    let others = IntegrationMethods.all.filter(\.isForSeparable).map(\.name)
    #expect(!Self.methods.isEmpty && others.contains("nystrom4"))
    for name in others where name != "nystrom4" {
      #expect(IntegrationMethods.all.first { $0.name == name }?.isSymplectic == true)
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
