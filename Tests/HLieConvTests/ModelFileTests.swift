// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import HLieConv

@Suite("Model files")
struct ModelFileTests {
  private func model(_ precision: String) throws -> HamiltonianModel {
    var config = ModelConfig()
    config.width = 16
    config.layers = 1
    config.pool = .sum
    config.centre = false
    config.seed = 7
    return try HamiltonianModel(
      config, dimension: 2, featureNames: ["m", "k"], precision: precision, trainingDistance: 2.5,
      training: "{}")
  }

  @Test("what is written is read back", arguments: ["float32", "float64"])
  func roundTrip(precision: String) throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    let model = try model(precision)
    try model.safetensors.write(to: folder + "/model.safetensors")
    for path in [folder, folder + "/model.safetensors"] {
      let read = try HamiltonianModel.load(path)
      #expect(read.config == model.config)
      #expect(read.featureNames == model.featureNames && read.dimension == 2)
      #expect(read.trainingDistance == 2.5 && read.training == "{}")
      let expected = precision == "float32" ? model.parameters.map { Double(Float($0)) } : model.parameters
      #expect(read.parameters == expected)
    }
  }

  @Test("a model cut short anywhere is refused, and the file is named")
  func truncated() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    let path = folder + "/model.safetensors"
    let data = try model("float32").safetensors.data
    for length in [0, 1, 7, 8, 9, 100, data.count / 2, data.count - 1] {
      try data.prefix(length).write(to: URL(filePath: path))
      let error = #expect(throws: NoetherError.self) { try HamiltonianModel.load(path) }
      #expect(error?.message.contains("model.safetensors") == true)
    }
  }

  @Test("files that are not models, or do not fit themselves")
  func damaged() throws {
    let good = try model("float32").safetensors
    func check(_ part: String, _ change: (inout Safetensors) -> Void) {
      var file = good
      change(&file)
      let error = #expect(throws: NoetherError.self) { try HamiltonianModel(file, name: "some.safetensors") }
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("some.safetensors") == true)
    }
    check("not a model") { $0.metadata = [:] }
    check("not a noether model") { $0.metadata["format"] = "other" }
    check("newer") { $0.metadata["version"] = "2" }
    check("damaged") { $0.metadata["dimension"] = "x" }
    check("embed.w") { $0.tensors["embed.w"] = nil }
    check("readout.b") { $0.tensors["readout.b"] = Safetensors.Tensor(shape: [1], values: .float32([.nan])) }
    check("readout.w") { $0.tensors["readout.w"] = $0.tensors["embed.w"] }
    check("model") { $0.metadata["model"] = "{group: T9}" }
    // Refused by the shapes, before a model of that size is made room for.
    check("embed.w") { $0.metadata["model"] = "{group: T2, width: 1024, layers: 8}" }
  }

  @Test("a model is only used for bodies like those it was trained on")
  func mismatch() throws {
    let model = try model("float32")
    let planar = Bodies(dimension: 2, masses: [1, 1])
    let spatial = Bodies(dimension: 3, masses: [1, 1])
    let features = #expect(throws: NoetherError.self) {
      try model.system(like: GravitySystem(bodies: planar, G: 1, softening: 0))
    }
    #expect(features?.message.contains("m, k") == true)
    let dimension = #expect(throws: NoetherError.self) {
      try model.system(like: SpringSystem(bodies: spatial, stiffness: [1, 1]))
    }
    #expect(dimension?.message.contains("dimension") == true)
  }
}
