// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

@testable import HLieConv

/// The network on sampled points in plain loops, sample by sample and number by number.
struct PlainPointNetwork {
  let model: PointModel
  let points: SampledPoints
  let training: Bool

  /// [row][channel]; a row is a pair of sample and node, or a pair of nodes.
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

  func outputs(of values: [Double], samples: Int) -> [Double] {
    let network = model.network
    var nodes = points.nodes
    var x: Matrix = (0..<samples * nodes).map { row in
      let at = (row / nodes * points.count + row % nodes / points.samples) * network.inputs
      return Array(values[at..<at + network.inputs])
    }
    x = dense(network.embed, x)
    for (block, own) in zip(network.blocks, points.blocks) {
      var w: Matrix = (0..<own.pairs).map {
        Array(own.embedding[$0 * points.embeddingWidth..<($0 + 1) * points.embeddingWidth])
      }
      for layer in block.kernel { w = normalisedSwish(layer.norm, dense(layer.dense, w)) }
      let u = normalisedSwish(block.norms[1], dense(block.down, normalisedSwish(block.norms[0], x)))
      let channels = block.down.outputs
      var sums: Matrix = []
      for sample in 0..<samples {
        for i in 0..<own.outputs {
          var sum = [Double](repeating: 0, count: 16 * channels)
          let pairs = own.starts[i]..<own.starts[i + 1]
          for pair in pairs {
            let value = u[sample * nodes + Int(own.neighbours[pair])]
            for m in 0..<16 {
              for c in 0..<channels { sum[m * channels + c] += w[pair][m] * value[c] / Double(pairs.count) }
            }
          }
          sums.append(sum)
        }
      }
      let e = dense(block.mix, sums)
      var next = dense(block.up, normalisedSwish(block.norms[2], e))
      for sample in 0..<samples {
        for (i, j) in own.kept.enumerated() {
          for c in 0..<block.down.inputs {
            next[sample * own.outputs + i][c] += x[sample * nodes + Int(j)][c]
          }
        }
      }
      (x, nodes) = (next, own.outputs)
    }
    let y = normalisedSwish(network.last, x)
    let pooled: Matrix = (0..<samples).map { sample in
      (0..<network.last.channels).map { c in
        let sum = (0..<nodes).reduce(0.0) { $0 + y[sample * nodes + $1][c] }
        return network.pool == .mean ? sum / Double(nodes) : sum
      }
    }
    return dense(network.readout, pooled).flatMap { $0 }
  }
}
