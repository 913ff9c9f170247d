// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One statement of an `expect` block, held against a run.
public struct ExpectationCheck: Sendable, Equatable, CustomStringConvertible {
  /// "max_dH: 1.96e-3, at most 2e-3".
  public var statement: String
  public var passed: Bool

  public var description: String { (passed ? "passed  " : "FAILED  ") + statement }
}

/// Runs `scenario` exactly as its file has it, all its systems, and tests its `expect` block.
///
/// Energies are those of the first system; bounds hold for every row of every system. Throws where the run
/// itself fails. A scenario without the block gives no checks.
public func checkExpectations(of scenario: Scenario, threads: Int = 1) throws -> [ExpectationCheck] {
  guard let expect = scenario.expect else { return [] }
  let stepping = scenario.integrator.stepping
  let method = try scenario.integrator.integrationMethod
  let plan = try FramePlan(scenario, stepping: stepping)
  let systems = try scenario.systems()
  let returnFrame = try expect.returns.map { [plan] in
    // Backward in time, the round is too.
    try plan.frame(at: plan.start + Double(signOf: plan.end - plan.start, magnitudeOf: $0.period))
  }

  let runs = try parallelMap(count: systems.count, threads: threads) { index in
    var run = ObservedRun()
    var frames = 0
    let start = systems[index].initial
    _ = try integrate(
      systems[index].system, from: start, method: method, stepping: stepping,
      compensated: scenario.integrator.compensated, plan: plan, events: scenario.events
    ) { frame, row in
      run.observe(frame, row)
      if frames == returnFrame {
        run.closure = greatestDistance(frame.state.q, start.q, dimension: scenario.dimension)
      }
      frames += 1
    }
    return run
  }

  var checks: [ExpectationCheck] = []
  if let energy = expect.energy, let H = runs[0].H₀ {
    let error = energy == 0 ? H.magnitude : ((H - energy) / energy).magnitude
    checks.append(
      ExpectationCheck(
        statement: "energy: \(H), which is \(error) off \(energy), at most \(expect.tolerance)",
        passed: error <= expect.tolerance))
  }
  for (name, bound, drift) in [
    ("max_dH", expect.max_dH, \ObservedRun.dH), ("max_dP", expect.max_dP, \.dP),
    ("max_dL", expect.max_dL, \.dL),
  ] {
    guard let bound else { continue }
    let worst = runs.map { $0[keyPath: drift] }.maximum() ?? .nan
    checks.append(
      ExpectationCheck(statement: "\(name): \(worst), at most \(bound)", passed: worst <= bound))
  }
  if let position = expect.position {
    let d = scenario.dimension
    let x = Array(runs[0].q[position.index * d..<(position.index + 1) * d])
    let error = greatestDistance(x, position.x, dimension: d)
    checks.append(
      ExpectationCheck(
        statement: "position of \(position.body): \(x), which is \(error) off, at most \(position.tolerance)",
        passed: error <= position.tolerance))
  }
  if let returns = expect.returns {
    let worst = runs.map { $0.closure ?? .nan }.maximum() ?? .nan
    checks.append(
      ExpectationCheck(
        statement: "closure: after \(returns.period) every body is within \(worst) of its start, "
          + "at most \(returns.closure)", passed: worst <= returns.closure))
  }
  return checks
}

/// What the checks need to know of one run.
private struct ObservedRun: Sendable {
  var H₀: Double?
  var dH = 0.0
  var dP = 0.0
  var dL = 0.0
  /// Positions in the last frame.
  var q: [Double] = []
  var closure: Double?

  mutating func observe(_ frame: Frame, _ row: DiagnosticsRow) {
    if H₀ == nil { H₀ = row.H }
    dH = maximum(dH, row.dH.magnitude)
    dP = maximum(dP, row.dP)
    dL = maximum(dL, row.dL)
    q = frame.state.q
  }
}

/// The largest |aᵢ − bᵢ| over the bodies.
private func greatestDistance(_ a: [Double], _ b: [Double], dimension: Int) -> Double {
  var greatest = 0.0
  for body in 0..<a.count / dimension {
    var square = 0.0
    for axis in body * dimension..<(body + 1) * dimension {
      square += (a[axis] - b[axis]) * (a[axis] - b[axis])
    }
    greatest = maximum(greatest, square.squareRoot())
  }
  return greatest
}

extension FramePlan {
  /// The number of the frame at time `t`.
  fileprivate func frame(at t: Double) throws -> Int {
    let length = (end - start).magnitude
    let nearest =
      (0..<count).min { (time(ofFrame: $0) - t).magnitude < (time(ofFrame: $1) - t).magnitude } ?? 0
    guard (time(ofFrame: nearest) - t).magnitude <= 1e-9 * length else {
      throw NoetherError(
        "expect.period: no frame is kept at \(t), the nearest is at \(time(ofFrame: nearest)); "
          + "choose output so that one is")
    }
    return nearest
  }
}
