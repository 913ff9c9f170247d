// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A rule that advances a system, with what is known of it.
public struct IntegrationMethod: Sendable, CustomStringConvertible {
  /// What a method must be told: the length of a step, the error it may make in one, or one of the two as you like.
  public enum Requirement: String, Sendable, Equatable {
    case step, tolerance
    case either = "step or tolerance"
  }

  /// As scenarios and the command line spell it.
  public let name: String
  /// The global error falls as step^order.
  public let order: Int
  /// Every fixed step preserves dq ∧ dp, so that the energy error stays bounded. Steps that a tolerance chooses lose that.
  public let isSymplectic: Bool
  /// A fixed step, then one with the momenta turned round, leads back.
  public let isReversible: Bool
  public let takes: Requirement
  public var takesStep: Bool { takes != .tolerance }
  public var takesTolerance: Bool { takes != .step }
  /// The rule is one for H = T(p) + V(q); others take any ż = f(z).
  public let isForSeparable: Bool
  /// Whether the state may be summed with compensation for rounding.
  public let isCompensable: Bool
  /// After so many steps a method that remembers steps forgets them, so that a run can be taken up from there; nil for
  /// one that goes by the point alone.
  var restartInterval: Int? = nil
  public var description: String { name }
  /// One paragraph: the rule, its source, what it is good for.
  public let summary: String
  /// What the method is, in a few words: the summary up to its first colon.
  public var title: String { String(summary.prefix { $0 != ":" }) }
  /// Makes the machine that steps one trajectory.
  let stepper: @Sendable (StepperInput) throws -> any Stepper

  /// Whether the method can be used on `system`; if not, a message with those that can.
  public func check(_ system: any DynamicalSystem) throws {
    if isForSeparable, !(system is any HamiltonianSystem) { throw Self.needsSeparable(name) }
  }

  static func needsSeparable(_ name: String) -> NoetherError {
    let others = IntegrationMethods.all.filter { !$0.isForSeparable }.map(\.name)
    return NoetherError(
      "integrator: \(name) needs an energy H = T(p) + V(q), which this law does not have; use one of: "
        + others.joined(separator: ", "))
  }

  /// Whether the method can use `stepping`; if not, a message that says which key it takes.
  public func check(_ stepping: Stepping) throws {
    switch (takes, stepping) {
    case (.step, .adaptive): throw Self.needsStep(name)
    case (.tolerance, .fixed): throw Self.needsTolerance(name)
    default: try stepping.validate()
    }
  }

  static func needsStep(_ name: String) -> NoetherError {
    NoetherError("integrator: \(name) takes fixed steps; give step instead of tolerance")
  }

  static func needsTolerance(_ name: String) -> NoetherError {
    NoetherError("integrator: \(name) \(whyNoStep); give tolerance instead of step")
  }

  /// Why the methods that take a tolerance alone do not take a step.
  public static let whyNoStep =
    "goes by the steps before, whose lengths and order it has to choose itself (with a fixed step GSL's Adams method "
    + "fails and its BDF method goes astray)"
}

/// Every method there is: `noether list integrators`, the tests and the reader of scenarios all go by it.
public enum IntegrationMethods {
  public static let all: [IntegrationMethod] = [
    .gslRK2, .gslRK4, .gslRKF45, .gslRKCK, .gslRK8PD, .gslRK1Imp, .gslRK2Imp, .gslRK4Imp, .gslBSImp,
    .gslMSAdams,
    .gslMSBDF, .rk4, .rk4ThreeEighths, .nystrom4, .symplecticEuler, .verlet, .verletDKD, .yoshida4, .pefrl,
    .blanesMoan4, .yoshida6, .kahanLi6, .yoshida8, .kahanLi8, .gauss2, .gauss4, .gauss6,
  ]

  /// The method called `name`.
  public static func named(_ name: String) throws -> IntegrationMethod {
    if let method = all.first(where: { $0.name == name }) { return method }
    let names = all.map(\.name)
    let remedy =
      closestMatch(to: name, in: names).map { "did you mean '\($0)'?" }
      ?? "use one of: \(names.joined(separator: ", "))"
    throw NoetherError("integrator: '\(name)' is no method known; \(remedy)")
  }
}
