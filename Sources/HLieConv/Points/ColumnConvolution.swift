// SPDX-License-Identifier: GPL-3.0-or-later

/// The convolution of one block where columns are nodes, of one set of points or of several that do not see each other:
///
///     y_i[o] = Σ_c Σ_m W[m c, o] (1/n_i) Σ_j w_ij[m] u_j[c] + b[o]
///
/// as in `PointConvolution`. The inner sums run over rows, the values of a node side by side, filled up to whole vectors, and
/// go back into columns to be mixed by W, some panels of output nodes at a time. They are kept for the way back, where the
/// gradient of W is made of those of all tiles.
struct ColumnConvolution<T: NetworkScalar>: TileConvolution {
  typealias Scalar = T
  static var keepsSums: Bool { true }

  private let mix: PointNetwork.Dense
  private let points: SampledPoints.Block
  private static var functions: Int { PointNetwork.kernelFunctions }
  private var lanes: Int { Product<T>.Right.lanes }

  private let panels: Int
  /// Panels at a time, for which W is read once.
  private let together: Int

  init(_ mix: PointNetwork.Dense, _ points: SampledPoints.Block) {
    (self.mix, self.points) = (mix, points)
    let lanes = Product<T>.Right.lanes
    panels = (points.outputs + lanes - 1) / lanes
    let bytes = mix.inputs * 64
    together = max(1, min(panels, 8, (4 << 20) / bytes))
  }

  private var channels: Int { mix.inputs / Self.functions }
  /// Numbers of a node's row.
  private var row: Int { (channels + lanes - 1) / lanes * lanes }
  private var sumRow: Int { Self.functions * row }

  /// The rows of all nodes and of their cotangents, the sums of a panel's nodes as rows, and cotangents of those of some panels as columns.
  private struct Places {
    let rows, cotangents, sums, columns: UnsafeMutablePointer<T>
  }
  private func places(_ scratch: UnsafeMutablePointer<T>) -> Places {
    let nodes = points.inputs * row
    return Places(
      rows: scratch, cotangents: scratch + nodes, sums: scratch + 2 * nodes,
      columns: scratch + 2 * nodes + lanes * sumRow)
  }
  var scratchCount: Int { 2 * points.inputs * row + lanes * (sumRow + together * mix.inputs) }
  var sumsCount: Int { panels * mix.inputs * lanes }

  /// The panels of output nodes, some at a time.
  private func forEachGroup(_ body: (_ panels: Range<Int>) -> Void) {
    for first in stride(from: 0, to: panels, by: together) { body(first..<min(first + together, panels)) }
  }

  private func outputs(ofPanel panel: Int) -> Range<Int> {
    panel * lanes..<min((panel + 1) * lanes, points.outputs)
  }

  private func makeRows(_ u: UnsafePointer<T>, _ places: Places) {
    // What stands beyond a row's channels is read too.
    places.rows.update(repeating: 0, count: points.inputs * row)
    T.fromPanels(points.inputs, channels: channels, u, panel: channels * lanes, places.rows, row: row)
  }

  /// The sums over the neighbours of every node of some panels, [node][16][channel], as columns [16 channels].
  private func makeSums(
    _ panels: Range<Int>, _ neighbours: UnsafePointer<UInt32>, _ weights: UnsafePointer<T>, _ places: Places,
    to sums: UnsafeMutablePointer<T>
  ) {
    for panel in panels {
      let outputs = outputs(ofPanel: panel)
      for i in outputs {
        let start = points.starts[i]
        T.gather(
          n: row, k: points.starts[i + 1] - start, rows: neighbours + start,
          weights + start * Self.functions,
          places.rows, places.sums + (i - outputs.lowerBound) * sumRow)
      }
      let columns = sums + panel * mix.inputs * lanes
      for m in 0..<Self.functions {
        T.toPanels(
          outputs.count, channels: channels, places.sums + m * row, row: sumRow,
          columns + m * channels * lanes, panel: mix.inputs * lanes)
      }
    }
  }

  func forward(
    _ parameters: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ u: UnsafePointer<T>,
    to y: UnsafeMutablePointer<T>, sums: UnsafeMutablePointer<T>, scratch: UnsafeMutablePointer<T>
  ) {
    let places = places(scratch)
    makeRows(u, places)
    points.neighbours.withUnsafeBufferPointer { neighbours in
      guard let neighbours = neighbours.baseAddress else { return }
      forEachGroup { panels in
        makeSums(panels, neighbours, weights, places, to: sums)
        mix.forward(
          panels.count, parameters, sums + panels.lowerBound * mix.inputs * lanes,
          to: y + panels.lowerBound * mix.outputs * lanes)
      }
    }
  }

  /// From ȳ: ū, which is overwritten, and w̄ [pairs × 16], which is added to.
  func reverse(
    _ parameters: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ u: UnsafePointer<T>,
    _ ybar: UnsafePointer<T>, to ubar: UnsafeMutablePointer<T>, weights wbar: UnsafeMutablePointer<T>,
    into _: UnsafeMutablePointer<T>, scratch: UnsafeMutablePointer<T>
  ) {
    let places = places(scratch)
    makeRows(u, places)
    // Beyond a row's channels, rows of cotangents are read too.
    places.sums.update(repeating: 0, count: lanes * sumRow)
    places.cotangents.update(repeating: 0, count: points.inputs * row)
    points.neighbours.withUnsafeBufferPointer { neighbours in
      guard let neighbours = neighbours.baseAddress else { return }
      forEachGroup { panels in
        mix.pullBack(
          panels.count, parameters, ybar + panels.lowerBound * mix.outputs * lanes, to: places.columns)
        for panel in panels {
          let columns = places.columns + (panel - panels.lowerBound) * mix.inputs * lanes
          reverseSums(outputs(ofPanel: panel), columns, neighbours, weights, wbar, places)
        }
      }
    }
    T.toPanels(points.inputs, channels: channels, places.cotangents, row: row, ubar, panel: channels * lanes)
  }

  /// From the cotangents of a panel's sums, as columns, to those of the rows and weights that they were made of.
  private func reverseSums(
    _ outputs: Range<Int>, _ columns: UnsafePointer<T>, _ neighbours: UnsafePointer<UInt32>,
    _ weights: UnsafePointer<T>, _ wbar: UnsafeMutablePointer<T>, _ places: Places
  ) {
    for m in 0..<Self.functions {
      T.fromPanels(
        outputs.count, channels: channels, columns + m * channels * lanes, panel: mix.inputs * lanes,
        places.sums + m * row, row: sumRow)
    }
    for i in outputs {
      let (start, count) = (points.starts[i], points.starts[i + 1] - points.starts[i])
      let own = places.sums + (i - outputs.lowerBound) * sumRow
      T.rowDots(
        n: row, k: count, rows: neighbours + start, places.rows, own,
        wbar + start * Self.functions)
      T.scatter(
        n: row, k: count, rows: neighbours + start, weights + start * Self.functions, own, places.cotangents)
    }
  }
}
