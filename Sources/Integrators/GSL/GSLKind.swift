// SPDX-License-Identifier: GPL-3.0-or-later

import CGSL
import Dynamics

/// GSL's steppers by their own names.
enum GSLKind: Sendable {
  case rk2, rk4, rkf45, rkck, rk8pd, rk1imp, rk2imp, rk4imp, bsimp, msadams, msbdf

  var type: UnsafePointer<gsl_odeiv2_step_type>? {
    switch self {
    case .rk2: noether_gsl_rk2()
    case .rk4: noether_gsl_rk4()
    case .rkf45: noether_gsl_rkf45()
    case .rkck: noether_gsl_rkck()
    case .rk8pd: noether_gsl_rk8pd()
    case .rk1imp: noether_gsl_rk1imp()
    case .rk2imp: noether_gsl_rk2imp()
    case .rk4imp: noether_gsl_rk4imp()
    case .bsimp: noether_gsl_bsimp()
    case .msadams: noether_gsl_msadams()
    case .msbdf: noether_gsl_msbdf()
    }
  }

  /// Goes by the steps before.
  var isMultistep: Bool { self == .msadams || self == .msbdf }
  /// What Newton's iteration inside a fixed step is carried to, relative to the sizes of positions and momenta. A rule that
  /// is symplectic is so only as far as its equations are solved; GSL gives up after seven rounds.
  var innerTolerance: Double { isSymplectic ? 1e-14 : 1e-8 }
  /// The rule is symplectic and symmetric, as long as its steps are all equal.
  var isSymplectic: Bool { self == .rk2imp || self == .rk4imp }
}

extension IntegrationMethod {
  /// The multistep methods of GSL begin anew after so many steps: that costs a few short ones, and a run that was stopped
  /// has no more to repeat.
  private static let gslRestartInterval = 1000

  init(name: String, order: Int, gsl kind: GSLKind, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: kind.isSymplectic, isReversible: kind.isSymplectic,
      takes: kind.isMultistep ? .tolerance : .either, isForSeparable: false, isCompensable: false,
      restartInterval: kind.isMultistep ? Self.gslRestartInterval : nil, summary: summary,
      stepper: { input in
        if kind.isMultistep, case .fixed = input.stepping { throw Self.needsTolerance(name) }
        return GSLStepper(kind, input: input)
      })
  }
}
