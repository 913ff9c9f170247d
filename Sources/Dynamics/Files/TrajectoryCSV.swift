// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Writes trajectory.csv, one row per system, frame and body: `system,step,t,body,m,x[,y[,z]],px[,py[,pz]]`.
public final class TrajectoryCSV {
  private let csv: CSVWriter

  static func header(dimension: Int) -> [String] {
    let axes = Array(["x", "y", "z"].prefix(dimension))
    return ["system", "step", "t", "body", "m"] + axes + axes.map { "p" + $0 }
  }

  /// A file at `path` (nil: the standard output) for systems of `dimension` axes.
  public init(_ path: String?, dimension: Int) throws {
    csv = try CSVWriter(path, header: Self.header(dimension: dimension))
  }

  public func write(_ frame: Frame, of bodies: Bodies, system: Int) throws {
    let d = bodies.dimension
    for body in 0..<bodies.count {
      csv.add(system)
      csv.add(frame.step)
      csv.add(frame.t)
      csv.add(bodies.names[body])
      csv.add(bodies.masses[body])
      for axis in 0..<d { csv.add(frame.state.q[body * d + axis]) }
      for axis in 0..<d { csv.add(frame.state.p[body * d + axis]) }
      try csv.endRow()
    }
  }

  public func finish() throws { try csv.finish() }
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
