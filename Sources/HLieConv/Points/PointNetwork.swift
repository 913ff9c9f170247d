// SPDX-License-Identifier: GPL-3.0-or-later

/// The layers of a LieConv network on sampled points, and where their parameters lie:
///
///     x ← Lin(inputs → k₀)
///     layers × x ← x[kept] ⊕ Lin(c′/4 → c′) swish BN LieConv(c/4 → c′/4) swish BN Lin(c → c/4) swish BN x
///     Lin(k → outputs) of the mean or the sum over the points of swish BN x
///
/// ⊕ adds to the first c channels. The kernel of each LieConv is a perceptron d → 32 → 32 → 16 with BN and swish after every
/// layer. With k₀ = 128 and the defaults, on 28 × 28 images with T(2), 588,645 parameters.
public struct PointNetwork: Sendable {
  /// y = x W + b, W [inputs × outputs].
  struct Dense: Sendable {
    let inputs: Int
    let outputs: Int
    let weight: Int
    let bias: Int
  }

  /// Batch normalisation: γ and β, and the place of its running statistics.
  struct Norm: Sendable {
    let channels: Int
    let gamma: Int
    let beta: Int
    /// Means at `statistics`, variances after them.
    let statistics: Int
    let name: String
  }

  struct Block: Sendable {
    let norms: [Norm]
    let down: Dense
    let kernel: [(dense: Dense, norm: Norm)]
    /// W [16 c/4 × c′/4], the kernel function being the slower index of the rows.
    let mix: Dense
    let up: Dense
  }

  static let kernelFunctions = 16
  private static let kernelHidden = [32, 32]

  public let inputs: Int
  public let outputs: Int
  let pool: Pooling
  public private(set) var layout = ParameterLayout()
  /// Running means and variances of all normalisations together.
  private(set) var statisticsCount = 0
  private(set) var norms: [Norm] = []
  private(set) var embed = Dense(inputs: 0, outputs: 0, weight: 0, bias: 0)
  private(set) var blocks: [Block] = []
  private(set) var last = Norm(channels: 0, gamma: 0, beta: 0, statistics: 0, name: "")
  private(set) var readout = Dense(inputs: 0, outputs: 0, weight: 0, bias: 0)

  init(_ config: PointNetworkConfig, inputs: Int, outputs: Int, embeddingWidth: Int) {
    self.inputs = inputs
    self.outputs = outputs
    pool = config.pool
    let channels = config.channels
    embed = dense("embed", inputs, channels[0])
    for (k, (c, next)) in zip(channels, channels.dropFirst()).enumerated() {
      let name = "blocks.\(k)"
      let first = norm("\(name).norm.0", c)
      let down = dense("\(name).down", c, c / 4)
      let second = norm("\(name).norm.1", c / 4)
      var width = embeddingWidth
      let kernel = (Self.kernelHidden + [Self.kernelFunctions]).enumerated().map { layer, outputs in
        let made = dense("\(name).kernel.\(layer)", width, outputs)
        width = outputs
        return (dense: made, norm: norm("\(name).kernel.norm.\(layer)", outputs))
      }
      let mix = dense("\(name).mix", Self.kernelFunctions * (c / 4), next / 4)
      let third = norm("\(name).norm.2", next / 4)
      let up = dense("\(name).up", next / 4, next)
      blocks.append(Block(norms: [first, second, third], down: down, kernel: kernel, mix: mix, up: up))
    }
    let final = channels[channels.count - 1]
    last = norm("norm", final)
    readout = dense("readout", final, outputs)
  }

  private mutating func dense(_ name: String, _ inputs: Int, _ outputs: Int) -> Dense {
    let weight = layout.append("\(name).w", shape: [inputs, outputs], fanIn: inputs)
    let bias = layout.append("\(name).b", shape: [outputs], fanIn: inputs)
    return Dense(inputs: inputs, outputs: outputs, weight: weight.offset, bias: bias.offset)
  }

  private mutating func norm(_ name: String, _ channels: Int) -> Norm {
    let gamma = layout.append("\(name).scale", shape: [channels], fanIn: 1)
    let beta = layout.append("\(name).offset", shape: [channels], fanIn: 1)
    let norm = Norm(
      channels: channels, gamma: gamma.offset, beta: beta.offset, statistics: statisticsCount, name: name)
    statisticsCount += 2 * channels
    norms.append(norm)
    return norm
  }

  /// PyTorch's initial values: uniform on ±1/√inputs for dense layers, γ = 1 and β = 0.
  func initialValues(seed: UInt64) -> [Double] {
    var values = layout.initialValues(seed: seed)
    for norm in norms {
      for k in 0..<norm.channels { (values[norm.gamma + k], values[norm.beta + k]) = (1, 0) }
    }
    return values
  }

  /// Means 0 and variances 1.
  var initialStatistics: [Double] {
    norms.flatMap { [Double](repeating: 0, count: $0.channels) + [Double](repeating: 1, count: $0.channels) }
  }
}
