// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators

/// Times the published network; one JSON line per row, milliseconds of wall clock.
///
///     benchmarks [row …]      train_step grad_H rollout_500; all without a name
@main
struct Main {
  static func main() throws {
    let wanted = Set(CommandLine.arguments.dropFirst())
    func isWanted(_ row: String) -> Bool { wanted.isEmpty || wanted.contains(row) }
    let scenarios =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scenarios").path
    let threads =
      ProcessInfo.processInfo.environment["NOETHER_THREADS"].flatMap(Int.init)
      ?? ProcessInfo.processInfo.activeProcessorCount

    if isWanted("train_step") {
      for batch in [200, 32] {
        print(try trainingStep(batch: batch, scenarios: scenarios, threads: threads).json)
      }
    }
    if isWanted("grad_H") {
      // Forces in float32; q̇ = p/m costs nothing beside them.
      for batch in [1, 32, 200, 512] {
        let springs = try Springs(count: batch, scenarios: scenarios)
        let force = try BatchedForce<Float>(
          springs.model(), for: springs.systems.map(\.system), threads: threads)
        let q = springs.systems.flatMap { $0.initial.q.map { Float($0) } }
        print(try Measurement("grad_H", batch: batch, seconds: 5) { _ = try force.forces(at: q) }.json)
      }
    }
    if isWanted("rollout_500") {
      // 499 steps of RK4 of one system, in float64 as `noether rollout` does it.
      let springs = try Springs(count: 1, scenarios: scenarios)
      let law = try springs.model().system(like: springs.systems[0].system)
      let method = try IntegrationMethods.named("rk4")
      let step = 5.0 / 499
      let plan = try FramePlan(start: 0, steps: 499, step: step, frames: 500)
      print(
        try Measurement("rollout_500", batch: 1) {
          _ = try integrate(
            law, from: springs.systems[0].initial, method: method, stepping: .fixed(step: step), plan: plan
          ) { _, _ in }
        }.json)
    }
  }
}
