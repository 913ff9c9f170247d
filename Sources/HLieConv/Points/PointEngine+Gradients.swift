// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Dynamics

/// What the gradient of a dense layer is made of in one tile: what the layer was given there, and the cotangent of what it has made.
struct TileOfLayer<T: NetworkScalar> {
  let panels: Int
  let x, ybar: UnsafePointer<T>

  init(_ panels: Int, _ x: UnsafePointer<T>, _ ybar: UnsafePointer<T>) {
    (self.panels, self.x, self.ybar) = (panels, x, ybar)
  }
}

/// The gradients of dense layers and kernels, of all tiles.
extension PointEngine {
  /// Makes the gradient of one layer of all tiles, where they have none of their own: each thread that of some inputs.
  func gatherTogether<Tile: PointArrangement>(
    _ layer: PointNetwork.Dense, _ batch: PointBatch<Tile>,
    _ part: (Tile, PointTile<T>) -> TileOfLayer<T>
  ) {
    guard Tile.gathersTogether else { return }
    nonisolated(unsafe) let (parts, sum) = (zip(batch.tiles, memory).map(part), total.base)
    let threads = threads
    // So many rows of a gradient, a quarter of a megabyte where outputs are few enough, stay in the second cache while all tiles go by.
    let most = max(48, (1 << 18) / (layer.outputs * MemoryLayout<T>.stride) / 48 * 48)
    DispatchQueue.concurrentPerform(iterations: threads) { member in
      let rows = Share(index: member, count: threads).part(of: layer.inputs, grain: 48)
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: most) {
        let rows = first..<min(first + most, rows.upperBound)
        for part in parts { layer.gather(rows: rows, part.panels, part.x, part.ybar, into: sum) }
      }
    }
  }

  /// Adds the tiles' gradients up, entry by entry in the tiles' order, whichever thread it is that does it.
  func addGradients(ofTiles tiles: Int) {
    nonisolated(unsafe) let (gradients, sum) = (memory.prefix(tiles).map(\.gradient.base), total.base)
    let (size, threads) = (total.count, threads)
    // Of so many sums at a time, all that is added to them stays in the cache.
    let most = 1 << 12
    DispatchQueue.concurrentPerform(iterations: threads) { member in
      let part = Share(index: member, count: threads).part(of: size, grain: most)
      for first in stride(from: part.lowerBound, to: part.upperBound, by: most) {
        let count = min(most, part.upperBound - first)
        for gradient in gradients { T.accumulate(count, gradient + first, to: sum + first) }
      }
    }
  }

  /// Adds the cotangents of the tiles' pairs up, and makes the gradients of the kernels of all blocks.
  func gatherKernels<Tile>(_ batch: PointBatch<Tile>, _ theta: UnsafePointer<T>)
  where Tile.Scalar == T {
    nonisolated(unsafe) let (memory, gradient) = (memory, total.base)
    forEachBlock { k in
      let kernel = batch.kernels[k]
      kernel.clearCotangents()
      for (tile, own) in zip(batch.tiles, memory) {
        let pairs = tile.pairs(k)
        T.accumulate(
          pairs.count * PointNetwork.kernelFunctions, own.blocks[k].weightCotangents.base,
          to: kernel.cotangents + pairs.first * PointNetwork.kernelFunctions)
      }
      kernel.reverse(theta, into: gradient)
    }
  }
}
