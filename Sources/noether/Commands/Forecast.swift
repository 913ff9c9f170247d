// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
import HLieConv
import Integrators

struct Forecast: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on from a fitted trajectory into times that the fit has not seen.",
    discussion: """
      RUN is a run directory of `train` with loss.kind: trajectory. The learned law moves the bodies from the last \
      fitted state through all later frames of the measured trajectory. Prints per body the root mean square of \
      the distance from the measured place, as seen from the heaviest body, beside that of Kepler's ellipse about \
      it, fitted to the same frames as the law, in units where G = 1, and their quotient. Where a body is pinned, or on \
      a line, nothing goes round: then places are seen from the pinned body, and errors stand beside the measured \
      distance from it. --out also writes every frame.

        noether forecast runs/outer --out runs/outer/forecast.csv
        noether forecast runs/pendulum --out runs/pendulum/forecast.csv
        noether plot runs/outer
      """)

  @Argument(help: ArgumentHelp("The run directory of a fit.", valueName: "run"))
  var directory: String

  @OptionGroup var table: TableOptions

  func run() throws {
    try table.check()
    let record = try RunRecord.load(directory)
    guard record.command == FitRun.command, record.status == .finished else {
      throw NoetherError(
        "\(directory): holds no finished fit; train with loss.kind: trajectory, or `noether resume` it")
    }
    let config = try FitRun.config(of: record)
    let measured = try config.measured()
    let model = try HamiltonianModel.load(directory)
    guard measured.fitted < measured.frames.count else {
      throw NoetherError("data.until: \(config.until): no frame of \(config.trajectories) is later")
    }
    guard let start = try TrajectorySet.read(directory + "/trajectory.csv").members.first?.frames.last else {
      throw NoetherError("\(directory)/trajectory.csv: holds no trajectory")
    }
    let comparison = try ForecastComparison(model, measured: measured, start: start)
    if let out = table.out { try comparison.write(to: out) }
    try comparison.summarise()
  }
}
