// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation

struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a run: trajectories, drifts, energies, training curve, as SVG and PNG.",
    discussion: """
      Reads the CSV files of a run directory and writes DIR/plots/*.svg and *.png with gnuplot, one figure \
      per script in plots/. Figures whose files are not in the run, \
      or have nothing to draw, are left out.

        noether plot runs/kepler
      """)

  @Argument(help: ArgumentHelp("The run directory.", valueName: "dir"))
  var directory: String

  func run() throws {
    try Figures.draw(directory) { try Terminal.print($0 + "\n") }
  }
}
