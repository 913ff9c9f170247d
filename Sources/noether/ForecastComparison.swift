// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators

/// A forecast by a learned law beside what was measured, and by Kepler's ellipses where all bodies are free to go round; places
/// are those seen from a body that is pinned, or else from the heaviest.
struct ForecastComparison {
  /// The distance of a body from its measured place at one time.
  private struct Row {
    let t: Double
    let body: String
    let error: Double
    /// The measured distance from where places are seen.
    let distance: Double
    let kepler: Double?
  }
  private var rows: [Row] = []
  private let hasOrbits: Bool
  private var names: [String] = []

  /// Integrates `model` from `start`, the last fitted frame, through all later ones.
  init(_ model: HamiltonianModel, measured: MeasuredTrajectory, start: Frame) throws {
    let bodies = measured.bodies
    let central =
      bodies.pinned.firstIndex(of: true)
      ?? bodies.masses.indices.max { bodies.masses[$0] < bodies.masses[$1] } ?? 0
    hasOrbits = !bodies.hasPinned && bodies.dimension > 1
    let later = Array(measured.frames[measured.fitted...])
    let states: [PhaseState]
    do {
      states = try ReferenceTrajectory.states(
        of: model.law(of: bodies), from: start.state, at: ([start] + later).map(\.t),
        diagnosedBy: model.system(of: bodies))
    } catch let failure as IntegrationFailure {
      throw NoetherError("forecast: \(failure.message)")
    }
    func relative(_ x: [Double], _ body: Int, _ masses: Bool = false) -> [Double] {
      (0..<bodies.dimension).map { axis in
        let (own, other) = (x[body * bodies.dimension + axis], x[central * bodies.dimension + axis])
        return masses ? own / bodies.masses[body] - other / bodies.masses[central] : own - other
      }
    }
    let fitted = measured.frames[..<measured.fitted]
    let middle = measured.frames[measured.fitted / 2]
    for body in 0..<bodies.count where body != central && !bodies.pinned[body] {
      let orbit =
        hasOrbits
        ? KeplerOrbit.fitted(
          to: fitted.map { relative($0.state.q, body) }, at: fitted.map { $0.t - middle.t },
          from: (relative(middle.state.q, body), relative(middle.state.p, body, true)),
          gravitation: bodies.masses[central] + bodies.masses[body]) : nil
      names.append(bodies.names[body])
      for (frame, state) in zip(later, states.dropFirst()) {
        let truth = relative(frame.state.q, body)
        rows.append(
          Row(
            t: frame.t, body: bodies.names[body], error: Self.distance(truth, relative(state.q, body)),
            distance: Self.norm(truth),
            kepler: orbit.map { Self.distance(truth, $0.position(after: frame.t - middle.t)) }))
      }
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    norm(zip(a, b).map { $0 - $1 })
  }

  private static func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// forecast.csv: t,body,error,distance and, where there are orbits, kepler_error.
  func write(to path: String) throws {
    let csv = try CSVWriter(
      path, header: ["t", "body", "error", "distance"] + (hasOrbits ? ["kepler_error"] : []))
    for row in rows {
      csv.add(row.t)
      csv.add(row.body)
      csv.add(row.error)
      csv.add(row.distance)
      if hasOrbits { csv.add(row.kepler ?? .nan) }
      try csv.endRow()
    }
    try csv.finish()
  }

  /// Root mean squares over the frames, per body, on stdout: of the errors, of what they are held against, and the quotient.
  func summarise() throws {
    let csv = try CSVWriter(
      nil, header: ["body", "rms_error", hasOrbits ? "rms_kepler_error" : "rms_distance", "quotient"])
    for name in names {
      let own = rows.filter { $0.body == name }
      func rms(_ value: (Row) -> Double) -> Double {
        (own.reduce(0) { $0 + value($1) * value($1) } / Double(own.count)).squareRoot()
      }
      csv.add(name)
      let other = rms { hasOrbits ? $0.kepler ?? .nan : $0.distance }
      csv.add(rms(\.error))
      csv.add(other)
      csv.add(other / rms(\.error))
      try csv.endRow()
    }
    try csv.finish()
  }
}
