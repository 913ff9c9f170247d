// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// From the loss of a batch back to the gradient of all parameters.
extension PointEngine {
  /// The mean loss of the samples of a batch, and its gradient.
  ///
  /// `loss` is told the outputs of one sample and writes their cotangents over them. Returns the sum of what it returns,
  /// divided by the number of samples.
  func lossGradient<Tile>(
    of batch: PointBatch<Tile>, _ loss: (_ sample: Int, _ outputs: UnsafeMutableBufferPointer<T>) -> Double
  ) -> Double where Tile.Scalar == T {
    forward(batch, true)
    var (sum, first) = (0.0, 0)
    var row = [T](repeating: 0, count: network.outputs)
    for (tile, own) in zip(batch.tiles, memory) {
      let outputs = own.outputs.base
      for sample in 0..<tile.samplePanels * lanes {
        for k in row.indices { row[k] = sample < tile.samples ? outputs[place(ofOutput: k, sample)] : 0 }
        if sample < tile.samples { sum += row.withUnsafeMutableBufferPointer { loss(first + sample, $0) } }
        for k in row.indices { outputs[place(ofOutput: k, sample)] = row[k] / T(batch.samples) }
      }
      first += tile.samples
    }
    reverse(batch)
    return sum / Double(batch.samples)
  }

  private func reverse<Tile>(_ batch: PointBatch<Tile>) where Tile.Scalar == T {
    let (theta, count, blocks) = (UnsafePointer(storage.base), batch.tiles.count, network.blocks.count)
    for norm in norms.joined() + [lastNorm] { norm.beginReverse(tiles: count) }
    total.clear()
    gatherTogether(network.readout, batch) { TileOfLayer($0.samplePanels, $1.pooled.base, $1.outputs.base) }
    forEachTile(batch) { index, tile, own in
      own.clearWeightCotangents()
      if !Tile.gathersTogether {
        own.gradient.clear()
        network.readout.gather(tile.samplePanels, own.pooled.base, own.outputs.base, into: own.gradient.base)
      }
      network.readout.pullBack(tile.samplePanels, theta, own.outputs.base, to: own.pooled.base)
      tile.poolReverse(network.pool, own.pooled.base, channels: network.last.channels, to: own.cotangent(0))
      lastNorm.reverse(index, tile.panels(blocks), own.last.x.base, own.cotangent(0))
    }
    lastNorm.settleReverse(count: batch.points(blocks), tiles: count, into: total.base)
    forEachTile(batch) { index, tile, own in
      lastNorm.finishReverse(
        own.last.x.base, own.cotangent(0), tile.spans(blocks, first: 0, tile.panels(blocks)))
    }
    for k in network.blocks.indices.reversed() { reverse(block: k, batch) }
    gatherTogether(network.embed, batch) { TileOfLayer($0.panels(0), $1.inputs.base, $1.cotangent(blocks)) }
    if !Tile.gathersTogether {
      forEachTile(batch) { _, tile, own in
        network.embed.gather(tile.panels(0), own.inputs.base, own.cotangent(blocks), into: own.gradient.base)
      }
      addGradients(ofTiles: count)
    }
    gatherKernels(batch, theta)
  }

  /// From the cotangent of what block k has made to that of what it was given.
  private func reverse<Tile>(block k: Int, _ batch: PointBatch<Tile>) where Tile.Scalar == T {
    let theta = UnsafePointer(storage.base)
    let (block, count) = (network.blocks[k], batch.tiles.count)
    // The cotangents of blocks alternate between two places.
    let (above, below) = (network.blocks.count - 1 - k, network.blocks.count - k)
    forEachTile(batch) { index, tile, memory in
      let (own, xbar) = (memory.blocks[k], UnsafePointer(memory.cotangent(above)))
      let (b, c) = (block.up.inputs * lanes, block.up.outputs * lanes)
      forEachChunk(tile.panels(k + 1)) { first, count in
        let (xbar, ebar) = (xbar + first * c, memory.narrow.0.base + first * b)
        if !Tile.gathersTogether {
          block.up.gather(count, own.v.base + first * b, xbar, into: memory.gradient.base)
        }
        block.up.pullBack(count, theta, xbar, to: ebar)
        norms[k][2].reverse(index, count, own.e.base + first * b, ebar)
      }
    }
    gatherTogether(block.up, batch) {
      TileOfLayer($0.panels(k + 1), $1.blocks[k].v.base, $1.cotangent(above))
    }
    norms[k][2].settleReverse(count: batch.points(k + 1), tiles: count, into: total.base)
    forEachTile(batch) { index, tile, memory in
      let own = memory.blocks[k]
      let (ebar, ubar) = (memory.narrow.0.base, memory.narrow.1.base)
      norms[k][2].finishReverse(own.e.base, ebar, tile.spans(k + 1, first: 0, tile.panels(k + 1)))
      tile.convolutions[k].reverse(
        theta, weights(batch, tile, k), own.u.base, ebar, to: ubar, weights: own.weightCotangents.base,
        into: memory.gradient.base, scratch: memory.scratch.base)
      norms[k][1].reverse(index, tile.panels(k), own.d.base, ubar)
    }
    gatherTogether(block.mix, batch) {
      TileOfLayer($0.panels(k + 1), $1.blocks[k].sums.base, $1.narrow.0.base)
    }
    norms[k][1].settleReverse(count: batch.points(k), tiles: count, into: total.base)
    forEachTile(batch) { index, tile, memory in
      let own = memory.blocks[k]
      let (dbar, xbar) = (memory.narrow.1.base, memory.cotangent(below))
      let (c, b) = (block.down.inputs * lanes, block.down.outputs * lanes)
      forEachChunk(tile.panels(k)) { first, count in
        let (dbar, xbar) = (dbar + first * b, xbar + first * c)
        norms[k][1].finishReverse(own.d.base + first * b, dbar, tile.spans(k, first: first, count))
        if !Tile.gathersTogether {
          block.down.gather(count, own.y.base + first * c, dbar, into: memory.gradient.base)
        }
        block.down.pullBack(count, theta, dbar, to: xbar)
        norms[k][0].reverse(index, count, own.x.base + first * c, xbar)
      }
    }
    gatherTogether(block.down, batch) { TileOfLayer($0.panels(k), $1.blocks[k].y.base, $1.narrow.1.base) }
    norms[k][0].settleReverse(count: batch.points(k), tiles: count, into: total.base)
    forEachTile(batch) { index, tile, memory in
      let own = memory.blocks[k]
      let (xbar, ybar) = (memory.cotangent(below), memory.cotangent(above))
      norms[k][0].finishReverse(own.x.base, xbar, tile.spans(k, first: 0, tile.panels(k)))
      tile.addKeptReverse(k, ybar, of: block.up.outputs, to: xbar, channels: block.down.inputs)
    }
  }
}
