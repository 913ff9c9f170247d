// SPDX-License-Identifier: GPL-3.0-or-later

/// Some columns of one or more tensors side by side: a linear selection, so that tangents take the way of values. Those
/// of static tensors have none.
struct Columns: Operation {
  /// A run of columns of one input.
  struct Part {
    let x: TensorID
    let columns: Range<Int>
  }

  let parts: [Part]
  let output: TensorID
  var inputs: [TensorID] { parts.map(\.x) }

  /// Calls `body` for each part with the offset of its first column in a row of the output.
  private func forEachPart(_ body: (_ index: Int, Part, _ column: Int) -> Void) {
    var column = 0
    for (index, part) in parts.enumerated() {
      body(index, part, column)
      column += part.columns.count
    }
  }

  private func gather<T: NetworkScalar>(
    _ c: Context<T>, tangents: Bool, _ tensor: (TensorID) -> UnsafeMutablePointer<T>
  ) {
    let (y, rows, width) = (tensor(output), c.rows(output), c.width(output))
    forEachPart { _, part, column in
      if tangents, c.isStatic(part.x) {
        for row in 0..<rows { (y + row * width + column).update(repeating: 0, count: part.columns.count) }
        return
      }
      let (x, inputWidth) = (tensor(part.x), c.width(part.x))
      for row in 0..<rows {
        for k in 0..<part.columns.count {
          y[row * width + column + k] = x[row * inputWidth + part.columns.lowerBound + k]
        }
      }
    }
  }

  private func scatter<T: NetworkScalar>(
    _ c: Context<T>, wants: (TensorID) -> Bool, _ tensor: (TensorID) -> UnsafeMutablePointer<T>
  ) {
    let (ybar, rows, width) = (tensor(output), c.rows(output), c.width(output))
    forEachPart { index, part, column in
      guard wants(part.x) else { return }
      let (xbar, inputWidth) = (tensor(part.x), c.width(part.x))
      if !c.addsCotangent(index, part.x) { xbar.update(repeating: 0, count: c.size(part.x)) }
      for row in 0..<rows {
        for k in 0..<part.columns.count {
          xbar[row * inputWidth + part.columns.lowerBound + k] += ybar[row * width + column + k]
        }
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { gather(c, tangents: false, c.value) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { gather(c, tangents: true, c.tangent) }
  func reverse<T: NetworkScalar>(_ c: Context<T>) { scatter(c, wants: c.wantsCotangent, c.cotangent) }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    scatter(c, wants: c.wantsCotangentTangent, c.cotangentTangent)
  }
}

extension Program {
  /// Columns of tensors with equally many rows, side by side.
  mutating func columns(_ parts: [Columns.Part]) -> TensorID {
    append(rows(parts[0].x), parts.reduce(0) { $0 + $1.columns.count }, from: parts.map(\.x)) {
      .columns(Columns(parts: parts, output: $0))
    }
  }

  /// All columns of some tensors with equally many rows, side by side.
  mutating func joined(_ tensors: TensorID...) -> TensorID {
    columns(tensors.map { Columns.Part(x: $0, columns: 0..<width($0)) })
  }
}
