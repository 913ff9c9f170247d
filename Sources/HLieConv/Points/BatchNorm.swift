// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Panels of which only the first `valid` lanes hold samples, points or pairs: padding is never counted.
struct PanelSpan {
  let first: Int
  let count: Int
  let valid: Int

  /// The panels that hold `columns` columns.
  static func spans(ofColumns columns: Int, lanes: Int) -> [PanelSpan] {
    let (full, rest) = (columns / lanes, columns % lanes)
    return [PanelSpan(first: 0, count: full, valid: lanes)]
      + (rest > 0 ? [PanelSpan(first: full, count: 1, valid: rest)] : [])
  }
}

/// Batch normalisation and the swish after it (Ioffe & Szegedy 2015): y = swish(γ (x − μ)/√(σ² + ε) + β), channel by channel,
/// over all points and samples of a batch in training, and with running statistics afterwards.
///
/// Sums are taken tile by tile and added up in the tiles' order, in double precision. Squares are those of distances from
/// the running mean, so that the variance of what lies far from zero keeps its digits.
final class BatchNorm<T: NetworkScalar> {
  let norm: PointNetwork.Norm
  /// Of the running statistics, as in PyTorch.
  private static var momentum: Double { 0.1 }
  private static var epsilon: Double { 1e-5 }

  /// μ, γ/σ, β − μγ/σ; then what `finishReverse` needs.
  private let coefficients: AlignedMemory<T>
  private var mean: UnsafeMutablePointer<T> { coefficients.base }
  private var scale: UnsafeMutablePointer<T> { coefficients.base + norm.channels }
  private var offset: UnsafeMutablePointer<T> { coefficients.base + 2 * norm.channels }
  private var backSlope: UnsafeMutablePointer<T> { coefficients.base + 3 * norm.channels }
  private var backOffset: UnsafeMutablePointer<T> { coefficients.base + 4 * norm.channels }
  private var shift: UnsafeMutablePointer<T> { coefficients.base + 5 * norm.channels }
  private var deviations: [Double]
  /// Two sums for each channel of each tile.
  private var sums: [AlignedMemory<T>] = []

  init(_ norm: PointNetwork.Norm) {
    self.norm = norm
    coefficients = AlignedMemory(count: 6 * norm.channels)
    deviations = [Double](repeating: 1, count: norm.channels)
  }

  // ── forward ──

  /// Before the moments of a batch are gathered.
  func begin(_ statistics: [Double], tiles: Int) {
    for k in 0..<norm.channels { shift[k] = T(statistics[norm.statistics + k]) }
    while sums.count < tiles { sums.append(AlignedMemory(count: 2 * norm.channels)) }
    for tile in 0..<tiles { sums[tile].clear() }
  }

  func addMoments(_ tile: Int, _ x: UnsafePointer<T>, _ spans: [PanelSpan]) {
    let lanes = Product<T>.Right.lanes
    for span in spans where span.count > 0 {
      T.laneMoments(
        span.count, channels: norm.channels, valid: span.valid, x + span.first * norm.channels * lanes,
        shift: shift, sums: sums[tile].base, squares: sums[tile].base + norm.channels)
    }
  }

  /// Both sums of channel k over all tiles.
  private func totals(_ k: Int, tiles: Int) -> (Double, Double) {
    (0..<tiles).reduce((0, 0)) {
      ($0.0 + Double(sums[$1].base[k]), $0.1 + Double(sums[$1].base[norm.channels + k]))
    }
  }

  /// Settles μ and σ from the moments of `count` columns, and moves the running statistics.
  func settle(count: Int, tiles: Int, _ parameters: UnsafePointer<T>, _ statistics: inout [Double]) {
    let (means, variances) = (norm.statistics, norm.statistics + norm.channels)
    for k in 0..<norm.channels {
      let (sum, square) = totals(k, tiles: tiles)
      let distance = sum / Double(count)
      let mu = Double(shift[k]) + distance
      let variance = max(0, square / Double(count) - distance * distance)
      set(k, mean: mu, variance: variance, parameters)
      let unbiased = variance * Double(count) / Double(max(1, count - 1))
      statistics[means + k] += Self.momentum * (mu - statistics[means + k])
      statistics[variances + k] += Self.momentum * (unbiased - statistics[variances + k])
    }
  }

  /// Settles μ and σ from the running statistics.
  func settle(_ parameters: UnsafePointer<T>, running statistics: [Double]) {
    for k in 0..<norm.channels {
      set(
        k, mean: statistics[norm.statistics + k], variance: statistics[norm.statistics + norm.channels + k],
        parameters)
    }
  }

  private func set(_ k: Int, mean mu: Double, variance: Double, _ parameters: UnsafePointer<T>) {
    deviations[k] = (variance + Self.epsilon).squareRoot()
    mean[k] = T(mu)
    let factor = Double(parameters[norm.gamma + k]) / deviations[k]
    scale[k] = T(factor)
    offset[k] = T(Double(parameters[norm.beta + k]) - mu * factor)
  }

  func forward(_ panels: Int, _ x: UnsafePointer<T>, to y: UnsafeMutablePointer<T>) {
    T.normalisedSwish(panels, channels: norm.channels, x, scale: scale, offset: offset, y)
  }

  // ── reverse ──

  /// After a forward pass in training with as many tiles.
  func beginReverse(tiles: Int) { for tile in 0..<tiles { sums[tile].clear() } }

  /// ȳ becomes z̄, the cotangent before the swish.
  func reverse(_ tile: Int, _ panels: Int, _ x: UnsafePointer<T>, _ ybar: UnsafeMutablePointer<T>) {
    T.normalisedSwishReverse(
      panels, channels: norm.channels, x, scale: scale, offset: offset, mean: mean, ybar,
      sums: sums[tile].base, products: sums[tile].base + norm.channels)
  }

  /// γ̄ = Σ z̄ (x − μ)/σ and β̄ = Σ z̄, and from them x̄ = (γ/σ)(z̄ − β̄/N − γ̄ (x − μ)/(σ N)) as a function of z̄ and x.
  func settleReverse(count: Int, tiles: Int, into gradient: UnsafeMutablePointer<T>) {
    for k in 0..<norm.channels {
      let (sum, product) = totals(k, tiles: tiles)
      let gammaBar = product / deviations[k]
      gradient[norm.gamma + k] = T(gammaBar)
      gradient[norm.beta + k] = T(sum)
      let factor = Double(scale[k])
      let slope = -factor * gammaBar / (deviations[k] * Double(count))
      backSlope[k] = T(slope)
      backOffset[k] = T(-factor * sum / Double(count) - slope * Double(mean[k]))
    }
  }

  /// z̄ becomes x̄.
  func finishReverse(_ x: UnsafePointer<T>, _ zbar: UnsafeMutablePointer<T>, _ spans: [PanelSpan]) {
    let lanes = Product<T>.Right.lanes
    for span in spans where span.count > 0 {
      let at = span.first * norm.channels * lanes
      T.normalisedReverse(
        span.count, channels: norm.channels, valid: span.valid, x + at, scale: scale, slope: backSlope,
        offset: backOffset, zbar + at)
    }
  }
}
