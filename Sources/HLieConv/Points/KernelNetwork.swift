// SPDX-License-Identifier: GPL-3.0-or-later

/// The kernel functions w_ij of one block, a perceptron of what the group says of each pair. Where samples share their points
/// they are the same for all of them.
final class KernelNetwork<T: NetworkScalar> {
  private let points: SampledPoints.Block
  private let layers: [PointNetwork.Dense]
  let norms: [BatchNorm<T>]
  private let panels: Int
  private let spans: [PanelSpan]
  /// The embedding, then x and swish BN x of every layer, in panels of pairs.
  private let embedding: AlignedMemory<T>
  private let values: [(x: AlignedMemory<T>, y: AlignedMemory<T>)]
  /// w_ij/n_i [pairs × 16] for the n_i neighbours of i, and their cotangents.
  let weights: AlignedMemory<T>
  let cotangents: AlignedMemory<T>
  /// Of the parameters and statistics that `weights` were made with, as the engine counts them; nil in training.
  var version: Int?

  /// Numbers that are kept of a pair: the embedding in double precision where it comes from and once here, the values of all layers, and
  /// weights with their cotangents here and in the tiles.
  static func numbersOfPair(_ block: PointNetwork.Block) -> Int {
    let layers = block.kernel.map(\.dense)
    let width = layers.first?.inputs ?? 0
    return 5 * width + layers.reduce(0) { $0 + 2 * $1.outputs } + 3 * PointNetwork.kernelFunctions
  }

  init(_ block: PointNetwork.Block, _ points: SampledPoints.Block) {
    self.points = points
    layers = block.kernel.map { $0.dense }
    norms = block.kernel.map { BatchNorm($0.norm) }
    let lanes = Product<T>.Right.lanes
    spans = PanelSpan.spans(ofColumns: points.pairs, lanes: lanes)
    let panels = (points.pairs + lanes - 1) / lanes
    self.panels = panels
    embedding = AlignedMemory(count: panels * lanes * layers[0].inputs)
    values = layers.map {
      (AlignedMemory(count: panels * lanes * $0.outputs), AlignedMemory(count: panels * lanes * $0.outputs))
    }
    weights = AlignedMemory(count: points.pairs * PointNetwork.kernelFunctions)
    cotangents = AlignedMemory(count: points.pairs * PointNetwork.kernelFunctions)
    let rows = AlignedMemory<T>(points.embedding.map { T($0) })
    T.toPanels(points.pairs, channels: layers[0].inputs, rows.base, embedding.base)
  }

  /// Evaluates the kernel functions; in training with the statistics of these pairs, which move the running ones.
  func forward(training: Bool, _ parameters: UnsafePointer<T>, _ statistics: inout [Double]) {
    var input = UnsafePointer(embedding.base)
    for (layer, (dense, norm)) in zip(layers, norms).enumerated() {
      let (x, y) = values[layer]
      dense.forward(panels, parameters, input, to: x.base)
      if training {
        norm.begin(statistics, tiles: 1)
        norm.addMoments(0, x.base, spans)
        norm.settle(count: points.pairs, tiles: 1, parameters, &statistics)
      } else {
        norm.settle(parameters, running: statistics)
      }
      norm.forward(panels, x.base, to: y.base)
      input = UnsafePointer(y.base)
    }
    T.fromPanels(points.pairs, channels: PointNetwork.kernelFunctions, input, weights.base)
    scaleByNeighbours(weights.base)
  }

  /// From w̄, the cotangents of the weights.
  func reverse(_ parameters: UnsafePointer<T>, into gradient: UnsafeMutablePointer<T>) {
    scaleByNeighbours(cotangents.base)
    var ybar = AlignedMemory<T>(count: values[values.count - 1].y.count)
    T.toPanels(points.pairs, channels: PointNetwork.kernelFunctions, cotangents.base, ybar.base)
    for (layer, (dense, norm)) in zip(layers, norms).enumerated().reversed() {
      let x = values[layer].x.base
      norm.beginReverse(tiles: 1)
      norm.reverse(0, panels, x, ybar.base)
      norm.settleReverse(count: points.pairs, tiles: 1, into: gradient)
      norm.finishReverse(x, ybar.base, spans)
      let input = layer == 0 ? embedding.base : values[layer - 1].y.base
      dense.gather(panels, input, ybar.base, into: gradient)
      if layer > 0 {
        let below = AlignedMemory<T>(count: values[layer - 1].y.count)
        dense.pullBack(panels, parameters, ybar.base, to: below.base)
        ybar = below
      }
    }
  }

  private func scaleByNeighbours(_ rows: UnsafeMutablePointer<T>) {
    for i in 0..<points.outputs {
      let own = points.starts[i]..<points.starts[i + 1]
      let share = 1 / T(own.count)
      for k in own.lowerBound * PointNetwork.kernelFunctions..<own.upperBound * PointNetwork.kernelFunctions {
        rows[k] *= share
      }
    }
  }
}
