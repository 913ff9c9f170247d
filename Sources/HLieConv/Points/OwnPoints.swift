// SPDX-License-Identifier: GPL-3.0-or-later

/// A sample with points of its own, and the network's inputs there [point × input].
public struct PointSet: Sendable {
  let points: SampledPoints
  let values: [Float]

  /// `values` has as many numbers for each point of `points` as the network has inputs.
  public init(_ points: SampledPoints, values: [Float]) { (self.points, self.values) = (points, values) }
}

extension PointBatch {
  /// Samples with points of their own, cut into tiles of about as many nodes each. The number of tiles depends on the samples alone, so
  /// that no bit depends on the number of threads. `memory` is that of the kernels of all blocks; one batch at a time can use it.
  init<T>(
    _ network: PointNetwork, sets: [PointSet], memory: [KernelMemory<T>]? = nil
  ) where Tile == OwnPointTile<T> {
    let nodes = sets.reduce(0) { $0 + $1.points.nodes }
    let wanted = max(1, min(Tile.most, nodes / Tile.fewestNodes))
    var groups: [[PointSet]] = [[]]
    var seen = 0
    for set in sets {
      if seen * wanted >= groups.count * nodes, !groups[groups.count - 1].isEmpty { groups.append([]) }
      groups[groups.count - 1].append(set)
      seen += set.points.nodes
    }
    let unions = network.blocks.indices.map { block in
      groups.map { own in SampledPoints.Block(joining: own.map { $0.points.blocks[block] }, isSeen: false) }
    }
    kernels = network.blocks.enumerated().map { index, block in
      KernelNetwork(
        block, SampledPoints.Block(joining: sets.map { $0.points.blocks[index] }),
        memory?[index] ?? KernelMemory())
    }
    tiles = groups.indices.map { tile in
      OwnPointTile(
        network, sets: groups[tile],
        blocks: unions.map { $0[tile] },
        firstPairs: unions.map { $0[..<tile].reduce(0) { $0 + $1.pairs } })
    }
    samples = sets.count
  }
}

extension SampledPoints.Block {
  /// The same convolution on several sets of points at once, of which each sees itself alone; with what the kernels see of the pairs
  /// where that `isSeen`.
  fileprivate init(joining sets: [SampledPoints.Block], isSeen: Bool = true) {
    var (inputs, kept, starts) = (0, [UInt32](), [0])
    var (neighbours, embedding) = ([UInt32](), [Double]())
    if isSeen { embedding.reserveCapacity(sets.reduce(0) { $0 + $1.embedding.count }) }
    for set in sets {
      kept += set.kept.map { $0 + UInt32(inputs) }
      starts += set.starts.dropFirst().map { $0 + neighbours.count }
      neighbours += set.neighbours.map { $0 + UInt32(inputs) }
      if isSeen { embedding += set.embedding }
      inputs += set.inputs
    }
    self.init(inputs: inputs, kept: kept, starts: starts, neighbours: neighbours, embedding: embedding)
  }
}

/// A tile of samples with points of their own: they lie one after another, and columns are nodes.
struct OwnPointTile<T: NetworkScalar>: PointArrangement {
  typealias Scalar = T

  /// The most tiles of a batch, and the nodes that a tile is worth while for.
  static var most: Int { 8 }
  static var fewestNodes: Int { 64 }

  let sets: [PointSet]
  let inputs: Int
  let blocks: [SampledPoints.Block]
  let firstPairs: [Int]
  let convolutions: [ColumnConvolution<T>]

  init(_ network: PointNetwork, sets: [PointSet], blocks: [SampledPoints.Block], firstPairs: [Int]) {
    self.sets = sets
    inputs = network.inputs
    self.blocks = blocks
    self.firstPairs = firstPairs
    convolutions = zip(network.blocks, blocks).map { ColumnConvolution($0.mix, $1) }
  }

  var samples: Int { sets.count }
  func points(_ level: Int) -> Int { level == 0 ? blocks[0].inputs : blocks[level - 1].outputs }
  func panels(_ level: Int) -> Int { (points(level) + lanes - 1) / lanes }
  func spans(_ level: Int, first: Int, _ count: Int) -> [PanelSpan] {
    PanelSpan.spans(ofColumns: min(count * lanes, points(level) - first * lanes), lanes: lanes)
  }
  func pairs(_ block: Int) -> (count: Int, first: Int) { (blocks[block].pairs, firstPairs[block]) }

  /// Where channel 0 of a column lies in panels of so many channels; the others follow `lanes` apart.
  private func place(_ column: Int, _ channels: Int) -> Int {
    column / lanes * channels * lanes + column % lanes
  }

  func load(into x: Results) {
    x.update(repeating: 0, count: panels(0) * inputs * lanes)
    var column = 0
    for set in sets {
      for node in 0..<set.points.nodes {
        let at = place(column, inputs)
        for c in 0..<inputs { x[at + c * lanes] = T(set.values[node / set.points.samples * inputs + c]) }
        column += 1
      }
    }
  }

  func addKept(
    _ block: Int, first: Int, _ count: Int, _ x: Values, channels: Int, to y: Results, of wide: Int
  ) {
    let columns = first * lanes..<min((first + count) * lanes, blocks[block].outputs)
    for i in columns {
      let (from, to) = (
        place(Int(blocks[block].kept[i]), channels), place(i - columns.lowerBound, wide)
      )
      for c in 0..<channels { y[to + c * lanes] += x[from + c * lanes] }
    }
  }

  func addKeptReverse(_ block: Int, _ ybar: Values, of wide: Int, to xbar: Results, channels: Int) {
    for (i, j) in blocks[block].kept.enumerated() {
      let (from, to) = (place(i, wide), place(Int(j), channels))
      for c in 0..<channels { xbar[to + c * lanes] += ybar[from + c * lanes] }
    }
  }

  /// Calls `body` for every sample's number and the columns that are left of it after all blocks.
  private func forEachSample(_ body: (_ sample: Int, _ columns: Range<Int>) -> Void) {
    var first = 0
    for (sample, set) in sets.enumerated() {
      let count = set.points.counts[blocks.count]
      body(sample, first..<first + count)
      first += count
    }
  }

  func pool(_ pooling: Pooling, _ y: Values, channels: Int, to pooled: Results) {
    pooled.update(repeating: 0, count: samplePanels * channels * lanes)
    forEachSample { sample, columns in
      let (to, share) = (place(sample, channels), pooling.share(of: columns.count) as T)
      for column in columns {
        let from = place(column, channels)
        for c in 0..<channels { pooled[to + c * lanes] += share * y[from + c * lanes] }
      }
    }
  }

  func poolReverse(_ pooling: Pooling, _ pooledBar: Values, channels: Int, to ybar: Results) {
    ybar.update(repeating: 0, count: panels(blocks.count) * channels * lanes)
    forEachSample { sample, columns in
      let (from, share) = (place(sample, channels), pooling.share(of: columns.count) as T)
      for column in columns {
        let to = place(column, channels)
        for c in 0..<channels { ybar[to + c * lanes] = share * pooledBar[from + c * lanes] }
      }
    }
  }
}
