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
/// With the readout of pairs, u = readout.node(swish(h)) and g_ij = readout.kernel(a_ij) are perceptrons with linear
/// outputs, and V = E/√C Σ_{i<j} Σ_c u_ic g_ijc u_jc: a convolution of the features, read by its inner product with them.
/// With charges per mass u_i becomes m_i (1 + u_i/10). The kernels may see the pair's two ends beside a_ij, and a `Normalisation` stands before f and a_ij and after V.
///
/// With `kinetic: diagonal` it is told of p too and gives H = V + Σ ½ e^{g_i} |p_i|², g = kinetic.1(swish(kinetic.0(f))).
///
/// With `friction` the parameters end with γ, which the energy does not depend on: `DampedSystem` reads it.
///
/// The weights m_ij of a neighbourhood have the mean 1 over j; without one they are 1. Under `haar`, i and j run over
/// the lifts of the bodies. With T(2), two features, k = 384 and 4 blocks it has 895,297 parameters.
enum HLieConvNetwork {
  static let kernelHidden = 32
  static let kernelOutputs = 16
  static let kineticHidden = 16

  static func program(
    _ config: ModelConfig, group: any LieGroup.Type, features: Int, normalisation: Normalisation? = nil
  ) -> Program {
    let samples = config.samples(of: group)
    var program = Program(
      features: features, dimension: group.spaceDimension, samples: samples, dynamics: config.dynamics)
    let parts = config.dynamics == .potential ? nil : program.phaseParts()
    let q = parts?.q ?? program.positions
    var f = program.features
    if let normalisation {
      f = program.standardised(
        f, shift: normalisation.featureMeans, factor: normalisation.featureDeviations.map { 1 / $0 })
    }
    var (pairs, weights) = geometry(config, group, at: q, in: &program)
    program.pairs = pairs
    if let normalisation {
      pairs = program.standardised(pairs, factor: normalisation.pairSizes.map { 1 / $0 })
    }
    if !config.scales.isEmpty { pairs = program.magnified(pairs, scales: config.scales) }
    if config.kernel == .ends {
      let ends = program.pairFeatures(f)
      pairs = program.columns([
        Columns.Part(x: pairs, columns: 0..<program.width(pairs)),
        Columns.Part(x: ends, columns: 0..<features),
      ])
    }
    let h = blocks(config, f, pairs, weights, in: &program)
    let energy = normalisation?.energy ?? 1
    var energies: TensorID
    switch config.readout {
    case .node:
      energies = program.linear(program.swish(h), to: 1, name: "readout")
      if normalisation != nil { energies = program.standardised(energies, factor: [energy]) }
    case .pair: energies = pairReadout(config, h, pairs, weights, energy: energy, in: &program)
    }
    guard let p = parts?.p else {
      // From zero: its size is that of the masses, which the network does not know.
      if config.friction { _ = program.parameter(DampedSystem.parameter, shape: [1], fanIn: 0) }
      program.finish(energies, config.pool)
      return program
    }
    let g = program.swish(program.linear(f, to: kineticHidden, name: "kinetic.0"))
    program.finish(
      energy: program.adding(
        kineticEnergyOf: p, inverseMasses: program.linear(g, to: 1, name: "kinetic.1"),
        to: program.pool(energies, config.pool)))
    return program
  }

  /// h after the last block, from what is known of each body and where the bodies are.
  static func nodes(
    _ config: ModelConfig, _ group: any LieGroup.Type, told features: TensorID, at positions: TensorID,
    in program: inout Program
  ) -> TensorID {
    let (pairs, weights) = geometry(config, group, at: positions, in: &program)
    return blocks(config, features, pairs, weights, in: &program)
  }

  private static func blocks(
    _ config: ModelConfig, _ features: TensorID, _ pairs: TensorID, _ weights: TensorID?,
    in program: inout Program
  ) -> TensorID {
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

  /// The inner products of what perceptrons make of the nodes and of the pairs.
  private static func pairReadout(
    _ config: ModelConfig, _ h: TensorID, _ pairs: TensorID, _ weights: TensorID?, energy: Double,
    in program: inout Program
  ) -> TensorID {
    var u = h
    for (layer, width) in (config.hidden.dropFirst() + [config.channels]).enumerated() {
      u = program.linear(program.swish(u), to: width, name: "readout.node.\(layer)")
    }
    if config.charges == .perMass { u = program.massWeighted(u) }
    var g = pairs
    for (layer, width) in (config.hidden + [config.channels]).enumerated() {
      g = program.linear(layer == 0 ? g : program.swish(g), to: width, name: "readout.kernel.\(layer)")
    }
    if let weights { g = program.weighted(g, by: weights) }
    return program.pairReadout(u, g, energy: energy)
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
