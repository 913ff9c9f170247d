// SPDX-License-Identifier: GPL-3.0-or-later

/// The memory of one tile of a batch, which grows with the tiles that come.
final class PointTile<T: NetworkScalar> {
  /// The tensors of one block, panels [channel][P]: what it is given, x; swish BN x, y; d = Lin y and u = swish BN d on a quarter
  /// of the channels; the sums of u over neighbours, where they are kept; the convolution e and v = swish BN e.
  struct Block {
    fileprivate(set) var x, y, d, u, sums, e, v, weightCotangents: AlignedMemory<T>

    fileprivate init() {
      let none = AlignedMemory<T>(count: 0)
      (x, y, d, u, sums, e, v, weightCotangents) = (none, none, none, none, none, none, none, none)
    }
  }
  private(set) var inputs = AlignedMemory<T>(count: 0)
  private(set) var blocks: [Block]
  private(set) var last = (x: AlignedMemory<T>(count: 0), y: AlignedMemory<T>(count: 0))
  private(set) var pooled = AlignedMemory<T>(count: 0)
  private(set) var outputs = AlignedMemory<T>(count: 0)
  /// The tile's own gradient, where it has one.
  private(set) var gradient = AlignedMemory<T>(count: 0)
  /// Cotangents of a quarter of the channels.
  private(set) var narrow = (AlignedMemory<T>(count: 0), AlignedMemory<T>(count: 0))
  private var wide = (AlignedMemory<T>(count: 0), AlignedMemory<T>(count: 0))
  private(set) var scratch = AlignedMemory<T>(count: 0)

  init(_ network: PointNetwork) { blocks = network.blocks.map { _ in Block() } }

  /// Numbers that tensors of `channels` channels have in so many panels.
  private static func numbers(_ panels: Int, _ channels: Int) -> Int {
    panels * channels * Product<T>.Right.lanes
  }

  /// Makes room for a tile.
  func reserve<Tile: PointArrangement>(_ network: PointNetwork, for tile: Tile) {
    func grow(_ memory: inout AlignedMemory<T>, _ count: Int) { AlignedMemory.grow(&memory, to: count) }
    func grow(_ memory: inout AlignedMemory<T>, _ panels: Int, _ channels: Int) {
      grow(&memory, Self.numbers(panels, channels))
    }
    if !Tile.gathersTogether { grow(&gradient, network.layout.count) }
    grow(&inputs, tile.panels(0), network.inputs)
    for (k, block) in network.blocks.enumerated() {
      let (before, after) = (tile.panels(k), tile.panels(k + 1))
      grow(&blocks[k].x, before, block.down.inputs)
      grow(&blocks[k].y, before, block.down.inputs)
      grow(&blocks[k].d, before, block.down.outputs)
      grow(&blocks[k].u, before, block.down.outputs)
      grow(&blocks[k].sums, tile.convolutions[k].sumsCount)
      grow(&blocks[k].e, after, block.up.inputs)
      grow(&blocks[k].v, after, block.up.inputs)
      grow(&blocks[k].weightCotangents, tile.pairs(k).count * PointNetwork.kernelFunctions)
    }
    let left = tile.panels(network.blocks.count)
    grow(&last.x, left, network.last.channels)
    grow(&last.y, left, network.last.channels)
    grow(&pooled, tile.samplePanels, network.last.channels)
    grow(&outputs, tile.samplePanels, network.outputs)
    let narrowest = blocks.reduce(1) { max($0, $1.u.count, $1.e.count) }
    grow(&narrow.0, narrowest)
    grow(&narrow.1, narrowest)
    let widest = blocks.reduce(last.x.count) { max($0, $1.x.count) }
    grow(&wide.0, widest)
    grow(&wide.1, widest)
    grow(&scratch, tile.scratchCount)
  }

  /// Bytes of one tile with so many panels before each block and after the last one, with a gradient of its own or with sums that are
  /// kept.
  static func bytes(_ network: PointNetwork, panels: [Int], gathersTogether: Bool) -> Double {
    let numbers = network.blocks.enumerated().reduce(0.0) { sum, entry in
      let (k, block) = entry
      return sum + Double(panels[k] * (2 * block.down.inputs + 2 * block.down.outputs))
        + Double(panels[k + 1] * (2 * block.up.inputs + (gathersTogether ? block.mix.inputs / 2 : 0)))
    }
    let gradient = gathersTogether ? 0 : network.layout.count * MemoryLayout<T>.stride
    return 2 * numbers * 64 + Double(gradient)
  }

  /// The cotangent of what is `depth` blocks below the last.
  func cotangent(_ depth: Int) -> UnsafeMutablePointer<T> { depth % 2 == 0 ? wide.0.base : wide.1.base }

  func clearWeightCotangents() { for block in blocks { block.weightCotangents.clear() } }
}
