// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

@testable import HLieConv

/// The network on points in plain loops, sample by sample and number by number.
struct PlainPointNetwork {
  let model: PointModel
  let training: Bool

  /// [row][channel]; a row is a node of a sample, or a pair of nodes.
  private typealias Matrix = [[Double]]

  private func dense(_ layer: PointNetwork.Dense, _ x: Matrix) -> Matrix {
    x.map { row in
      (0..<layer.outputs).map { o in
        (0..<layer.inputs).reduce(model.parameters[layer.bias + o]) {
          $0 + row[$1] * model.parameters[layer.weight + $1 * layer.outputs + o]
        }
      }
    }
  }

  private func normalisedSwish(_ norm: PointNetwork.Norm, _ x: Matrix) -> Matrix {
    var y = x
    for k in 0..<norm.channels {
      var mean = model.statistics[norm.statistics + k]
      var variance = model.statistics[norm.statistics + norm.channels + k]
      if training {
        mean = x.reduce(0) { $0 + $1[k] } / Double(x.count)
        variance = x.reduce(0) { $0 + ($1[k] - mean) * ($1[k] - mean) } / Double(x.count)
      }
      for row in y.indices {
        let z =
          model.parameters[norm.gamma + k] * (x[row][k] - mean) / (variance + 1e-5).squareRoot()
          + model.parameters[norm.beta + k]
        y[row][k] = z / (1 + exp(-z))
      }
    }
    return y
  }

  /// Of samples with points of their own, values [point × input] for each.
  func outputs(of sets: [(points: SampledPoints, values: [Double])]) -> [Double] {
    let network = model.network
    var x: Matrix = sets.flatMap { points, values in
      (0..<points.nodes).map { node in
        let at = node / points.samples * network.inputs
        return Array(values[at..<at + network.inputs])
      }
    }
    x = dense(network.embed, x)
    for (index, block) in network.blocks.enumerated() {
      var w: Matrix = sets.flatMap { points, _ in
        let own = points.blocks[index]
        return (0..<own.pairs).map {
          Array(own.embedding[$0 * points.embeddingWidth..<($0 + 1) * points.embeddingWidth])
        }
      }
      for layer in block.kernel { w = normalisedSwish(layer.norm, dense(layer.dense, w)) }
      let u = normalisedSwish(block.norms[1], dense(block.down, normalisedSwish(block.norms[0], x)))
      let channels = block.down.outputs
      // The first node and the first pair of every sample.
      var (node, pair) = (0, 0)
      var (sums, old): (Matrix, Matrix) = ([], [])
      for (points, _) in sets {
        let own = points.blocks[index]
        for i in 0..<own.outputs {
          var sum = [Double](repeating: 0, count: 16 * channels)
          let pairs = own.starts[i]..<own.starts[i + 1]
          for k in pairs {
            let value = u[node + Int(own.neighbours[k])]
            for m in 0..<16 {
              for c in 0..<channels {
                sum[m * channels + c] += w[pair + k][m] * value[c] / Double(pairs.count)
              }
            }
          }
          sums.append(sum)
          old.append(x[node + Int(own.kept[i])])
        }
        node += own.inputs
        pair += own.pairs
      }
      x = dense(block.up, normalisedSwish(block.norms[2], dense(block.mix, sums)))
      for i in x.indices {
        for c in 0..<block.down.inputs { x[i][c] += old[i][c] }
      }
    }
    let y = normalisedSwish(network.last, x)
    var first = 0
    let pooled: Matrix = sets.map { points, _ in
      let own = y[first..<first + points.counts[network.blocks.count]]
      first += own.count
      return (0..<network.last.channels).map { c in
        let sum = own.reduce(0.0) { $0 + $1[c] }
        return network.pool == .mean ? sum / Double(own.count) : sum
      }
    }
    return dense(network.readout, pooled).flatMap { $0 }
  }
}
