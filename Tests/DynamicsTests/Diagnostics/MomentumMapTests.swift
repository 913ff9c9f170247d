// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import TestSupport
import Testing

/// A state of three bodies whose numbers have nothing to do with each other.
private func someState(dimension: Int) -> PhaseState {
  var random = SeededGenerator(seed: 5)
  return PhaseState(
    q: (0..<3 * dimension).map { _ in random.uniform(-2, 2) },
    p: (0..<3 * dimension).map { _ in random.uniform(-2, 2) })
}

/// The momentum map of a group's k-th component for three free bodies.
private func value(_ group: any LieGroup.Type, _ k: Int, at state: PhaseState) -> Double {
  let bodies = Bodies(dimension: group.spaceDimension, masses: [1, 2, 3])
  return MomentumMap(VelocityField(group, component: k), of: bodies).value(at: state).J
}

@Suite struct MomentumMapTests {
  @Test(arguments: [2, 3])
  func translationsGiveLinearMomentum(dimension d: Int) throws {
    let state = someState(dimension: d)
    let group = try #require(Groups.named("T\(d)", dimension: d))
    #expect(group.momentumNames == ["P_x", "P_y", "P_z"].prefix(d).map { $0 })
    for axis in 0..<d {
      let P = (0..<3).reduce(0) { $0 + state.p[$1 * d + axis] }
      #expect((value(group, axis, at: state) - P).magnitude <= 1e-14)
    }
  }

  @Test func rotationsGiveAngularMomentum() throws {
    /// Σ (q_a p_b − q_b p_a).
    func turning(_ state: PhaseState, _ a: Int, _ b: Int, _ d: Int) -> Double {
      var sum = 0.0
      for body in 0..<3 {
        sum += state.q[body * d + a] * state.p[body * d + b]
        sum -= state.q[body * d + b] * state.p[body * d + a]
      }
      return sum
    }
    let plane = someState(dimension: 2)
    #expect((value(SO2.self, 0, at: plane) - turning(plane, 0, 1, 2)).magnitude <= 1e-14)
    let space = someState(dimension: 3)
    for axis in 0..<3 {
      let L = turning(space, (axis + 1) % 3, (axis + 2) % 3, 3)
      #expect((value(SO3.self, axis, at: space) - L).magnitude <= 1e-14)
      #expect(SO3.momentumNames[axis] == ["L_x", "L_y", "L_z"][axis])
    }
  }

  @Test func scalingGivesTheDilationAndSqueezeItsDifference() {
    let state = someState(dimension: 2)
    let products = zip(state.q, state.p).map { $0 * $1 }
    #expect((value(R.self, 0, at: state) - products.reduce(0, +)).magnitude <= 1e-14)
    var difference = 0.0
    for (place, product) in products.enumerated() { difference += place % 2 == 0 ? product : -product }
    #expect((value(SQ.self, 0, at: state) - difference).magnitude <= 1e-14)
  }

  /// The rotations and translations that space has by itself are those of SE(2) and SE(3), sign and all.
  @Test(arguments: [SE2.self, SE3.self] as [any LieGroup.Type])
  func motionsOfSpaceAreThoseOfTheGroup(group: any LieGroup.Type) throws {
    let own = VelocityField.isometries(dimension: group.spaceDimension)
    let groups = VelocityField.all(of: group)
    #expect(Set(own.map(\.momentum)) == Set(groups.map(\.momentum)))
    let state = someState(dimension: group.spaceDimension)
    let bodies = Bodies(dimension: group.spaceDimension, masses: [1, 2, 3])
    for field in own {
      let twin = try #require(groups.first { $0.momentum == field.momentum })
      let (a, b) = (MomentumMap(field, of: bodies), MomentumMap(twin, of: bodies))
      #expect((a.value(at: state).J - b.value(at: state).J).magnitude <= 1e-14)
    }
    #expect(own.united(with: groups).count == own.count)
    #expect(VelocityField.all(of: R.self).united(with: VelocityField.all(of: SQ.self)).count == 2)
  }

