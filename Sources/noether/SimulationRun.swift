// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators

/// A simulation in its run directory: begun, or taken up again.
struct SimulationRun {
  static let command = "simulate"

  private let simulation: Simulation
  private let options: RunOptions

  init(_ simulation: Simulation, options: RunOptions) {
    self.simulation = simulation
    self.options = options
  }

  /// The run that `record` tells of.
  init(_ record: RunRecord, options: RunOptions) throws {
    let simulation = try Simulation(record)
    try record.check(simulation.scenario)
    self.init(simulation, options: options)
  }

  func start(_ output: OutputOptions) throws {
    try simulation.checkSize()
    let threads = try options.threadCount()
    let record = simulation.record(command: Self.command, threads: threads)
    let directory = try RunDirectory.create(output.directory, record: record, overwrite: output.overwrite)
    try go(in: directory, record)
  }

  func go(in directory: RunDirectory, _ record: RunRecord) throws {
    try EnsembleRun(ensemble: simulation.ensemble, systems: simulation.systems, options: options)
      .go(in: directory, record)
  }
}

extension RunRecord {
  /// Throws where `scenario`, read from this record, is not the one the run was begun with: what has been computed
  /// and what would follow are then two different things.
  func check(_ scenario: Scenario?) throws {
    guard scenario?.digest == scenarioDigest else {
      throw NoetherError(
        "run.json: config: the scenario has changed since the run began, it does not match scenario_digest; "
          + "restore run.json and the files it names, or begin again with --overwrite")
    }
  }
}

extension Simulation {
  /// The simulation that a run's record tells of.
  init(_ record: RunRecord) throws {
    try self.init(
      Scenario(record.requiredConfig()), systems: record.details["systems"]?.integer(in: 1...Int.max),
      seed: record.seeds["scenario"], steps: record.details["steps"]?.integer(in: 1...Int.max))
  }

  /// All that is needed to repeat the run or go on with it.
  func record(command: String, threads: Int) -> RunRecord {
    RunRecord(
      noether: Noether.version, command: command, config: scenario.resolved, scenarioDigest: scenario.digest,
      seeds: scenario.isEnsemble ? ["scenario": seed] : [:], method: method.name, step: plan.step,
      tolerance: plan.step == nil ? scenario.integrator.tolerance : nil, threads: threads,
      units: scenario.units, details: ["systems": .integer(systems.count)])
  }
}
