// SPDX-License-Identifier: GPL-3.0-or-later

/// One thread's engine, and what it does with a tile.
final class Worker<T: NetworkScalar> {
  let engine: TileEngine<T>

  init(
    _ program: Program, parameters: ParameterStorage<T>, shapes: [TileShape], evaluations: Int, tangents: Bool
  ) {
    engine = TileEngine(
      program, parameters: parameters, shapes: shapes, evaluations: evaluations, tangents: tangents)
  }

  /// `weight` × the sum of the losses of a tile's systems, whose derivative by θ is added to `gradient`.
  func gradient(
    _ tile: ChunkTensors<T>.Tile, _ data: ChunkTensors<T>, _ objective: Objective, weight: Double,
    into gradient: UnsafeMutablePointer<T>
  ) -> Double {
    switch objective {
    case .chunks(let method):
      let share = weight / Double(data.numbers(of: tile.bodies))
      return share * self.gradient(tile, data, method, scale: T(2 * share), into: gradient)
    case .labels(let weights):
      return weight * self.gradient(tile, weights, scale: T(weight), into: gradient)
    }
  }

  /// The loss of each system of a tile.
  func errors(_ tile: ChunkTensors<T>.Tile, _ data: ChunkTensors<T>, _ objective: Objective) -> [Double] {
    switch objective {
    case .chunks(let method): errors(tile, data, method)
    case .labels(let weights): errors(tile, weights)
    }
  }

  /// The sum of squared errors of a tile; adds `scale` × Σ error · ∂state/∂θ to `gradient`.
  private func gradient(
    _ tile: ChunkTensors<T>.Tile, _ data: ChunkTensors<T>, _ method: ChunkMethod, scale: T,
    into gradient: UnsafeMutablePointer<T>
  ) -> Double {
    let rollout = begin(tile, data, method, keepsEvaluations: true)
    var cotangents = rollout.states(from: tile.states[0].q, tile.states[0].p)
    var sum = 0.0
    for (k, truth) in tile.states.enumerated() {
      for c in truth.q.indices {
        cotangents[k].q[c] -= truth.q[c]
        cotangents[k].p[c] -= truth.p[c]
        sum += Double(cotangents[k].q[c]) * Double(cotangents[k].q[c])
        sum += Double(cotangents[k].p[c]) * Double(cotangents[k].p[c])
        cotangents[k].q[c] *= scale
        cotangents[k].p[c] *= scale
      }
    }
    rollout.reverse(cotangents, addingTo: gradient)
    engine.finishGradient(addingTo: gradient)
    return sum
  }

  /// The mean squared error of each system of a tile.
  private func errors(_ tile: ChunkTensors<T>.Tile, _ data: ChunkTensors<T>, _ method: ChunkMethod)
    -> [Double]
  {
    let predicted = states(tile, data, method)
    let width = tile.bodies * data.dimension
    return (0..<tile.systems).map { system in
      var sum = 0.0
      for (found, truth) in zip(predicted, tile.states) {
        for c in system * width..<(system + 1) * width {
          let (dq, dp) = (Double(found.q[c] - truth.q[c]), Double(found.p[c] - truth.p[c]))
          sum += dq * dq + dp * dp
        }
      }
      return sum / Double(data.points * 2 * width)
    }
  }

  /// What the model makes of the first states of a tile: those at all points.
  func states(
    _ tile: ChunkTensors<T>.Tile, _ data: ChunkTensors<T>, _ method: ChunkMethod
  ) -> [(q: [T], p: [T])] {
    begin(tile, data, method, keepsEvaluations: false).states(from: tile.states[0].q, tile.states[0].p)
  }

  private func begin(
    _ tile: ChunkTensors<T>.Tile, _ data: ChunkTensors<T>, _ method: ChunkMethod, keepsEvaluations: Bool
  ) -> TileRollout<T> {
    engine.begin(systems: tile.systems, bodies: tile.bodies, features: tile.features)
    let motion = TileMotion(
      engine: engine, h: data.step, inverseMasses: tile.inverseMasses, isFree: tile.isFree,
      points: data.points,
      keepsEvaluations: keepsEvaluations)
    switch method.table {
    case .rungeKutta(let table):
      return engine.program.dynamics == .potential
        ? .rungeKutta(RungeKuttaRollout(table, motion: motion))
        : .vectorField(VectorFieldRollout(table, motion: motion))
    case .nystrom(let table):
      return .nystrom(NystromRollout(motion: motion, table: table, stride: method.stride))
    case .splitting(let table): return .splitting(SplittingRollout(table, motion: motion))
    }
  }
}
