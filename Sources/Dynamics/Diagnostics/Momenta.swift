// SPDX-License-Identifier: GPL-3.0-or-later

/// Total momenta of a state about the origin, with the scales that rounding and drift are measured against.
///
/// Pinned bodies do not move, whatever their momentum, and are left out. In the plane L has a z entry only.
struct Momenta {
  /// P = Σ pᵢ.
  var P: SIMD3<Double> = .zero
  /// L = Σ qᵢ × pᵢ.
  var L: SIMD3<Double> = .zero
  /// Σ |pᵢ|.
  var scaleP = 0.0
  /// Σ |qᵢ||pᵢ|.
  var scaleL = 0.0

  /// The momenta of `q`, `p` [bodies × dimension]; `pinned` may be empty where no body is.
  init(q: Span<Double>, p: Span<Double>, dimension: Int, pinned: [Bool]) {
    for body in 0..<q.count / dimension where pinned.isEmpty || !pinned[body] {
      let first = body * dimension
      let inSpace = dimension == 3
      let x = SIMD3(q[first], q[first + 1], inSpace ? q[first + 2] : 0)
      let pᵢ = SIMD3(p[first], p[first + 1], inSpace ? p[first + 2] : 0)
      let size = pᵢ.squaredNorm.squareRoot()
      P += pᵢ
      L += SIMD3(x.y * pᵢ.z - x.z * pᵢ.y, x.z * pᵢ.x - x.x * pᵢ.z, x.x * pᵢ.y - x.y * pᵢ.x)
      scaleP += size
      scaleL += x.squaredNorm.squareRoot() * size
    }
  }
}
