// SPDX-License-Identifier: GPL-3.0-or-later

/// The graph network of the published baselines: one block of Battaglia et al. 2018 (Relational inductive biases, deep
/// learning, and graph networks, algorithm 1) on the complete graph of the bodies, each joined to itself too.
///
///     v_i = (x_i − x̄, f_i)
///     e_ij = edge(v_j, v_i, 1, 1)            each of edge, node and global: twice swish(u W + b), to k channels
///     v′_i = node(v_i, Σ_j e_ij, 1)
///     u′ = global(1, Σ_ij e_ij, Σ_i v′_i)
///
/// The ones are the features of edges and of the system, which has none; their weights are beside the biases in the
/// published network, and so here.
enum GraphNetwork {
  /// V = readout(u′), T given: the published VOGN, with k = 512, two features and in the plane 1,584,641 parameters.
  static func potential(_ config: ModelConfig, dimension: Int, features: Int) -> Program {
    var program = Program(features: features, dimension: dimension)
    let q = config.centre ? program.centred(program.positions) : program.positions
    let nodes = program.graphNodes(program.joined(q, program.features), width: config.width)
    let whole = program.graphWhole(nodes, width: config.width)
    program.finish(energy: program.linear(whole, to: 1, name: "readout"))
    return program
  }
}

/// The sums Σ_j e_ij and the v′_i of a block.
struct GraphNodes {
  let edgeSums: TensorID
  let nodes: TensorID
}

extension Program {
  /// The nodes of a block after it, from what they are told, one row per body.
  mutating func graphNodes(_ v: TensorID, width: Int) -> GraphNodes {
    let edges = perceptron(joined(pairEnds(v), ones(.pair, width: 2)), [width, width], name: "edge")
    let sums = pairSum(edges)
    let nodes = perceptron(joined(v, sums, ones(.body, width: 1)), [width, width], name: "node")
    return GraphNodes(edgeSums: sums, nodes: nodes)
  }

  /// The system after a block, one row each.
  mutating func graphWhole(_ block: GraphNodes, width: Int) -> TensorID {
    let (edges, nodes) = (pool(block.edgeSums, .sum), pool(block.nodes, .sum))
    return perceptron(joined(ones(.system, width: 1), edges, nodes), [width, width], name: "global")
  }
}
