// SPDX-License-Identifier: GPL-3.0-or-later

/// y = x W (+ b) (+ r), W [inputs × outputs], with an optional bias and an optional residual r.
struct Linear: Operation {
  let x: TensorID
  let residual: TensorID?
  let output: TensorID
  /// Where W and W̄ lie in a flat vector of parameters, and b and b̄. A view with its name would cost two reference counts
  /// whenever the operation runs, which threads contend for.
  let weight: Int
  let matrix: MatrixView
  let bias: Int?
  /// Equal blocks of columns, each of which a team divides; see `PairContraction`.
  var blocks = 1

  var inputs: [TensorID] { residual.map { [x, $0] } ?? [x] }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    if isDot(c) {
      if c.share.index > 0 { return }
      dot(c, c.value(x), into: c.value(output))
      if let bias { for row in 0..<c.rows(output) { c.value(output)[row] += c.parameters[bias] } }
      return
    }
    forEachPart(c) { rows, columns in
      var product = times(c, rows: rows.count, columns: columns)
      product.bias = bias.map { c.parameters + $0 + columns.lowerBound }
      let at = rows.lowerBound * matrix.columns + columns.lowerBound
      product.adding = residual.map { UnsafePointer(c.value($0) + at) }
      product.write(
        c.value(x) + rows.lowerBound * matrix.rows, panels(c, columns.lowerBound), to: c.value(output) + at)
    }
  }

  /// W is one column of nodes: no vector's worth, so that the dot products of rows are faster.
  private func isDot<T: NetworkScalar>(_ c: Context<T>) -> Bool {
    matrix.columns == 1 && residual == nil && c.program.rows(output) != .pair
  }

  private func dot<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>
  ) {
    T.multiplyTransposed(
      m: c.rows(output), n: 1, k: matrix.rows, alpha: 1, x, c.parameters + weight, and: nil, add: false, y)
  }

  /// The parts of y that are to be written.
  private func forEachPart<T: NetworkScalar>(
    _ c: Context<T>, _ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let (rows, columns) = c.part(of: output)
    if c.share.count == 1 || blocks == 1 { return body(rows, columns) }
    let width = matrix.columns / blocks
    let part = c.columns(of: output, block: width)
    for block in 0..<blocks {
      body(rows, block * width + part.lowerBound..<block * width + part.upperBound)
    }
  }

  /// The panels of W from a column on, which begins one.
  private func panels<T: NetworkScalar>(_ c: Context<T>, _ column: Int) -> UnsafePointer<T> {
    c.panels + matrix.panels + column * matrix.rows
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let ydot = c.tangent(output)
    let moving = residual.flatMap { c.isStatic($0) ? nil : UnsafePointer(c.tangent($0)) }
    if !c.isStatic(x), isDot(c) {
      dot(c, c.tangent(x), into: ydot)
    } else if !c.isStatic(x) {
      var product = times(c, rows: c.rows(output), columns: 0..<matrix.columns)
      product.adding = moving
      product.write(c.tangent(x), c.panels + matrix.panels, to: ydot)
    } else if let moving {
      ydot.update(from: moving, count: c.size(output))
    } else {
      ydot.update(repeating: 0, count: c.size(output))
    }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let ybar = c.cotangent(output)
    if c.wantsCotangent(x) {
      let (rows, columns) = c.part(of: x)
      pullBack(c, ybar, into: c.cotangent(x), add: c.addsCotangent(0, x), rows: rows, columns: columns)
    }
    if let residual, c.wantsCotangent(residual) {
      let (rows, columns) = c.part(of: output)
      pass(
        ybar, to: c.cotangent(residual), add: c.addsCotangent(1, residual), rows: rows, columns: columns)
    }
    // W̄ += xᵀ ȳ.
    if let gradient = c.parameterGradient { gather(c, c.value(x), ybar, into: gradient) }
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let ybardot = c.cotangentTangent(output)
    if c.wantsCotangentTangent(x) {
      pullBack(
        c, ybardot, into: c.cotangentTangent(x), add: c.addsCotangent(0, x), rows: 0..<c.rows(output),
        columns: 0..<matrix.rows)
    }
    if let residual, c.wantsCotangentTangent(residual) {
      pass(
        ybardot, to: c.cotangentTangent(residual), add: c.addsCotangent(1, residual),
        rows: 0..<c.rows(output), columns: 0..<matrix.columns)
    }
    // W̄̇ += xᵀ ȳ̇ + ẋᵀ ȳ.
    if let gradient = c.parameterGradient {
      let moving: (a: UnsafePointer<T>, b: UnsafePointer<T>)? =
        c.isStatic(x) ? nil : (UnsafePointer(c.tangent(x)), UnsafePointer(c.cotangent(output)))
      gather(c, c.value(x), ybardot, and: moving, into: gradient)
    }
  }

  /// The product of some rows with some columns of W.
  private func times<T: NetworkScalar>(_ c: Context<T>, rows: Int, columns: Range<Int>) -> Product<T> {
    Product(
      m: rows, n: columns.count, k: matrix.rows, left: .plain(columns: matrix.rows),
      right: .packed(rows: matrix.rows), rowLength: matrix.columns)
  }

  /// Some rows and columns of x̄ ← ȳ Wᵀ (+ x̄).
  private func pullBack<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafeMutablePointer<T>, into xbar: UnsafeMutablePointer<T>, add: Bool,
    rows: Range<Int>, columns: Range<Int>
  ) {
    let (ybar, xbar) = (ybar + rows.lowerBound * matrix.columns, xbar + rows.lowerBound * matrix.rows)
    // Few columns fill no vector: the dot products of rows do, as those of pair embeddings. A cache line holds them all.
    if matrix.rows < 8 {
      if columns.isEmpty { return }
      T.multiplyTransposed(
        m: rows.count, n: matrix.rows, k: matrix.columns, alpha: 1, ybar, c.parameters + weight,
        and: nil, add: add, xbar)
      return
    }
    let target = xbar + columns.lowerBound
    Product(
      m: rows.count, n: columns.count, k: matrix.columns, left: .plain(columns: matrix.columns),
      right: .packed(rows: matrix.columns), adding: add ? UnsafePointer(target) : nil,
      rowLength: matrix.rows
    ).write(ybar, c.panels + matrix.transposedPanels + columns.lowerBound * matrix.columns, to: target)
  }

  /// Some rows and columns of r̄ ← ȳ (+ r̄).
  private func pass<T: NetworkScalar>(
    _ ybar: UnsafeMutablePointer<T>, to rbar: UnsafeMutablePointer<T>, add: Bool, rows: Range<Int>,
    columns: Range<Int>
  ) {
    forEachRun(rows, columns, width: matrix.columns) { at, count in
      if add {
        T.accumulate(count, ybar + at, to: rbar + at)
      } else {
        (rbar + at).update(from: ybar + at, count: count)
      }
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
      T.addColumnSums(rows: rows, columns: matrix.columns, alpha: 1, ybar, to: gradient + bias)
    }
  }
}

extension Linear {
  func sharing(in program: Program) -> Sharing {
    let isPair = program.rows(output) == .pair
    let own = program.rows(output).division
    let passed = residual == nil ? 0 : 1
    return Sharing(
      output: isPair ? .rows : .columns(blocks: blocks),
      reads: [isPair ? .rows : nil] + Array(repeating: own, count: passed),
      readsCotangent: isPair ? .rows : nil, cotangents: Array(repeating: own, count: 1 + passed))
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
    residual: TensorID? = nil, blocks: Int = 1
  ) -> TensorID {
    append(rows(x), weight.matrix.columns, from: residual.map { [x, $0] } ?? [x]) {
      .linear(
        Linear(
          x: x, residual: residual, output: $0, weight: weight.view.offset, matrix: weight.matrix,
          bias: bias?.offset, blocks: blocks)
      )
    }
  }
}
