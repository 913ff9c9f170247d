// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Dynamics

/// A network on points at work: batches of samples forward, and back for the gradient of a loss.
///
/// The tiles of a batch have memory of their own. Threads take whole tiles, or some rows of a gradient of all of them, and what
/// belongs to all tiles is added up in their order, so that no bit depends on the number of threads.
final class PointEngine<T: NetworkScalar> {
  let network: PointNetwork
  let threads: Int
  let lanes = Product<T>.Right.lanes

  let storage: AlignedMemory<T>
  /// Running means and variances.
  var statistics: [Double] { didSet { version += 1 } }
  /// How often parameters or statistics have changed.
  private var version = 0

  let norms: [[BatchNorm<T>]]
  let lastNorm: BatchNorm<T>
  private(set) var memory: [PointTile<T>] = []
  let total: AlignedMemory<T>

  init(_ network: PointNetwork, parameters: [Double], statistics: [Double], threads: Int) {
    self.network = network
    self.threads = threads
    self.statistics = statistics
    storage = AlignedMemory(parameters.map { T($0) })
    norms = network.blocks.map { $0.norms.map { BatchNorm($0) } }
    lastNorm = BatchNorm(network.last)
    total = AlignedMemory(count: network.layout.count)
  }

  /// θ, flat; after a change `parametersChanged` is to be called.
  var parameters: UnsafeMutableBufferPointer<T> { storage.buffer }
  func parametersChanged() { version += 1 }
  /// The gradient of the last `lossGradient`.
  var gradient: UnsafeMutableBufferPointer<T> { total.buffer }

  func forEachTile<Tile: PointArrangement>(
    _ batch: PointBatch<Tile>,
    _ body: (_ index: Int, _ tile: Tile, _ memory: PointTile<T>) -> Void
  ) {
    let tiles = batch.tiles
    let members = min(threads, tiles.count)
    if members == 1 {
      for (index, tile) in tiles.enumerated() { body(index, tile, memory[index]) }
      return
    }
    nonisolated(unsafe) let (all, memory, body) = (tiles, memory, body)
    DispatchQueue.concurrentPerform(iterations: members) { member in
      for index in stride(from: member, to: all.count, by: members) { body(index, all[index], memory[index]) }
    }
  }

  /// Calls `body` for some panels at a time, so that what one layer has made is still in the cache when the next one reads it.
  func forEachChunk(_ panels: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let most = 24
    for first in stride(from: 0, to: panels, by: most) { body(first, min(most, panels - first)) }
  }

  func forEachBlock(_ body: (Int) -> Void) {
    nonisolated(unsafe) let body = body
    let count = network.blocks.count
    let members = min(threads, count)
    if members == 1 { return (0..<count).forEach(body) }
    DispatchQueue.concurrentPerform(iterations: count) { body($0) }
  }

  private func evaluate(_ kernels: [KernelNetwork<T>], training: Bool) {
    if !training, kernels.allSatisfy({ $0.version == version }) { return }
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
    for kernel in kernels { kernel.version = training ? nil : version }
  }

  /// The outputs [sample × outputs] of a batch.
  func outputs<Tile>(of batch: PointBatch<Tile>, training: Bool = false) -> [T] where Tile.Scalar == T {
    forward(batch, training)
    var result: [T] = []
    result.reserveCapacity(batch.samples * network.outputs)
    for (tile, own) in zip(batch.tiles, memory) {
      for sample in 0..<tile.samples {
        for k in 0..<network.outputs { result.append(own.outputs.base[place(ofOutput: k, sample)]) }
      }
    }
    return result
  }

  /// Where a tile's output k of a sample lies in the tile's panels of outputs.
  func place(ofOutput k: Int, _ sample: Int) -> Int {
    (sample / lanes * network.outputs + k) * lanes + sample % lanes
  }

