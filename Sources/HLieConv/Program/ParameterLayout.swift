// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One named tensor inside the flat parameter vector.
public struct ParameterView: Sendable, Equatable {
  public let name: String
  public let shape: [Int]
  public let offset: Int
  /// Inputs of the layer, which set the scale of the initial values.
  let fanIn: Int

  public var count: Int { shape.reduce(1, *) }
  public var range: Range<Int> { offset..<offset + count }
}

/// The parameters of a network: one flat vector with named views, so that every optimiser and every file sees
/// the same thing.
public struct ParameterLayout: Sendable, Equatable {
  public private(set) var views: [ParameterView] = []
  public private(set) var count = 0

  mutating func append(_ name: String, shape: [Int], fanIn: Int) -> ParameterView {
    let view = ParameterView(name: name, shape: shape, offset: count, fanIn: fanIn)
    views.append(view)
    count += view.count
    return view
  }

  /// Uniform on ±1/√(inputs) for weights and biases alike, which is PyTorch's default for linear layers and so
  /// the published initialisation. Each tensor draws from its own stream of `seed`.
  public func initialValues(seed: UInt64) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    for (index, view) in views.enumerated() {
      var generator = SeededGenerator(seed: seed, path: 0x6D6F_6465_6C, UInt64(index))
      let bound = 1 / Double(view.fanIn).squareRoot()
      for k in view.range { values[k] = generator.uniform(-bound, bound) }
    }
    return values
  }
}
