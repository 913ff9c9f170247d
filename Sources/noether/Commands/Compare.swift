// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How far two trajectories of the same bodies are from each other, time by time.",
    discussion: """
      A and B are trajectories (trajectory.npz, trajectory.csv, an extended XYZ file) or run directories: by two \
      methods, at two steps, of a law and a learned law, before and after a change of the program. Writes as CSV, \
      for every system and time,

        q_rms, q_max    root mean square over the bodies of their distances |q_A − q_B|, and the largest, of `body`
        p_rms, p_max    the same of the momenta
        relative        ‖a − b‖/(‖a‖ + ‖b‖) of the whole states: 0 where they agree, at most 1
        H_A, H_B        the energies, where the laws are known: from run.json, the file, or --scenario

      and says on stderr how far apart they come, and when the relative distance first passes --threshold. Both \
      must have the same bodies, systems and times; nothing is interpolated. --common takes the times that both \
      have, and leaves the others out.

        noether simulate kepler --out runs/h
        noether simulate kepler --set integrator.step=62.83185307179586/20000 --out runs/h2
        noether compare runs/h runs/h2 --threshold 1e-6 --out difference.csv

      Without --out the CSV goes to stdout.
      """)

  @Argument(help: ArgumentHelp("A trajectory, or a run directory.", valueName: "A"))
  var first: String

  @Argument(help: ArgumentHelp("Another of the same bodies.", valueName: "B"))
  var second: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The relative distance whose first passing is told.", valueName: "x"))
  var threshold = 0.2

  @Flag(help: "Compare at the times that both have, where one has more.")
  var common = false

  @Option(help: "The scenario whose law the energies are those of.")
  var scenario: String?

  @OptionGroup var table: TableOptions

  func validate() throws {
    if !(threshold > 0) { throw ValidationError("--threshold \(threshold): more than 0 is needed.") }
  }

  func run() throws {
    try table.check()
    let (a, b) = (try StoredTrajectory(first), try StoredTrajectory(second))
    let pairs = try TrajectoryPair.all(of: a.set, b.set, names: (first, second), common: common)
    let laws = try Self.laws(of: a, b, scenario: scenario)
    // trajectory.npz calls its bodies by number; their law may know better.
    let names = pairs.indices.map { index in
      (laws?.0[index].bodies.named(like: pairs[index].bodies) ?? pairs[index].bodies).names
    }
    let csv = try CSVWriter(
      table.out,
      header: ["system", "step", "t", "q_rms", "q_max", "body", "p_rms", "p_max", "relative"]
        + (laws == nil ? [] : ["H_A", "H_B"]))
    for (index, pair) in pairs.enumerated() {
      for (a, b) in pair.frames {
        let distance = StateDistance(of: a.state, from: b.state, dimension: pair.bodies.dimension)
        csv.add(pair.system)
        csv.add(a.step)
        csv.add(a.t)
        csv.add(distance.position.rms)
        csv.add(distance.position.largest)
        csv.add(names[index][distance.position.body])
        csv.add(distance.momentum.rms)
        csv.add(distance.momentum.largest)
        csv.add(StateError(of: a.state, from: b.state).relative)
        if let laws {
          csv.add(laws.0[index].energy(of: a.state))
          csv.add(laws.1[index].energy(of: b.state))
        }
        try csv.endRow()
      }
    }
    try csv.finish()
    for (pair, names) in zip(pairs, names) { Terminal.say(report(on: pair, names)) }
  }

  /// "system 0: at most 1.2e-05 apart (body planet, t = 3), 3e-6 of the state; 0.2 is not passed".
  private func report(on pair: TrajectoryPair, _ names: [String]) -> String {
    var widest = (distance: -1.0, body: 0, t: 0.0)
    var (relative, passed) = (0.0, Double?.none)
    for (a, b) in pair.frames {
      let position = StateDistance(of: a.state, from: b.state, dimension: pair.bodies.dimension).position
      if position.largest > widest.distance { widest = (position.largest, position.body, a.t) }
      let now = StateError(of: a.state, from: b.state).relative
      relative = max(relative, now)
      if passed == nil, now > threshold { passed = a.t }
    }
    let end = passed.map { "passes \(threshold) at t = \($0)" } ?? "never passes \(threshold)"
    return
      "system \(pair.system): at most \(Float(widest.distance)) apart ('\(names[widest.body])' at "
      + "t = \(widest.t)); the relative distance is at most \(Float(relative)) and \(end)"
  }

  /// The laws of both; nil where one is not known.
  private static func laws(
    of a: StoredTrajectory, _ b: StoredTrajectory, scenario: String?
  ) throws -> ([any MechanicalSystem], [any MechanicalSystem])? {
    guard let first = try a.knownLaws(scenario: scenario), let second = try b.knownLaws(scenario: scenario)
    else { return nil }
    return (first, second)
  }
}
