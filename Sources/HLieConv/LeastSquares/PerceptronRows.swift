// SPDX-License-Identifier: GPL-3.0-or-later

/// A perceptron on many rows at once, with what Jacobians need of it:
///
///     x_0 given, z_l = x_l W_l + b_l, x_{l+1} = swish(z_l), and the output is the last z.
///
/// Dots are derivatives along directions whose ẋ_0 are given; bars are derivatives of one number per row, z̄ · z, and
/// barred dots those of its derivative, z̄ · ż. With these, ∂(z̄·z)/∂W_l = x_l ⊗ z̄_l and ∂(z̄·ż)/∂W_l = x_l ⊗ z̄̇_l + ẋ_l ⊗ z̄_l.
final class PerceptronRows {
  struct Layer {
    let weight: Int
    let bias: Int
    let matrix: MatrixView
  }

  let layers: [Layer]
  /// How many directions derivatives are taken along.
  let directions: Int
  /// Parameters lie together, from here on, layer after layer.
  let firstParameter: Int
  let parameterCount: Int

  /// x_l and z_l [rows × width], by layer, and their bars.
  let x: [AlignedMemory<Double>]
  let z: [AlignedMemory<Double>]
  let xbar: [AlignedMemory<Double>]
  let zbar: [AlignedMemory<Double>]
  /// The same by direction and layer.
  let xdot: [[AlignedMemory<Double>]]
  private let zdot: [[AlignedMemory<Double>]]
  private let xbardot: [[AlignedMemory<Double>]]
  private let zbardot: [[AlignedMemory<Double>]]

  /// Memory for `capacity` rows. Nil where the views are not weights and biases in turn that lie together.
  init?(_ views: [ParameterView], directions: Int, capacity: Int) {
    var (layers, next) = ([Layer](), views.first?.offset ?? 0)
    for k in stride(from: 0, to: views.count - 1, by: 2) {
      guard let matrix = views[k].matrix, views[k].offset == next,
        views[k + 1].offset == next + views[k].count, views[k + 1].count == matrix.columns
      else { return nil }
      layers.append(Layer(weight: views[k].offset, bias: views[k + 1].offset, matrix: matrix))
      next = views[k + 1].range.upperBound
    }
    guard let first = layers.first else { return nil }
    self.layers = layers
    self.directions = directions
    firstParameter = first.weight
    parameterCount = next - first.weight
    func inputs() -> [AlignedMemory<Double>] {
      layers.map { AlignedMemory(count: capacity * $0.matrix.rows) }
    }
    func outputs() -> [AlignedMemory<Double>] {
      layers.map { AlignedMemory(count: capacity * $0.matrix.columns) }
    }
    (x, z, xbar, zbar) = (inputs(), outputs(), inputs(), outputs())
    xdot = (0..<directions).map { _ in inputs() }
    zdot = (0..<directions).map { _ in outputs() }
    xbardot = (0..<directions).map { _ in inputs() }
    zbardot = (0..<directions).map { _ in outputs() }
  }

  var last: Int { layers.count - 1 }
  var outputs: Int { layers[last].matrix.columns }
  /// ż of the output along a direction.
  func outputTangent(_ direction: Int) -> UnsafeMutablePointer<Double> { zdot[direction][last].base }

  func forward(rows: Int, _ storage: ParameterStorage<Double>) {
    for (l, layer) in layers.enumerated() {
      var product = times(layer, rows: rows)
      product.bias = storage.base + layer.bias
      product.write(x[l].base, storage.panels + layer.matrix.panels, to: z[l].base)
      if l < last { Double.swish(rows * layer.matrix.columns, z[l].base, x[l + 1].base) }
    }
  }

  func tangents(rows: Int, _ storage: ParameterStorage<Double>) {
    for α in 0..<directions {
      for (l, layer) in layers.enumerated() {
        if l > 0 {
          Double.swishTangent(
            rows * layer.matrix.rows, z[l - 1].base, xdot: zdot[α][l - 1].base, y: x[l].base,
            ydot: xdot[α][l].base)
        }
        times(layer, rows: rows).write(
          xdot[α][l].base, storage.panels + layer.matrix.panels, to: zdot[α][l].base)
      }
    }
  }

