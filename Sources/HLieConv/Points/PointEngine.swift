// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Dynamics

/// A network on sampled points at work: batches of samples forward, and back for the gradient of a loss.
///
/// Samples are cut into tiles of P, 16 in float32 and 8 in float64, that have memory and gradients of their own. Threads
/// take whole tiles, and what belongs to all tiles is added up in their order, so that no bit depends on the number of
/// threads.
final class PointEngine<T: NetworkScalar> {
  let network: PointNetwork
  let points: SampledPoints
  /// The most samples of a batch.
  let capacity: Int
  private let threads: Int
  let lanes = Product<T>.Right.lanes

  let storage: AlignedMemory<T>
  /// Running means and variances.
  var statistics: [Double] { didSet { kernelsAreCurrent = false } }
  private var kernelsAreCurrent = false

  let kernels: [KernelNetwork<T>]
  let convolutions: [PointConvolution<T>]
  let norms: [[BatchNorm<T>]]
  let lastNorm: BatchNorm<T>
  let tiles: [PointTile<T>]
  let total: AlignedMemory<T>
  let kept: [[Int]]

  /// Memory for batches of up to `capacity` samples.
  init(
    _ network: PointNetwork, points: SampledPoints, parameters: [Double], statistics: [Double],
    capacity: Int, threads: Int
  ) {
    self.network = network
    self.points = points
    self.capacity = capacity
    self.threads = threads
    self.statistics = statistics
    storage = AlignedMemory(parameters.map { T($0) })
    let count = (capacity + lanes - 1) / lanes
    kernels = zip(network.blocks, points.blocks).map { KernelNetwork($0, $1) }
    convolutions = zip(network.blocks, points.blocks).map { PointConvolution($0.mix, $1) }
    norms = network.blocks.map { $0.norms.map { BatchNorm($0, tiles: count) } }
    lastNorm = BatchNorm(network.last, tiles: count)
    let scratch = convolutions.map(\.scratchCount).max() ?? 0
    tiles = (0..<count).map { _ in PointTile(network, points, scratch: scratch) }
    total = AlignedMemory(count: network.layout.count)
    kept = points.blocks.map { $0.kept.map { Int($0) } }
  }

  /// θ, flat; after a change `parametersChanged` is to be called.
  var parameters: UnsafeMutableBufferPointer<T> { storage.buffer }
  func parametersChanged() { kernelsAreCurrent = false }
  /// The gradient of the last `lossGradient`.
  var gradient: UnsafeMutableBufferPointer<T> { total.buffer }

  func forEachTile(_ count: Int, _ body: (_ index: Int, _ tile: PointTile<T>) -> Void) {
    let members = min(threads, count)
    if members == 1 {
      for index in 0..<count { body(index, tiles[index]) }
      return
    }
    nonisolated(unsafe) let (tiles, body) = (tiles, body)
    DispatchQueue.concurrentPerform(iterations: members) { member in
      for index in stride(from: member, to: count, by: members) { body(index, tiles[index]) }
    }
  }

  /// Calls `body` for some nodes at a time, so that what one layer has made is still in the cache when the next one reads it.
  func forEachChunk(_ nodes: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let most = 24
    for first in stride(from: 0, to: nodes, by: most) { body(first, min(most, nodes - first)) }
  }

  func forEachBlock(_ body: (Int) -> Void) {
    nonisolated(unsafe) let body = body
    let count = kernels.count
    let members = min(threads, count)
    if members == 1 { return (0..<count).forEach(body) }
    DispatchQueue.concurrentPerform(iterations: count) { body($0) }
  }

  private func evaluateKernels(training: Bool) {
    if !training, kernelsAreCurrent { return }
    // Each block moves running statistics of its own.
    let before = statistics
    nonisolated(unsafe) var after = [[Double]](repeating: [], count: kernels.count)
    let base = UnsafePointer(storage.base)
    after.withUnsafeMutableBufferPointer { after in
      nonisolated(unsafe) let after = after
      forEachBlock { block in
        var own = before
        kernels[block].forward(training: training, base, &own)
        after[block] = own
      }
    }
    if training {
      var settled = before
      for (block, own) in zip(kernels, after) {
        for norm in block.norms.map(\.norm) {
          let range = norm.statistics..<norm.statistics + 2 * norm.channels
          settled.replaceSubrange(range, with: own[range])
        }
      }
      statistics = settled
    }
    kernelsAreCurrent = !training
  }

  /// The outputs [sample × outputs] of `samples` samples, from values [sample × point × input].
  func outputs(of values: [T], samples: Int, training: Bool = false) -> [T] {
    forward(values, samples, training)
    var result = [T](repeating: 0, count: samples * network.outputs)
    for sample in 0..<samples {
      for k in 0..<network.outputs {
        result[sample * network.outputs + k] = tiles[sample / lanes].outputs.base[k * lanes + sample % lanes]
      }
    }
    return result
  }

