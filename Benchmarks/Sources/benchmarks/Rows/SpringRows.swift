// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators

/// The published data: 10 000 systems of six bodies joined by springs, 500 points to t = 5, states kept in memory.
///
/// Milliseconds are those of one system: the time of all, on all cores, divided by their number. `max_error` is the
/// largest error of any of the 24 numbers of a state at any of the 500 points of the first 1000 systems.
extension Row {
  static let springsRK4 = Row(
    name: "springs_rk4", groups: [.simulation],
    summary: "one of 10 000 spring systems, 500 points, by rk4-38 with one step of 5/499 per point"
  ) { bench in
    bench.report(try springs("springs_rk4", "rk4-38", .fixed(step: PublishedProblem.step), bench))
  }

  static let springsNystrom = Row(
    name: "springs_nystrom", groups: [.simulation],
    summary: "the same by nystrom4, which errs less with three forces per step than rk4-38 with four"
  ) { bench in
    bench.report(try springs("springs_nystrom", "nystrom4", .fixed(step: PublishedProblem.step), bench))
  }

  static let springsRK8PD = Row(
    name: "springs_rk8pd", groups: [.simulation],
    summary: "the same by gsl-rk8pd at a tolerance of 1e-9"
  ) { bench in
    bench.report(try springs("springs_rk8pd", "gsl-rk8pd", .adaptive(tolerance: 1e-9), bench))
  }
}

private func springs(_ row: String, _ name: String, _ stepping: Stepping, _ bench: Bench) throws -> Line {
  let systems = try Bench.scenario("springs").systems(count: 10_000)
  if let folder = bench.options.starts { try write(systems, to: folder) }
  let method = try IntegrationMethods.named(name)
  var found: [[Double]] = []
  let times = try bench.time(atLeast: 1, warmUp: false) {
    found = []
    found = try states(of: systems, method, stepping, threads: bench.threads)
  }
  let first = Array(systems.prefix(1000))
  let truth = try states(
    of: first, IntegrationMethods.named("gsl-rk8pd"), .adaptive(tolerance: 1e-13), threads: bench.threads)
  let errors = zip(found, truth).flatMap { zip($0, $1).map { ($0 - $1).magnitude } }
  var line = Line(row, batch: systems.count, times.perPart(of: systems.count))
  line["threads"] = bench.threads
  line["method"] = name
  if case .adaptive(let tolerance) = stepping { line["tolerance"] = tolerance }
  line["max_error"] = errors.max()
  line["rms_error"] = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
  return line
}

/// The states of each system at its 500 points, q before p.
private func states(
  of systems: [ScenarioSystem], _ method: IntegrationMethod, _ stepping: Stepping, threads: Int
) throws -> [[Double]] {
  let plan =
    switch stepping {
    case .fixed(let step): try FramePlan(start: 0, steps: 499, step: step, frames: 500)
    case .adaptive: try FramePlan(start: 0, end: 5, frames: 500, stepping: stepping)
    }
  return try parallelMap(count: systems.count, threads: threads) { index in
    let system = systems[index]
    var states: [Double] = []
    states.reserveCapacity(500 * 2 * system.initial.q.count)
    _ = try integrate(
      system.system, from: system.initial, method: method, stepping: stepping, plan: plan
    ) { frame, _ in
      states += frame.state.q
      states += frame.state.p
    }
    return states
  }
}

/// What the peers start from: `start_z.npy` [systems × 24], q before p, and `start_sysp.npy` [systems × 6 × 2], m and k.
private func write(_ systems: [ScenarioSystem], to folder: String) throws {
  let states = systems.flatMap { $0.initial.q + $0.initial.p }
  let features = systems.flatMap { $0.system.features.flatMap { $0 } }
  for (name, array) in [
    ("start_z", NPYArray(shape: [systems.count, states.count / systems.count], states)),
    ("start_sysp", NPYArray(shape: [systems.count, features.count / systems.count / 2, 2], features)),
  ] {
    try array.data.write(to: URL(fileURLWithPath: folder).appendingPathComponent(name + ".npy"))
  }
}
