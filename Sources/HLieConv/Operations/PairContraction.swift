// SPDX-License-Identifier: GPL-3.0-or-later

/// The sum over neighbours of a LieConv layer: y_i = α (Σ_j Σ_m w_ij[m] z_j[m] + b), α = 1/N over the N nodes.
///
/// For each system that is the product of w, read as [N × N M], with z, read as [N M × channels]; its other passes
/// are products too. z_j[m] is the value of node j under the m-th kernel function, see `Program.convolution`. Of all
/// tensors z is the widest, and z̄ = α wᵀ ȳ costs little: the second pass computes it again.
struct PairContraction: Operation {
  let z: TensorID
  let w: TensorID
  let output: TensorID
  /// Where b lies in a flat vector of parameters.
  let bias: Int
  var inputs: [TensorID] { [z, w] }
  var rewritesCotangent: Bool { true }

  /// Sizes of one system: N nodes, N M products of nodes and kernel functions, the channels.
  private struct Shape {
    let nodes, terms, channels: Int
  }

  private func shape<T: NetworkScalar>(_ c: Context<T>) -> Shape {
    Shape(nodes: c.nodes, terms: c.nodes * c.width(w), channels: c.width(output))
  }

  private func alpha<T: NetworkScalar>(_ c: Context<T>) -> T { 1 / T(c.nodes) }

