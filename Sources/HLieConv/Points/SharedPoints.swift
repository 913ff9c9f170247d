// SPDX-License-Identifier: GPL-3.0-or-later

/// Samples that share their points: the lifts, the neighbours and the kernel functions are there once for all of them.
struct SharedPoints<T: NetworkScalar> {
  private let points: SampledPoints
  private let inputs: Int
  private let kernels: [KernelNetwork<T>]
  private let convolutions: [PointConvolution<T>]

  init(_ network: PointNetwork, _ points: SampledPoints) {
    self.points = points
    inputs = network.inputs
    kernels = zip(network.blocks, points.blocks).map { KernelNetwork($0, $1) }
    convolutions = zip(network.blocks, points.blocks).map { PointConvolution($0.mix, $1) }
  }

  /// Tiles of P samples, from values [sample × point × input].
  func batch(_ values: [T], samples: Int) -> PointBatch<SharedPointTile<T>> {
    let lanes = Product<T>.Right.lanes
    let tiles = stride(from: 0, to: samples, by: lanes).map { first in
      SharedPointTile(
        points: points, inputs: inputs, convolutions: convolutions, values: values, first: first,
        samples: min(lanes, samples - first))
    }
    return PointBatch(kernels: kernels, tiles: tiles, samples: samples)
  }
}

/// A tile of them: a panel for each node, whose columns are the samples.
struct SharedPointTile<T: NetworkScalar>: PointArrangement {
  typealias Scalar = T

  let points: SampledPoints
  let inputs: Int
  let convolutions: [PointConvolution<T>]
  /// Of all samples of the batch.
  let values: [T]
  /// The tile's first one.
  let first: Int
  let samples: Int

  func panels(_ level: Int) -> Int { points.counts[level] }
  func points(_ level: Int) -> Int { samples * points.counts[level] }
  func spans(_ level: Int, first: Int, _ count: Int) -> [PanelSpan] {
    [PanelSpan(first: 0, count: count, valid: samples)]
  }
  func pairs(_ block: Int) -> (count: Int, first: Int) { (points.blocks[block].pairs, 0) }

  /// Nodes that are lifts of one point have the same values.
  func load(into x: Results) {
    let width = points.count * inputs
    for node in 0..<points.nodes {
      for c in 0..<inputs {
        let at = x + (node * inputs + c) * lanes
        for lane in 0..<lanes {
          at[lane] = lane < samples ? values[(first + lane) * width + node / points.samples * inputs + c] : 0
        }
      }
    }
  }

  func addKept(
    _ block: Int, first: Int, _ count: Int, _ x: Values, channels: Int, to y: Results, of wide: Int
  ) {
    let (narrow, wide) = (channels * lanes, wide * lanes)
    for i in 0..<count {
      T.accumulate(narrow, x + Int(points.blocks[block].kept[first + i]) * narrow, to: y + i * wide)
    }
  }

  func addKeptReverse(_ block: Int, _ ybar: Values, of wide: Int, to xbar: Results, channels: Int) {
    let (narrow, wide) = (channels * lanes, wide * lanes)
    for (i, j) in points.blocks[block].kept.enumerated() {
      T.accumulate(narrow, ybar + i * wide, to: xbar + Int(j) * narrow)
    }
  }

  private var left: Int { points.counts[points.counts.count - 1] }

  func pool(_ pooling: Pooling, _ y: Values, channels: Int, to pooled: Results) {
    let width = channels * lanes
    pooled.update(from: y, count: width)
    for i in 1..<max(1, left) { T.accumulate(width, y + i * width, to: pooled) }
    let share: T = pooling.share(of: left)
    if share != 1 { for k in 0..<width { pooled[k] *= share } }
  }

  func poolReverse(_ pooling: Pooling, _ pooledBar: Values, channels: Int, to ybar: Results) {
    let width = channels * lanes
    let share: T = pooling.share(of: left)
    for k in 0..<width { ybar[k] = share * pooledBar[k] }
    for i in 1..<max(1, left) { (ybar + i * width).update(from: ybar, count: width) }
  }
}

extension Pooling {
  /// 1/n for the mean over n points, 1 for their sum.
  func share<T: NetworkScalar>(of count: Int) -> T { self == .mean ? 1 / T(count) : 1 }
}
