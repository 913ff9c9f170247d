// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// From the loss of a batch back to the gradient of all parameters.
extension PointEngine {
  /// The mean loss of `samples` samples, from values [sample × point × input], and its gradient.
  ///
  /// `loss` is told the outputs of one sample and writes their cotangents over them. Returns the sum of what it returns,
  /// divided by the number of samples.
  func lossGradient(
    of values: [T], samples: Int, _ loss: (_ sample: Int, _ outputs: UnsafeMutableBufferPointer<T>) -> Double
  ) -> Double {
    forward(values, samples, true)
    let count = (samples + lanes - 1) / lanes
    var sum = 0.0
    var row = [T](repeating: 0, count: network.outputs)
    for (index, tile) in tiles.prefix(count).enumerated() {
      for lane in 0..<lanes {
        let sample = index * lanes + lane
        for k in row.indices { row[k] = tile.outputs.base[k * lanes + lane] }
        if sample < samples {
          sum += row.withUnsafeMutableBufferPointer { loss(sample, $0) }
        } else {
          for k in row.indices { row[k] = 0 }
        }
        for k in row.indices { tile.outputs.base[k * lanes + lane] = row[k] / T(samples) }
      }
    }
    reverse(samples, count)
    return sum / Double(samples)
  }

  private func reverse(_ samples: Int, _ count: Int) {
    let theta = UnsafePointer(storage.base)
    func span(_ nodes: Int, _ index: Int) -> [PanelSpan] {
      [PanelSpan(first: 0, count: nodes, valid: min(lanes, samples - index * lanes))]
    }
    for norm in norms.joined() + [lastNorm] { norm.beginReverse(tiles: count) }
    total.clear()
    let left = points.counts[points.counts.count - 1]
    forEachTile(count) { index, tile in
      tile.gradient.clear()
      tile.clearWeightCotangents()
      network.readout.gather(1, tile.pooled.base, tile.outputs.base, into: tile.gradient.base)
      network.readout.pullBack(1, theta, tile.outputs.base, to: tile.pooled.base)
      let width = network.last.channels * lanes
      let factor = poolScale(left)
      for k in 0..<width { tile.pooled.base[k] *= factor }
      for i in 0..<left {
        (tile.cotangent(0) + i * width).update(from: tile.pooled.base, count: width)
      }
      lastNorm.reverse(index, left, tile.last.x.base, tile.cotangent(0))
    }
    lastNorm.settleReverse(count: samples * left, tiles: count, into: total.base)
    forEachTile(count) { index, tile in
      lastNorm.finishReverse(tile.last.x.base, tile.cotangent(0), span(left, index))
    }
    for k in network.blocks.indices.reversed() { reverse(block: k, samples, count, span) }
    forEachTile(count) { _, tile in
      network.embed.gather(
        points.nodes, tile.inputs.base, tile.cotangent(network.blocks.count), into: tile.gradient.base)
    }
    gatherKernels(count, theta)
    for tile in tiles.prefix(count) {
      T.accumulate(total.count, tile.gradient.base, to: total.base)
    }
  }

  /// From the cotangent of what block k has made to that of what it was given.
  private func reverse(
    block k: Int, _ samples: Int, _ count: Int, _ span: (_ nodes: Int, _ tile: Int) -> [PanelSpan]
  ) {
    let theta = UnsafePointer(storage.base)
    let block = network.blocks[k]
    let (n, m) = (points.blocks[k].inputs, points.blocks[k].outputs)
    // The cotangents of blocks alternate between two places.
    let (above, below) = (network.blocks.count - 1 - k, network.blocks.count - k)
    forEachTile(count) { index, tile in
      let (own, xbar) = (tile.blocks[k], UnsafePointer(tile.cotangent(above)))
      let (b, c) = (block.up.inputs * lanes, block.up.outputs * lanes)
      forEachChunk(m) { first, count in
        let (xbar, ebar) = (xbar + first * c, tile.narrow.0.base + first * b)
        block.up.gather(count, own.v.base + first * b, xbar, into: tile.gradient.base)
        block.up.pullBack(count, theta, xbar, to: ebar)
        norms[k][2].reverse(index, count, own.e.base + first * b, ebar)
      }
    }
    norms[k][2].settleReverse(count: samples * m, tiles: count, into: total.base)
    forEachTile(count) { index, tile in
      let own = tile.blocks[k]
      let (ebar, ubar) = (tile.narrow.0.base, tile.narrow.1.base)
      norms[k][2].finishReverse(own.e.base, ebar, span(m, index))
      convolutions[k].reverse(
        theta, kernels[k].weights.base, own.u.base, ebar, to: ubar, weights: own.weightCotangents.base,
        into: tile.gradient.base, scratch: tile.scratch.base)
      norms[k][1].reverse(index, n, own.d.base, ubar)
    }
    norms[k][1].settleReverse(count: samples * n, tiles: count, into: total.base)
    forEachTile(count) { index, tile in
      let own = tile.blocks[k]
      let (dbar, xbar) = (tile.narrow.1.base, tile.cotangent(below))
      let (c, b) = (block.down.inputs * lanes, block.down.outputs * lanes)
      forEachChunk(n) { first, count in
        let (dbar, xbar) = (dbar + first * b, xbar + first * c)
        norms[k][1].finishReverse(own.d.base + first * b, dbar, span(count, index))
        block.down.gather(count, own.y.base + first * c, dbar, into: tile.gradient.base)
        block.down.pullBack(count, theta, dbar, to: xbar)
        norms[k][0].reverse(index, count, own.x.base + first * c, xbar)
      }
    }
    norms[k][0].settleReverse(count: samples * n, tiles: count, into: total.base)
    forEachTile(count) { index, tile in
      let own = tile.blocks[k]
      let (xbar, ybar) = (tile.cotangent(below), tile.cotangent(above))
      norms[k][0].finishReverse(own.x.base, xbar, span(n, index))
      let (narrow, wide) = (block.down.inputs * lanes, block.up.outputs * lanes)
      for (i, j) in kept[k].enumerated() {
        T.accumulate(narrow, ybar + i * wide, to: xbar + j * narrow)
      }
    }
  }

  private func gatherKernels(_ count: Int, _ theta: UnsafePointer<T>) {
    nonisolated(unsafe) let (tiles, gradient) = (tiles, total.base)
    forEachBlock { k in
      let kernel = kernels[k]
      kernel.cotangents.clear()
      for tile in tiles.prefix(count) {
        T.accumulate(
          kernel.cotangents.count, tile.blocks[k].weightCotangents.base, to: kernel.cotangents.base)
      }
      kernel.reverse(theta, into: gradient)
    }
  }
}