  /// Calls `body` for each system of the tile with the offsets of its z, w and y.
  private func forEachSystem<T: NetworkScalar>(
    _ c: Context<T>, _ s: Shape, _ body: (_ system: Int, _ z: Int, _ w: Int, _ y: Int) -> Void
  ) {
    for k in 0..<c.systems {
      body(k, k * s.terms * s.channels, k * s.nodes * s.terms, k * s.nodes * s.channels)
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let s = shape(c)
    let columns = c.columns(of: output)
    let first = columns.lowerBound
    let (zv, wv, y) = (c.value(z) + first, c.value(w), c.value(output) + first)
    let product = Product<T>(
      m: s.nodes, n: columns.count, k: s.terms, alpha: alpha(c), left: .plain(columns: s.terms),
      right: .plain(columns: s.channels), bias: c.parameters + bias + first, rowLength: s.channels)
    forEachSystem(c, s) { _, zAt, wAt, yAt in product.write(wv + wAt, zv + zAt, to: y + yAt) }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    // ẏ = α (ẇ z + w ż).
    let s = shape(c)
    let (zv, wv, wdot, ydot) = (c.value(z), c.value(w), c.tangent(w), c.tangent(output))
    let zdot = c.isStatic(z) ? nil : c.tangent(z)
    let product = Product<T>(
      m: s.nodes, n: s.channels, k: s.terms, alpha: alpha(c), left: .plain(columns: s.terms),
      right: .plain(columns: s.channels))
    forEachSystem(c, s) { _, zAt, wAt, yAt in
      product.write(
        wdot + wAt, zv + zAt, and: zdot.map { (UnsafePointer(wv + wAt), UnsafePointer($0 + zAt)) },
        to: ydot + yAt)
    }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    // z̄ = α wᵀ ȳ, w̄ = α ȳ zᵀ.
    let ybar = c.cotangent(output)
    if c.wantsCotangent(z) {
      pullBackToZ(c, (c.value(w), ybar), nil, into: c.cotangent(z), columns: c.columns(of: output))
    }
    if c.wantsCotangent(w) { pullBackToW(c, (ybar, c.value(z)), nil, into: c.cotangent(w)) }
    gatherBias(c, ybar)
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    // z̄̇ = α (wᵀ ȳ̇ + ẇᵀ ȳ), w̄̇ = α (ȳ̇ zᵀ + ȳ żᵀ).
    let (ybar, ybardot) = (c.cotangent(output), c.cotangentTangent(output))
    let columns = 0..<c.width(output)
    if c.rewritesCotangent(z) {
      pullBackToZ(c, (c.value(w), ybar), nil, into: c.cotangent(z), columns: columns)
    }
    pullBackToZ(
      c, (c.value(w), ybardot), (c.tangent(w), ybar), into: c.cotangentTangent(z), columns: columns)
    pullBackToW(
      c, (ybardot, c.value(z)), c.isStatic(z) ? nil : (ybar, c.tangent(z)), into: c.cotangentTangent(w))
    gatherBias(c, ybardot)
  }

  private typealias Factors<T> = (UnsafeMutablePointer<T>, UnsafeMutablePointer<T>)

  /// Some columns of z̄ ← α (wᵀ ȳ + the second product) (+ z̄).
  private func pullBackToZ<T: NetworkScalar>(
    _ c: Context<T>, _ first: Factors<T>, _ second: Factors<T>?, into zbar: UnsafeMutablePointer<T>,
    columns: Range<Int>
  ) {
    let s = shape(c)
    let add = c.addsCotangent(0, z)
    var product = Product<T>(
      m: s.terms, n: columns.count, k: s.nodes, alpha: alpha(c), left: .transposed(columns: s.terms),
      right: .plain(columns: s.channels), rowLength: s.channels)
    forEachSystem(c, s) { _, zAt, wAt, yAt in
      let (zAt, yAt) = (zAt + columns.lowerBound, yAt + columns.lowerBound)
      product.adding = add ? UnsafePointer(zbar + zAt) : nil
      product.write(
        first.0 + wAt, first.1 + yAt,
        and: second.map { (UnsafePointer($0.0 + wAt), UnsafePointer($0.1 + yAt)) }, to: zbar + zAt)
    }
  }

  /// w̄ ← α (ȳ zᵀ + the second product) (+ w̄).
  private func pullBackToW<T: NetworkScalar>(
    _ c: Context<T>, _ first: Factors<T>, _ second: Factors<T>?, into wbar: UnsafeMutablePointer<T>
  ) {
    let s = shape(c)
    let (add, alpha) = (c.addsCotangent(1, w), alpha(c))
    forEachSystem(c, s) { system, zAt, wAt, yAt in
      let own = c.nodePart(of: w, system: system)
      let (wAt, yAt) = (wAt + own.lowerBound * s.terms, yAt + own.lowerBound * s.channels)
      T.multiplyTransposed(
        m: own.count, n: s.terms, k: s.channels, alpha: alpha, first.0 + yAt, first.1 + zAt,
        and: second.map { (UnsafePointer($0.0 + yAt), UnsafePointer($0.1 + zAt)) }, add: add, wbar + wAt)
    }
  }

  /// b̄ += α Σ ȳ.
  private func gatherBias<T: NetworkScalar>(_ c: Context<T>, _ ybar: UnsafeMutablePointer<T>) {
    guard let gradient = c.parameterGradient else { return }
    T.addColumnSums(
      rows: c.rows(output), columns: c.width(output), alpha: alpha(c), ybar, to: gradient + bias)
  }
}

extension PairContraction {
  func sharing(in program: Program) -> Sharing {
    let blocks = Division.columns(blocks: program.width(w))
    return Sharing(
      output: .columns(blocks: 1), reads: [blocks, nil], readsCotangent: nil, cotangents: [blocks, .rows])
  }
}

extension Program {
  /// Appends the convolution of node values u with kernel functions w, with parameters `name`.w and `name`.b:
  ///
  ///     y_i[o] = (1/N) (Σ_j Σ_c Σ_m u_j[c] w_ij[m] W[c, m, o] + b[o])
  ///
  /// (PointConv's form, Wu, Qi & Fuxin 2019, used by Finzi et al. 2020, appendix D). The sums can be taken in
  /// either order at the same cost. Ours begins with z_j[m, o] = Σ_c u_j[c] W[c, m, o], which has three merits: the
  /// sum over neighbours is a plain product; of node values that do not depend on the positions, as in the first
  /// layer, z is computed once for all evaluations; and z is as wide as the sums over neighbours would have been.
  mutating func convolution(_ u: TensorID, _ w: TensorID, to outputs: Int, name: String) -> TensorID {
    let (channels, kernels) = (width(u), width(w))
    let weight = weight(
      "\(name).w", shape: [channels * kernels, outputs], rows: channels, columns: kernels * outputs)
    let bias = parameter("\(name).b", shape: [outputs], fanIn: channels * kernels)
    // A member of a team makes those channels of z that it then sums, if they can be cut where panels begin.
    let z = linear(u, weight, blocks: outputs.isMultiple(of: 16) ? kernels : 1)
    return append(.node, outputs, from: [z, w]) {
      .contraction(PairContraction(z: z, w: w, output: $0, bias: bias.offset))
    }
  }
}
