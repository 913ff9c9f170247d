// SPDX-License-Identifier: GPL-3.0-or-later

/// Dense layers on panels: x lies as [panel][channel][P samples], and each panel of y = Wᵀx + b is made of one of x.
extension PointNetwork.Dense {
  /// y ← Wᵀ x + b for `panels` panels.
  func forward<T: NetworkScalar>(
    _ panels: Int, _ parameters: UnsafePointer<T>, _ x: UnsafePointer<T>, to y: UnsafeMutablePointer<T>
  ) {
    let lanes = Product<T>.Right.lanes
    Product<T>(
      m: outputs, n: panels * lanes, k: inputs, left: .transposed(columns: outputs),
      right: .packed(rows: inputs), rowLength: lanes, panelLength: outputs * lanes,
      rowBias: parameters + bias
    ).write(parameters + weight, x, to: y)
  }

  /// x̄ ← W ȳ.
  func pullBack<T: NetworkScalar>(
    _ panels: Int, _ parameters: UnsafePointer<T>, _ ybar: UnsafePointer<T>, to xbar: UnsafeMutablePointer<T>
  ) {
    let lanes = Product<T>.Right.lanes
    Product<T>(
      m: inputs, n: panels * lanes, k: outputs, left: .plain(columns: outputs),
      right: .packed(rows: outputs), rowLength: lanes, panelLength: inputs * lanes
    ).write(parameters + weight, ybar, to: xbar)
  }

  /// Panels whose products with each other are summed before they are added up lane by lane: as many as stay in the second
  /// cache.
  private static var together: Int { 32 }

  /// W̄ += x ȳᵀ, b̄ += Σ ȳ.
  func gather<T: NetworkScalar>(
    _ panels: Int, _ x: UnsafePointer<T>, _ ybar: UnsafePointer<T>, into gradient: UnsafeMutablePointer<T>
  ) {
    let lanes = Product<T>.Right.lanes
    for first in stride(from: 0, to: panels, by: Self.together) {
      let count = min(Self.together, panels - first)
      let (x, ybar) = (x + first * inputs * lanes, ybar + first * outputs * lanes)
      T.laneDots(
        m: inputs, n: outputs, vectors: count, x, rows: nil, row: lanes, step: inputs * lanes, ybar,
        row: lanes, step: outputs * lanes, gradient + weight, row: outputs)
    }
    gatherBias(panels, ybar, into: gradient)
  }

  func gatherBias<T: NetworkScalar>(
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
