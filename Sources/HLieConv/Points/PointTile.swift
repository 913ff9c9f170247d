// SPDX-License-Identifier: GPL-3.0-or-later

/// The memory of one tile of P samples.
final class PointTile<T: NetworkScalar> {
  /// The tensors of one block, [node][channel][P]: what it is given, x; swish BN x, y; d = Lin y and u = swish BN d on a
  /// quarter of the channels; the convolution e and v = swish BN e.
  struct Block {
    let x, y, d, u, e, v: AlignedMemory<T>
    let weightCotangents: AlignedMemory<T>
  }
  let inputs: AlignedMemory<T>
  let blocks: [Block]
  let last: (x: AlignedMemory<T>, y: AlignedMemory<T>)
  let pooled: AlignedMemory<T>
  let outputs: AlignedMemory<T>
  let gradient: AlignedMemory<T>
  /// Cotangents of a quarter of the channels.
  let narrow: (AlignedMemory<T>, AlignedMemory<T>)
  private let wide: [AlignedMemory<T>]
  let scratch: AlignedMemory<T>

  init(_ network: PointNetwork, _ points: SampledPoints, scratch: Int) {
    let lanes = Product<T>.Right.lanes
    func memory(_ nodes: Int, _ channels: Int) -> AlignedMemory<T> {
      AlignedMemory(count: nodes * channels * lanes)
    }
    inputs = memory(points.nodes, network.inputs)
    blocks = zip(network.blocks, points.blocks).map { block, own in
      Block(
        x: memory(own.inputs, block.down.inputs), y: memory(own.inputs, block.down.inputs),
        d: memory(own.inputs, block.down.outputs), u: memory(own.inputs, block.down.outputs),
        e: memory(own.outputs, block.up.inputs), v: memory(own.outputs, block.up.inputs),
        weightCotangents: AlignedMemory(count: own.pairs * PointNetwork.kernelFunctions))
    }
    let left = points.counts[points.counts.count - 1]
    last = (memory(left, network.last.channels), memory(left, network.last.channels))
    pooled = memory(1, network.last.channels)
    outputs = memory(1, network.outputs)
    gradient = AlignedMemory(count: network.layout.count)
    let narrowest = max(blocks.map { max($0.u.count, $0.e.count) }.max() ?? 0, 1)
    narrow = (AlignedMemory(count: narrowest), AlignedMemory(count: narrowest))
    let widest = max(blocks.map { $0.x.count }.max() ?? 0, last.x.count)
    wide = (0..<2).map { _ in AlignedMemory(count: widest) }
    self.scratch = AlignedMemory(count: scratch)
  }

  /// Bytes of one tile.
  static func bytes(_ network: PointNetwork, _ points: SampledPoints) -> Double {
    let blocks = zip(network.blocks, points.blocks).reduce(0.0) { sum, pair in
      let (block, own) = pair
      return sum + Double(own.inputs * (2 * block.down.inputs + 2 * block.down.outputs))
        + Double(own.outputs * 2 * block.up.inputs)
    }
    return (2 * blocks + Double(network.layout.count)) * 64
  }

  /// The cotangent of what is `depth` blocks below the last.
  func cotangent(_ depth: Int) -> UnsafeMutablePointer<T> { wide[depth % 2].base }

  func clearWeightCotangents() { for block in blocks { block.weightCotangents.clear() } }
}
