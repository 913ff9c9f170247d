// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import Integrators

/// The published problem: random springs, HLieConv T(2), k = 384, 4 layers, 895,297 parameters.
struct PublishedProblem {
  static let step = 5.0 / 499
  let systems: [ScenarioSystem]
  let bodies: Int

  init(systems count: Int, bodies: Int = 6) throws {
    self.bodies = bodies
    systems = try Bench.scenario("springs", overrides: ["random.bodies=\(bodies)"]).systems(count: count)
  }

  /// The model as it is before training, with energies a thousand times as large, so that its forces move the bodies as
  /// those of a trained one do: where stages of a step lie in one place, a law answers from memory.
  func model() throws -> HamiltonianModel {
    try HamiltonianModel(
      ModelConfig(), dimension: 2, featureNames: systems[0].system.featureNames, precision: "float32"
    ) { layout in
      var parameters = layout.initialValues(seed: 0)
      for view in layout.views where view.name.hasPrefix("readout") {
        for k in view.range { parameters[k] *= 1000 }
      }
      return parameters
    }
  }

  /// Chunks of five points, 5/499 apart, by Kutta's 3/8 rule.
  func chunks() throws -> ChunkDataset {
    let method = try IntegrationMethods.named("rk4-38")
    let plan = try FramePlan(start: 0, steps: 4, step: Self.step, frames: 5)
    var dataset = ChunkDataset(
      dimension: 2, featureNames: systems[0].system.featureNames, points: 5, step: Self.step)
    for system in systems {
      var states: [PhaseState] = []
      _ = try integrate(
        system.system, from: system.initial, method: method, stepping: .fixed(step: Self.step), plan: plan
      ) { frame, _ in states.append(frame.state) }
      try dataset.append(system.system, states: states)
    }
    return dataset
  }

  /// Times training steps on all systems: loss of chunks by `method`, gradient, Adam; float32.
  func trainStep(_ row: String, method: ChunkMethod = .threeEighths, _ bench: Bench) throws -> Line {
    PeakMemory.forget()
    let training = try TrainingStep<Float>(
      model(), data: chunks(), method: method, threads: bench.threads)
    let batch = Array(systems.indices)
    let times = try bench.time { _ = try training(batch, rate: 1e-3) }
    let operations =
      MatrixProducts(bodies: bodies).trainingChunk(evaluations: method.evaluations(points: 5))
      * Double(batch.count)
    return line(row, times, operations: operations, bench)
  }

  /// Times forces of all systems at once; float32. q̇ = p/m costs nothing beside them.
  func gradH(_ row: String, _ bench: Bench) throws -> Line {
    PeakMemory.forget()
    let force = try BatchedForce<Float>(model(), for: systems.map(\.system), threads: bench.threads)
    let q = systems.flatMap { $0.initial.q.map { Float($0) } }
    let times = try bench.time { _ = try force.forces(at: q) }
    return line(row, times, operations: MatrixProducts(bodies: bodies).force * Double(systems.count), bench)
  }

  private func line(_ row: String, _ times: Measurement, operations: Double, _ bench: Bench) -> Line {
    var line = Line(row, batch: systems.count, times)
    line["bodies"] = bodies
    line["threads"] = bench.threads
    line["gflops"] = times.gflops(operations)
    line["peak_mib"] = PeakMemory.mebibytes
    return line
  }
}
