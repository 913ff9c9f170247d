// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// The eccentricity vector of two bodies under Newton's law, which points at the pericentre and is constant in their true motion
/// (Laplace, Runge and Lenz; Goldstein, Classical Mechanics, 3.9):
///
///     e = ((v² − μ/r) r − (r·v) v)/μ,
///
/// of the second body relative to the first, or of the free body relative to a pinned one.
public struct EccentricityVector: Sendable {
  private let dimension: Int
  private let centre: Int
  private let body: Int
  private let inverseMasses: [Double]
  /// G (m₁ + m₂), or G times the mass of the pinned body.
  private let μ: Double
  /// e and the normal of the orbit in the first state, and the angle of the last.
  private var start: (e: SIMD3<Double>, normal: SIMD3<Double>)?
  private var angle = 0.0

  /// The names of the columns: those of e, and `apsis`.
  public var names: [String] { ["e_x", "e_y", "e_z"].prefix(dimension) + ["apsis"] }

  /// Nil where `system` is not one of two bodies under unsoftened gravity, one of them at least free.
  public init?(of system: any MechanicalSystem) {
    guard let gravity = system as? GravitySystem, gravity.softening == 0, gravity.bodies.count == 2 else {
      return nil
    }
    let bodies = gravity.bodies
    let pinned = bodies.pinned.indices.filter { bodies.pinned[$0] }
    guard pinned.count < 2 else { return nil }
    centre = pinned.first ?? 0
    body = 1 - centre
    dimension = bodies.dimension
    inverseMasses = bodies.inverseMasses
    let mass = pinned.isEmpty ? bodies.masses[0] + bodies.masses[1] : bodies.masses[centre]
    μ = gravity.G * mass
    guard μ > 0 else { return nil }
  }

  /// e, and the angle by which it has turned since the first state that was asked about, in the sense of the motion, whole turns counted.
  public mutating func callAsFunction(_ state: PhaseState) -> [Double] {
    var (r, v) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
    for axis in 0..<dimension {
      let (k, l) = (body * dimension + axis, centre * dimension + axis)
      r[axis] = state.q[k] - state.q[l]
      v[axis] = inverseMasses[k] * state.p[k] - inverseMasses[l] * state.p[l]
    }
    func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let e = ((dot(v, v) - μ / dot(r, r).squareRoot()) * r - dot(r, v) * v) / μ
    let (first, normal) = start ?? (e, cross(r, v))
    start = (first, normal)
    let length = dot(normal, normal).squareRoot()
    let sine = length > 0 ? dot(cross(first, e), normal) / length : 0
    let turned = Double.atan2(y: sine, x: dot(first, e))
    // The nearest of the angles that look the same.
    angle = turned + 2 * .pi * ((angle - turned) / (2 * .pi)).rounded()
    return (0..<dimension).map { e[$0] } + [angle]
  }
}
