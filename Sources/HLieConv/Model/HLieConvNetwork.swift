// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The published network for the potential V(q) (Finzi, Stanton, Izmailov & Wilson 2020, sections 4 and 6.1):
///
///     h = embed(f)                                                    features f → k channels
///     each block:  u = swish(down(swish(h)))                          k → k/4
///                  w_ij = m_ij kernel(a_ij)                           WeightNet d → 32 → 32 → 16, swish after each
///                  h = h + up(swish(mix(Σ_j u_j ⊗ w_ij) / n))         16·k/4 → k/4 → k
///     V = mean_i or Σ_i readout(swish(h_i))
///
/// The weights m_ij of a neighbourhood have the mean 1 over j; without one they are 1. Under `haar`, i and j run over
/// the lifts of the bodies. With T(2), two features, k = 384 and 4 blocks it has 895,297 parameters.
enum HLieConvNetwork {
  static let kernelHidden = 32
  static let kernelOutputs = 16

  static func program(_ config: ModelConfig, group: any LieGroup.Type, features: Int) -> Program {
    let samples = config.samples(of: group)
    var program = Program(features: features, dimension: group.spaceDimension, samples: samples)
    let h = nodes(config, group, told: program.features, at: program.positions, in: &program)
    let energies = program.linear(program.swish(h), to: 1, name: "readout")
    program.finish(energies, config.pool)
    return program
  }

  /// h after the last block, from what is known of each body and where the bodies are.
  static func nodes(
    _ config: ModelConfig, _ group: any LieGroup.Type, told features: TensorID, at positions: TensorID,
    in program: inout Program
  ) -> TensorID {
    let (pairs, weights) = geometry(config, group, at: positions, in: &program)
    var h = program.linear(features, to: config.width, name: "embed")
    if program.samples > 1 { h = program.lifted(h) }
    for block in 0..<config.layers {
      let name = "blocks.\(block)"
      let u = program.swish(program.linear(program.swish(h), to: config.width / 4, name: "\(name).down"))
      var w = pairs
      for (layer, width) in [kernelHidden, kernelHidden, kernelOutputs].enumerated() {
        w = program.swish(program.linear(w, to: width, name: "\(name).kernel.\(layer)"))
      }
      if let weights { w = program.weighted(w, by: weights) }
      let mixed = program.convolution(u, w, to: config.width / 4, name: "\(name).mix")
      h = program.linear(program.swish(mixed), to: config.width, name: "\(name).up", residual: h)
    }
    return h
  }

  /// What the kernels see of every pair, and the weights of the pairs.
  private static func geometry(
    _ config: ModelConfig, _ group: any LieGroup.Type, at positions: TensorID, in program: inout Program
  ) -> (pairs: TensorID, weights: TensorID?) {
    let positions = config.centre ? program.centred(positions) : positions
    let frames = config.frames(of: group)
    let cutoff: Double? = if case .cutoff(let radius) = config.neighbourhood { radius } else { nil }
    let own = program.pairEmbedding(positions, group: group, frames: frames, cutoff: cutoff)
    let ownWidth = program.width(own) - (cutoff == nil ? 0 : 1)

    var parts = [Columns.Part(x: own, columns: 0..<ownWidth)]
    if config.lift == .frame, let framed = group.framed {
      // Where translations remain, the bodies' frame stands in their midst.
      let moved = program.framed(positions, aboutMean: framed.orbitComponents.isEmpty)
      let seen = program.pairEmbedding(moved, group: framed)
      parts.append(Columns.Part(x: seen, columns: 0..<program.width(seen)))
    }
    let pairs = parts.count > 1 || cutoff != nil ? program.columns(parts) : own

    var weights: TensorID?
    if cutoff != nil {
      let envelope = program.columns([Columns.Part(x: own, columns: ownWidth..<ownWidth + 1)])
      weights = program.neighbourMean(envelope)
    } else if let rule = config.neighbourhood.rule(seed: config.seed) {
      weights = program.neighbourMask(
        positions, group: group, rule: rule, alpha: config.alpha, frames: frames)
    }
    return (pairs, weights)
  }
}
