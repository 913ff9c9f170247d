// SPDX-License-Identifier: GPL-3.0-or-later

/// Total momenta of a state about the origin, with the scales that rounding and drift are measured against.
///
/// Pinned bodies do not move, whatever their momentum, and test particles have none to share: both are left out. In the
/// plane L has a z entry only, on a line none.
public struct Momenta: Sendable {
  /// P = Σ pᵢ.
  private(set) var P: SIMD3<Double> = .zero
  /// L = Σ qᵢ × pᵢ.
  private(set) var L: SIMD3<Double> = .zero
  /// Σ |pᵢ|.
  private(set) var scaleP = 0.0
  /// Σ |qᵢ||pᵢ|.
  private(set) var scaleL = 0.0
  private let leavesOut: Bool

  /// That the scales are finite, and so is every number that went into them: ∞ and NaN pass through roots, products
  /// and sums, also where they meet a zero. Where it is false the state may be finite all the same.
  public var proveFiniteState: Bool { !leavesOut && scaleP.isFinite && scaleL.isFinite }

  /// The momenta of `q`, `p` [bodies × dimension] without the bodies `left` out, which may be empty where none is.
  init(q: Span<Double>, p: Span<Double>, dimension: Int, leftOut left: [Bool]) {
    precondition(q.count == p.count && (left.isEmpty || left.count * dimension == q.count))
    leavesOut = !left.isEmpty
    // Measured at every step: lengths have been compared, so that the loop needs no checks.
    q.withUnsafeBufferPointer { q in
      p.withUnsafeBufferPointer { p in
        switch dimension {
        case 3:
          for body in 0..<q.count / 3 where left.isEmpty || !left[body] {
            let i = 3 * body
            add(SIMD2(q[i], p[i]), SIMD2(q[i + 1], p[i + 1]), SIMD2(q[i + 2], p[i + 2]))
          }
        case 2:
          for body in 0..<q.count / 2 where left.isEmpty || !left[body] {
            let i = 2 * body
            add(SIMD2(q[i], p[i]), SIMD2(q[i + 1], p[i + 1]), .zero)
          }
        default:
          for body in 0..<q.count where left.isEmpty || !left[body] {
            add(SIMD2(q[body], p[body]), .zero, .zero)
          }
        }
      }
    }
  }

  /// Enters a body by its q and p along each axis, so that both sizes are found at once.
  @inline(__always)
  private mutating func add(_ x: SIMD2<Double>, _ y: SIMD2<Double>, _ z: SIMD2<Double>) {
    let sizes = (x * x + y * y + z * z).squareRoot()
    P += SIMD3(x.y, y.y, z.y)
    L += SIMD3(y.x * z.y - z.x * y.y, z.x * x.y - x.x * z.y, x.x * y.y - y.x * x.y)
    scaleP += sizes.y
    scaleL += sizes.x * sizes.y
  }
}
