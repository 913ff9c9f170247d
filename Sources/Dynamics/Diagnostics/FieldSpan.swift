// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// Which velocity fields are the same motion under another name: decided by the fields, not by what they are called.
extension VelocityField {
  /// Whether ξ = Σ c_k ξ_k with constants c_k, to round-off, at points in general position.
  public func isCombination(of fields: [VelocityField]) -> Bool {
    guard fields.allSatisfy({ $0.dimension == dimension }) else { return false }
    var basis: [[Double]] = []
    for field in fields {
      let samples = field.samples
      let rest = Self.remainder(of: samples, over: basis)
      let size = Self.norm(rest)
      if size > Self.spanTolerance * Self.norm(samples) { basis.append(rest.map { $0 / size }) }
    }
    return Self.norm(Self.remainder(of: samples, over: basis)) <= Self.spanTolerance * Self.norm(samples)
  }

  /// Above what the orthogonalisation of a handful of fields rounds.
  private static let spanTolerance = 1e-10

  /// ξ at all probes, one after the other.
  private var samples: [Double] {
    Self.probes(dimension: dimension).flatMap { x in
      let ξ = value(at: x)
      return (0..<dimension).map { ξ[$0] }
    }
  }

  /// What is left of v without its part along an orthonormal basis; taken away twice, as once leaves rounding.
  private static func remainder(of v: [Double], over basis: [[Double]]) -> [Double] {
    var rest = v
    for e in basis + basis {
      let along = zip(rest, e).reduce(0) { $0 + $1.0 * $1.1 }
      for k in rest.indices { rest[k] -= along * e[k] }
    }
    return rest
  }

  private static func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

extension [VelocityField] {
  /// These fields, and those of `others` that are not equal or opposite to one of them already.
  public func united(with others: [VelocityField]) -> [VelocityField] {
    others.reduce(into: self) { fields, field in
      if !fields.contains(where: { field.isCombination(of: [$0]) }) { fields.append(field) }
    }
  }
}
