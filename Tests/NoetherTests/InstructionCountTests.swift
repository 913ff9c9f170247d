// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

private let canCount: Bool = {
  let probe = "grep -q avx2 /proc/cpuinfo && command -v valgrind && command -v strip"
  return (try? Tool.shell(probe).code) == 0
}()

/// Instructions of small, fixed work, counted by Valgrind's callgrind, which no other program's load can change.
///
/// Every case runs twice, with little work and with more; the difference, per unit of work, leaves out what starting a
/// program costs. Callgrind knows no AVX-512, so the counts are those of the AVX2 kernels. A count above its threshold
/// is a loss of speed to be explained or mended; one far below means that the threshold should follow.
@Suite(
  "Instruction counts", .serialized, .enabled(if: canCount, "needs valgrind and AVX2"))
struct InstructionCountTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    /// What was counted when the threshold was set.
    let instructions: Double
    let (few, many): (Int, Int)
    let arguments: @Sendable (_ amount: Int, _ folder: Tool.Folder) -> [String]
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "a Verlet step of six bodies", instructions: 2430, few: 2000, many: 22_000) { steps, folder in
      [
        "simulate", "outer-solar-system", "--set", "integrator.step=40", "--set", "time.end=\(40 * steps)",
        "--set", "output.every=\(40 * steps)", "--out", folder.file("run\(steps)"),
      ]
    },
    Case(
      name: "an epoch of one chunk, with its validation and its files", instructions: 17_100_000, few: 2,
      many: 8
    ) {
      epochs, folder in
      small(epochs: epochs, folder.file("training\(epochs)"))
    },
    Case(name: "a Verlet step of a learned energy", instructions: 1_190_000, few: 10, many: 110) {
      steps, folder in
      [
        "rollout", folder.file("model"), "--scenario", "springs", "--systems", "1", "--method", "verlet",
        "--steps", "\(steps)", "--step", "1e-3", "--set", "output.frames=2", "--out",
        folder.file("run\(steps)"),
      ]
    },
  ]

  /// A training of `epochs` steps, each of one chunk: width 32, two layers.
  private static func small(epochs: Int, _ path: String) -> [String] {
    [
      "train", "springs-small", "--set", "training.epochs=\(epochs)", "--set", "data.train=1", "--set",
      "data.validation=1", "--set", "training.batch=1", "--save-every", "1e9", "--out", path,
    ]
  }

  @Test("stay below their thresholds", arguments: cases)
  func counts(of work: Case) throws {
    let folder = try Tool.Folder()
    let training = Self.small(epochs: 1, folder.file("model")) + ["--quiet"]
    #expect(try Tool.shell(Self.line("\"$NOETHER\"", training)).code == 0)
    let counts = try [work.few, work.many].map { try Self.count(work.arguments($0, folder)) }
    let each = (counts[1] - counts[0]) / Double(work.many - work.few)
    print("\(work.name): \(Int(each)) instructions")
    #expect(each < 1.15 * work.instructions)
    #expect(each > 0.5 * work.instructions, "lower the threshold")
  }

  private static func line(_ program: String, _ arguments: [String]) -> String {
    ([program] + arguments.map { "'\($0)'" }).joined(separator: " ")
  }

  /// Instructions of one run. Valgrind cannot read the debug information of every compiler: it gets a copy without.
  private static func count(_ arguments: [String]) throws -> Double {
    let folder = try Tool.Folder()
    let program = folder.file("noether")
    let valgrind = "valgrind --tool=callgrind --callgrind-out-file=/dev/null '\(program)'"
    let run = try Tool.shell(
      "strip -o '\(program)' \"$NOETHER\" && "
        + line(valgrind, arguments + ["--quiet", "--threads", "1"]))
    let number = run.errors.split(separator: "\n").first { $0.contains("Collected :") }?
      .split(separator: " ").last
    return try Double(#require(number, "\(run.errors)")) ?? .nan
  }
}
