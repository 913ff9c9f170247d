// SPDX-License-Identifier: GPL-3.0-or-later

import Integrators

/// A method with one of the ways it may step: GSL's take a tolerance or a fixed step.
public struct MethodUse: Sendable, CustomStringConvertible {
  public let method: IntegrationMethod
  public let isAdaptive: Bool

  public var description: String {
    method.name + (method.takes == .either ? isAdaptive ? ", adaptive" : ", fixed" : "")
  }

  /// Every method in each of its ways.
  public static let all = adaptive + fixedStep
  public static let adaptive = IntegrationMethods.all.filter(\.takesTolerance).map {
    MethodUse(method: $0, isAdaptive: true)
  }
  public static let fixedStep = IntegrationMethods.all.filter(\.takesStep).map {
    MethodUse(method: $0, isAdaptive: false)
  }

  /// A symplectic rule that keeps its properties, as it does with equal steps alone.
  public var isSymplectic: Bool { method.isSymplectic && !isAdaptive }

  /// `step`, or `tolerance`: raised for methods of low order, which would take millions of steps.
  public func stepping(step: Double, tolerance: Double) -> Stepping {
    isAdaptive
      ? .adaptive(tolerance: max(tolerance, method.order == 1 ? 1e-4 : method.order < 4 ? 1e-7 : 0))
      : .fixed(step: step)
  }
}
