// SPDX-License-Identifier: GPL-3.0-or-later

/// A law that is known by its numbers: some that are shared, and some of each body beside its mass.
///
/// Scenarios, ensembles, files and the features of networks are read from what is declared here. A law is one file and
/// one line in `Laws.known`.
public protocol ParametrisedLaw: Sendable {
  /// The word for it in `system.kind`.
  static var name: String { get }
  /// One sentence with the formula.
  static var summary: String { get }
  /// How many axes its bodies may have.
  static var dimensions: ClosedRange<Int> { get }
  /// The numbers that are shared, keys of the `system` block and arrays [] in trajectory.npz.
  static var constants: [LawConstant] { get }
  /// The numbers of every body, beside its mass.
  static var parameters: [BodyParameter] { get }
  /// What acts on the bodies from outside, so that the law is not the same everywhere: "the ends of the chain are held".
  /// Nil where there are only forces between bodies.
  static var anchor: String? { get }
  /// Whether a body may be pinned.
  static var allowsPinned: Bool { get }
  /// Bytes that a system keeps of each pair of bodies.
  static var bytesPerPair: Int { get }

  /// Why there is no system of `count` bodies, with the remedy; nil where there is.
  static func complaint(bodies count: Int) -> String?
  /// Whether two bodies may be in one place.
  static func isFiniteWhereBodiesMeet(constants: [Double]) -> Bool
  /// The system of `bodies`; `constants` in the order of `Self.constants`, `columns` [parameters][bodies] in that of
  /// `Self.parameters`.
  static func system(
    of bodies: Bodies, constants: [Double], columns: [[Double]]
  ) -> any MechanicalSystem
}

extension ParametrisedLaw {
  public static var anchor: String? { nil }
  public static var allowsPinned: Bool { true }
  public static var bytesPerPair: Int { 0 }
  public static func complaint(bodies count: Int) -> String? { nil }
  public static func isFiniteWhereBodiesMeet(constants: [Double]) -> Bool { true }

  /// The arrays of trajectory.npz that it is known by.
  static var arrayNames: [String] { parameters.map(\.symbol) + constants.map(\.name) }
}

/// A number of a law that is shared by all bodies.
public struct LawConstant: Sendable, Equatable {
  /// Its key in the `system` block, and its array in trajectory.npz.
  public let name: String
  public let range: NumberRange
  /// Its value where none is written; nil where one must be.
  public let fallback: Double?
  /// A value to write where one is missing.
  public let example: Double

  public init(_ name: String, _ range: NumberRange, fallback: Double? = nil, example: Double) {
    self.name = name
    self.range = range
    self.fallback = fallback
    self.example = example
  }
}

/// The laws that scenarios may name, beside springs and gravity.
public enum Laws {
  public static let known: [any ParametrisedLaw.Type] =
    PairLaws.known + [Chain.self, StiffChain.self, HenonHeiles.self, Pendulum.self]
}
