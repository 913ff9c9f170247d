// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@testable import HLieConv

/// The same network written in JAX, whose values and gradients come from automatic differentiation.
///
/// The fixture holds a network with k = 16 and 2 blocks, three 6-body spring chunks by Kutta's 3/8 rule, all in
/// float64: `param.*` and `grad.*`, `z` [3, 5, 24] and `sysp` [3, 6, 2] (m, k), and JAX's `H`, `zdot`, `chunk`
/// and `loss`.
@Suite("Against an independent implementation")
struct IndependentImplementationTests {
  @Test("energy, force, chunk, loss and gradient agree to round-off")
  func agreement() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/hlieconv-jax.safetensors").path
    let file = try Safetensors.read(path)
    func values(_ name: String) throws -> [Double] {
      guard case .float64(let values) = try #require(file.tensors[name]).values else { return [] }
      return values
    }
    var config = ModelConfig()
    config.width = try #require(file.tensors["param.embed.w"]).shape[1]
    config.layers = file.tensors.keys.count { $0.hasPrefix("param.") && $0.hasSuffix(".mix.w") }
    var model = try HamiltonianModel(
      config, dimension: 2, featureNames: ["m", "k"], precision: "float64")
    for view in model.layout.views {
      model.parameters.replaceSubrange(view.range, with: try values("param.\(view.name)"))
    }

    // One system after another: z is [system, point, (q, p)].
    let (z, sysp, h) = (try values("z"), try values("sysp"), try values("h")[0])
    let count = z.count / 120
    var data = ChunkDataset(dimension: 2, featureNames: ["m", "k"], points: 5, step: h)
    for s in 0..<count {
      let system = SpringSystem(
        bodies: Bodies(dimension: 2, masses: (0..<6).map { sysp[s * 12 + 2 * $0] }),
        stiffness: (0..<6).map { sysp[s * 12 + 2 * $0 + 1] })
      try data.append(
        system,
        states: (0..<5).map { k in
          let start = s * 120 + k * 24
          return PhaseState(q: Array(z[start..<start + 12]), p: Array(z[start + 12..<start + 24]))
        })

      let learned = try model.system(like: system)
      let start = data.systems[s].states[0]
      let energy = try values("H")[s]
      #expect(abs(learned.energy(of: start) - energy) < 1e-12 * abs(energy))
      let force = SmallProblem.force(learned, at: start.q)
      let expected = try values("zdot")[s * 24 + 12..<s * 24 + 24]
      let scale = expected.map(abs).max() ?? 0
      #expect(scale > 0.1)
      for (found, wanted) in zip(force, expected) { #expect(abs(found - wanted) < 1e-11 * scale) }
    }

    let tensors = ChunkTensors<Double>(data)
    let loss = try ChunkLoss<Double>(
      model.program, initial: model.parameters, objective: .chunks(.threeEighths), sizes: [6], points: 5,
      threads: 2)
    let expected = try values("loss")[0]
    #expect(abs(loss.gradient(of: tensors, Array(0..<count)) - expected) < 1e-12 * expected)
    for view in model.layout.views {
      let wanted = try values("grad.\(view.name)")
      let scale = wanted.map(abs).max() ?? 0
      for (k, value) in wanted.enumerated() {
        #expect(abs(loss.gradient[view.offset + k] - value) <= 1e-10 * scale, "\(view.name)[\(k)]")
      }
    }
  }
}
