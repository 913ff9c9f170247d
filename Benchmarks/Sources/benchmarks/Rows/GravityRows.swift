// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators

extension Row {
  /// The fields of REBOUND's leapfrog: `ns_per_step`, and the largest energy error at 200 equal intervals.
  static let outerSolarSystem = Row(
    name: "outer_solar_system_verlet", groups: [.simulation],
    summary: "six bodies over 10 000 years by Verlet, a step of 40 days, 201 states kept"
  ) { bench in
    let system = try Bench.scenario("outer-solar-system", overrides: ["frame=centre-of-mass"]).systems()[0]
    let method = try IntegrationMethods.named("verlet")
    let step = 40.0
    let steps = Int(1e4 * 365.25 / step)
    let plan = try FramePlan(start: 0, steps: steps, step: step, frames: 201)
    var worst = 0.0
    let times = try bench.time {
      _ = try integrate(
        system.system, from: system.initial, method: method, stepping: .fixed(step: step), plan: plan
      ) { _, row in worst = max(worst, row.dH.magnitude) }
    }
    var line = Line("outer_solar_system_verlet", batch: 1, times)
    line["step_days"] = step
    line["steps"] = steps
    line["ns_per_step"] = times.median * 1e6 / Double(steps)
    line["max_energy_error"] = worst
    bench.report(line)
  }

  /// Every unordered pair is two interactions: each body feels the other. `gflops` counts 20 operations for each, as is
  /// usual (Nyland, Harris & Prins, GPU Gems 3, 2007, chapter 31): 3 for Δ, 6 for r² + ε², 2 for the inverse root, 3 for
  /// the factor of Δ, and 6 to multiply and add.
  static let directSum = Row(
    name: "direct_sum", groups: [.simulation],
    summary: "the forces of gravity between 1 000 and between 10 000 bodies, all pairs; float64"
  ) { bench in
    for count in [1000, 10_000] {
      var generator = SeededGenerator(seed: 0)
      let q = (0..<3 * count).map { _ in generator.uniform(-1, 1) }
      let system = GravitySystem(
        bodies: Bodies(dimension: 3, masses: Array(repeating: 1 / Double(count), count: count)), G: 1,
        softening: 1e-2)
      var force = [Double](repeating: 0, count: q.count)
      let times = bench.time {
        var out = force.mutableSpan
        system.force(at: q.span, into: &out)
      }
      let interactions = Double(count * (count - 1))
      var line = Line("direct_sum", batch: 1, times)
      line["bodies"] = count
      line["interactions_per_second"] = interactions / (times.median * 1e-3)
      line["gflops"] = times.gflops(20 * interactions)
      bench.report(line)
    }
  }
}
