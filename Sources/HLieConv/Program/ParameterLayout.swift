// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One named tensor inside the flat parameter vector.
public struct ParameterView: Sendable, Equatable {
  public let name: String
  public let shape: [Int]
  public let offset: Int
  /// Inputs of the layer, which set the scale of the initial values; 0 for parameters that begin at zero.
  let fanIn: Int
  /// As a factor of products: its rows and columns; nil for biases.
  let matrix: MatrixView?

  public var count: Int { shape.reduce(1, *) }
  public var range: Range<Int> { offset..<offset + count }
}

/// A weight W [rows × columns] as products use it, and where its panels and those of Wᵀ begin; see `ParameterStorage`.
struct MatrixView: Sendable, Equatable {
  let rows: Int
  let columns: Int
  let panels: Int
  let transposedPanels: Int
}

/// The parameters of a network: one flat vector with named views, so that every optimiser and every file sees
/// the same thing.
public struct ParameterLayout: Sendable, Equatable {
  public private(set) var views: [ParameterView] = []
  public private(set) var count = 0
  /// Numbers in the panels of all matrices and their transposes.
  private(set) var panelCount = 0

  mutating func append(_ name: String, shape: [Int], fanIn: Int, matrix: MatrixView? = nil) -> ParameterView {
    let view = ParameterView(name: name, shape: shape, offset: count, fanIn: fanIn, matrix: matrix)
    views.append(view)
    count += view.count
    return view
  }

  /// Appends the weight of a product with the given rows and columns, which may be another reading of the same numbers
  /// than its shape. The first number of the shape is that of the inputs.
  mutating func appendWeight(
    _ name: String, shape: [Int], rows: Int, columns: Int
  ) -> (view: ParameterView, matrix: MatrixView) {
    let middle = panelCount + rows * Self.padded(columns)
    let matrix = MatrixView(rows: rows, columns: columns, panels: panelCount, transposedPanels: middle)
    panelCount = middle + columns * Self.padded(rows)
    return (append(name, shape: shape, fanIn: shape[0], matrix: matrix), matrix)
  }

  /// The columns of whole panels of 16, which hold panels of 8 too.
  private static func padded(_ columns: Int) -> Int { (columns + 15) / 16 * 16 }

  /// How initial values are drawn.
  public enum InitialValues: Sendable {
    /// Uniform on ±1/√(inputs) for weights and biases alike, which is PyTorch's default for linear layers and so
    /// the published initialisation.
    case uniform
    /// Weights normal with the variance 1/inputs, which keeps the size of inputs of order one; biases with 0.1².
    case normal
  }

  /// Initial values; each tensor draws from its own stream of `seed`.
  public func initialValues(seed: UInt64, _ distribution: InitialValues = .uniform) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    for (index, view) in views.enumerated() where view.fanIn > 0 {
      var generator = SeededGenerator(seed: seed, path: 0x6D6F_6465_6C, UInt64(index))
      let size = 1 / Double(view.fanIn).squareRoot()
      for k in view.range {
        values[k] =
          switch distribution {
          case .uniform: generator.uniform(-size, size)
          case .normal: generator.normal() * (view.matrix == nil ? 0.1 : size)
          }
      }
    }
    return values
  }
}
