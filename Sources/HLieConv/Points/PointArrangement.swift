// SPDX-License-Identifier: GPL-3.0-or-later

/// How the samples of one tile lie in panels, and what depends on that: all other layers work panel by panel, whatever the
/// columns are. Layers know the type of their tiles, so that all of it is compiled for Float and for Double.
///
/// Samples that share their points have a panel for each point, whose columns are the samples; samples with points of their
/// own lie one after another, and a column is a point. Columns beyond those are padding: whatever stands there is finite and
/// never counted, and cotangents are zero there.
protocol PointArrangement: SendableMetatype {
  associatedtype Scalar: NetworkScalar
  associatedtype Convolution: TileConvolution where Convolution.Scalar == Scalar
  typealias Values = UnsafePointer<Scalar>
  typealias Results = UnsafeMutablePointer<Scalar>

  var samples: Int { get }
  /// Panels of the values before block `level`, or after the last block.
  func panels(_ level: Int) -> Int
  /// Points of all samples there.
  func points(_ level: Int) -> Int
  /// Which columns hold one, of `count` panels from `first`; counted from there.
  func spans(_ level: Int, first: Int, _ count: Int) -> [PanelSpan]
  /// Pairs of neighbours in the convolution of a block, and the number of the first of them among those of the batch.
  func pairs(_ block: Int) -> (count: Int, first: Int)
  /// Those of the blocks.
  var convolutions: [Convolution] { get }

  /// The inputs of the network as panels.
  func load(into x: Results)
  /// y_i[c] += x_kept(i)[c] in `count` panels of y from `first`, which y points to; x has fewer channels than y.
  func addKept(
    _ block: Int, first: Int, _ count: Int, _ x: Values, channels: Int, to y: Results, of wide: Int)
  /// x̄_kept(i)[c] += ȳ_i[c].
  func addKeptReverse(_ block: Int, _ ybar: Values, of wide: Int, to xbar: Results, channels: Int)
  /// The mean or the sum over the points of each sample, in panels of samples.
  func pool(_ pooling: Pooling, _ y: Values, channels: Int, to pooled: Results)
  /// ȳ from the cotangent of `pool`.
  func poolReverse(_ pooling: Pooling, _ pooledBar: Values, channels: Int, to ybar: Results)
}

extension PointArrangement {
  /// Whether the gradient of a dense layer is made of all tiles together, by threads that take some of its rows: where layers are so
  /// large that to make one for each tile, and to add them up, would take as long as the products. Else each tile makes its own, while
  /// what it is made of is in the cache. The first wants sums that are kept.
  static var gathersTogether: Bool { Convolution.keepsSums }
  var lanes: Int { Product<Scalar>.Right.lanes }
  /// Panels of what there is once for a sample.
  var samplePanels: Int { (samples + lanes - 1) / lanes }
  /// Numbers of working memory that the convolutions need.
  var scratchCount: Int { convolutions.map(\.scratchCount).max() ?? 0 }
}

/// The convolution of one block on one tile of samples.
protocol TileConvolution {
  associatedtype Scalar: NetworkScalar
  typealias Values = UnsafePointer<Scalar>
  typealias Results = UnsafeMutablePointer<Scalar>

  /// Whether the sums over neighbours are kept for the way back.
  static var keepsSums: Bool { get }
  /// Numbers of working memory.
  var scratchCount: Int { get }
  /// Numbers of the sums that are kept.
  var sumsCount: Int { get }
  /// y_i[o] = Σ_c Σ_m W[m c, o] (1/n_i) Σ_j w_ij[m] u_j[c] + b[o]; `weights` are the w_ij/n_i of the tile's pairs [pairs × 16].
  func forward(
    _ parameters: Values, _ weights: Values, _ u: Values, to y: Results, sums: Results, scratch: Results)
  /// From ȳ: ū, which is overwritten, w̄, which is added to, and the gradients of W and b where no sums are kept, of which they can be
  /// made.
  func reverse(
    _ parameters: Values, _ weights: Values, _ u: Values, _ ybar: Values, to ubar: Results,
    weights wbar: Results, into gradient: Results, scratch: Results)
}

/// Samples in tiles, and the kernel functions of all their pairs: what a network on points takes at a time.
struct PointBatch<Tile: PointArrangement> {
  let kernels: [KernelNetwork<Tile.Scalar>]
  let tiles: [Tile]
  let samples: Int

  func points(_ level: Int) -> Int { tiles.reduce(0) { $0 + $1.points(level) } }
}
