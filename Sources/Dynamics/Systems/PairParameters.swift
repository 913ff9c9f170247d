// SPDX-License-Identifier: GPL-3.0-or-later

/// A law of pairs with its numbers, as scenarios and trajectory.npz have them.
public struct PairParameters: Sendable, Equatable {
  public let law: any PairLaw.Type
  /// In the order of the law's `constants`.
  public let constants: [Double]
  /// [parameters][bodies], in the order of the law's `parameters`.
  public let columns: [[Double]]

  public init(law: any PairLaw.Type, constants: [Double], columns: [[Double]]) {
    self.law = law
    self.constants = constants
    self.columns = columns
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.law == b.law && a.constants == b.constants && a.columns == b.columns
  }

  /// The system of `bodies`, which are as many as each column has numbers.
  public func system(of bodies: Bodies) -> any HamiltonianSystem { system(of: bodies, under: law) }

  private func system<L: PairLaw>(of bodies: Bodies, under _: L.Type) -> any HamiltonianSystem {
    PairSystem<L>(bodies: bodies, constants: constants, columns: columns)
  }
}

/// A system that says which law of pairs it has, whichever that is.
protocol ParametrisedSystem: HamiltonianSystem {
  var parameters: PairParameters { get }
}
