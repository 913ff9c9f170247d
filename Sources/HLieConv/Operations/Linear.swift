// SPDX-License-Identifier: GPL-3.0-or-later

/// y = α (x W + b) + r, W [inputs × outputs], with an optional residual r and α = 1 or 1/n.
struct Linear: Operation {
  let x: TensorID
  let residual: TensorID?
  let output: TensorID
  let weight: ParameterView
  let bias: ParameterView
  /// Divide by the number of nodes: the mean over neighbours, bias included, of the published network.
  let isMean: Bool

  var inputs: [TensorID] { residual.map { [x, $0] } ?? [x] }

  private func scale<T: NetworkScalar>(_ c: Context<T>) -> T { isMean ? 1 / T(c.nodes) : 1 }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (rows, width) = (c.rows(output), c.width(output))
    let (y, b, alpha) = (c.value(output), c.parameters + bias.offset, scale(c))
    let r = residual.map(c.value)
    for row in 0..<rows {
      for k in 0..<width {
        let start = r.map { $0[row * width + k] } ?? 0
        y[row * width + k] = start + alpha * b[k]
      }
    }
    multiply(c, c.value(x), into: y, beta: 1)
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let dot = c.tangent(output)
    var hasResidual = false
    if let residual, !c.isStatic(residual) {
      dot.update(from: c.tangent(residual), count: c.size(output))
      hasResidual = true
    }
    if c.isStatic(x) {
      if !hasResidual { dot.update(repeating: 0, count: c.size(output)) }
    } else {
      multiply(c, c.tangent(x), into: dot, beta: hasResidual ? 1 : 0)
    }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let ybar = c.cotangent(output)
    if c.wantsCotangent(x) { pullBack(c, ybar, into: c.cotangent(x), add: c.addsCotangent(0, x)) }
    if let residual, c.wantsCotangent(residual) {
      pass(ybar, to: c.cotangent(residual), c.size(output), add: c.addsCotangent(1, residual))
    }
    if let gradient = c.parameterGradient { gather(c, c.value(x), ybar, into: gradient, biasToo: true) }
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let ybardot = c.cotangentTangent(output)
    if c.wantsCotangentTangent(x) {
      pullBack(c, ybardot, into: c.cotangentTangent(x), add: c.addsCotangent(0, x))
    }
    if let residual, c.wantsCotangentTangent(residual) {
      pass(ybardot, to: c.cotangentTangent(residual), c.size(output), add: c.addsCotangent(1, residual))
    }
    // W̄̇ = ẋᵀ ȳ + xᵀ ȳ̇, b̄̇ = Σ ȳ̇.
    if let gradient = c.parameterGradient {
      if !c.isStatic(x) { gather(c, c.tangent(x), c.cotangent(output), into: gradient, biasToo: false) }
      gather(c, c.value(x), ybardot, into: gradient, biasToo: true)
    }
  }

  /// y ← α x W + β y.
  private func multiply<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafeMutablePointer<T>, into y: UnsafeMutablePointer<T>, beta: T
  ) {
    T.gemm(
      transposeA: false, m: c.rows(output), n: c.width(output), k: weight.shape[0],
      alpha: scale(c), x, c.parameters + weight.offset, beta: beta, y)
  }

  /// x̄ ← α ȳ Wᵀ (+ x̄).
  private func pullBack<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafeMutablePointer<T>, into xbar: UnsafeMutablePointer<T>, add: Bool
  ) {
    T.gemm(
      transposeA: false, m: c.rows(output), n: weight.shape[0], k: c.width(output), alpha: scale(c), ybar,
      c.transposed + weight.offset, beta: add ? 1 : 0, xbar)
  }

  private func pass<T: NetworkScalar>(
    _ ybar: UnsafeMutablePointer<T>, to rbar: UnsafeMutablePointer<T>, _ count: Int, add: Bool
  ) {
    if add {
      for k in 0..<count { rbar[k] += ybar[k] }
    } else {
      rbar.update(from: ybar, count: count)
    }
  }

  /// W̄ += α xᵀ ȳ, b̄ += α Σ ȳ.
  private func gather<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafeMutablePointer<T>, _ ybar: UnsafeMutablePointer<T>,
    into gradient: UnsafeMutablePointer<T>, biasToo: Bool
  ) {
    let (rows, width, alpha) = (c.rows(output), c.width(output), scale(c))
    T.gemm(
      transposeA: true, m: weight.shape[0], n: width, k: rows, alpha: alpha, x, ybar,
      beta: 1,
      gradient + weight.offset)
    guard biasToo else { return }
    let b = gradient + bias.offset
    for row in 0..<rows {
      for k in 0..<width { b[k] += alpha * ybar[row * width + k] }
    }
  }
}

extension Program {
  /// Appends y = x W + b (+ residual) with parameters `name`.w and `name`.b.
  mutating func linear(
    _ x: TensorID, to outputs: Int, name: String, mean isMean: Bool = false, residual: TensorID? = nil
  ) -> TensorID {
    let inputs = width(x)
    let weight = parameter("\(name).w", shape: [inputs, outputs], fanIn: inputs)
    let bias = parameter("\(name).b", shape: [outputs], fanIn: inputs)
    return append(rows(x), outputs, from: residual.map { [x, $0] } ?? [x]) {
      .linear(Linear(x: x, residual: residual, output: $0, weight: weight, bias: bias, isMean: isMean))
    }
  }
}
