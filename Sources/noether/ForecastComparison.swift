// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators

/// A forecast by a learned law and by Kepler's ellipses, beside what was measured; places are those seen from the heaviest
/// body.
struct ForecastComparison {
  /// The distance of a body from its measured place at one time.
  private struct Row {
    let t: Double
    let body: String
    let error: Double
    let kepler: Double
  }
  private var rows: [Row] = []
  private var names: [String] = []

  /// Integrates `model` from `start`, the last fitted frame, through all later ones.
  init(_ model: HamiltonianModel, measured: MeasuredTrajectory, start: Frame) throws {
    let bodies = measured.bodies
    let central = bodies.masses.indices.max { bodies.masses[$0] < bodies.masses[$1] } ?? 0
    let later = Array(measured.frames[measured.fitted...])
    let states: [PhaseState]
    do {
      states = try ReferenceTrajectory.states(
        of: model.system(of: bodies), from: start.state, at: ([start] + later).map(\.t))
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
    for body in 0..<bodies.count where body != central {
      let orbit = KeplerOrbit.fitted(
        to: fitted.map { relative($0.state.q, body) }, at: fitted.map { $0.t - middle.t },
        from: (relative(middle.state.q, body), relative(middle.state.p, body, true)),
        gravitation: bodies.masses[central] + bodies.masses[body])
      names.append(bodies.names[body])
      for (frame, state) in zip(later, states.dropFirst()) {
        let truth = relative(frame.state.q, body)
        rows.append(
          Row(
            t: frame.t, body: bodies.names[body], error: Self.distance(truth, relative(state.q, body)),
            kepler: orbit.map { Self.distance(truth, $0.position(after: frame.t - middle.t)) } ?? .nan))
      }
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// forecast.csv: t,body,error,kepler_error.
  func write(to path: String) throws {
    let csv = try CSVWriter(path, header: ["t", "body", "error", "kepler_error"])
    for row in rows {
      csv.add(row.t)
      csv.add(row.body)
      csv.add(row.error)
      csv.add(row.kepler)
      try csv.endRow()
    }
    try csv.finish()
  }

  /// Root mean squares over the frames, per body, on stdout.
  func summarise() throws {
    let csv = try CSVWriter(nil, header: ["body", "rms_error", "rms_kepler_error", "quotient"])
    for name in names {
      let own = rows.filter { $0.body == name }
      func rms(_ value: (Row) -> Double) -> Double {
        (own.reduce(0) { $0 + value($1) * value($1) } / Double(own.count)).squareRoot()
      }
      csv.add(name)
      csv.add(rms(\.error))
      csv.add(rms(\.kepler))
      csv.add(rms(\.kepler) / rms(\.error))
      try csv.endRow()
    }
    try csv.finish()
  }
}