  func forward<Tile>(_ batch: PointBatch<Tile>, _ training: Bool) where Tile.Scalar == T {
    let (theta, count, blocks) = (UnsafePointer(storage.base), batch.tiles.count, network.blocks.count)
    while memory.count < count { memory.append(PointTile(network)) }
    for (tile, own) in zip(batch.tiles, memory) { own.reserve(network, for: tile) }
    evaluate(batch.kernels, training: training)
    func settle(_ norm: BatchNorm<T>, level: Int) {
      if training {
        norm.settle(count: batch.points(level), tiles: count, theta, &statistics)
      } else {
        norm.settle(theta, running: statistics)
      }
    }
    if training { for norm in norms.joined() + [lastNorm] { norm.begin(statistics, tiles: count) } }

    forEachTile(batch) { index, tile, own in
      let (panels, x) = (tile.panels(0), own.blocks[0].x.base)
      tile.load(into: own.inputs.base)
      network.embed.forward(panels, theta, own.inputs.base, to: x)
      if training { norms[0][0].addMoments(index, x, tile.spans(0, first: 0, panels)) }
    }
    for (k, block) in network.blocks.enumerated() {
      let next = k + 1 < blocks ? norms[k + 1][0] : lastNorm
      settle(norms[k][0], level: k)
      forEachTile(batch) { index, tile, memory in
        let own = memory.blocks[k]
        let (c, b) = (block.down.inputs * lanes, block.down.outputs * lanes)
        forEachChunk(tile.panels(k)) { first, count in
          let (y, d) = (own.y.base + first * c, own.d.base + first * b)
          norms[k][0].forward(count, own.x.base + first * c, to: y)
          block.down.forward(count, theta, y, to: d)
          if training { norms[k][1].addMoments(index, d, tile.spans(k, first: first, count)) }
        }
      }
      settle(norms[k][1], level: k)
      forEachTile(batch) { index, tile, memory in
        let own = memory.blocks[k]
        norms[k][1].forward(tile.panels(k), own.d.base, to: own.u.base)
        tile.convolutions[k].forward(
          theta, weights(batch, tile, k), own.u.base, to: own.e.base, sums: own.sums.base,
          scratch: memory.scratch.base)
        if training {
          norms[k][2].addMoments(index, own.e.base, tile.spans(k + 1, first: 0, tile.panels(k + 1)))
        }
      }
      settle(norms[k][2], level: k + 1)
      forEachTile(batch) { index, tile, memory in
        let own = memory.blocks[k]
        let x = k + 1 < blocks ? memory.blocks[k + 1].x.base : memory.last.x.base
        let (wide, b) = (block.up.outputs * lanes, block.up.inputs * lanes)
        forEachChunk(tile.panels(k + 1)) { first, count in
          let (v, x) = (own.v.base + first * b, x + first * wide)
          norms[k][2].forward(count, own.e.base + first * b, to: v)
          block.up.forward(count, theta, v, to: x)
          tile.addKept(
            k, first: first, count, own.x.base, channels: block.down.inputs, to: x, of: block.up.outputs)
          if training { next.addMoments(index, x, tile.spans(k + 1, first: first, count)) }
        }
      }
    }
    settle(lastNorm, level: blocks)
    forEachTile(batch) { _, tile, own in
      lastNorm.forward(tile.panels(blocks), own.last.x.base, to: own.last.y.base)
      tile.pool(network.pool, own.last.y.base, channels: network.last.channels, to: own.pooled.base)
      network.readout.forward(tile.samplePanels, theta, own.pooled.base, to: own.outputs.base)
    }
  }

  /// The kernel functions of a tile's pairs in block k.
  func weights<Tile>(_ batch: PointBatch<Tile>, _ tile: Tile, _ k: Int) -> UnsafePointer<T>
  where Tile.Scalar == T {
    UnsafePointer(batch.kernels[k].weights) + tile.pairs(k).first * PointNetwork.kernelFunctions
  }
}
