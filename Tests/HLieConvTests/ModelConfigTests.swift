// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import LieCore
import TestSupport
import Testing

@testable import HLieConv

@Suite("Model configurations")
struct ModelConfigTests {
  @Test(
    "what makes no sense is refused by key",
    arguments: [
      (["model.lift=random"], "model.lift"), (["model.samples=2"], "lift: haar"),
      (["model.group=SO2", "model.lift=haar", "model.samples=2"], "one lift under SO2"),
      (["model.group=SE2", "model.lift=haar", "model.samples=0"], "model.samples"),
      (["model.alpha=1.5"], "from 0 to 1"), (["model.alpha=-0.1"], "model.alpha"),
      (["model.group=T2xSO2", "model.centre=false"], "write centre: true"),
      (["model.neighbourhood={kind: sphere}"], "kind"), (["model.neighbourhood={kind: cutoff}"], "radius"),
      (["model.neighbourhood={kind: cutoff, radius: -1}"], "radius"),
      (["model.neighbourhood={kind: cutoff, fill: 0.5}"], "does not go with kind: cutoff"),
      (["model.neighbourhood={kind: cutoff, radius: 1e-30}"], "too small for float32"),
      (["model.neighbourhood={kind: ball, radius: 1, fill: 0.5}"], "exclude each other"),
      (["model.neighbourhood={kind: ball, fill: 1.5}"], "at most 1"),
      (["model.neighbourhood={kind: nearest}"], "count"),
      (["model.neighbourhood={kind: nearest, count: 0}"], "count"),
      (["model.neighbourhood={kind: sample, radius: 1}"], "count"),
      (["model.neighbourhood={kind: all, radius: 1}"], "does not go with kind: all"),
    ])
  func refused(overrides: [String], part: String) {
    let error = #expect(throws: NoetherError.self) { try SpringData.config(overrides) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test("what is written is read back", arguments: ModelCase.all)
  func roundTrip(_ model: ModelCase) throws {
    let kinds: [Neighbourhood] = [
      .all, .cutoff(radius: 1.5), .ball(.radius(0.1)), .ball(.fill(0.25)), .nearest(count: 3),
      .sample(.radius(2), count: 4), .sample(.fill(0.5), count: 2),
    ]
    for kind in kinds {
      var config = model.with(kind).config()
      config.alpha = kind == .all ? 0.2 : 0.7
      let text = config.node.json
      #expect(
        try ModelConfig(ConfigNode.parse(text, name: "model"), dimension: model.group.spaceDimension)
          == config)
    }
  }

  @Test("a configuration without the later keys is what it was")
  func plain() throws {
    let json = ModelConfig().node.json
    for key in ["lift", "samples", "alpha", "neighbourhood"] { #expect(!json.contains(key)) }
  }

  @Test("haar takes four samples where nothing is said, and a model file keeps lift and neighbourhood")
  func modelFile() throws {
    var model = ModelCase(group: SE3.self, lift: .haar).with(.cutoff(radius: 2))
    model.samples = nil
    let made = try model.model()
    #expect(made.program.samples == 4)
    let read = try HamiltonianModel(made.safetensors, name: "file")
    #expect(read.config == made.config && read.parameters == made.parameters)
  }
}

@Suite("Domains")
struct DomainTests {
  private func data(_ q: [[Double]]) throws -> ChunkDataset {
    var data = ChunkDataset(dimension: 2, featureNames: ["m", "k"], points: 2, step: 0.1)
    let system = SpringSystem(bodies: Bodies(dimension: 2, masses: [1, 1]), stiffness: [1, 1])
    try data.append(system, states: q.map { PhaseState(q: $0, p: [0, 0, 0, 0]) })
    return data
  }

  private func error(
    _ group: String, _ q: [[Double]], centre: Bool = false, _ neighbourhood: Neighbourhood = .all
  ) throws -> String? {
    var config = ModelConfig()
    (config.group, config.width, config.layers, config.centre) = (group, 8, 1, centre)
    config.neighbourhood = neighbourhood
    let model = try HamiltonianModel(
      config, dimension: 2, featureNames: ["m", "k"], precision: "float64")
    do {
      _ = try TrainingStep<Double>(model, data: data(q), method: .threeEighths, threads: 1)
      return nil
    } catch let error as NoetherError { return error.message }
  }

  @Test("data outside it are refused before training, with the place and the remedy")
  func refused() throws {
    let fine = [[1.0, 1, 2, 2], [1, 2, 2, 3]]
    let atOrigin = [[1.0, 1, 2, 2], [1, 2, 0, 0]]
    let onAxis = [[1.0, 1, 2, 0], [1, 2, 3, 3]]
    for group in Groups.all where group.spaceDimension == 2 && !group.needsCentring {
      #expect(try error(group.name, fine) == nil, "\(group.name)")
    }
    for group in ["R", "RxSO2"] {
      let message = try #require(try error(group, atOrigin))
      for part in ["training data: system 1, point 2", "body '2'", "(0.0, 0.0)", group, "move it away"] {
        #expect(message.contains(part), "\(message)")
      }
    }
    #expect(try error("RxSQ", onAxis)?.contains("axis") == true)
    // About their mean, the middle one of three would be at fault; two bodies in one place are both.
    #expect(try error("R", [[1, 1, 1, 1], [1, 2, 2, 3]], centre: true)?.contains("mean position") == true)
    #expect(try error("SO2", atOrigin) == nil)
  }

  @Test("neighbourhoods with a sharp edge ask for lifts, and so for more")
  func hard() throws {
    let negative = [[1.0, 1, 2, 2], [1, 2, -2, 3]]
    #expect(try error("SQ", negative) == nil)
    #expect(try error("SQ", negative, .cutoff(radius: 1)) == nil)
    #expect(try error("SQ", negative, .nearest(count: 2))?.contains("quadrant") == true)
    #expect(
      try error("SO2", [[1, 1, 0, 0], [1, 1, 2, 2]], .ball(.radius(1)))?.contains("body '2'") == true)
  }

  @Test("an integrator that meets its end there says so")
  func integration() throws {
    var config = ModelConfig()
    (config.group, config.width, config.layers, config.centre) = ("R", 8, 1, false)
    let model = try HamiltonianModel(
      config, dimension: 2, featureNames: ["m", "k"], precision: "float64")
    let system = try model.system(
      like: SpringSystem(bodies: Bodies(dimension: 2, masses: [1, 1]), stiffness: [1, 1]))
    let start = PhaseState(q: [1, 1, 0, 0], p: [0, 0, 0, 0])
    #expect(system.fault(at: start.q.span)?.contains("body '2'") == true)
    let failure = #expect(throws: IntegrationFailure.self) {
      try integrate(
        system, from: start, method: IntegrationMethods.named("verlet"), stepping: .fixed(step: 0.1),
        plan: FramePlan(start: 0, steps: 1, step: 0.1, frames: 2), onFrame: { _, _ in })
    }
    #expect(failure?.message.contains("R is not defined") == true, "\(failure?.message ?? "")")
  }
}
