// SPDX-License-Identifier: GPL-3.0-or-later

extension HamiltonianSystem {
  /// The force between the two bodies of this system at the distance `r` along the first axis, the origin in their
  /// middle: positive where they repel each other. Not finite where the law has none, or there are not two bodies.
  ///
  /// A law without Newton's third gives the half that separates them, f = (F₂ − F₁)·x̂/2.
  public func radialForce(at r: Double) -> Double {
    guard bodies.count == 2 else { return .nan }
    let d = bodies.dimension
    var q = [Double](repeating: 0, count: 2 * d)
    var F = q
    q[0] = -r / 2
    q[d] = r / 2
    var out = F.mutableSpan
    force(at: q.span, into: &out)
    // A pinned body's force is not told.
    return (F[d] - F[0]) / Double(max(1, bodies.pinned.count { !$0 }))
  }
}
