// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation

/// Damaged files for every reader: each must be read or refused with a message, in little time and memory.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Feed damaged files to the readers; an input that one does not survive is kept.",
    discussion: """
      Input i of a reader is made from the seed and i alone. Exit codes: 0 all survived, 1 a message was none of ours or \
      memory grew, 2 a reader crashed, 3 it took too long.
      """)

  @Option(help: "Inputs, shared among the readers.") var inputs = 100_000
  @Option(help: "The seed.") var seed: UInt64 = 1
  @Option(help: "One reader alone, by name.") var reader: String?
  @Option(help: "A kept input to read again, with --reader.") var replay: String?
  @Option(help: "Where an input at fault is kept.") var keep = "fuzz-input"
  @Option(help: "Seconds of processor time for an input.") var seconds = 5

  /// Of memory, for one reader and one input; and by how much it may grow over all of them.
  private static let mostBytes = 1 << 30
  private static let mostGrowth = 1 << 27

  func run() throws {
    let targets = try Target.all().filter { reader == nil || $0.name == reader }
    guard !targets.isEmpty else {
      throw ValidationError("--reader \(reader ?? ""): there is no such reader.")
    }
    Watch.begin(path: keep, bytes: Self.mostBytes)
    if let replay {
      let data = try readFile(replay, limit: 1 << 20)
      for target in targets { try feed(data, to: target, name: "\(target.name), \(replay)") }
      return
    }
    for target in targets {
      let count = max(1, inputs / targets.count)
      var accepted = 0
      var before = 0
      for index in 0..<count {
        // Caches and the allocator's own reserves have settled by then.
        if index == count / 4 { before = Watch.resident }
        var random = SeededGenerator(seed: seed, path: 0x66_757A_7A, UInt64(index))
        let start = target.seeds[random.index(below: target.seeds.count)]
        var mutation = Mutation(random)
        // The first ones are whole: readers must take them, or the rest tells nothing.
        let data =
          index < target.seeds.count ? target.seeds[index] : mutation.changed(start, others: target.seeds)
        if try feed(data, to: target, name: "\(target.name), seed \(seed), input \(index)") { accepted += 1 }
      }
      let growth = max(0, Watch.resident - before)
      print(
        "\(target.name): \(count) inputs, \(accepted) read, \(count - accepted) refused, \(growth >> 20) MiB more memory"
      )
      if growth > Self.mostGrowth { throw NoetherError("\(target.name): memory grew by \(growth >> 20) MiB") }
      if accepted == 0 { throw NoetherError("\(target.name): not even the valid files were read") }
    }
  }

  /// Whether the reader took the input.
  @discardableResult
  private func feed(_ data: Data, to target: Target, name: String) throws -> Bool {
    Watch.expect(data, name: name, seconds: seconds)
    do {
      try target.read(data)
      return true
    } catch let error as NoetherError {
      if error.message.isEmpty { throw NoetherError("\(name): refused without a word") }
      return false
    } catch {
      try data.write(to: URL(fileURLWithPath: keep))
      throw NoetherError(
        "\(name): no NoetherError but \(type(of: error)): \(error); the input is kept in \(keep)")
    }
  }
}
