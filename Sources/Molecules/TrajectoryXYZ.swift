// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Trajectories in the extended XYZ format, which OVITO and ASE open: a frame per system and time,
///
///     Properties=species:S:1:pos:R:3:velo:R:3:mass:R:1:momenta:R:3[:name:S:1] Time=… step=… system=… dimension=… pbc="F F F"
///
/// Coordinates that a line or a plane lacks are 0. `species` is the element of an atom, by its nuclear charge or by the name of a
/// body in space ("C1"), else X;
/// `velo` is p/m, and 0 of a pinned body; `momenta` are p, so that nothing is rounded on the way back. `name` stands there where bodies
/// have other names than their numbers.
public enum TrajectoryXYZ {
  /// Every frame of every system. Throws where positions are angles.
  public static func write(_ set: TrajectorySet, to path: String) throws {
    if set.members.contains(where: { $0.bodies.coordinatesKind == .angles }) {
      throw NoetherError(
        "\(path): the positions are angles, which are no places; convert to .csv or .npz instead")
    }
    var text = Data()
    for member in set.members {
      let frames = FrameText(of: member)
      for frame in member.frames {
        text.append(contentsOf: frames.text(of: frame, system: member.index).utf8)
      }
    }
    try writeAtomically(text, to: path)
  }

  /// The trajectories of a file, which may be anyone's: a second line needs `Time=`, atoms need `velo:R:3` (or `vel`, `velocities`)
  /// or `momenta:R:3`, and `mass:R:1` (or `masses`) unless they are elements, whose masses are in daltons.
  public static func read(_ path: String) throws -> TrajectorySet {
    try parse(readUnpacked(path, limit: ExtendedXYZ.mostBytes), name: path)
  }

  /// The atomic numbers of the elements that bodies in space are named after ("C1"); empty unless all of them are.
  public static func nuclearCharges(namedBy bodies: Bodies) -> [Int] {
    guard bodies.dimension == 3 else { return [] }
    let elements = bodies.names.compactMap(element(named:))
    return elements.count == bodies.count ? elements.map(\.number) : []
  }

  /// Those of the elements `species`; empty unless all of them are elements.
  private static func nuclearCharges(of species: [String]) -> [Int] {
    let elements = species.compactMap(Element.init(symbol:))
    return elements.count == species.count ? elements.map(\.number) : []
  }

  fileprivate static func element(named name: String) -> Element? {
    Element(symbol: String(name.prefix { !$0.isNumber }))
  }

  static func parse(_ data: Data, name: String) throws -> TrajectorySet {
    var members: [TrajectorySet.Member] = []
    try ExtendedXYZ.forEachFrame(of: data, name: name) { count, comment, lines in
      let start = lines
      let table = try AtomTable(count, comment, &lines) { word, _ in String(word) }
      let frame = try XYZFrame(table, start)
      if let index = members.firstIndex(where: { $0.index == frame.system }) {
        let first = members[index]
        guard first.bodies == frame.bodies else {
          throw start.error(
            "other bodies than in the first frame; every frame has the same in the same order")
        }
        if first.frames.last?.t == frame.t {
          throw start.error("a second frame at Time=\(frame.t); remove one")
        }
        members[index].frames.append(frame.frame(number: first.frames.count))
      } else {
        members.append(
          TrajectorySet.Member(
            index: frame.system, bodies: frame.bodies, parameters: .unknown, frames: [frame.frame(number: 0)],
            nuclearCharges: nuclearCharges(of: table.species)))
      }
    }
    let set = TrajectorySet(members: members)
    _ = try set.times(for: name)
    return set
  }
}

extension TrajectorySet {
  /// The same with atoms that have no names called after their elements: C1, H2, ….
  public var namedAfterElements: TrajectorySet {
    var set = self
    for (index, member) in members.enumerated() where member.bodies.areNumbered {
      let symbols = member.nuclearCharges.compactMap { Element(number: $0)?.symbol }
      guard symbols.count == member.bodies.count else { continue }
      let named = Bodies(
        dimension: member.bodies.dimension, names: symbols.enumerated().map { "\($1)\($0 + 1)" },
        masses: member.bodies.masses, pinned: member.bodies.pinned)
      set.members[index].bodies = member.bodies.named(like: named)
    }
    return set
  }
}

/// Writes the frames of some bodies.
private struct FrameText {
  let bodies: Bodies
  let inverse: [Double]
  /// What each atom's line begins and ends with.
  let species: [String]
  let ends: [String]
  let properties: String

  init(of member: TrajectorySet.Member) {
    let bodies = member.bodies
    self.bodies = bodies
    inverse = bodies.inverseMasses
    let charges = member.nuclearCharges
    species = bodies.names.enumerated().map { index, name in
      if charges.count == bodies.count { return Element(number: charges[index])?.symbol ?? "X" }
      return bodies.dimension == 3 ? TrajectoryXYZ.element(named: name)?.symbol ?? "X" : "X"
    }
    let isNamed = !bodies.areNumbered
    // Blanks part columns.
    ends = bodies.names.map { isNamed ? " " + $0.map { $0.isWhitespace ? "_" : String($0) }.joined() : "" }
    properties =
      "Properties=species:S:1:pos:R:3:velo:R:3:mass:R:1:momenta:R:3" + (isNamed ? ":name:S:1" : "")
  }

