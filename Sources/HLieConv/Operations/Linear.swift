// SPDX-License-Identifier: GPL-3.0-or-later

/// y = x W (+ b) (+ r), W [inputs × outputs], with an optional bias and an optional residual r.
struct Linear: Operation {
  let x: TensorID
  let residual: TensorID?
  let output: TensorID
  /// Where W̄ goes in the flat vector of parameters.
  let weight: Int
  let matrix: MatrixView
  let bias: ParameterView?

  var inputs: [TensorID] { residual.map { [x, $0] } ?? [x] }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    var product = times(c)
    product.bias = bias.map { c.parameters + $0.offset }
    product.adding = residual.map { UnsafePointer(c.value($0)) }
    product.write(c.value(x), c.panels + matrix.panels, to: c.value(output))
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let dot = c.tangent(output)
    let moving = residual.flatMap { c.isStatic($0) ? nil : UnsafePointer(c.tangent($0)) }
    if !c.isStatic(x) {
      var product = times(c)
      product.adding = moving
      product.write(c.tangent(x), c.panels + matrix.panels, to: dot)
    } else if let moving {
      dot.update(from: moving, count: c.size(output))
    } else {
      dot.update(repeating: 0, count: c.size(output))
    }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let ybar = c.cotangent(output)
    if c.wantsCotangent(x) { pullBack(c, ybar, into: c.cotangent(x), add: c.addsCotangent(0, x)) }
    if let residual, c.wantsCotangent(residual) {
      pass(ybar, to: c.cotangent(residual), c.size(output), add: c.addsCotangent(1, residual))
    }
    // W̄ += xᵀ ȳ.
    if let gradient = c.parameterGradient { gather(c, c.value(x), ybar, into: gradient) }
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let ybardot = c.cotangentTangent(output)
    if c.wantsCotangentTangent(x) {
      pullBack(c, ybardot, into: c.cotangentTangent(x), add: c.addsCotangent(0, x))
    }
    if let residual, c.wantsCotangentTangent(residual) {
      pass(ybardot, to: c.cotangentTangent(residual), c.size(output), add: c.addsCotangent(1, residual))
    }
    // W̄̇ += xᵀ ȳ̇ + ẋᵀ ȳ.
    if let gradient = c.parameterGradient {
      let moving: (a: UnsafePointer<T>, b: UnsafePointer<T>)? =
        c.isStatic(x) ? nil : (UnsafePointer(c.tangent(x)), UnsafePointer(c.cotangent(output)))
      gather(c, c.value(x), ybardot, and: moving, into: gradient)
    }
  }

  /// The product of x with W.
  private func times<T: NetworkScalar>(_ c: Context<T>) -> Product<T> {
    Product(
      m: c.rows(output), n: matrix.columns, k: matrix.rows, left: .plain(columns: matrix.rows),
      right: .packed(rows: matrix.rows))
  }

  /// x̄ ← ȳ Wᵀ (+ x̄).
  private func pullBack<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafeMutablePointer<T>, into xbar: UnsafeMutablePointer<T>, add: Bool
  ) {
    // Few columns fill no vector: the dot products of rows do, as those of pair embeddings.
    if matrix.rows < 8 {
      T.multiplyTransposed(
        m: c.rows(output), n: matrix.rows, k: matrix.columns, alpha: 1, ybar, c.parameters + weight,
        and: nil, add: add, xbar)
      return
    }
    Product(
      m: c.rows(output), n: matrix.rows, k: matrix.columns, left: .plain(columns: matrix.columns),
      right: .packed(rows: matrix.columns), adding: add ? UnsafePointer(xbar) : nil
    ).write(ybar, c.panels + matrix.transposedPanels, to: xbar)
  }

  private func pass<T: NetworkScalar>(
    _ ybar: UnsafeMutablePointer<T>, to rbar: UnsafeMutablePointer<T>, _ count: Int, add: Bool
  ) {
    if add {
      T.accumulate(count, ybar, to: rbar)
    } else {
      rbar.update(from: ybar, count: count)
    }
  }

  /// W̄ += xᵀ ȳ and the second product, b̄ += Σ ȳ.
  private func gather<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafeMutablePointer<T>, _ ybar: UnsafeMutablePointer<T>,
    and second: (a: UnsafePointer<T>, b: UnsafePointer<T>)? = nil, into gradient: UnsafeMutablePointer<T>
  ) {
    let rows = c.rows(output)
    let wbar = gradient + weight
    Product(
      m: matrix.rows, n: matrix.columns, k: rows, left: .transposed(columns: matrix.rows),
      right: .plain(columns: matrix.columns), adding: UnsafePointer(wbar)
    ).write(x, ybar, and: second, to: wbar)
    if let bias {
      T.addColumnSums(rows: rows, columns: matrix.columns, alpha: 1, ybar, to: gradient + bias.offset)
    }
  }
}

extension Program {
  /// Appends y = x W + b (+ residual) with parameters `name`.w and `name`.b.
  mutating func linear(
    _ x: TensorID, to outputs: Int, name: String, residual: TensorID? = nil
  ) -> TensorID {
    let inputs = width(x)
    let weight = weight("\(name).w", shape: [inputs, outputs], rows: inputs, columns: outputs)
    let bias = parameter("\(name).b", shape: [outputs], fanIn: inputs)
    return linear(x, weight, bias: bias, residual: residual)
  }

  /// Appends y = x W (+ b) (+ residual).
  mutating func linear(
    _ x: TensorID, _ weight: (view: ParameterView, matrix: MatrixView), bias: ParameterView? = nil,
    residual: TensorID? = nil
  ) -> TensorID {
    append(rows(x), weight.matrix.columns, from: residual.map { [x, $0] } ?? [x]) {
      .linear(
        Linear(
          x: x, residual: residual, output: $0, weight: weight.view.offset, matrix: weight.matrix, bias: bias)
      )
    }
  }
}