  func forward(_ values: [T], _ samples: Int, _ training: Bool) {
    let count = (samples + lanes - 1) / lanes
    let theta = UnsafePointer(storage.base)
    evaluateKernels(training: training)
    let valid = (0..<count).map { min(lanes, samples - $0 * lanes) }
    func settle(_ norm: BatchNorm<T>, points: Int) {
      if training {
        norm.settle(count: samples * points, tiles: count, theta, &statistics)
      } else {
        norm.settle(theta, running: statistics)
      }
    }
    func span(_ nodes: Int, _ index: Int) -> [PanelSpan] {
      [PanelSpan(first: 0, count: nodes, valid: valid[index])]
    }
    if training { for norm in norms.joined() + [lastNorm] { norm.begin(statistics, tiles: count) } }

    values.withUnsafeBufferPointer { values in
      nonisolated(unsafe) let values = values
      forEachTile(count) { index, tile in
        load(values, index * lanes, valid[index], into: tile.inputs.base)
        network.embed.forward(points.nodes, theta, tile.inputs.base, to: tile.blocks[0].x.base)
        if training { norms[0][0].addMoments(index, tile.blocks[0].x.base, span(points.nodes, index)) }
      }
    }
    for (k, block) in network.blocks.enumerated() {
      let (n, m) = (points.blocks[k].inputs, points.blocks[k].outputs)
      let next = k + 1 < norms.count ? norms[k + 1][0] : lastNorm
      settle(norms[k][0], points: n)
      forEachTile(count) { index, tile in
        let own = tile.blocks[k]
        let (c, b) = (block.down.inputs * lanes, block.down.outputs * lanes)
        forEachChunk(n) { first, count in
          let (y, d) = (own.y.base + first * c, own.d.base + first * b)
          norms[k][0].forward(count, own.x.base + first * c, to: y)
          block.down.forward(count, theta, y, to: d)
          if training { norms[k][1].addMoments(index, d, span(count, index)) }
        }
      }
      settle(norms[k][1], points: n)
      forEachTile(count) { index, tile in
        let own = tile.blocks[k]
        norms[k][1].forward(n, own.d.base, to: own.u.base)
        convolutions[k].forward(
          theta, kernels[k].weights.base, own.u.base, to: own.e.base, scratch: tile.scratch.base)
        if training { norms[k][2].addMoments(index, own.e.base, span(m, index)) }
      }
      settle(norms[k][2], points: m)
      forEachTile(count) { index, tile in
        let own = tile.blocks[k]
        let x = k + 1 < tile.blocks.count ? tile.blocks[k + 1].x.base : tile.last.x.base
        let (narrow, wide, b) = (block.down.inputs * lanes, block.up.outputs * lanes, block.up.inputs * lanes)
        forEachChunk(m) { first, count in
          let (v, x) = (own.v.base + first * b, x + first * wide)
          norms[k][2].forward(count, own.e.base + first * b, to: v)
          block.up.forward(count, theta, v, to: x)
          for i in 0..<count {
            T.accumulate(narrow, own.x.base + kept[k][first + i] * narrow, to: x + i * wide)
          }
          if training { next.addMoments(index, x, span(count, index)) }
        }
      }
    }
    let left = points.counts[points.counts.count - 1]
    settle(lastNorm, points: left)
    forEachTile(count) { _, tile in
      lastNorm.forward(left, tile.last.x.base, to: tile.last.y.base)
      pool(tile.last.y.base, left, to: tile.pooled.base)
      network.readout.forward(1, theta, tile.pooled.base, to: tile.outputs.base)
    }
  }

  /// Values of samples as panels: nodes that are lifts of one point have the same.
  private func load(
    _ values: UnsafeBufferPointer<T>, _ first: Int, _ valid: Int, into x: UnsafeMutablePointer<T>
  ) {
    let (inputs, samples) = (network.inputs, points.samples)
    let width = points.count * inputs
    for node in 0..<points.nodes {
      for c in 0..<inputs {
        let at = x + (node * inputs + c) * lanes
        for lane in 0..<lanes {
          at[lane] = lane < valid ? values[(first + lane) * width + node / samples * inputs + c] : 0
        }
      }
    }
  }

  private func pool(_ y: UnsafePointer<T>, _ nodes: Int, to pooled: UnsafeMutablePointer<T>) {
    let width = network.last.channels * lanes
    pooled.update(from: y, count: width)
    for i in 1..<max(1, nodes) { T.accumulate(width, y + i * width, to: pooled) }
    let factor = poolScale(nodes)
    if factor != 1 { for k in 0..<width { pooled[k] *= factor } }
  }

  /// 1/n for the mean over the nodes, 1 for their sum.
  func poolScale(_ nodes: Int) -> T { network.pool == .mean ? 1 / T(nodes) : 1 }
}
