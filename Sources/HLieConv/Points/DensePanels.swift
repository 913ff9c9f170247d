// SPDX-License-Identifier: GPL-3.0-or-later

/// Dense layers on panels: x lies as [panel][channel][P columns], and each panel of y = Wᵀx + b is made of one of x.
extension PointNetwork.Dense {
  /// Parts of about the same size, of `most` at most.
  private func forEachBlock(of count: Int, most: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let blocks = (count + most - 1) / most
    for block in 0..<blocks {
      let (first, last) = (count * block / blocks, count * (block + 1) / blocks)
      body(first, last - first)
    }
  }

  /// Rows of a product at a time: with 128 or 512 terms, a block of W that stays in the second cache, in single precision, while
  /// all panels go by.
  private static var rows: Int { 192 }

  /// y ← Wᵀ x + b for `panels` panels.
  ///
  /// Of 128 terms at a time, those of a panel of x stay in the first cache, and with them the lines of W, one for each term, that the
  /// next rows go on reading.
  func forward<T: NetworkScalar>(
    _ panels: Int, _ parameters: UnsafePointer<T>, _ x: UnsafePointer<T>, to y: UnsafeMutablePointer<T>
  ) {
    let lanes = Product<T>.Right.lanes
    forEachBlock(of: outputs, most: Self.rows) { row, rows in
      forEachBlock(of: inputs, most: 128) { term, terms in
        let y = y + row * lanes
        Product<T>(
          m: rows, n: panels * lanes, k: terms, left: .transposed(columns: outputs),
          right: .packed(rows: inputs), adding: term > 0 ? UnsafePointer(y) : nil, rowLength: lanes,
          panelLength: outputs * lanes, rowBias: term > 0 ? nil : parameters + bias + row
        ).write(parameters + weight + term * outputs + row, x + term * lanes, to: y)
      }
    }
  }

  /// x̄ ← W ȳ. Terms lie side by side in W, so that more of them at a time cost no lines, and sums are written less often.
  func pullBack<T: NetworkScalar>(
    _ panels: Int, _ parameters: UnsafePointer<T>, _ ybar: UnsafePointer<T>, to xbar: UnsafeMutablePointer<T>
  ) {
    let lanes = Product<T>.Right.lanes
    forEachBlock(of: inputs, most: Self.rows) { row, rows in
      forEachBlock(of: outputs, most: 512) { term, terms in
        let xbar = xbar + row * lanes
        Product<T>(
          m: rows, n: panels * lanes, k: terms, left: .plain(columns: outputs),
          right: .packed(rows: outputs), adding: term > 0 ? UnsafePointer(xbar) : nil, rowLength: lanes,
          panelLength: inputs * lanes
        ).write(parameters + weight + row * outputs + term, ybar + term * lanes, to: xbar)
      }
    }
  }

  /// W̄ += x ȳᵀ, b̄ += Σ ȳ; or those of the rows of some inputs, the bias with the first.
  func gather<T: NetworkScalar>(
    rows: Range<Int>? = nil, _ panels: Int, _ x: UnsafePointer<T>, _ ybar: UnsafePointer<T>,
    into gradient: UnsafeMutablePointer<T>
  ) {
    let (rows, lanes) = (rows ?? 0..<inputs, Product<T>.Right.lanes)
    T.multiplyPanelsNT(
      panels, m: rows.count, n: outputs, x + rows.lowerBound * lanes, of: inputs, ybar,
      addingTo: gradient + weight + rows.lowerBound * outputs)
    if rows.lowerBound == 0 { gatherBias(panels, ybar, into: gradient) }
  }

  private func gatherBias<T: NetworkScalar>(
    _ panels: Int, _ ybar: UnsafePointer<T>, into gradient: UnsafeMutablePointer<T>
  ) {
    let lanes = Product<T>.Right.lanes
    withUnsafeTemporaryAllocation(of: T.self, capacity: 2 * outputs) { scratch in
      scratch.initialize(repeating: 0)
      guard let zeros = scratch.baseAddress else { return }
      T.laneMoments(
        panels, channels: outputs, valid: lanes, ybar, shift: zeros, sums: gradient + bias,
        squares: zeros + outputs)
    }
  }
}
