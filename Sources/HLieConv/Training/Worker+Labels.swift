// SPDX-License-Identifier: GPL-3.0-or-later

/// Losses on given energies and forces.
extension Worker {
  /// Σ L over a tile; adds `scale` × its derivative by θ to `gradient`.
  ///
  /// With F̄ and V̄ the loss's cotangents of F = −∇V and V, it is ∂/∂θ of −F̄·∇V + V̄ V: one second pass along −F̄, whose
  /// reverse begins with V̄. Energies alone need no second pass.
  func gradient(
    _ tile: ChunkTensors<T>.Tile, _ weights: LabelWeights, scale: T, into gradient: UnsafeMutablePointer<T>
  ) -> Double {
    let (force, energies) = predict(tile, withForces: weights.force > 0)
    let (losses, direction, energyWeights) = compare(tile, weights, force, energies, scale: scale)
    if weights.force > 0 {
      var product = force
      engine.hessianProduct(
        0, direction: direction, energyWeights: energyWeights, addingTo: gradient, into: &product)
    } else {
      engine.energyGradient(0, weights: energyWeights, addingTo: gradient)
    }
    engine.finishGradient(addingTo: gradient)
    return losses.reduce(0, +)
  }

  /// L of each system of a tile.
  func errors(_ tile: ChunkTensors<T>.Tile, _ weights: LabelWeights) -> [Double] {
    let (force, energies) = predict(tile, withForces: weights.force > 0)
    return compare(tile, weights, force, energies, scale: 0).losses
  }

  private func predict(_ tile: ChunkTensors<T>.Tile, withForces: Bool) -> (force: [T], energies: [T]) {
    engine.begin(systems: tile.systems, bodies: tile.bodies, features: tile.features)
    let q = tile.states[0].q
    var force = withForces ? [T](repeating: 0, count: q.count) : []
    if withForces { engine.force(0, at: q, into: &force) } else { _ = engine.potential(0, at: q) }
    let V = engine.potential(0)
    return (force, (0..<tile.systems).map { V[$0] })
  }

  /// L of each system, −F̄ and V̄, both times `scale`.
  private func compare(
    _ tile: ChunkTensors<T>.Tile, _ weights: LabelWeights, _ force: [T], _ energies: [T], scale: T
  ) -> (losses: [Double], direction: [T], energyWeights: [T]) {
    let (n, width) = (weights.isPerBody ? T(tile.bodies) : 1, tile.states[0].q.count / max(1, tile.systems))
    let (energyWeight, forceWeight) = (T(weights.energy), T(weights.force) / T(width))
    var losses = [Double](repeating: 0, count: tile.systems)
    var direction = [T](repeating: 0, count: force.count)
    var energyWeights = [T](repeating: 0, count: tile.systems)
    for s in 0..<tile.systems {
      let error = (energies[s] - tile.energies[s]) / n
      losses[s] += Double(energyWeight * error * error)
      energyWeights[s] = scale * 2 * energyWeight * error / n
      if force.isEmpty { continue }
      for k in s * width..<(s + 1) * width {
        let error = force[k] - tile.forces[k]
        losses[s] += Double(forceWeight * error * error)
        direction[k] = -scale * 2 * forceWeight * error
      }
    }
    return (losses, direction, energyWeights)
  }
}
