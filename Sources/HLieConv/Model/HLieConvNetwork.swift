// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The published network for the potential V(q) (Finzi, Stanton, Izmailov & Wilson 2020, sections 4 and 6.1):
///
///     h = embed(f)                                                    features f → k channels
///     each block:  u = swish(down(swish(h)))                          k → k/4
///                  w_ij = kernel(a_ij)                                WeightNet d → 32 → 32 → 16, swish after each
///                  h = h + up(swish(mix(Σ_j u_j ⊗ w_ij) / n))         16·k/4 → k/4 → k
///     V = mean_i or Σ_i readout(swish(h_i))
///
/// With T(2), two features, k = 384 and 4 blocks it has 895,297 parameters.
enum HLieConvNetwork {
  static let kernelHidden = 32
  static let kernelOutputs = 16

  static func program(_ config: ModelConfig, group: any LieGroup.Type, features: Int) -> Program {
    var program = Program(features: features, dimension: group.spaceDimension)
    let positions = config.centre ? program.centred(program.positions) : program.positions
    let pairs = program.pairEmbedding(positions, group: group)
    var h = program.linear(program.features, to: config.width, name: "embed")
    for block in 0..<config.layers {
      let name = "blocks.\(block)"
      let u = program.swish(program.linear(program.swish(h), to: config.width / 4, name: "\(name).down"))
      var w = pairs
      for (layer, width) in [kernelHidden, kernelHidden, kernelOutputs].enumerated() {
        w = program.swish(program.linear(w, to: width, name: "\(name).kernel.\(layer)"))
      }
      let mixed = program.linear(
        program.contraction(u, w), to: config.width / 4, name: "\(name).mix", mean: true)
      h = program.linear(program.swish(mixed), to: config.width, name: "\(name).up", residual: h)
    }
    let energies = program.linear(program.swish(h), to: 1, name: "readout")
    program.finish(energies, config.pool)
    return program
  }
}
