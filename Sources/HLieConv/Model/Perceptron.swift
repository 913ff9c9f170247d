// SPDX-License-Identifier: GPL-3.0-or-later

/// Multilayer perceptrons of all bodies at once, which know neither places in space nor the order of the bodies to be
/// arbitrary: the baselines FC and HFC of Finzi, Stanton, Izmailov & Wilson 2020, section 6.1.
///
///     u = (x₁ − x̄, f₁, …, x_n − x̄, f_n),    layers × u ← swish(u W + b),    V = u W + b
///
/// HFC for 6 bodies in the plane with two features, k = 256 and 4 layers has 204,033 parameters.
enum Perceptron {
  static func potential(_ config: ModelConfig, bodies: Int, dimension: Int, features: Int) -> Program {
    var program = Program(features: features, dimension: dimension)
    let q = config.centre ? program.centred(program.positions) : program.positions
    let u = program.flattened(program.joined(q, program.features), bodies: bodies)
    let widths = Array(repeating: config.width, count: config.layers)
    program.finish(
      energy: program.linear(program.perceptron(u, widths, name: "layers"), to: 1, name: "readout"))
    return program
  }
}

extension Program {
  /// Layers of a perceptron, `name`.0, `name`.1, …, each with a swish after it.
  mutating func perceptron(_ x: TensorID, _ widths: [Int], name: String) -> TensorID {
    var y = x
    for (layer, width) in widths.enumerated() { y = swish(linear(y, to: width, name: "\(name).\(layer)")) }
    return y
  }
}
