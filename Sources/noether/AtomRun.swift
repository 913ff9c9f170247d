// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators
import LieCore
import Molecules

/// A rollout of a learned potential from a structure: the atoms move at constant energy. No other law of theirs is known, so that the
/// energies are the learned ones.
struct AtomRun {
  /// Where the atoms begin, and how they are followed.
  struct Start {
    let structure: String
    let frame: Int
    let temperature: Double
    let seed: UInt64
    let method: String
    /// In fs.
    let step: Double
    let steps: Int
    let frames: Int
  }

  private let start: Start
  private let model: HamiltonianModel
  private let modelPath: String
  private let precision: Precision
  private let options: RunOptions
  private let method: IntegrationMethod
  private let plan: FramePlan
  private let unit: StructureConfig.Unit
  private let system: AtomSystem
  private let initial: PhaseState

  init(_ start: Start, modelAt path: String, precision: Precision, options: RunOptions) throws {
    self.start = start
    self.precision = precision
    self.options = options
    modelPath = URL(fileURLWithPath: HamiltonianModel.file(at: path)).standardizedFileURL.path
    model = try HamiltonianModel.load(modelPath)
    guard try model.wasTrainedOnStructures,
      let data = try ConfigNode.parse(model.training ?? "{}", name: modelPath)["data"]
    else {
      throw NoetherError(
        "\(path): was not trained on structures, so that it knows no atoms; roll it out with --scenario")
    }
    unit = try data["unit"].flatMap { StructureConfig.Unit(rawValue: try $0.string()) } ?? .eV
    let kind = try data["features"].flatMap { StructureConfig.Features(rawValue: try $0.string()) } ?? .oneHot
    let structures = try StructureFile.read(start.structure)
    guard structures.indices.contains(start.frame) else {
      throw NoetherError(
        "--frame \(start.frame): \(start.structure) has \(structures.count) structures, counted from 0")
    }
    let structure = structures[start.frame]
    let elements = model.featureNames.compactMap(Element.init(symbol:))
    do {
      system = try AtomSystem(structure, elements: elements, features: kind, unit: unit)
    } catch let error as NoetherError {
      throw NoetherError("\(start.structure): \(error.message)")
    }
    initial = PhaseState(
      q: structure.positions,
      p: thermalMomenta(
        of: system.bodies, at: structure.positions, kelvins: start.temperature, unit: unit, seed: start.seed))
    method = try IntegrationMethods.named(start.method)
    guard method.takes != .tolerance else {
      throw NoetherError(
        "--method \(start.method): chooses its own steps; take one with a fixed step, such as verlet")
    }
    plan = try FramePlan(
      start: 0, steps: start.steps, step: start.step, frames: min(start.frames, start.steps + 1))
    try method.check(model.law(like: system, precision: precision))
  }

  /// The run that `record` tells of; refused where model or structure are others by now. Nil where it is a rollout of a scenario.
  init?(_ record: RunRecord, options: RunOptions) throws {
    let details = record.details
    guard let structure = try details["structure"]?.string() else { return nil }
    func detail(_ key: String) throws -> ConfigNode {
      guard let node = details[key] else {
        throw NoetherError("run.json: details.\(key): missing; begin the run again")
      }
      return node
    }
    let start = Start(
      structure: structure, frame: try detail("frame").integer(in: 0...Int.max),
      temperature: try detail("temperature").double(.atLeastZero), seed: try detail("seed").seed(),
      method: record.method ?? "", step: try detail("step").double(.positive),
      steps: try detail("steps").integer(in: 1...FramePlan.mostSteps),
      frames: try detail("frames").integer(in: 2...Int.max))
    let precision = Precision(rawValue: try detail("precision").string()) ?? .float64
    try self.init(start, modelAt: detail("model").string(), precision: precision, options: options)
    for (key, path) in [("model_sha256", modelPath), ("structure_sha256", structure)] {
      guard try detail(key).string() == sha256(ofFile: path) else {
        throw NoetherError("\(path): has changed since the rollout began; begin it again with --overwrite")
      }
    }
  }

  func record(threads: Int) throws -> RunRecord {
    RunRecord(
      noether: Noether.version, command: RolloutRun.command, method: method.name, step: start.step,
      threads: threads,
      units: Scenario.Units(length: "Å", time: "fs", mass: "\(unit.rawValue) fs²/Å²", G: nil),
      details: [
        "model": .string(modelPath), "model_sha256": .string(try sha256(ofFile: modelPath)),
        "structure": .string(start.structure),
        "structure_sha256": .string(try sha256(ofFile: start.structure)), "frame": .integer(start.frame),
        "temperature": .number(start.temperature), "seed": .integer(start.seed), "step": .number(start.step),
        "steps": .integer(start.steps), "frames": .integer(start.frames),
        "precision": .string(precision.rawValue),
      ])
  }

  func start(_ output: OutputOptions) throws {
    let record = try record(threads: options.threadCount())
    let directory = try RunDirectory.create(output.directory, record: record, overwrite: output.overwrite)
    try go(in: directory, record)
  }

  func go(in directory: RunDirectory, _ record: RunRecord) throws {
    let threads = try options.threadCount()
    let law = try model.system(like: system, precision: precision)
    let ensemble = Ensemble(
      members: [Ensemble.Member(index: 0, law: { law }, truth: nil, initial: initial)], method: method,
      stepping: .fixed(step: start.step), compensated: method.isCompensable, plan: plan)
    try EnsembleRun(
      ensemble: ensemble, systems: [ScenarioSystem(index: 0, system: system, initial: initial)],
      options: options
    ).go(in: directory, record) { runs in
      let ledger = try LedgerFile(
        directory.file("ledger.csv"),
        fields: VelocityField.isometries(dimension: 3).united(with: VelocityField.all(of: model.group)),
        model: model, precision: precision)
      try ledger.write(
        runs.map { LedgerFile.Member(index: $0.index, frames: $0.frames, law: law) }, threads: threads)
      try ledger.finish()
      if !options.quiet, let run = runs.first { report(run) }
    }
  }

  /// How fast the energy drifts: the slope of a line through H by least squares.
  private func report(_ run: SystemRun) {
    let (t, H) = (run.rows.map(\.t), run.rows.map(\.H))
    guard t.count > 2 else { return }
    let slope = 1000 * DriftBehaviour.line(through: H, at: t).slope / Double(system.bodies.count)
    Terminal.say(
      "energy drift \(slope.scientific) \(unit.rawValue) per atom and ps, over \(Float(t[t.count - 1] / 1000)) ps"
    )
  }
}

extension HamiltonianModel {
  /// Whether energies of structures are what it has learned: no other data have a loss of that kind.
  var wasTrainedOnStructures: Bool {
    get throws {
      let loss = try ConfigNode.parse(training ?? "{}", name: "training")["loss"]
      return try loss?["kind"]?.string() == "potential"
    }
  }
}
