// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Molecules
import Testing

/// Molecules from the command line: training on structures, errors, motion.
@Suite struct MoleculeCommandTests {
  /// Water bent and stretched at random, with harmonic bonds of length 1 between all atoms: E = Σ 4 (r − 1)².
  static func water(_ count: Int) -> String {
    (0..<count).map { index in
      var state = UInt64(index) &* 0x9E37_79B9_7F4A_7C15 | 1
      func random() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state % 10_000) / 10_000 - 0.5
      }
      let q = [[0, 0, 0], [0.96, 0.1, 0], [0.4, 0.9, 0.1]].map { $0.map { $0 + 0.2 * random() } }
      var (energy, force) = (-76.0, [[Double]](repeating: [0, 0, 0], count: 3))
      for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        let r = (0..<3).reduce(0.0) { $0 + (q[i][$1] - q[j][$1]) * (q[i][$1] - q[j][$1]) }.squareRoot()
        energy += 4 * (r - 1) * (r - 1)
        for axis in 0..<3 {
          let pull = 8 * (r - 1) * (q[j][axis] - q[i][axis]) / r
          force[i][axis] += pull
          force[j][axis] -= pull
        }
      }
      let rows = zip(["O", "H", "H"], zip(q, force)).map { element, numbers in
        ([element] + (numbers.0 + numbers.1).map { "\($0)" }).joined(separator: " ")
      }
      return (["3", "Properties=species:S:1:pos:R:3:forces:R:3 energy=\(energy)"] + rows).joined(
        separator: "\n")
    }.joined(separator: "\n") + "\n"
  }

  private static func train(_ folder: Tool.Folder, _ file: String, iterations: Int = 200) throws
    -> Tool.Result
  {
    try Tool.run(
      "train", "ethanol", "--quiet", "--out", folder.file("run"), "--set", "data.structures=\(file)", "--set",
      "data.train=60", "--set", "data.validation=10", "--set", "model.width=16", "--set", "model.layers=1",
      "--set", "optimizer={method: lbfgs, iterations: \(iterations)}", "--set", "training=null")
  }

  @Test("a potential is learned, judged and moved, and keeps energy and momenta")
  func wholeWay() throws {
    let folder = try Tool.Folder()
    let file = try folder.write("water.xyz", Self.water(100))
    let trained = try Self.train(folder, file)
    #expect(trained.code == 0, "\(trained.errors)")
    // No path stands in the model.
    #expect(
      !String(decoding: try folder.data("run/model.safetensors"), as: UTF8.self).contains(folder.path))

    let evaluation = try Tool.run("evaluate", folder.file("run"))
    #expect(evaluation.code == 0, "\(evaluation.errors)")
    let metrics = evaluation.metrics
    #expect(metrics["test_structures"] == 30)
    #expect(try #require(metrics["energy_mae"]) < 0.1 * (metrics["composition_mae"] ?? 0))
    #expect(try #require(metrics["force_mae"]) < 0.05)
    #expect(try #require(metrics["net_torque_float64"]) < 1e-12)

    // The model alone does not know where its structures are.
    let certified = try Tool.run("certify", folder.file("run"), "--systems", "10")
    #expect(certified.code == 0 && certified.errors.contains("10 states moved by SE3"), "\(certified.errors)")
    let alone = try Tool.run(
      "certify", folder.file("run/model.safetensors"), "--systems", "10", "--set", "data.structures=\(file)")
    #expect(alone.output == certified.output)
    let values = Dictionary(
      uniqueKeysWithValues: certified.output.split(separator: "\n").dropFirst().map { line in
        let parts = line.split(separator: ",")
        return (parts[0] + " " + parts[1], Double(parts[2]) ?? .nan)
      })
    #expect(values.count == 8)
    for (name, value) in values { #expect(value < (name.hasSuffix("float64") ? 1e-12 : 1e-4), "\(name)") }
    let wrong = try Tool.run("certify", folder.file("run"), "--group", "SO3", "--scenario", "springs-3d")
    #expect(wrong.code == 1 && wrong.errors.contains("knows bodies by H, O"), "\(wrong.errors)")

    func rollout(_ name: String, _ more: String...) throws -> Tool.Result {
      try Tool.Running(
        [
          "rollout", folder.file("run"), "--structure", file, "--frame", "3", "--temperature", "50", "--step",
          "0.25", "--steps", "2000", "--frames", "11", "--out", folder.file(name),
        ] + more, in: nil, environment: [:]
      ).result()
    }
    let moved = try rollout("motion", "--seed", "7")
    #expect(moved.code == 0, "\(moved.errors)")
    #expect(moved.errors.contains("eV per atom and ps"), "\(moved.errors)")
    let lines = try folder.text("motion/diagnostics.csv").split(separator: "\n")
    let header = lines[0].split(separator: ",").map(String.init)
    let last = lines[lines.count - 1].split(separator: ",").compactMap { Double($0) }
    #expect(lines.count == 12 && last.count == header.count)
    for (name, limit) in [("dH", 5e-2), ("dP", 1e-12), ("dL", 1e-12)] {
      #expect(try abs(last[#require(header.firstIndex(of: name))]) < limit, "\(name)")
    }
    // The archive tells the elements, so that films of it are those of the table, which has their names.
    for (source, target) in [("motion/trajectory.npz", "a.xyz"), ("motion/trajectory.csv", "b.xyz")] {
      let converted = try Tool.run("convert", folder.file(source), folder.file(target))
      #expect(converted.code == 0, "\(converted.errors)")
    }
    #expect(try folder.data("a.xyz") == folder.data("b.xyz"))
    #expect(try folder.text("a.xyz").contains("\nO ") && !folder.text("a.xyz").contains("\nX "))
    let again = try rollout("again", "--seed", "7", "--quiet")
    #expect(again.code == 0)
    #expect(try folder.data("again/trajectory.csv") == folder.data("motion/trajectory.csv"))
    let other = try rollout("other", "--seed", "8", "--quiet")
    #expect(other.code == 0)
    #expect(try folder.data("other/trajectory.csv") != folder.data("motion/trajectory.csv"))
    let done = try Tool.run("resume", folder.file("motion"))
    #expect(done.code == 0 && done.errors.contains("finished already"))
  }

  @Test("a rollout that was stopped goes on to the same bits")
  func stopped() throws {
    let folder = try Tool.Folder()
    let file = try folder.write("water.xyz", Self.water(100))
    #expect(try Self.train(folder, file).code == 0)
    func arguments(_ name: String) -> [String] {
      [
        "rollout", folder.file("run"), "--structure", file, "--step", "0.25", "--steps", "60000", "--frames",
        "13", "--out", folder.file(name), "--quiet",
      ]
    }
    #expect(try Tool.Running(arguments("whole"), in: nil, environment: [:]).result().code == 0)
    let run = try Tool.Running(arguments("part"), in: nil, environment: [:])
    #expect(run.wait { folder.exists("part/run.json") })
    usleep(200_000)
    kill(run.process.processIdentifier, SIGINT)
    let code = try run.result().code
    #expect(code == 130 || code == 0)
    let resumed = try Tool.run("resume", folder.file("part"))
    #expect(resumed.code == 0, "\(resumed.errors)")
    for name in ["trajectory.csv", "diagnostics.csv", "ledger.csv"] {
      #expect(try folder.data("part/\(name)") == folder.data("whole/\(name)"), "\(name)")
    }
  }

  /// The arrays of rMD17 with the structures of an extended XYZ file.
  private static func archive(of file: String, to path: String) throws {
    let all = try StructureFile.read(file)
    let shape = [all.count, 3, 3]
    try NPZ.write(
      [
        ("nuclear_charges", NPYArray(shape: [3], values: .int64([8, 1, 1]))),
        ("coords", NPYArray(shape: shape, all.flatMap(\.positions))),
        ("energies", NPYArray(shape: [all.count], all.compactMap { $0.properties["energy"] })),
        ("forces", NPYArray(shape: shape, all.flatMap { $0.columns["forces"] ?? [] })),
      ], to: path)
  }

  @Test("archived structures are learned from, become extended XYZ, and are no trajectory")
  func archives() throws {
    let folder = try Tool.Folder()
    let file = try folder.write("water.xyz", Self.water(100))
    let archive = folder.file("water.npz")
    try Self.archive(of: file, to: archive)
    let converted = try Tool.run("convert", archive, folder.file("back.xyz"))
    #expect(converted.code == 0, "\(converted.errors)")
    #expect(converted.errors.contains("100 structures") && converted.errors.contains("kcal/mol"))
    let words = try folder.text("back.xyz").split(separator: "\n")
    #expect(words.count == 500 && words[1].contains(":forces:R:3 energy=-7") && words[2].hasPrefix("O "))

    var models: [Data] = []
    for source in [archive, folder.file("back.xyz")] {
      let trained = try Self.train(folder, source, iterations: 5)
      #expect(trained.code == 0, "\(trained.errors)")
      models.append(try folder.data("run/model.safetensors"))
      try FileManager.default.removeItem(atPath: folder.file("run"))
    }
    #expect(models[0] == models[1])

    for (arguments, part) in [
      (["convert", archive, folder.file("a.csv")], "no trajectory.csv can be made; write .xyz"),
      (["convert", archive, folder.file("a.npz")], "write .xyz"),
      (["convert", archive, folder.file("a.xyz"), "--scenario", "kepler"], "leave it out"),
      (["convert", archive, folder.file("back.xyz")], "is there already"),
      (["diagnose", archive], "no trajectory; noether convert \(archive) OUT.xyz writes"),
      (["compare", archive, archive], "structures without times"),
    ] {
      let result = try Tool.Running(arguments, in: nil, environment: [:]).result()
      #expect(result.code == 1 && result.errors.contains(part), "\(arguments): \(result.errors)")
    }
    #expect(!folder.exists("a.csv") && !folder.exists("a.npz") && !folder.exists("a.xyz"))
  }

  @Test("a training that leaves all of the data's keys to themselves is of atoms all the same")
  func defaults() throws {
    let folder = try Tool.Folder()
    let file = try folder.write("water.xyz", Self.water(100))
    let trained = try Tool.run(
      "train", "ethanol", "--quiet", "--out", folder.file("run"), "--set",
      "data={structures: \(file), train: 60, validation: 10, seed: 0}", "--set", "model.width=16", "--set",
      "model.layers=1", "--set", "loss.force=0", "--set", "training.epochs=1")
    #expect(trained.code == 0, "\(trained.errors)")
    let moved = try Tool.run(
      "rollout", folder.file("run"), "--structure", file, "--step", "0.25", "--steps", "10", "--out",
      folder.file("motion"), "--quiet")
    #expect(moved.code == 0, "\(moved.errors)")
  }

  @Test("what does not fit is refused before anything is written")
  func refusals() throws {
    let folder = try Tool.Folder()
    let file = try folder.write("water.xyz", Self.water(100))
    let absent = try Self.train(folder, folder.file("absent.xyz"))
    #expect(absent.code == 1 && absent.errors.contains("there is no such file"), "\(absent.errors)")
    #expect(absent.errors.contains("figshare"))
    let torn = try Self.train(folder, folder.write("torn.xyz", String(Self.water(100).dropLast(30))))
    #expect(torn.code == 1 && torn.errors.contains("line 500"), "\(torn.errors)")
    #expect(!folder.exists("run"))

    #expect(try Self.train(folder, file).code == 0)
    let carbon = try folder.write("carbon.xyz", "1\nx\nC 0 0 0\n")
    for (arguments, part) in [
      (["--structure", file, "--frame", "100"], "has 100 structures"),
      (["--structure", carbon], "the model knows H, O alone"),
      (["--structure", folder.file("absent.xyz")], "there is no such file"),
      (["--structure", file, "--method", "verlt"], "did you mean 'verlet'?"),
    ] {
      let result = try Tool.Running(
        ["rollout", folder.file("run"), "--step", "0.5", "--steps", "10", "--out", folder.file("motion")]
          + arguments, in: nil, environment: [:]
      ).result()
      #expect(result.code == 1 && result.errors.contains(part), "\(arguments): \(result.errors)")
      #expect(!folder.exists("motion"))
    }
    let both = try Tool.run(
      "rollout", folder.file("run"), "--structure", file, "--scenario", "springs", "--out",
      folder.file("motion"))
    #expect(both.code == 64)
    let springs = try Tool.run(
      "rollout", folder.file("run"), "--scenario", "springs-3d", "--out", folder.file("motion"))
    #expect(
      springs.code == 1 && springs.errors.contains("the model knows bodies by H, O"), "\(springs.errors)")
  }
}
