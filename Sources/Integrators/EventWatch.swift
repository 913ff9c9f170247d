// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Looks for events in the steps of one run.
///
/// Each condition is a function g of the positions that becomes negative. Its values and slopes at both ends of a step
/// say where to look: at a change of sign, and at a dip or a hump between. There the root of g along the step's
/// interpolant is bisected until no number lies between. What is found depends on the two points alone.
struct EventWatch {
  private let conditions: EventConditions
  private let system: any DynamicalSystem
  private let bodies: Bodies
  private let inverseMasses: [Double]
  private let totalMass: Double
  /// q̇, where q̇ = p/m does not give it.
  private var velocity: [Double]
  private var force: [Double]

  init(_ conditions: EventConditions, system: any DynamicalSystem) {
    self.conditions = conditions
    self.system = system
    bodies = system.bodies
    inverseMasses = bodies.inverseMasses
    totalMass = bodies.masses.reduce(0, +)
    velocity = inverseMasses
    force = inverseMasses
  }

  /// The events between two points in the order of their times, up to the first that ends the run.
  mutating func events(from before: PhasePoint, to after: PhasePoint) -> [Event] {
    let h = after.t - before.t
    let (start, end) = (ends(before, h), ends(after, h))
    var interpolant: StepInterpolant?
    var found: [(θ: Double, kind: Event.Kind, bodies: [Int])] = []
    forEachCondition { kind, bodies, g in
      guard Descent.isPossible(from: g(start), to: g(end)) else { return }
      let path = interpolant ?? StepInterpolant(from: before, to: after, h: h, system: system)
      interpolant = path
      for θ in Descent.roots(of: { θ in g { path.coordinate($0, at: θ) } }) {
        found.append((θ, kind, bodies))
      }
    }
    guard let interpolant else { return [] }
    var events: [Event] = []
    // Equal times keep the order of the conditions.
    for (_, event) in found.enumerated().sorted(by: { ($0.element.θ, $0.offset) < ($1.element.θ, $1.offset) })
    {
      events.append(
        Event(
          kind: event.kind, step: after.step, t: before.t + event.θ * h,
          state: interpolant.state(at: event.θ),
          bodies: event.bodies))
      if events[events.count - 1].endsTheRun { break }
    }
    return events
  }

  /// Why a run cannot start at `q`: it is beyond a limit already.
  func fault(at q: [Double]) -> NoetherError? {
    var fault: NoetherError?
    forEachCondition { kind, members, g in
      guard kind != .section, fault == nil, !(g { (q[$0], 0) }.value > 0) else { return }
      let names = members.map { "'\(bodies.names[$0])'" }.joined(separator: " and ")
      fault = NoetherError(
        kind == .encounter
          ? "events.encounter: \(names) start nearer than \(conditions.encounter ?? 0) already; write a smaller distance"
          : "events.escape: \(names) starts further out than \(conditions.escape ?? 0) already; write a larger distance"
      )
    }
    return fault
  }

  /// A coordinate of a place, and its change over a step at the present rate.
  private typealias Place = (Int) -> (value: Double, slope: Double)

  private mutating func ends(_ point: PhasePoint, _ h: Double) -> Place {
    if system is any HamiltonianSystem {
      let w = inverseMasses
      return { (point.q[$0], h * w[$0] * point.p[$0]) }
    }
    system.rates(q: point.q, p: point.p, qdots: &velocity, pdots: &force)
    let v = velocity
    return { (point.q[$0], h * v[$0]) }
  }

  /// Every condition with the bodies it is about, as a function that becomes negative, and its slope.
  private func forEachCondition(
    _ body: (Event.Kind, [Int], _ g: (Place) -> (value: Double, slope: Double)) -> Void
  ) {
    let (n, d) = (bodies.count, bodies.dimension)
    if let least = conditions.encounter {
      for i in 0..<n {
        for j in (i + 1)..<max(i + 1, n) {
          // |qᵢ − qⱼ|² − r².
          body(.encounter, [i, j]) { place in
            var sum = (value: -least * least, slope: 0.0)
            for axis in 0..<d {
              let (a, b) = (place(i * d + axis), place(j * d + axis))
              let Δ = a.value - b.value
              sum.value += Δ * Δ
              sum.slope += 2 * Δ * (a.slope - b.slope)
            }
            return sum
          }
        }
      }
    }
    if let most = conditions.escape {
      for i in 0..<n {
        // R² − |qᵢ − Σmⱼqⱼ/M|².
        body(.escape, [i]) { place in
          var sum = (value: most * most, slope: 0.0)
          for axis in 0..<d {
            var Δ = place(i * d + axis)
            for j in 0..<n {
              let x = place(j * d + axis)
              Δ.value -= bodies.masses[j] / totalMass * x.value
              Δ.slope -= bodies.masses[j] / totalMass * x.slope
            }
            sum.value -= Δ.value * Δ.value
            sum.slope -= 2 * Δ.value * Δ.slope
          }
          return sum
        }
      }
    }
    for section in conditions.sections {
      let k = section.body * d + section.axis
      if section.direction != .up {
        body(.section, [section.body]) { place in (place(k).value - section.value, place(k).slope) }
      }
      if section.direction != .down {
        body(.section, [section.body]) { place in (section.value - place(k).value, -place(k).slope) }
      }
    }
  }
}

extension EventConditions {
  /// Throws where a run of `system` that starts at `start` would be beyond a limit from the first.
  public func check(_ system: any DynamicalSystem, at start: PhaseState) throws {
    if let fault = EventWatch(self, system: system).fault(at: start.q) { throw fault }
  }
}

/// Where a function on [0, 1] goes from above 0 to 0 or below.
enum Descent {
  typealias Value = (value: Double, slope: Double)

  /// Whether it may do so: it ends below, or it has a dip or a hump between.
  static func isPossible(from a: Value, to b: Value) -> Bool {
    if a.value > 0 { return b.value <= 0 || (a.slope < 0 && b.slope > 0) }
    return b.value <= 0 && a.slope > 0 && b.slope < 0
  }

  /// At most one place between two turns is looked for; there is at most one turn where the slope changes its sign once.
  static func roots(of g: (Double) -> Value) -> [Double] {
    let (a, b) = (g(0), g(1))
    guard isPossible(from: a, to: b) else { return [] }
    if a.value > 0, b.value <= 0 { return [last(from: 0, to: 1) { g($0).value > 0 }] }
    let isDip = a.value > 0
    let turn = last(from: 0, to: 1) { isDip ? g($0).slope < 0 : g($0).slope > 0 }
    if isDip {
      return g(turn).value <= 0 ? [last(from: 0, to: turn) { g($0).value > 0 }] : []
    }
    return g(turn).value > 0 ? [last(from: turn, to: 1) { g($0).value > 0 }] : []
  }

  /// The place between `low`, where something holds, and `high`, where it does not, from which on it does not: bisected
  /// until no number lies between.
  private static func last(from low: Double, to high: Double, _ holds: (Double) -> Bool) -> Double {
    var (low, high) = (low, high)
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high, high - low > 1e-17 else { return high }
      if holds(middle) { low = middle } else { high = middle }
    }
  }
}