  /// From the last z̄ to all bars.
  func reverse(rows: Int, _ storage: ParameterStorage<Double>) {
    for (l, layer) in layers.enumerated().reversed() {
      timesTransposed(layer, rows: rows).write(
        zbar[l].base, storage.panels + layer.matrix.transposedPanels, to: xbar[l].base)
      if l == 0 { return }
      Double.swishReverse(
        rows * layer.matrix.rows, z[l - 1].base, ybar: xbar[l].base, xbar: zbar[l - 1].base, add: false)
    }
  }

  /// All barred dots, for a last z̄ that does not depend on the inputs.
  func reverseTangents(rows: Int, _ storage: ParameterStorage<Double>) {
    for α in 0..<directions {
      zbardot[α][last].clear()
      for (l, layer) in layers.enumerated().dropFirst().reversed() {
        timesTransposed(layer, rows: rows).write(
          zbardot[α][l].base, storage.panels + layer.matrix.transposedPanels, to: xbardot[α][l].base)
        Double.swishTangentReverse(
          rows * layer.matrix.rows, z[l - 1].base, xdot: zdot[α][l - 1].base, ybar: xbar[l].base,
          ybardot: xbardot[α][l].base, xbar: nil, xbardot: zbardot[α][l - 1].base, add: false)
      }
    }
  }

  /// x̄̇_0 [inputs] of a row along a direction.
  func inputCurvature(
    row: Int, _ α: Int, _ storage: ParameterStorage<Double>, into result: UnsafeMutablePointer<Double>
  ) {
    let (inputs, width) = (layers[0].matrix.rows, layers[0].matrix.columns)
    let bar = zbardot[α][0].base + row * width
    for i in 0..<inputs {
      let weight = storage.base + layers[0].weight + i * width
      var sum = 0.0
      for k in 0..<width { sum += bar[k] * weight[k] }
      result[i] = sum
    }
  }

  /// ∂(z̄·z)/∂θ of a row [parameterCount].
  func gradient(row: Int, into g: UnsafeMutablePointer<Double>) {
    var at = g
    for (l, layer) in layers.enumerated() {
      let (inputs, outputs) = (layer.matrix.rows, layer.matrix.columns)
      let (x, zbar) = (x[l].base + row * inputs, zbar[l].base + row * outputs)
      for i in 0..<inputs {
        for k in 0..<outputs { at[k] = x[i] * zbar[k] }
        at += outputs
      }
      at.update(from: zbar, count: outputs)
      at += outputs
    }
  }

  /// ∂(z̄·ż)/∂θ of a row along a direction [parameterCount].
  func tangentGradient(row: Int, _ α: Int, into g: UnsafeMutablePointer<Double>) {
    var at = g
    for (l, layer) in layers.enumerated() {
      let (inputs, outputs) = (layer.matrix.rows, layer.matrix.columns)
      let (x, zbar) = (x[l].base + row * inputs, zbar[l].base + row * outputs)
      let (xdot, zbardot) = (xdot[α][l].base + row * inputs, zbardot[α][l].base + row * outputs)
      for i in 0..<inputs {
        let (value, rate) = (x[i], xdot[i])
        for k in 0..<outputs { at[k] = value * zbardot[k] + rate * zbar[k] }
        at += outputs
      }
      at.update(from: zbardot, count: outputs)
      at += outputs
    }
  }

  private func times(_ layer: Layer, rows: Int) -> Product<Double> {
    Product(
      m: rows, n: layer.matrix.columns, k: layer.matrix.rows, left: .plain(columns: layer.matrix.rows),
      right: .packed(rows: layer.matrix.rows))
  }

  private func timesTransposed(_ layer: Layer, rows: Int) -> Product<Double> {
    Product(
      m: rows, n: layer.matrix.rows, k: layer.matrix.columns, left: .plain(columns: layer.matrix.columns),
      right: .packed(rows: layer.matrix.columns))
  }
}
