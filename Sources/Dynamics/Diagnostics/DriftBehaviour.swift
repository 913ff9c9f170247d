// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// How the drift of something that should be conserved behaves in time: its size, its trend, and how it grows.
///
/// A symplectic method leaves an energy error that swings to and fro; rounding that favours no side adds up like a random walk, as
/// √t (Brouwer, Astronomical Journal 46 (1937) 149); a method that loses energy does so in proportion to t.
public struct DriftBehaviour: Sendable, Equatable {
  public enum Verdict: String, Sendable {
    case bounded
    case randomWalk = "random-walk"
    case secular
    /// Too few frames, or a drift that is not finite.
    case unknown
  }

  /// The growth exponents between which a drift counts as a random walk.
  public static let randomWalk = 0.2..<0.7
  /// The number of blocks that the exponent is read from, and the fewest frames.
  public static let blocks = 64
  /// The number of batches that the trend is read from.
  static let batches = 20

  /// The largest |d|, the root mean square, and the last d.
  public let largest: Double
  public let rms: Double
  public let last: Double
  /// The trend of d per unit of time, and the half width of its 95 % confidence interval: a line through the means of 20 batches
  /// of frames, whose residuals are independent where batches are longer than what d remembers. NaN with fewer than 40 frames.
  public let slope: Double
  public let slopeBound: Double
  /// The largest |d| of the second half over that of the first; 1 where both are zero.
  public let halves: Double
  /// How the root mean square of d(t + τ) − d(t) grows with τ, as a power: 0 bounded, ½ a random walk, 1 secular.
  public let exponent: Double
  public let verdict: Verdict

  /// Of the drifts `d` at the times `t`, as many of each.
  public init(of d: [Double], at t: [Double]) {
    precondition(d.count == t.count)
    let isFinite = d.allSatisfy(\.isFinite) && t.allSatisfy(\.isFinite)
    largest = d.lazy.map(\.magnitude).maximum() ?? 0
    rms = (d.reduce(0) { $0 + $1 * $1 } / Double(max(1, d.count))).squareRoot()
    last = d.last ?? 0
    let middle = d.count / 2
    let first = d[..<middle].lazy.map(\.magnitude).maximum() ?? 0
    let second = d[middle...].lazy.map(\.magnitude).maximum() ?? 0
    halves = first == second ? 1 : second / first
    (slope, slopeBound) =
      isFinite && d.count >= 2 * Self.batches
      ? Self.line(through: Self.means(of: d, Self.batches), at: Self.means(of: t, Self.batches))
      : (.nan, .nan)
    guard isFinite, d.count >= Self.blocks else {
      (exponent, verdict) = (.nan, .unknown)
      return
    }
    let exponent = Self.growth(of: Self.means(of: d, Self.blocks))
    self.exponent = exponent
    verdict =
      Self.randomWalk.contains(exponent)
      ? .randomWalk : exponent < Self.randomWalk.lowerBound ? .bounded : .secular
  }

  /// The means of `count` parts of equal length.
  private static func means(of d: [Double], _ count: Int) -> [Double] {
    (0..<count).map { part in
      let range = part * d.count / count..<(part + 1) * d.count / count
      return d[range].reduce(0, +) / Double(range.count)
    }
  }

  /// The slope of the line through (t, y) by least squares, and the half width of its 95 % confidence interval,
  /// t₀.₉₇₅ √(Σr²/(n−2) / Σ(t−t̄)²) for independent residuals r.
  public static func line(through y: [Double], at t: [Double]) -> (slope: Double, bound: Double) {
    let n = Double(y.count)
    let (tMean, yMean) = (t.reduce(0, +) / n, y.reduce(0, +) / n)
    let variance = t.reduce(0) { $0 + ($1 - tMean) * ($1 - tMean) }
    let slope = zip(t, y).reduce(0) { $0 + ($1.0 - tMean) * ($1.1 - yMean) } / variance
    let residuals = zip(t, y).reduce(0) { sum, point in
      let r = point.1 - yMean - slope * (point.0 - tMean)
      return sum + r * r
    }
    // The 97.5 % quantile of Student's distribution with 18 degrees of freedom.
    let quantile = 2.100922040
    return (slope, quantile * (residuals / (n - 2) / variance).squareRoot())
  }

  /// The exponent of the growth of R(τ) = max over lags ≤ τ of √⟨(b(t + τ) − b(t))²⟩ with τ, from 2 to 16 blocks b of 64, by least squares
  /// in the logarithms. Means over blocks leave no swing that is shorter; the maximum does not fall at whole periods of a longer one.
  private static func growth(of b: [Double]) -> Double {
    // In units of the largest, so that squares of rounding errors do not vanish.
    let unit = b.lazy.map(\.magnitude).maximum() ?? 0
    guard unit > 0 else { return 0 }
    var reach: [Double] = []
    for lag in 1...blocks / 4 {
      let squares = (lag..<b.count).reduce(0.0) { sum, k in
        let Δ = (b[k] - b[k - lag]) / unit
        return sum + Δ * Δ
      }
      reach.append(maximum(reach.last ?? 0, (squares / Double(b.count - lag)).squareRoot()))
    }
    let points = (2...reach.count).map { (Double.log(Double($0)), Double.log(reach[$0 - 1])) }
    guard points.allSatisfy({ $0.1.isFinite }) else { return 0 }
    return line(through: points.map { $0.1 }, at: points.map { $0.0 }).slope
  }
}
