// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

@Suite struct RegistryTests {
  @Test func namesAreUniqueAndSummariesSpeak() {
    let names = IntegrationMethods.all.map(\.name)
    #expect(
      Set(names) == [
        "gsl-rk4", "gsl-rkf45", "gsl-rk8pd", "rk4", "rk4-38", "nystrom4", "verlet", "yoshida4",
      ])
    #expect(Set(names).count == names.count)
    for method in IntegrationMethods.all {
      #expect(method.summary.count > 80)
      #expect(!method.summary.contains("\n"))
    }
  }

  @Test func mistypedNamesAreAnsweredWithTheNearest() throws {
    #expect(try IntegrationMethods.named("verlet").order == 2)
    #expect(throws: NoetherError("integrator: 'verlett' is no method known; did you mean 'verlet'?")) {
      try IntegrationMethods.named("verlett")
    }
  }

  @Test(arguments: IntegrationMethods.all)
  func wrongKindOfSteppingIsRefused(method: IntegrationMethod) {
    let wrong = Stepping.suited(to: method, step: .nan, tolerance: 2)
    #expect(throws: NoetherError.self) { try method.check(wrong) }
    let other: Stepping = method.takes == .step ? .adaptive(tolerance: 1e-9) : .fixed(step: 0.1)
    #expect(throws: NoetherError.self) {
      try Problem.kepler.trajectory(method, other, end: 1)
    }
  }

  @Test(arguments: IntegrationMethods.all.filter { !$0.isCompensable })
  func compensationIsRefusedWhereItCannotBe(method: IntegrationMethod) {
    #expect(throws: NoetherError.self) {
      try Problem.kepler.trajectory(method, .adaptive(tolerance: 1e-9), end: 1, compensated: true)
    }
  }
}
