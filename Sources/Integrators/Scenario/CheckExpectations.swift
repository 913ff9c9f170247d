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
  let returnFrame = try expect.returns.map {
    try plan.frame(at: scenario.time.start + $0.period, key: "expect.period")
  }
  let positionFrames = try expect.positions.map {
    try $0.time.map { try plan.frame(at: $0, key: "expect.position.at") } ?? plan.count - 1
  }
  try expect.check(systems[0].system.bodies)

  let runs = try parallelMap(count: systems.count, threads: threads) { index in
    var run = ObservedRun()
    var frames = 0
    let start = systems[index].initial
    _ = try integrate(
      systems[index].system, from: start, method: method, stepping: stepping,
      compensated: scenario.integrator.compensated, plan: plan
    ) { frame, row in
      run.observe(frame, row)
      if frames == returnFrame {
        run.closure = greatestDistance(frame.state.q, start.q, dimension: scenario.dimension)
      }
      if positionFrames.contains(frames) { run.seen[frames] = frame.state.q }
      frames += 1
    }
    return run
  }

  var checks: [ExpectationCheck] = []
  func checkEnergy(_ name: String, _ H: Double?, _ expected: Double, _ tolerance: Double) {
    guard let H else { return }
    let error = expected == 0 ? H.magnitude : ((H - expected) / expected).magnitude
    checks.append(
      ExpectationCheck(
        statement: "\(name): \(H), which is \(error) off \(expected), at most \(tolerance)",
        passed: error <= tolerance))
  }
  if let energy = expect.energy { checkEnergy("energy", runs[0].H₀, energy, expect.tolerance) }
  if let final = expect.finalEnergy { checkEnergy("final_energy", runs[0].H, final.value, final.tolerance) }
  for (name, bound, drift) in [
    ("max_dH", expect.max_dH, \ObservedRun.dH), ("max_dP", expect.max_dP, \.dP),
    ("max_dL", expect.max_dL, \.dL),
  ] {
    guard let bound else { continue }
    let worst = runs.map { $0[keyPath: drift] }.maximum() ?? .nan
    checks.append(
      ExpectationCheck(statement: "\(name): \(worst), at most \(bound)", passed: worst <= bound))
  }
  for (position, frame) in zip(expect.positions, positionFrames) {
    let d = scenario.dimension
    let x = Array(runs[0].seen[frame]?[position.index * d..<(position.index + 1) * d] ?? [])
    let error = x.isEmpty ? .nan : greatestDistance(x, position.x, dimension: d)
    checks.append(
      ExpectationCheck(
        statement:
          "position of \(position.body) at t = \(plan.time(ofFrame: frame)): \(x), which is \(error) off, "
          + "at most \(position.tolerance)",
        passed: error <= position.tolerance))
  }
  if let returns = expect.returns {
    let worst = runs.map { $0.closure ?? .nan }.maximum() ?? .nan
    checks.append(
      ExpectationCheck(
        statement: "closure: after \(returns.period) every body is within \(worst) of its start, "
          + "at most \(returns.closure)", passed: worst <= returns.closure))
  }
  if let escape = expect.escape, let G = scenario.units.G {
    let bodies = systems[0].system.bodies
    let gone = escaper(of: bodies, at: runs[0].state, G: G)
    checks.append(
      ExpectationCheck(
        statement: "escapes: \(gone.map { bodies.names[$0] } ?? "no body"), expected \(escape.body)",
        passed: gone == escape.index))
  }
  return checks
}

extension Expectations {
  /// Refuses bounds on what these bodies do not have.
  fileprivate func check(_ bodies: Bodies) throws {
    let (P, L) = bodies.momentumNames
    let senseless = [("max_dP", max_dP, P), ("max_dL", max_dL, L)].first { $0.1 != nil && $0.2.isEmpty }
    if let (key, _, _) = senseless {
      throw NoetherError("expect.\(key): these bodies have no such momentum; remove it")
    }
  }
}

/// The body farthest from its nearest neighbour, if it leaves the others for good: if it moves away from their centre of
/// mass, and faster than the escape speed of a point of their mass there.
private func escaper(of bodies: Bodies, at state: PhaseState, G: Double) -> Int? {
  let d = bodies.dimension
  func solitude(_ i: Int) -> Double {
    (0..<bodies.count).filter { $0 != i }.map { j in
      (0..<d).reduce(0) { sum, axis in
        let Δ = state.q[i * d + axis] - state.q[j * d + axis]
        return sum + Δ * Δ
      }
    }.min() ?? 0
  }
  guard let body = (0..<bodies.count).max(by: { solitude($0) < solitude($1) }) else { return nil }
  let others = (0..<bodies.count).filter { $0 != body }
  let M = others.reduce(0) { $0 + bodies.masses[$1] }
  guard M > 0 else { return nil }
  var (square, speed, outward) = (0.0, 0.0, 0.0)
  for axis in 0..<d {
    let x =
      state.q[body * d + axis] - others.reduce(0) { $0 + bodies.masses[$1] * state.q[$1 * d + axis] } / M
    // Test particles have no share in the sum; the momentum of one is its velocity.
    let drift = others.reduce(0) { $0 + (bodies.masses[$1] > 0 ? state.p[$1 * d + axis] : 0) } / M
    let v = state.p[body * d + axis] / bodies.inertias[body] - drift
    square += x * x
    speed += v * v
    outward += x * v
  }
  // v²/2 > μ/r with μ = G (M + m).
  let isUnbound = speed / 2 > G * (M + bodies.masses[body]) / square.squareRoot()
  return outward > 0 && isUnbound ? body : nil
}

/// What the checks need to know of one run.
private struct ObservedRun: Sendable {
  var H₀: Double?
  var dH = 0.0
  var dP = 0.0
  var dL = 0.0
  /// H and the state in the last frame.
  var H = Double.nan
  var state = PhaseState(q: [], p: [])
  /// Positions in the frames that are asked for, by their numbers.
  var seen: [Int: [Double]] = [:]
  var closure: Double?

  mutating func observe(_ frame: Frame, _ row: DiagnosticsRow) {
    if H₀ == nil { H₀ = row.H }
    dH = maximum(dH, row.dH.magnitude)
    dP = maximum(dP, row.dP)
    dL = maximum(dL, row.dL)
    H = row.H
    state = frame.state
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
  fileprivate func frame(at t: Double, key: String) throws -> Int {
    let length = (end - start).magnitude
    let nearest =
      (0..<count).min { (time(ofFrame: $0) - t).magnitude < (time(ofFrame: $1) - t).magnitude } ?? 0
    guard (time(ofFrame: nearest) - t).magnitude <= 1e-9 * length else {
      throw NoetherError(
        "\(key): no frame is kept at \(t), the nearest is at \(time(ofFrame: nearest)); "
          + "choose output so that one is")
    }
    return nearest
  }
}
