// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

@Suite struct RegistryTests {
  @Test func namesAreUniqueAndSummariesSpeak() {
    let names = IntegrationMethods.all.map(\.name)
    #expect(
      names == [
        "gsl-rk2", "gsl-rk4", "gsl-rkf45", "gsl-rkck", "gsl-rk8pd", "gsl-rk1imp", "gsl-rk2imp", "gsl-rk4imp",
        "gsl-bsimp", "gsl-msadams", "gsl-msbdf", "rk4", "rk4-38", "nystrom4", "symplectic-euler", "verlet",
        "verlet-dkd", "yoshida4", "pefrl", "blanes-moan4", "yoshida6", "kahan-li6", "yoshida8", "kahan-li8",
        "gauss2", "gauss4", "gauss6",
      ])
    #expect(Set(names).count == names.count)
    for method in IntegrationMethods.all {
      #expect(method.summary.count > 80)
      #expect(!method.summary.contains("\n"))
      #expect((8...100).contains(method.title.count), "\(method.title)")
    }
  }

  @Test func mistypedNamesAreAnsweredWithTheNearest() throws {
    #expect(try IntegrationMethods.named("verlet").order == 2)
    #expect(throws: NoetherError("integrator: 'verlett' is no method known; did you mean 'verlet'?")) {
      try IntegrationMethods.named("verlett")
    }
  }

  @Test(arguments: IntegrationMethods.all)
  func wrongKindOfSteppingIsRefused(method: IntegrationMethod) throws {
    for wrong in [Stepping.fixed(step: .nan), .fixed(step: 0), .adaptive(tolerance: 2)] {
      #expect(throws: NoetherError.self) { try method.check(wrong) }
    }
    for stepping in [Stepping.fixed(step: 0.0625), .adaptive(tolerance: 1e-4)] {
      let isAllowed = if case .fixed = stepping { method.takesStep } else { method.takesTolerance }
      if isAllowed {
        try method.check(stepping)
      } else {
        #expect(throws: NoetherError.self) { try Problem.kepler.trajectory(method, stepping, end: 0.125) }
      }
    }
  }

  /// GSL's multistep methods say why they take no fixed step.
  @Test(arguments: ["gsl-msadams", "gsl-msbdf"])
  func multistepMethodsRefuseFixedSteps(name: String) throws {
    let error = #expect(throws: NoetherError.self) {
      try IntegrationMethods.named(name).check(.fixed(step: 0.1))
    }
    for part in [name, "steps before", "give tolerance instead of step"] {
      #expect(error?.message.contains(part) == true)
    }
  }

  @Test(arguments: IntegrationMethods.all.filter { !$0.isCompensable })
  func compensationIsRefusedWhereItCannotBe(method: IntegrationMethod) {
    #expect(throws: NoetherError.self) {
      try Problem.kepler.trajectory(method, .adaptive(tolerance: 1e-9), end: 1, compensated: true)
    }
  }
}
