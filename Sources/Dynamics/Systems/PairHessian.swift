// SPDX-License-Identifier: GPL-3.0-or-later

/// Sums up ∇²V·w of V = Σ v(|Δ|²) over pairs, Δ = qⱼ−qᵢ, by the derivatives of v in s = |Δ|².
struct PairHessian<Vector: SpatialVector> {
  private let q: [Double]
  private let v: [Double]
  private var product: [Double]

  /// At positions `q` along `v`, both [bodies × dimension].
  init(q: Span<Double>, v: Span<Double>) {
    self.q = (0..<q.count).map { q[$0] }
    self.v = (0..<v.count).map { v[$0] }
    product = [Double](repeating: 0, count: q.count)
  }

  /// Δ = qⱼ−qᵢ.
  func separation(_ i: Int, _ j: Int) -> Vector {
    Vector(body: j, of: q.span) - Vector(body: i, of: q.span)
  }

  /// The pair (i, j): ∂V/∂qⱼ = 2v′Δ changes by 2v′δ + 4v″(Δ·δ)Δ with δ = wⱼ−wᵢ, and ∂V/∂qᵢ by the opposite;
  /// `weights` multiply what becomes of i and of j.
  mutating func add(
    _ i: Int, _ j: Int, slope: Double, curvature: Double, weights: (i: Double, j: Double) = (1, 1)
  ) {
    let Δ = separation(i, j)
    let δ = Vector(body: j, of: v.span) - Vector(body: i, of: v.span)
    let change = 2 * slope * δ + 4 * curvature * Δ.dot(δ) * Δ
    product.withUnsafeMutableBufferPointer { product in
      (weights.j * change).add(to: product, body: j)
      (-(weights.i * change)).add(to: product, body: i)
    }
  }

  /// Writes the sums, zero for pinned bodies.
  func write(to result: inout MutableSpan<Double>, _ bodies: Bodies) {
    for k in product.indices { result[k] = product[k] }
    bodies.clearPinned(&result)
  }
}
