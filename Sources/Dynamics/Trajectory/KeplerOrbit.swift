// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The elliptic orbit of two bodies about each other, from a relative state (r₀, v₀) and μ = G(m₁ + m₂).
public struct KeplerOrbit: Sendable {
  /// The relative state at time 0 [axes].
  public let position: [Double]
  public let velocity: [Double]
  public let gravitation: Double
  private let distance: Double
  private let axis: Double
  /// σ₀ = r₀·v₀/√μ.
  private let radial: Double

  /// Nil where the state is none of an ellipse.
  public init?(position: [Double], velocity: [Double], gravitation μ: Double) {
    let r = position.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // 1/a = 2/r − v²/μ.
    let inverse = 2 / r - velocity.reduce(0) { $0 + $1 * $1 } / μ
    guard r > 0, μ > 0, inverse > 0, inverse.isFinite else { return nil }
    self.position = position
    self.velocity = velocity
    gravitation = μ
    distance = r
    axis = 1 / inverse
    radial = zip(position, velocity).reduce(0) { $0 + $1.0 * $1.1 } / μ.squareRoot()
  }

  /// The relative position after the time t, by Lagrange's f and g (Battin, An Introduction to the Mathematics and Methods of
  /// Astrodynamics, 4.3).
  public func position(after t: Double) -> [Double] {
    let (a, n) = (axis, (gravitation / (axis * axis * axis)).squareRoot())
    let (c, s) = (1 - distance / a, radial / a.squareRoot())
    // Kepler's equation for the change E of the eccentric anomaly: n t = E − c sin E + s (1 − cos E).
    let whole = (n * t / (2 * .pi)).rounded()
    let M = n * t - 2 * .pi * whole
    var E = M
    for _ in 0..<60 {
      let change = (E - c * sin(E) + s * (1 - cos(E)) - M) / (1 - c * cos(E) + s * sin(E))
      E -= min(max(change, -1), 1)
      if abs(change) < 1e-15 { break }
    }
    // f = 1 − a/r₀ (1 − cos E), g = t − (E − sin E)/n; whole turns cancel.
    let f = 1 - a / distance * (1 - cos(E))
    let g = (M - E + sin(E)) / n
    return zip(position, velocity).map { f * $0 + g * $1 }
  }
}
