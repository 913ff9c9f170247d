// SPDX-License-Identifier: GPL-3.0-or-later

/// The operations that the mathematics of the published network needs, to be set against the machine's sgemm.
///
/// Counted are the matrix products alone, a product of m × k by k × n as 2mkn: no swish, no bias, no sums over
/// bodies, no updates of parameters. Features do not depend on the positions. So the first block's values at the
/// nodes, down and mix, can be had once per chunk, and are counted once, whether or not a program does that.
struct MatrixProducts {
  /// Products of the dense layers of one forward pass of one system: those of the first block's node values, and
  /// all others.
  private let first: Double
  private let dense: Double
  /// All Σⱼ uⱼ ⊗ w_ij of one forward pass, which is linear in u and in w.
  private let contraction: Double

  /// `bodies` bodies in the plane, `width` channels, `layers` blocks.
  init(bodies: Int = 6, width: Int = 384, layers: Int = 4) {
    let (n, k, blocks) = (Double(bodies), Double(width), Double(layers))
    let c = k / 4
    let down = 2 * n * k * c
    let kernel = 2 * n * n * (2 * 32 + 32 * 32 + 32 * 16)
    let mix = 2 * n * (16 * c) * c
    let up = 2 * n * c * k
    first = down + mix
    dense = blocks * (down + kernel + mix + up) - first
    contraction = blocks * 2 * n * n * c * 16
  }

  /// One force ∇V: a forward and a reverse pass. A product with two factors that vary, as a contraction, has two
  /// in reverse.
  var force: Double { 2 * dense + 3 * contraction }

  /// The gradient of the loss of one chunk of five points. By a Runge–Kutta method of four stages it takes 16
  /// evaluations, of 57 MFLOP each for six bodies, width 384 and four blocks, and 13 MFLOP once.
  ///
  /// A dense layer y = Wx has six products per evaluation: y, x̄, ẏ, x̄̇, and the two parts of W̄̇ = ȳ̇xᵀ + ȳẋᵀ. A
  /// contraction has nine: 1 forward, 2 in reverse, 2 in the tangent of the first and 4 in that of the second.
  func trainingChunk(evaluations: Int) -> Double {
    Double(evaluations) * (6 * dense + 9 * contraction) + 6 * first
  }
}
