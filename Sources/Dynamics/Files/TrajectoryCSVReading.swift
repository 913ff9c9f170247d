// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

extension TrajectorySet {
  /// The trajectories of a trajectory.csv or trajectory.npz, which must be whole.
  public static func read(_ path: String) throws -> TrajectorySet {
    let (set, damage) = try recover(path)
    if let damage { throw damage }
    return set
  }

  /// The same, and where a table is cut short by its end, as a copy that was broken off leaves it, what is whole before: without the last
  /// frame, or without a last system that has no whole frame. `damage` is what `read` would throw.
  public static func recover(_ path: String) throws -> (set: TrajectorySet, damage: NoetherError?) {
    let data = try readFile(path, limit: 1 << 33)
    // Every ZIP archive begins with these two letters.
    if data.starts(with: Data("PK".utf8)) {
      return (try TrajectorySet(arrays: NPZ.read(data, name: path), name: path), nil)
    }
    return try recover(csv: data, name: path)
  }

  /// The trajectories in the bytes of a trajectory.csv: columns as `TrajectoryCSV` writes them, in any order, the
  /// bodies of a frame in rows that follow each other.
  package init(csv data: Data, name: String) throws {
    let (set, damage) = try Self.recover(csv: data, name: name)
    if let damage { throw damage }
    self = set
  }

  private static func recover(csv data: Data, name: String) throws -> (TrajectorySet, NoetherError?) {
    var rows = try CSVRows(data, name: name, allowsCut: true)
    let columns = try Columns(rows)
    var builders: [Int: Builder] = [:]
    var order: [Int] = []
    var last: Int?
    while let row = try rows.next() {
      let system = try columns.integer(columns.system, of: row, rows)
      if builders[system] == nil { order.append(system) }
      try builders[system, default: Builder()].add(row, columns, rows)
      last = system
    }
    var damage = rows.cut
    if let last, let first = order.first {
      let lacking = builders[last]?.removeCutFrame()
      damage = damage ?? lacking.map { NoetherError("\(name): system \(last): truncated: \($0)") }
      // Where a second frame began, or another system, the first is whole. Else of a row cut short nobody knows which frame it is of: the
      // other systems tell whether bodies were to come, and of a system alone nothing does.
      if lacking == nil, damage != nil, let builder = builders[last], builder.frames.count == 1,
        order.count == 1 || builder.names.count < builders[first]?.names.count ?? 0
      {
        builders[last] = nil
      }
    }
    let members = try order.compactMap {
      try builders[$0]?.member($0, dimension: columns.dimension, name: name)
    }
    if members.isEmpty { throw damage ?? NoetherError("\(name): there is no trajectory in it") }
    let set = TrajectorySet(members: members)
    _ = try set.times(for: name)
    return (set, damage)
  }

  /// Where each column stands.
  private struct Columns {
    var dimension: Int
    var system: Int
    var step: Int
    var t: Int
    var body: Int
    var m: Int
    var q: [Int]
    var p: [Int]

    init(_ rows: CSVRows) throws {
      let header = rows.header
      dimension =
        header.contains { ["z", "pz"].contains($0) }
        ? 3 : header.contains { ["y", "py"].contains($0) } ? 2 : 1
      let expected = TrajectoryCSV.header(dimension: dimension)
      func column(_ name: String) throws -> Int {
        if let index = header.firstIndex(of: name) { return index }
        throw rows.error(
          "there is no column '\(name)'; a trajectory has " + expected.joined(separator: ","))
      }
      system = try column("system")
      step = try column("step")
      t = try column("t")
      body = try column("body")
      m = try column("m")
      q = try expected[5..<5 + dimension].map(column)
      p = try expected[(5 + dimension)...].map(column)
    }

    func number(_ column: Int, of row: [String], _ rows: CSVRows) throws -> Double {
      guard let value = Double(row[column]), value.isFinite else {
        throw rows.error("\(rows.header[column]): '\(row[column])' is not a finite number")
      }
      return value
    }

    func integer(_ column: Int, of row: [String], _ rows: CSVRows) throws -> Int {
      guard let value = Int(row[column]), value >= 0 else {
        throw rows.error("\(rows.header[column]): '\(row[column])' is not a whole number from 0")
      }
      return value
    }
  }

  /// One system, as its rows come in.
  private struct Builder {
    var names: [String] = []
    private var known = Set<String>()
    var masses: [Double] = []
    var frames: [Frame] = []
    /// How many bodies of the last frame have come.
    var filled = 0

    mutating func add(_ row: [String], _ columns: Columns, _ rows: CSVRows) throws {
      let step = try columns.integer(columns.step, of: row, rows)
      let t = try columns.number(columns.t, of: row, rows)
      let body = row[columns.body]
      let m = try columns.number(columns.m, of: row, rows)
      let isFirstFrame = frames.count <= 1
      if frames.isEmpty || (frames.count == 1 ? known.contains(body) : filled == names.count) {
        if let last = frames.last, t == last.t {
          throw rows.error("body: '\(body)' comes twice at t = \(t); remove one")
        }
        frames.append(Frame(step: step, t: t, state: PhaseState(q: [], p: [])))
        filled = 0
      }
      let index = frames.count - 1
      guard frames[index].step == step, frames[index].t == t else {
        throw rows.error(
          "a frame at t = \(t) begins, but the one at \(frames[index].t) has \(filled) bodies of \(names.count)"
        )
      }
      if isFirstFrame, index == 0 {
        guard m >= 0 else {
          throw rows.error("m: '\(row[columns.m])' is not a mass; it must be at least 0")
        }
        names.append(body)
        known.insert(body)
        masses.append(m)
      } else if names[filled] != body || masses[filled] != m {
        throw rows.error(
          "body: '\(body)' of mass \(m) where '\(names[filled])' of mass \(masses[filled]) is due; "
            + "every frame has the same bodies in the same order")
      }
      for column in columns.q { frames[index].state.q.append(try columns.number(column, of: row, rows)) }
      for column in columns.p { frames[index].state.p.append(try columns.number(column, of: row, rows)) }
      filled += 1
    }

    /// Removes a last frame that lacks bodies, and says how many.
    mutating func removeCutFrame() -> String? {
      guard filled != names.count, let last = frames.popLast() else { return nil }
      let words = "the frame at t = \(last.t) has \(filled) bodies of \(names.count)"
      filled = names.count
      return words
    }

    func member(_ index: Int, dimension: Int, name: String) throws -> Member {
      if filled != names.count, let last = frames.last {
        throw NoetherError(
          "\(name): system \(index): truncated: the frame at t = \(last.t) has \(filled) bodies of \(names.count)"
        )
      }
      let bodies = Bodies(
        dimension: dimension, names: names, masses: masses,
        pinned: Array(repeating: false, count: names.count))
      return Member(index: index, bodies: bodies, parameters: .unknown, frames: frames)
    }
  }
}
