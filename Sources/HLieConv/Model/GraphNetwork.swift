// SPDX-License-Identifier: GPL-3.0-or-later

/// The graph networks of the published baselines OGN, HOGN and VOGN (Finzi, Stanton, Izmailov & Wilson 2020, section 6.1):
/// one block of Battaglia et al. 2018 (Relational inductive biases, deep learning, and graph networks, algorithm 1) on
/// the complete graph of the bodies, each joined to itself too.
///
///     v_i = (x_i − x̄, p_i, f_i)              without p_i for a potential
///     e_ij = edge(v_j, v_i, 1, 1)            each of edge, node and global: twice swish(u W + b), to k channels
///     v′_i = node(v_i, Σ_j e_ij, 1)
///     u′ = global(1, Σ_ij e_ij, Σ_i v′_i)
///
/// The ones are the features of edges and of the system, which have no others; their weights stand beside the biases in
/// the published networks, and so here. Counts of parameters are those for two features in the plane.
enum GraphNetwork {
  /// V = readout(u′), T given: 1,584,641 parameters with k = 512.
  static func potential(_ config: ModelConfig, dimension: Int, features: Int) -> Program {
    var program = Program(features: features, dimension: dimension)
    let told = program.joined(program.seen(program.positions, config), program.features)
    program.finishEnergy(of: program.graphNodes(told, width: config.width), width: config.width)
    return program
  }

  /// H = readout(u′): 401,669 parameters with k = 256, of which the published network never uses 1,028, its inherited
  /// readout of the nodes.
  static func hamiltonian(_ config: ModelConfig, dimension: Int, features: Int) -> Program {
    var program = Program(features: features, dimension: dimension, dynamics: .hamiltonian)
    let nodes = program.graphNodes(program.told(config), width: config.width)
    program.idle("nodes", from: config.width, to: 2 * dimension)
    program.finishEnergy(of: nodes, width: config.width)
    return program
  }

  /// (q̇_i, ṗ_i) = readout(v′_i): 401,412 parameters with k = 256, of which the published network never uses 197,376, the
  /// block's u′.
  static func vectorField(_ config: ModelConfig, dimension: Int, features: Int) -> Program {
    var program = Program(features: features, dimension: dimension, dynamics: .vectorField)
    let nodes = program.graphNodes(program.told(config), width: config.width).nodes
    program.idle("global.0", from: 1 + 2 * config.width, to: config.width)
    program.idle("global.1", from: config.width, to: config.width)
    program.finish(velocities: program.linear(nodes, to: 2 * dimension, name: "readout"))
    return program
  }
}

/// The sums Σ_j e_ij and the v′_i of a block.
private struct GraphNodes {
  let edgeSums: TensorID
  let nodes: TensorID
}

extension Program {
  /// A block's nodes from the v_i, one row per body.
  fileprivate mutating func graphNodes(_ v: TensorID, width: Int) -> GraphNodes {
    let edges = perceptron(joined(pairEnds(v), ones(.pair, width: 2)), [width, width], name: "edge")
    let sums = pairSum(edges)
    let nodes = perceptron(joined(v, sums, ones(.body, width: 1)), [width, width], name: "node")
    return GraphNodes(edgeSums: sums, nodes: nodes)
  }

  /// Ends with the energy that is read out of u′.
  fileprivate mutating func finishEnergy(of block: GraphNodes, width: Int) {
    let (edges, nodes) = (pool(block.edgeSums, .sum), pool(block.nodes, .sum))
    let whole = perceptron(joined(ones(.system, width: 1), edges, nodes), [width, width], name: "global")
    finish(energy: linear(whole, to: 1, name: "readout"))
  }

  /// Parameters of a layer that nothing is computed with, so that a network has as many as the published one.
  fileprivate mutating func idle(_ name: String, from inputs: Int, to outputs: Int) {
    _ = parameter("\(name).w", shape: [inputs, outputs], fanIn: inputs)
    _ = parameter("\(name).b", shape: [outputs], fanIn: inputs)
  }
}
