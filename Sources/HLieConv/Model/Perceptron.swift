// SPDX-License-Identifier: GPL-3.0-or-later

/// Multilayer perceptrons of all bodies at once, to which another order of the bodies is another input: the baselines FC
/// and HFC of Finzi, Stanton, Izmailov & Wilson 2020, section 6.1.
///
///     layers × u ← swish(u W + b), then u W + b
///
/// For 6 bodies in the plane with two features, k = 256 and 4 layers.
enum Perceptron {
  /// V from u = (x₁ − x̄, f₁, …, x_n − x̄, f_n), T given: 204,033 parameters.
  static func potential(_ config: ModelConfig, bodies: Int, dimension: Int, features: Int) -> Program {
    var program = Program(features: features, dimension: dimension)
    let told = program.joined(program.seen(program.positions, config), program.features)
    program.finish(energy: program.readout(of: told, config, bodies: bodies, outputs: 1))
    return program
  }

  /// (q̇₁, ṗ₁, …, q̇_n, ṗ_n) from u = (x₁ − x̄, p₁, f₁, …), a neural ordinary differential equation: 213,016 parameters.
  static func vectorField(_ config: ModelConfig, bodies: Int, dimension: Int, features: Int) -> Program {
    var program = Program(features: features, dimension: dimension, dynamics: .vectorField)
    let told = program.told(config)
    program.finish(
      velocities: program.readout(of: told, config, bodies: bodies, outputs: bodies * 2 * dimension))
    return program
  }
}

extension Program {
  /// Positions as a baseline sees them, from their mean if it is centred.
  mutating func seen(_ q: TensorID, _ config: ModelConfig) -> TensorID { config.centre ? centred(q) : q }

  /// (x_i − x̄, p_i, f_i) of each body, for a baseline on states.
  mutating func told(_ config: ModelConfig) -> TensorID {
    let (q, p) = phaseParts()
    return joined(seen(q, config), p, features)
  }

  /// Layers of a perceptron, `name`.0, `name`.1, …, each with a swish after it.
  mutating func perceptron(_ x: TensorID, _ widths: [Int], name: String) -> TensorID {
    var y = x
    for (layer, width) in widths.enumerated() { y = swish(linear(y, to: width, name: "\(name).\(layer)")) }
    return y
  }

  /// What a perceptron makes of the rows of all bodies of a system, one row each.
  fileprivate mutating func readout(
    of told: TensorID, _ config: ModelConfig, bodies: Int, outputs: Int
  ) -> TensorID {
    let widths = Array(repeating: config.width, count: config.layers)
    return linear(
      perceptron(flattened(told, bodies: bodies), widths, name: "layers"), to: outputs, name: "readout")
  }
}
