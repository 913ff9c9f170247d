// SPDX-License-Identifier: GPL-3.0-or-later

/// The kernel functions w_ij of one block, a perceptron of what the group says of each pair. Where samples share their points
/// they are the same for all of them.
final class KernelNetwork<T: NetworkScalar> {
  private let points: SampledPoints.Block
  private let layers: [PointNetwork.Dense]
  let norms: [BatchNorm<T>]
  private let panels: Int
  private let spans: [PanelSpan]
  private let memory: KernelMemory<T>
  /// Of the parameters and statistics that `weights` were made with, as the engine counts them; nil in training.
  var version: Int?

  /// Numbers that are kept of a pair: the embedding in double precision where it comes from and once here, the values of all layers and
  /// two cotangents of the widest, and weights with their cotangents here and in the tiles.
  static func numbersOfPair(_ block: PointNetwork.Block) -> Int {
    let layers = block.kernel.map(\.dense)
    let width = layers.first?.inputs ?? 0
    let widest = layers.reduce(0) { max($0, $1.outputs) }
    return 5 * width + layers.reduce(2 * widest) { $0 + 2 * $1.outputs } + 3 * PointNetwork.kernelFunctions
  }

  /// In `memory`, which one network at a time can use.
  init(_ block: PointNetwork.Block, _ points: SampledPoints.Block, _ memory: KernelMemory<T> = KernelMemory())
  {
    self.points = points
    self.memory = memory
    layers = block.kernel.map { $0.dense }
    norms = block.kernel.map { BatchNorm($0.norm) }
    let lanes = Product<T>.Right.lanes
    spans = PanelSpan.spans(ofColumns: points.pairs, lanes: lanes)
    panels = (points.pairs + lanes - 1) / lanes
    memory.reserve(layers, columns: panels * lanes)
    defer { memory.user = self }
    let rows = AlignedMemory<T>(points.embedding.map { T($0) })
    T.toPanels(points.pairs, channels: layers[0].inputs, rows.base, memory.embedding.base)
  }

  /// w_ij/n_i [pairs × 16] for the n_i neighbours of i, and their cotangents.
  var weights: UnsafeMutablePointer<T> {
    precondition(memory.user === self, "another network has taken the memory")
    return memory.weights.base
  }
  var cotangents: UnsafeMutablePointer<T> { memory.cotangents.base }

  func clearCotangents() {
    cotangents.update(repeating: 0, count: points.pairs * PointNetwork.kernelFunctions)
  }

  /// Evaluates the kernel functions; in training with the statistics of these pairs, which move the running ones.
  func forward(training: Bool, _ parameters: UnsafePointer<T>, _ statistics: inout [Double]) {
    var input = UnsafePointer(memory.embedding.base)
    for (layer, (dense, norm)) in zip(layers, norms).enumerated() {
      let (x, y) = memory.values[layer]
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
    T.fromPanels(points.pairs, channels: PointNetwork.kernelFunctions, input, weights)
    scaleByNeighbours(weights)
  }

  /// From w̄, the cotangents of the weights.
  func reverse(_ parameters: UnsafePointer<T>, into gradient: UnsafeMutablePointer<T>) {
    scaleByNeighbours(cotangents)
    var (ybar, below) = (memory.layerCotangents.0.base, memory.layerCotangents.1.base)
    T.toPanels(points.pairs, channels: PointNetwork.kernelFunctions, cotangents, ybar)
    for (layer, (dense, norm)) in zip(layers, norms).enumerated().reversed() {
      let x = memory.values[layer].x.base
      norm.beginReverse(tiles: 1)
      norm.reverse(0, panels, x, ybar)
      norm.settleReverse(count: points.pairs, tiles: 1, into: gradient)
      norm.finishReverse(x, ybar, spans)
      let input = layer == 0 ? memory.embedding.base : memory.values[layer - 1].y.base
      dense.gather(panels, input, ybar, into: gradient)
      if layer > 0 {
        dense.pullBack(panels, parameters, ybar, to: below)
        swap(&ybar, &below)
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

/// The memory of one block's kernel functions, which grows with the pairs that come.
final class KernelMemory<T: NetworkScalar> {
  fileprivate weak var user: KernelNetwork<T>?
  /// The embedding, then x and swish BN x of every layer, in panels of pairs.
  fileprivate var embedding = AlignedMemory<T>(count: 0)
  fileprivate var values: [(x: AlignedMemory<T>, y: AlignedMemory<T>)] = []
  fileprivate var weights = AlignedMemory<T>(count: 0)
  fileprivate var cotangents = AlignedMemory<T>(count: 0)
  /// Cotangents of what a layer makes and of what it is given.
  fileprivate var layerCotangents = (AlignedMemory<T>(count: 0), AlignedMemory<T>(count: 0))

  fileprivate func reserve(_ layers: [PointNetwork.Dense], columns: Int) {
    func grow(_ memory: inout AlignedMemory<T>, _ channels: Int) {
      AlignedMemory.grow(&memory, to: columns * channels)
    }
    grow(&embedding, layers[0].inputs)
    while values.count < layers.count { values.append((AlignedMemory(count: 0), AlignedMemory(count: 0))) }
    for (k, layer) in layers.enumerated() {
      grow(&values[k].x, layer.outputs)
      grow(&values[k].y, layer.outputs)
    }
    grow(&weights, PointNetwork.kernelFunctions)
    grow(&cotangents, PointNetwork.kernelFunctions)
    let widest = layers.reduce(0) { max($0, $1.outputs) }
    grow(&layerCotangents.0, widest)
    grow(&layerCotangents.1, widest)
  }
}
