// SPDX-License-Identifier: GPL-3.0-or-later

/// A law of pairs: V = Σ_{i<j} v(s), s = |qᵢ−qⱼ|², where v knows of two bodies their masses and parameters.
///
/// Written in s, v needs no square root unless the law has one, and no direction where two bodies meet. A law is one
/// file and one line in `PairLaws.known`.
public protocol PairLaw: Sendable {
  /// What v needs of two bodies, made once when a system is.
  associatedtype Pair: Sendable

  /// The word for it in `system.kind`.
  static var name: String { get }
  /// One sentence with the formula.
  static var summary: String { get }
  /// The numbers that all pairs share, keys of the `system` block and arrays [] in trajectory.npz.
  static var constants: [LawConstant] { get }
  /// The numbers of every body, beside its mass.
  static var parameters: [BodyParameter] { get }

  /// `constants` has a value for each of `Self.constants`, in their order.
  init(constants: [Double])

  /// What v needs of the bodies `a` and `b`; the same for `b` and `a`.
  func pair(_ a: PairBody, _ b: PairBody) -> Pair
  /// v(s).
  func energy(_ s: Double, _ pair: Pair) -> Double
  /// dv/ds.
  func slope(_ s: Double, _ pair: Pair) -> Double
  /// d²v/ds².
  func curvature(_ s: Double, _ pair: Pair) -> Double
}

/// One of the two bodies of a pair, as a law sees it.
public struct PairBody: Sendable {
  /// Its mass.
  public let m: Double
  /// The law's parameters, in the order of `PairLaw.parameters`.
  public let parameters: [Double]

  public init(m: Double, parameters: [Double]) {
    self.m = m
    self.parameters = parameters
  }
}

/// A number of a law that all pairs share.
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
