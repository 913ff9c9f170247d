// SPDX-License-Identifier: GPL-3.0-or-later

/// A registered law with its numbers, as scenarios and trajectory.npz have them.
public struct LawParameters: Sendable, Equatable {
  public let law: any ParametrisedLaw.Type
  /// In the order of the law's `constants`.
  public let constants: [Double]
  /// [parameters][bodies], in the order of the law's `parameters`.
  public let columns: [[Double]]

  public init(law: any ParametrisedLaw.Type, constants: [Double], columns: [[Double]]) {
    self.law = law
    self.constants = constants
    self.columns = columns
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.law == b.law && a.constants == b.constants && a.columns == b.columns
  }

  /// The system of `bodies`, which are as many as each column has numbers.
  public func system(of bodies: Bodies) -> any MechanicalSystem {
    law.system(of: bodies, constants: constants, columns: columns)
  }
}

/// A system that says which registered law it has, whichever that is.
protocol ParametrisedSystem: MechanicalSystem {
  var parameters: LawParameters { get }
}
