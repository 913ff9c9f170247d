// SPDX-License-Identifier: GPL-3.0-or-later

// What stands in for second derivatives that a law does not give.

extension DynamicalSystem {
  /// (f(z + ε δz) − f(z − ε δz)) / 2ε.
  public func variation(
    q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
    δpdot: inout MutableSpan<Double>
  ) {
    let ε = min(differenceStep(at: q, along: δq), differenceStep(at: p, along: δp))
    func moved(_ x: Span<Double>, _ δ: Span<Double>, _ ε: Double) -> [Double] {
      (0..<x.count).map { x[$0] + ε * δ[$0] }
    }
    let ahead = Dynamics.rates(of: self, at: PhaseState(q: moved(q, δq, ε), p: moved(p, δp, ε)))
    let behind = Dynamics.rates(of: self, at: PhaseState(q: moved(q, δq, -ε), p: moved(p, δp, -ε)))
    for k in 0..<q.count {
      δqdot[k] = (ahead.qdot[k] - behind.qdot[k]) / (2 * ε)
      δpdot[k] = (ahead.pdot[k] - behind.pdot[k]) / (2 * ε)
    }
  }
}

extension HamiltonianSystem {
  /// −(F(q + ε v) − F(q − ε v)) / 2ε.
  public func hessianProduct(
    at q: Span<Double>, along v: Span<Double>, into product: inout MutableSpan<Double>
  ) {
    let ε = differenceStep(at: q, along: v)
    var force = [Double](repeating: 0, count: q.count)
    for sign in [1.0, -1.0] {
      let moved = (0..<q.count).map { q[$0] + sign * ε * v[$0] }
      var span = force.mutableSpan
      self.force(at: moved.span, into: &span)
      for k in force.indices {
        product[k] = sign > 0 ? force[k] : (force[k] - product[k]) / (2 * ε)
      }
    }
  }
}

/// ε that moves x along v by ∛ulp of its size, where truncation and rounding of a central difference meet; none where v is
/// zero.
private func differenceStep(at x: Span<Double>, along v: Span<Double>) -> Double {
  var (size, length) = (0.0, 0.0)
  for k in 0..<x.count {
    size = max(size, x[k].magnitude)
    length = max(length, v[k].magnitude)
  }
  return length > 0 ? 6e-6 * (size > 0 ? size : 1) / length : .greatestFiniteMagnitude
}
