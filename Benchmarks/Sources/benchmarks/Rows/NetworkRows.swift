// SPDX-License-Identifier: GPL-3.0-or-later

import HLieConv
import Integrators

/// The published network on the published problem; `gflops` counts what `MatrixProducts` says.
extension Row {
  static let trainStep = Row(
    name: "train_step", groups: [.network],
    summary: "loss over a batch of chunks (16 forces each), its gradient, one Adam update; float32"
  ) { bench in
    for batch in [200, 32] {
      bench.report(try PublishedProblem(systems: batch).trainStep("train_step", bench))
    }
  }

  static let trainStepNystrom = Row(
    name: "train_step_nystrom", groups: [.network],
    summary: "the same by Nyström's method over two points at a time (6 forces), at the same test error"
  ) { bench in
    guard let method = ChunkMethod.named("nystrom4", stride: 2) else { return }
    for batch in [200, 32] {
      bench.report(
        try PublishedProblem(systems: batch).trainStep("train_step_nystrom", method: method, bench))
    }
  }

  static let gradH = Row(
    name: "grad_H", groups: [.network], summary: "the forces of a batch of systems; float32"
  ) { bench in
    for batch in [1, 32, 200, 512] {
      bench.report(try PublishedProblem(systems: batch).gradH("grad_H", bench))
    }
  }

  static let rollout500 = Row(
    name: "rollout_500", groups: [.network],
    summary: "499 steps of RK4 of one system, as `noether rollout --precision float32` does it"
  ) { bench in
    try bench.report(rollout("rollout_500", .float32, bench))
  }

  static let rollout500Float64 = Row(
    name: "rollout_500_float64", groups: [.network], summary: "the same in float64, the default"
  ) { bench in
    try bench.report(rollout("rollout_500_float64", .float64, bench))
  }

  private static func rollout(_ row: String, _ precision: Precision, _ bench: Bench) throws -> Line {
    let problem = try PublishedProblem(systems: 1)
    let law = try problem.model().system(like: problem.systems[0].system, precision: precision)
    let method = try IntegrationMethods.named("rk4")
    let plan = try FramePlan(start: 0, steps: 499, step: PublishedProblem.step, frames: 500)
    let times = try bench.time {
      _ = try integrate(
        law, from: problem.systems[0].initial, method: method,
        stepping: .fixed(step: PublishedProblem.step), plan: plan
      ) { _, _ in }
    }
    var line = Line(row, batch: 1, times)
    line["ns_per_step"] = times.median * 1e6 / 499
    return line
  }
}
