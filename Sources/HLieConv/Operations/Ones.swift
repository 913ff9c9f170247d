// SPDX-License-Identifier: GPL-3.0-or-later

/// y = 1 everywhere: the constant features of a network that is told nothing else of its pairs or systems.
struct Ones: Operation {
  let output: TensorID
  var inputs: [TensorID] { [] }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    c.value(output).update(repeating: 1, count: c.size(output))
  }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {}
  func reverse<T: NetworkScalar>(_ c: Context<T>) {}
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {}
}

extension Program {
  /// A static tensor of ones.
  mutating func ones(_ rows: Rows, width: Int) -> TensorID {
    append(rows, width, from: [], isLeaf: true) { .ones(Ones(output: $0)) }
  }
}
