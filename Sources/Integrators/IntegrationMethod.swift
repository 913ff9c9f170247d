// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A rule that advances a system, with what is known of it.
public struct IntegrationMethod: Sendable, CustomStringConvertible {
  /// What a method must be told: the length of a step, or the error it may make in one.
  public enum Requirement: String, Sendable, Equatable {
    case step, tolerance
  }

  /// As scenarios and the command line spell it.
  public let name: String
  /// The global error falls as step^order.
  public let order: Int
  /// Every step preserves dq ∧ dp, so that the energy error stays bounded.
  public let isSymplectic: Bool
  /// A step, then one with the momenta turned round, leads back.
  public let isReversible: Bool
  public let takes: Requirement
  /// The rule is one for H = T(p) + V(q); others take any ż = f(z).
  public let isForSeparable: Bool
  /// Whether the state may be summed with compensation for rounding.
  public var isCompensable: Bool { takes == .step }
  public var description: String { name }
  /// One paragraph: the rule, its source, what it is good for.
  public let summary: String
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
    case (.step, .fixed), (.tolerance, .adaptive): try stepping.validate()
    case (.step, .adaptive):
      throw NoetherError("integrator: \(name) takes fixed steps; give step instead of tolerance")
    case (.tolerance, .fixed):
      throw NoetherError("integrator: \(name) chooses its own steps; give tolerance instead of step")
    }
  }
}

/// Every method there is: `noether list integrators`, the tests and the reader of scenarios all go by it.
public enum IntegrationMethods {
  public static let all: [IntegrationMethod] = [
    .gslRK4, .gslRKF45, .gslRK8PD, .rk4, .rk4ThreeEighths, .nystrom4, .verlet, .yoshida4,
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