  @Test(arguments: Groups.all)
  func isometriesAreToldFromTheFields(group: any LieGroup.Type) {
    let stretching: Set = ["R", "RxSO2", "SQ", "RxSQ"]
    let all = VelocityField.all(of: group).allSatisfy(\.isIsometry)
    #expect(all == !stretching.contains(group.name), "\(group.name)")
  }

  @Test func spansAreToldFromTheFields() {
    let SE2 = VelocityField.isometries(dimension: 2)
    // A rotation about (1, 0) is one about the origin and a translation.
    let about = VelocityField(momentum: "L", A: [0, -1, 1, 0], b: [0, -1])
    #expect(about.isCombination(of: SE2))
    #expect(!about.isCombination(of: VelocityField.translations(dimension: 2)))
    #expect(!about.isCombination(of: VelocityField.rotations(dimension: 2)))
    #expect(about.linearPart?.isCombination(of: VelocityField.rotations(dimension: 2)) == true)
    #expect(!VelocityField.all(of: R.self)[0].isCombination(of: SE2))
  }

  /// {J, H} against dJ/dt along the true flow, by extrapolated central differences of Hamilton's equations.
  @Test(arguments: [SE2.self, R.self, SQ.self, SE3.self] as [any LieGroup.Type])
  func residualIsTheRateAlongTheFlow(group: any LieGroup.Type) {
    let d = group.spaceDimension
    for problem in Problem.ofEveryKind where problem.system.bodies.dimension == d {
      let (system, start) = (problem.system, problem.initial)
      let F = force(system, at: start.q)
      for field in VelocityField.all(of: group) {
        let map = MomentumMap(field, of: system.bodies)
        func slope(_ h: Double) -> Double {
          (map.value(at: flow(system, start, h)).J - map.value(at: flow(system, start, -h)).J) / (2 * h)
        }
        let rate = (4 * slope(2.5e-4) - slope(5e-4)) / 3
        let scale = scale(of: field, system.bodies, start, F)
        let residual = map.residual(at: start, force: F)
        #expect(
          (residual - rate / scale).magnitude <= 1e-9, "\(problem.name), \(group.name) \(field.momentum)")
      }
    }
  }

  @Test func springsKeepTheMotionsOfSpaceAndNotTheDilation() throws {
    for d in [2, 3] {
      let problem = Problem.springs(seed: 3, dimension: d)
      let F = force(problem.system, at: problem.initial.q)
      func residual(_ field: VelocityField) -> Double {
        MomentumMap(field, of: problem.system.bodies).residual(at: problem.initial, force: F).magnitude
      }
      for field in VelocityField.isometries(dimension: d) { #expect(residual(field) <= 1e-15) }
      if d == 2 { #expect(residual(VelocityField(R.self, component: 0)) > 1e-2) }
    }
  }

  @Test func pinnedBodiesAreLeftOut() {
    let problem = Problem.kepler
    let F = force(problem.system, at: problem.initial.q)
    let maps = VelocityField.isometries(dimension: 2).map { MomentumMap($0, of: problem.system.bodies) }
    var state = problem.initial
    state.p[0] = 7
    #expect(maps.map { $0.value(at: state).J } == [0, 2, 0.8])
    // The pull of the pinned sun changes P_x, and has no torque about it.
    #expect(maps.map { $0.residual(at: state, force: F) } == [-1, 0, 0])
  }

  @Test func driftsAreMeasuredAgainstScalesThatDoNotVanish() {
    let bodies = Bodies(dimension: 2, masses: [1, 1])
    let system = SpringSystem(bodies: bodies, couplings: [])
    let frames = [[3.0, 4, -3, -4], [3.5, 4, -3, -4], [0, 0, 0, 0], [.nan, 0, 0, 0]].enumerated().map {
      Frame(step: $0, t: Double($0), state: PhaseState(q: [1, 0, -1, 0], p: $1))
    }
    let rows = momentumLedger(
      of: frames, fields: VelocityField.translations(dimension: 2), system: system, learned: system)
    #expect(rows.map(\.momentum) == ["P_x", "P_y", "P_x", "P_y", "P_x", "P_y", "P_x", "P_y"])
    #expect(rows[0].value == 0 && rows[0].drift == 0 && rows[0].residual == 0)
    // The scale is Σ|pᵢ| = |(3.5, 4)| + 5, the larger of the two met.
    let scale = 28.25.squareRoot() + 5
    #expect((rows[2].drift - 0.5 / scale).magnitude <= 1e-16)
    #expect(rows[4].drift == 0 && rows[4].residual == 0 && rows[4].learnedResidual == 0)
    #expect(rows[6].drift.isNaN, "what cannot be told is not none")
    // From a momentum that is not zero: P_x goes from 6 to 7.
    let moving = [[3.0, 4, 3, 4], [3, 4, 4, 3]].enumerated().map {
      Frame(step: $0, t: Double($0), state: PhaseState(q: [1, 0, -1, 0], p: $1))
    }
    let later = momentumLedger(
      of: moving, fields: VelocityField.translations(dimension: 2), system: system)
    #expect(later.map(\.value) == [6, 8, 7, 7] && later.map(\.drift) == [0, 0, 0.1, 0.1])
  }
}

private func force(_ system: any HamiltonianSystem, at q: [Double]) -> [Double] {
  var force = [Double](repeating: 0, count: q.count)
  var span = force.mutableSpan
  system.force(at: q.span, into: &span)
  return force
}

/// Σ|Fᵢ||ξ(qᵢ)| + |pᵢ||Dξ(qᵢ)(pᵢ/mᵢ)|, with Dξ by central differences, which are exact for affine fields.
private func scale(
  of field: VelocityField, _ bodies: Bodies, _ state: PhaseState, _ force: [Double]
) -> Double {
  let d = bodies.dimension
  func vector(_ body: Int, _ array: [Double]) -> Coordinates<Double> {
    var v = Coordinates<Double>(count: d)
    for axis in 0..<d { v[axis] = array[body * d + axis] }
    return v
  }
  return (0..<bodies.count).reduce(0) { sum, body in
    if bodies.pinned[body] { return sum }
    let (q, p) = (vector(body, state.q), vector(body, state.p))
    let v = (1 / bodies.masses[body]) * p
    let Dξ = 0.5 * (field.value(at: q + v) - field.value(at: q - v))
    return sum + vector(body, force).norm * field.value(at: q).norm + p.norm * Dξ.norm
  }
}

/// The state a time h later, by one step of the classical Runge–Kutta method: its error is O(h⁵).
private func flow(_ system: any HamiltonianSystem, _ start: PhaseState, _ h: Double) -> PhaseState {
  let inverse = system.bodies.inverseMasses
  func slope(_ z: PhaseState) -> PhaseState {
    PhaseState(q: zip(inverse, z.p).map { $0 * $1 }, p: force(system, at: z.q))
  }
  func moved(_ k: PhaseState, _ h: Double) -> PhaseState {
    PhaseState(
      q: zip(start.q, k.q).map { $0 + h * $1 }, p: zip(start.p, k.p).map { $0 + h * $1 })
  }
  let k1 = slope(start)
  let k2 = slope(moved(k1, h / 2))
  let k3 = slope(moved(k2, h / 2))
  let k4 = slope(moved(k3, h))
  func mean(_ part: (PhaseState) -> [Double]) -> [Double] {
    start.q.indices.map { (part(k1)[$0] + 2 * part(k2)[$0] + 2 * part(k3)[$0] + part(k4)[$0]) / 6 }
  }
  return moved(PhaseState(q: mean(\.q), p: mean(\.p)), h)
}
