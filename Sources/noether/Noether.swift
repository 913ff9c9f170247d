// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation

/// The root command: everything it does is done by its subcommands, one file each.
struct Noether: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "noether",
    abstract: "Simulate Hamiltonian systems, learn their energy, roll it out, certify what is conserved.",
    discussion: """
      A first session:

        noether list scenarios
        noether simulate kepler --out runs/kepler
        noether summary runs/kepler
        noether plot runs/kepler

      Results go into a run directory (--out), short ones to stdout as CSV; progress and messages go to \
      stderr. Every run can be stopped with Ctrl-C and taken up again with `noether resume DIR`: the result \
      has the same bits as if it had never been stopped.

      Exit codes: 0 done, 1 an error that the message explains, 64 a command line that makes no sense, \
      129, 130 and 143 stopped after saving: by a lost terminal, Ctrl-C, SIGTERM.
      """,
    version: version,
    subcommands: [
      Simulate.self, Train.self, Rollout.self, Evaluate.self, ForceLaw.self, Forecast.self, Study.self,
      Certify.self, Diagnose.self, Compare.self, Convert.self, Examine.self, Resume.self, Summary.self,
      Plot.self,
      Validate.self, List.self,
    ])
}

/// The process: parse, run, and turn whatever is thrown into one message and an exit code.
@main
enum Program {
  static func main() {
    Terminal.prepare()
    do {
      try perform()
    } catch {
      if Terminal.isEndOfOutput(error) { exit(0) }
      Terminal.say(error.message)
      exit(error.exitCode)
    }
  }

  private static func perform() throws(NoetherError) {
    do {
      try checkSubcommand()
      var command = try Noether.parseAsRoot()
      Interruption.listen()
      try command.run()
    } catch let error as NoetherError {
      throw error
    } catch {
      let code = Noether.exitCode(for: error)
      // Help and version are asked for: they go to stdout. Everything else is wrong usage.
      let message = Noether.fullMessage(for: error)
      guard code != .success else { return try Terminal.print(message + "\n") }
      let prefix = "Error: "
      throw NoetherError(
        message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message,
        exitCode: code.rawValue)
    }
  }

  /// The parser calls a mistyped subcommand an unexpected argument; this says which one was meant.
  private static func checkSubcommand() throws {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let known = Noether.configuration.subcommands.map { $0._commandName } + ["help"]
    guard !known.contains(word) else { return }
    let hint = closestMatch(to: word, in: known).map { "; did you mean '\($0)'?" } ?? ""
    throw NoetherError("unknown command '\(word)'\(hint) (`noether --help` lists them)", exitCode: 64)
  }
}
