// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes events.csv, one row per event and body: `system,event,kind,of,step,t,body,m,x,y[,z],px,py[,pz]`.
///
/// `event` counts those of a system from 1, `of` names the body or the two bodies that it happened to.
public final class EventsCSV {
  private let csv: CSVWriter

  /// A file at `path` for systems of `dimension` axes.
  public init(_ path: String, dimension: Int) throws {
    csv = try CSVWriter(
      path, header: ["system", "event", "kind", "of"] + CSVWriter.stateColumns(dimension: dimension))
  }

  public func write(_ event: Event, number: Int, of bodies: Bodies, system: Int) throws {
    let frame = Frame(step: event.step, t: event.t, state: event.state)
    for body in 0..<bodies.count {
      csv.add(system)
      csv.add(number)
      csv.add(event.kind.rawValue)
      csv.add(event.bodies.map { bodies.names[$0] }.joined(separator: " "))
      csv.add(frame, of: body, in: bodies)
      try csv.endRow()
    }
  }

  public func finish() throws { try csv.finish() }
}
