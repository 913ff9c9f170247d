// SPDX-License-Identifier: GPL-3.0-or-later

/// The convolution of one block on one tile of samples:
///
///     y_i[o] = Σ_c Σ_m W[m c, o] (1/n_i) Σ_j w_ij[m] u_j[c] + b[o]
///
/// over the n_i neighbours j of i (PointConv's form, Wu, Qi & Fuxin 2019). Since all samples share their points, the inner sum
/// is a product of the kernel functions [16 × neighbours] with the neighbours' values [neighbours × channels · samples]. It is
/// made for a few output points at a time, mixed by W while it is in the cache, and made again in the reverse pass, which
/// takes less time than to write and read it.
struct PointConvolution<T: NetworkScalar>: TileConvolution {
  typealias Scalar = T
  static var keepsSums: Bool { false }

  let mix: PointNetwork.Dense
  let points: SampledPoints.Block
  private let neighbours: [UInt32]
  private let lanes = Product<T>.Right.lanes
  private static var functions: Int { PointNetwork.kernelFunctions }

  private var channels: Int { mix.inputs / Self.functions }
  /// Numbers of one node's values.
  private var node: Int { channels * lanes }
  /// Output points at a time: a multiple of what the registers take, in about half a megabyte.
  let together: Int

  init(_ mix: PointNetwork.Dense, _ points: SampledPoints.Block) {
    self.mix = mix
    self.points = points
    neighbours = points.neighbours
    let bytes = mix.inputs * Product<T>.Right.lanes * MemoryLayout<T>.stride
    together = max(3, min(18, (600 << 10) / bytes / 3 * 3))
  }

  var scratchCount: Int { together * mix.inputs * lanes }
  var sumsCount: Int { 0 }

  private func forEachGroup(_ body: (Range<Int>) -> Void) {
    for first in stride(from: 0, to: points.outputs, by: together) {
      body(first..<min(first + together, points.outputs))
    }
  }

  /// The sums over the neighbours of some output points, [point][16][channel][P samples].
  private func sums(
    _ outputs: Range<Int>, _ rows: UnsafePointer<UInt32>, _ weights: UnsafePointer<T>, _ u: UnsafePointer<T>,
    to scratch: UnsafeMutablePointer<T>
  ) {
    for i in outputs {
      let start = points.starts[i]
      T.gather(
        n: node, k: points.starts[i + 1] - start, rows: rows + start, weights + start * Self.functions, u,
        scratch + (i - outputs.lowerBound) * mix.inputs * lanes)
    }
  }

  func forward(
    _ parameters: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ u: UnsafePointer<T>,
    to y: UnsafeMutablePointer<T>, sums _: UnsafeMutablePointer<T>, scratch: UnsafeMutablePointer<T>
  ) {
    neighbours.withUnsafeBufferPointer { neighbours in
      guard let rows = neighbours.baseAddress else { return }
      forEachGroup { outputs in
        sums(outputs, rows, weights, u, to: scratch)
        mix.forward(outputs.count, parameters, scratch, to: y + outputs.lowerBound * mix.outputs * lanes)
      }
    }
  }

  /// From ȳ: ū, which is overwritten, w̄ [pairs × 16], which is added to, and the gradients of W and b.
  func reverse(
    _ parameters: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ u: UnsafePointer<T>,
    _ ybar: UnsafePointer<T>, to ubar: UnsafeMutablePointer<T>, weights wbar: UnsafeMutablePointer<T>,
    into gradient: UnsafeMutablePointer<T>, scratch: UnsafeMutablePointer<T>
  ) {
    ubar.update(repeating: 0, count: points.inputs * node)
    neighbours.withUnsafeBufferPointer { neighbours in
      guard let rows = neighbours.baseAddress else { return }
      forEachGroup { outputs in
        sums(outputs, rows, weights, u, to: scratch)
        let ybar = ybar + outputs.lowerBound * mix.outputs * lanes
        mix.gather(outputs.count, scratch, ybar, into: gradient)
        mix.pullBack(outputs.count, parameters, ybar, to: scratch)
        for i in outputs {
          let (start, count) = (points.starts[i], points.starts[i + 1] - points.starts[i])
          let own = scratch + (i - outputs.lowerBound) * mix.inputs * lanes
          T.rowDots(
            n: node, k: count, rows: rows + start, u, own, wbar + start * Self.functions)
          T.scatter(
            n: node, k: count, rows: rows + start, weights + start * Self.functions, own, ubar)
        }
      }
    }
  }
}
