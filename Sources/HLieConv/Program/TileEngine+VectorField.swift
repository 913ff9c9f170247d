// SPDX-License-Identifier: GPL-3.0-or-later

/// Programs on states z = (q, p), whose vector field is ż = J∇H of their energy, or their output itself.
extension TileEngine {
  /// ż = (q̇, ṗ) of each body at states z, both [systems × bodies × 2 dimension].
  @specialized(where T == Float)
  @specialized(where T == Double)
  func velocity(_ evaluation: Int, at z: [T], into velocity: inout [T]) {
    if program.dynamics == .vectorField {
      load(evaluation, z)
      perform(evaluation, .forward)
      let output = workspace.value(program.output, evaluation)
      for k in 0..<coordinates { velocity[k] = output[k] }
    } else {
      // q̇ = ∂H/∂p, ṗ = −∂H/∂q, of which `force` gives the negative gradient (−∂H/∂q, −∂H/∂p).
      force(evaluation, at: z, into: &velocity)
      turn(&velocity)
    }
  }

  /// z̄ = (∂ż/∂z)ᵀ ż̄ for the cotangent ż̄ of an evaluation of `velocity`, and adds ∂(ż̄·ż)/∂θ to `gradient`.
  ///
  /// What the static part owes is summed until `finishGradient`.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func reverseVelocity(
    _ evaluation: Int, _ cotangent: [T], addingTo gradient: UnsafeMutablePointer<T>, into product: inout [T]
  ) {
    if program.dynamics == .vectorField {
      var c = context(evaluation, gradient: gradient)
      c.cotangent(program.output).update(from: cotangent, count: coordinates)
      for k in dynamicOperations.reversed() {
        c.adds = program.adds[k]
        program.operations[k].run(.reverse, c)
      }
      let result = c.cotangent(program.positions)
      for k in 0..<coordinates { product[k] = result[k] }
    } else {
      // ż̄·ż = ż̄_q·∂H/∂p − ż̄_p·∂H/∂q = v·∇H for v = (−ż̄_p, ż̄_q), so that z̄ = ∇²H v.
      var direction = cotangent
      turn(&direction)
      hessianProduct(evaluation, direction: direction, addingTo: gradient, into: &product)
    }
  }

  /// δż = (∂ż/∂z) δz for a direction δz at the states of an evaluation of `velocity`.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func variation(_ evaluation: Int, direction: [T], into change: inout [T]) {
    if program.dynamics == .vectorField {
      let c = context(evaluation)
      c.tangent(program.positions).update(from: direction, count: coordinates)
      for k in dynamicOperations { program.operations[k].run(.tangentForward, c) }
      let result = c.tangent(program.output)
      for k in 0..<coordinates { change[k] = result[k] }
    } else {
      // δ(−∇H) = −∇²H δz, turned like −∇H itself.
      hessianProduct(evaluation, direction: direction, addingTo: nil, into: &change)
      for k in 0..<coordinates { change[k] = -change[k] }
      turn(&change)
    }
  }

  /// (a, b) → (−b, a) for the halves of each body's row.
  private func turn(_ z: inout [T]) {
    let d = program.width(program.positions) / 2
    for row in stride(from: 0, to: coordinates, by: 2 * d) {
      for k in row..<row + d { (z[k], z[k + d]) = (-z[k + d], z[k]) }
    }
  }
}
