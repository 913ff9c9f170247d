// SPDX-License-Identifier: GPL-3.0-or-later

/// A law of pairs: V = Σ_{i<j} v(s), s = |qᵢ−qⱼ|², where v knows of two bodies their masses and parameters.
///
/// Written in s, v needs no square root unless the law has one, and no direction where two bodies meet. A law is one
/// file and one line in `PairLaws.known`.
public protocol PairLaw: ParametrisedLaw {
  /// What v needs of two bodies, made once when a system is.
  associatedtype Pair: Sendable

  /// `constants` has a value for each of `Self.constants`, in their order.
  init(constants: [Double])

  /// What v needs of the bodies `a` and `b`; the same for `b` and `a`.
  func pair(_ a: PairBody, _ b: PairBody) -> Pair
  /// v(s).
  func energy(_ s: Double, _ pair: Pair) -> Double
  /// dv/ds.
  func slope(_ s: Double, _ pair: Pair) -> Double
}

extension PairLaw {
  public static var dimensions: ClosedRange<Int> { 1...3 }
  public static var bytesPerPair: Int { MemoryLayout<Pair>.stride }

  /// Told by two bodies that have every parameter 1.
  public static func isFiniteWhereBodiesMeet(constants: [Double]) -> Bool {
    let body = PairBody(m: 1, parameters: parameters.map { _ in 1 })
    let law = Self(constants: constants)
    let pair = law.pair(body, body)
    return law.energy(0, pair).isFinite && law.slope(0, pair).isFinite
  }

  public static func system(
    of bodies: Bodies, constants: [Double], columns: [[Double]]
  ) -> any MechanicalSystem {
    PairSystem<Self>(bodies: bodies, constants: constants, columns: columns)
  }
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
