// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes events.csv, one row per event and body: `system,event,kind,of,step,t,body,m,x,y[,z],px,py[,pz]`.
///
/// `event` counts those of a system from 1, `of` names the body or the two bodies that it happened to.
public final class EventsCSV {
  private let csv: CSVWriter

  /// A file at `path` for systems of `dimension` axes.
  public init(_ path: String, dimension: Int) throws {
    let axes = Array(["x", "y", "z"].prefix(dimension))
    csv = try CSVWriter(
      path,
      header: ["system", "event", "kind", "of", "step", "t", "body", "m"] + axes + axes.map { "p" + $0 })
  }

  public func write(_ event: Event, number: Int, of bodies: Bodies, system: Int) throws {
    let d = bodies.dimension
    for body in 0..<bodies.count {
      csv.add(system)
      csv.add(number)
      csv.add(event.kind.rawValue)
      csv.add(event.bodies.map { bodies.names[$0] }.joined(separator: " "))
      csv.add(event.step)
      csv.add(event.t)
      csv.add(bodies.names[body])
      csv.add(bodies.masses[body])
      for axis in 0..<d { csv.add(event.state.q[body * d + axis]) }
      for axis in 0..<d { csv.add(event.state.p[body * d + axis]) }
      try csv.endRow()
    }
  }

  public func finish() throws { try csv.finish() }
}