  func text(of frame: Frame, system: Int) -> String {
    var text =
      "\(bodies.count)\n\(properties) Time=\(frame.t) step=\(frame.step) system=\(system) "
      + "dimension=\(bodies.dimension) pbc=\"F F F\"\n"
    for body in 0..<bodies.count {
      func vector(_ entry: (Int) -> Double) -> String {
        (0..<3).map { axis in
          axis < bodies.dimension ? "\(entry(body * bodies.dimension + axis))" : "0.0"
        }.joined(separator: " ")
      }
      let state = frame.state
      text +=
        "\(species[body]) \(vector { state.q[$0] }) \(vector { inverse[$0] * state.p[$0] }) "
        + "\(bodies.masses[body]) \(vector { state.p[$0] })\(ends[body])\n"
    }
    return text
  }
}

/// A frame as a trajectory has it.
private struct XYZFrame {
  let system: Int
  let t: Double
  let bodies: Bodies
  private let step: Int?
  private let state: PhaseState

  func frame(number: Int) -> Frame { Frame(step: step ?? number, t: t, state: state) }

  /// `lines` stand on the second line of the frame.
  init(_ table: AtomTable<String>, _ lines: Lines) throws {
    func whole(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
      guard let text = table.comment[key] else { return nil }
      guard let value = Int(text), range.contains(value) else {
        throw lines.error("\(key)=\(text.shortened): a whole number from \(range.lowerBound) is due")
      }
      return value
    }
    guard let time = table.comment["Time"] ?? table.comment["time"] else {
      throw lines.error(
        "no Time=…, which says when the atoms are there; add it to the second line of each frame")
    }
    t = try lines.number(time[...])
    system = try whole("system", 0...Int.max) ?? 0
    step = try whole("step", 0...Int.max)
    let dimension = try whole("dimension", 1...3) ?? 3
    let n = table.species.count
    let masses = try Self.masses(table, lines)
    let q = try Self.cut(table.positions, to: dimension, "pos", lines)
    if let momenta = table.columns["momenta"], momenta.count == 3 * n {
      state = PhaseState(q: q, p: try Self.cut(momenta, to: dimension, "momenta", lines))
    } else {
      let names = ["velo", "vel", "velocities", "velocity"]
      guard let name = names.first(where: { table.columns[$0]?.count == 3 * n }),
        let velocities = table.columns[name]
      else {
        throw lines.error("Properties: no columns velo:R:3 or momenta:R:3, which say how the atoms move")
      }
      // p = mv; of a test particle, its velocity.
      let v = try Self.cut(velocities, to: dimension, name, lines)
      let p = v.indices.map { masses[$0 / dimension] == 0 ? v[$0] : masses[$0 / dimension] * v[$0] }
      state = PhaseState(q: q, p: p)
    }
    bodies = Bodies(
      dimension: dimension, names: Self.names(table), masses: masses,
      pinned: Array(repeating: false, count: n))
  }

  /// The masses in the file, or else those of the elements, in daltons.
  private static func masses(_ table: AtomTable<String>, _ lines: Lines) throws -> [Double] {
    let n = table.species.count
    if let masses = table.columns["mass"] ?? table.columns["masses"], masses.count == n {
      guard masses.allSatisfy({ $0 >= 0 }) else {
        throw lines.error("a mass below 0; it must be at least 0")
      }
      return masses
    }
    return try table.species.map { species in
      guard let element = Element(symbol: species) else {
        throw lines.error(
          "'\(species.shortened)' is no element, whose mass would be known; add a column mass:R:1")
      }
      return element.mass
    }
  }

  /// The names in the file; else species with numbers; numbers alone where the species is X, which is none.
  private static func names(_ table: AtomTable<String>) -> [String] {
    if !table.names.isEmpty { return table.names }
    return table.species.enumerated().map { ($1 == "X" ? "" : $1) + String($0 + 1) }
  }

  /// The first `dimension` of every three numbers; the others must be 0.
  private static func cut(
    _ numbers: [Double], to dimension: Int, _ name: String, _ lines: Lines
  ) throws -> [Double] {
    if let k = numbers.indices.first(where: { $0 % 3 >= dimension && numbers[$0] != 0 }) {
      throw lines.error(
        "\(name): atom \(k / 3 + 1) leaves the \(dimension) dimension\(dimension == 1 ? "" : "s") of this frame: "
          + "\(numbers[k]) where 0 is due")
    }
    return numbers.indices.filter { $0 % 3 < dimension }.map { numbers[$0] }
  }
}
