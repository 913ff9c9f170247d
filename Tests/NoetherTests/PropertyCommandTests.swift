// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// Properties of molecules from the command line.
@Suite struct PropertyCommandTests {
  @Test("a property is learned by the network with batch normalisation, and judged, on other structures too")
  func property() throws {
    let folder = try Tool.Folder()
    let file = try folder.write("water.xyz", MoleculeCommandTests.water(100))
    func train(_ name: String, _ epochs: Int) throws -> Tool.Result {
      try Tool.run(
        "train", "qm9-lieconv", "--quiet", "--out", folder.file(name), "--set", "data.structures=\(file)",
        "--set", "data.energy=energy", "--set", "data.train=60", "--set", "data.validation=10", "--set",
        "model={group: SE3, lift: isotropic, width: 16, layers: 1, downsampling: 1, fill: 1}", "--set",
        "training.epochs=\(epochs)", "--set", "training.batch=10")
    }
    let trained = try train("whole", 60)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(
      !String(decoding: try folder.data("whole/model.safetensors"), as: UTF8.self).contains(folder.path))
    let evaluation = try Tool.run("evaluate", folder.file("whole"), "--quiet")
    #expect(evaluation.code == 0, "\(evaluation.errors)")
    let metrics = evaluation.metrics
    #expect(metrics["test_structures"] == 30)
    #expect(try #require(metrics["property_mae"]) < 0.6 * (metrics["composition_mae"] ?? 0))
    // The model alone does not know where its structures are.
    let model = folder.file("whole/model.safetensors")
    let lost = try Tool.run("evaluate", model)
    #expect(lost.code == 1 && lost.errors.contains("data.structures=FILE"), "\(lost.errors)")
    let alone = try Tool.run("evaluate", model, "--set", "data.structures=\(file)", "--quiet")
    #expect(alone.output == evaluation.output)
    for (arguments, message) in [
      (["certify", folder.file("whole")], "not a law"),
      (["evaluate", folder.file("whole"), "--confusion", folder.file("c.csv")], "about images"),
      (["evaluate", folder.file("whole"), "--set", "loss.energy=2"], "only keys of data"),
      (
        ["evaluate", folder.file("whole"), "--set", "data.energy=dipole"],
        "data.energy=dipole: what the model"
      ),
      (["evaluate", folder.file("whole"), "--set", "data.seed=5"], "not those of the model"),
      (["summary", folder.file("whole")], "only trained"),
      (["evaluate", folder.file("whole"), "--curves", folder.file("c.csv")], "no law"),
    ] {
      let result = try Tool.running(arguments)
      #expect(result.code == 1 && result.errors.contains(message), "\(arguments): \(result.errors)")
    }
    // What was learned stays what it was, whatever else is told of the data.
    let all = [
      "evaluate", model, "--quiet", "--set", "data.structures=\(file)", "--set",
      "data.test_structures=\(file)",
    ]
    func evaluated(_ more: String...) throws -> Tool.Result {
      try Tool.running(all + more.flatMap { ["--set", $0] })
    }
    let plain = try evaluated()
    #expect(plain.code == 0, "\(plain.errors)")
    #expect(try evaluated("data.train=30", "data.seed=5").output == plain.output)
    let fluoride = try folder.write("hf.xyz", "2\nenergy=-3\nH 0 0 0\nF 0 0 0.9\n")
    let other = try Tool.run(
      "evaluate", model, "--set", "data.structures=\(file)", "--set", "data.test_structures=\(fluoride)")
    #expect(
      other.code == 1 && other.errors.contains("hf.xyz: line 2: structure 1: F: the model knows H, O alone"),
      "\(other.errors)")
    // What is there already is not done again.
    let resumed = try Tool.run("resume", folder.file("whole"))
    #expect(resumed.code == 0, "\(resumed.errors)")
  }

  @Test("a training that was stopped goes on, but not with other structures")
  func otherStructures() throws {
    let folder = try Tool.Folder()
    let water = MoleculeCommandTests.water(100)
    let file = try folder.write("water.xyz", water)
    let training = try Tool.start(
      "train", "qm9-lieconv", "--quiet", "--out", folder.file("run"), "--set", "data.structures=\(file)",
      "--set",
      "data.energy=energy", "--set", "data.train=60", "--set", "data.validation=10", "--set",
      "model={group: SE3, lift: isotropic, width: 16, layers: 1}", "--set", "training.epochs=100000", "--set",
      "training.batch=10", "--set", "data.intensive=true")
    #expect(
      training.wait { folder.entries.contains("run") && (try? folder.data("run/model.safetensors")) != nil })
    training.process.interrupt()
    let stopped = try training.result()
    #expect(stopped.code == 130, "\(stopped.errors)")
    // An intensive property: its mean is the model's, whatever is judged.
    let judged = try Tool.run("evaluate", folder.file("run"), "--quiet")
    #expect(judged.code == 0 && judged.output.contains("test_structures,30"), "\(judged.errors)")
    _ = try folder.write("water.xyz", water.replacing("0.1", with: "0.2"))
    let resumed = try Tool.run("resume", folder.file("run"))
    #expect(resumed.code == 1 && resumed.errors.contains("or other data"), "\(resumed.errors)")
  }

  @Test("what cannot be learned is said")
  func faults() throws {
    let folder = try Tool.Folder()
    let water = MoleculeCommandTests.water(100)
    let file = try folder.write("water.xyz", water)
    let single = try folder.write("single.xyz", water + "1\nenergy=-3\nH 0 0 0\n")
    for (structures, setting, message) in [
      (file, "training={epochs: 1, batch: 60}", "validation error is not finite after epoch 1"),
      (file, "model={group: SE3, downsampling: 1e-300}", "model.downsampling"),
      (single, "model={group: SO3, lift: isotropic}", "single.xyz: line 502: structure 101"),
    ] {
      let result = try Tool.run(
        "train", "qm9-lieconv", "--quiet", "--out", folder.file("run"), "--set",
        "data.structures=\(structures)",
        "--set", "data.energy=energy", "--set", "data.train=\(structures == file ? 60 : 91)", "--set",
        "data.validation=10", "--set", "model={group: SE3, lift: isotropic, width: 16, layers: 1}", "--set",
        "optimizer.learning_rate=1e30", "--set", setting, "--overwrite")
      #expect(result.code == 1 && result.errors.contains(message), "\(setting): \(result.errors)")
    }
  }
}
