// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Writes trajectory.csv, one row per system, frame and body: `system,step,t,body,m,x[,y[,z]],px[,py[,pz]]`.
public final class TrajectoryCSV {
  private let csv: CSVWriter

  static func header(dimension: Int) -> [String] {
    ["system"] + CSVWriter.stateColumns(dimension: dimension)
  }

  /// A file at `path` (nil: the standard output) for systems of `dimension` axes.
  public init(_ path: String?, dimension: Int) throws {
    csv = try CSVWriter(path, header: Self.header(dimension: dimension))
  }

  public func write(_ frame: Frame, of bodies: Bodies, system: Int) throws {
    for body in 0..<bodies.count {
      csv.add(system)
      csv.add(frame, of: body, in: bodies)
      try csv.endRow()
    }
  }

  public func finish() throws { try csv.finish() }
}

extension CSVWriter {
  /// The columns that `add(_:of:in:)` fills.
  static func stateColumns(dimension: Int) -> [String] {
    let axes = Array(["x", "y", "z"].prefix(dimension))
    return ["step", "t", "body", "m"] + axes + axes.map { "p" + $0 }
  }

  /// Where one body is in a frame.
  func add(_ frame: Frame, of body: Int, in bodies: Bodies) {
    let d = bodies.dimension
    add(frame.step)
    add(frame.t)
    add(bodies.names[body])
    add(bodies.masses[body])
    for axis in 0..<d { add(frame.state.q[body * d + axis]) }
    for axis in 0..<d { add(frame.state.p[body * d + axis]) }
  }
}

extension TrajectorySet {
  /// Writes every trajectory as trajectory.csv.
  public func writeCSV(to path: String) throws {
    guard let dimension = members.first?.bodies.dimension else {
      throw NoetherError("\(path): there is no trajectory to write")
    }
    let csv = try TrajectoryCSV(path, dimension: dimension)
    for member in members {
      for frame in member.frames { try csv.write(frame, of: member.bodies, system: member.index) }
    }
    try csv.finish()
  }
}
