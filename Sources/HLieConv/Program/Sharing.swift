// SPDX-License-Identifier: GPL-3.0-or-later

/// Which parts of a tensor the members of a team write.
///
/// Products of the few nodes of one system are divided by columns, so that each member streams its own part of the
/// weights through its own cache; what belongs to pairs by rows, which no weights are worth. A number is made in the
/// same way whoever makes it, so that the bits do not depend on the size of the team.
enum Division: Equatable {
  /// All of it by the first member.
  case alone
  /// The pairs of consecutive nodes.
  case rows
  /// Columns of each of so many equal blocks.
  case columns(blocks: Int)
}

extension Rows {
  /// How layers divide tensors with such rows.
  var division: Division { self == .pair ? .rows : .columns(blocks: 1) }
}

/// How the members of a team share the passes `forward` and `reverse` of an operation.
struct Sharing {
  var output = Division.alone
  /// For each input: the division under which a member's part of y needs no other part of that input than the member's
  /// own; nil if it needs all of it.
  var reads: [Division?]
  /// The same for the parts of ȳ that `reverse` reads.
  var readsCotangent: Division? = .alone
  /// For each input: who writes its cotangent.
  var cotangents: [Division]

  /// All by the first member.
  static func alone(inputs: Int) -> Sharing {
    Sharing(
      reads: Array(repeating: .alone, count: inputs), cotangents: Array(repeating: .alone, count: inputs))
  }
}

/// A member's part of the work.
struct Share {
  let index: Int
  let count: Int

  static let whole = Share(index: 0, count: 1)

  /// The member's part of `0..<n`, cut at multiples of `grain`.
  func part(of n: Int, grain: Int) -> Range<Int> {
    let grains = (n + grain - 1) / grain
    func cut(_ member: Int) -> Int { min(n, (member * grains + count - 1) / count * grain) }
    return cut(index)..<cut(index + 1)
  }
}

/// Calls `body` for the runs of numbers that some rows and columns of a row-major matrix make up: one where the rows are
/// whole.
func forEachRun(
  _ rows: Range<Int>, _ columns: Range<Int>, width: Int, _ body: (_ at: Int, _ count: Int) -> Void
) {
  if columns.count == width {
    body(rows.lowerBound * width, rows.count * width)
  } else {
    for row in rows { body(row * width + columns.lowerBound, columns.count) }
  }
}

/// The order of a force's operations, and where the members of a team wait for each other.
///
/// An operation begins without waiting if what it reads was written by the same member, or before all had met the last
/// time. Forward and reverse passes each begin with all that came before in place, but for the cotangent of the output,
/// which the first member has just written.
struct TeamPlan: Sendable {
  struct Step {
    /// Of the program's operations.
    let operation: Int
    /// All members are to meet before.
    let waits: Bool
    /// The first member does all of it.
    let isAlone: Bool
  }
  private(set) var forward: [Step] = []
  private(set) var reverse: [Step] = []

  private struct Write {
    let division: Division
    let order: Int
  }

  init(_ program: Program) {
    let dynamic = program.dynamicOperations

    var written: [TensorID: Write] = [:]
    var met = -1
    func isOpen(_ tensor: TensorID, _ division: Division?) -> Bool {
      written[tensor].map { $0.order > met && $0.division != division } ?? false
    }
    for (order, k) in dynamic.enumerated() {
      let (operation, sharing) = (program.operations[k], program.operations[k].sharing(in: program))
      let waits = zip(operation.inputs, sharing.reads).contains { isOpen($0, $1) }
      if waits { met = order - 1 }
      written[operation.output] = Write(division: sharing.output, order: order)
      forward.append(Step(operation: k, waits: waits, isAlone: sharing.output == .alone))
    }

    written = [program.output: Write(division: .alone, order: -1)]
    met = -2
    for (order, k) in dynamic.reversed().enumerated() {
      let (operation, sharing) = (program.operations[k], program.operations[k].sharing(in: program))
      let inputs = Array(zip(operation.inputs, sharing.cotangents))
      let waits =
        isOpen(operation.output, sharing.readsCotangent) || inputs.contains { isOpen($0, $1) }
      if waits { met = order - 1 }
      for (input, division) in inputs { written[input] = Write(division: division, order: order) }
      let isAlone = sharing.cotangents.allSatisfy { $0 == .alone }
      reverse.append(Step(operation: k, waits: waits, isAlone: isAlone))
    }
  }
}
