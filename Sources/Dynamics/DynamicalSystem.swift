// SPDX-License-Identifier: GPL-3.0-or-later

/// Bodies that move by ż = f(z) with z = (q, p), whatever stands behind f: all that explicit methods need of a law.
///
/// Positions, momenta and their rates are flat arrays [bodies × dimension].
public protocol DynamicalSystem: Sendable {
  var bodies: Bodies { get }

  /// Writes q̇ and ṗ at (q, p); the entries of pinned bodies are zero.
  func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>)

  /// The energy H(q, p) that the law has by itself; nil for one that derives from none.
  func energy(q: Span<Double>, p: Span<Double>) -> Double?

  /// Why the law does not hold at `q`, in a clause with the remedy, for those who found energy or rates not to be finite;
  /// nil where nothing is known against it.
  func fault(at q: Span<Double>) -> String?
}

extension DynamicalSystem {
  public func fault(at q: Span<Double>) -> String? { nil }
}

extension HamiltonianSystem {
  /// q̇ = p/m, ṗ = F(q).
  public func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    let inverseMasses = bodies.inverseMasses
    for k in inverseMasses.indices { qdot[k] = inverseMasses[k] * p[k] }
    force(at: q, into: &pdot)
  }
}

/// q̇ and ṗ of one state.
public func rates(of system: any DynamicalSystem, at state: PhaseState) -> (qdot: [Double], pdot: [Double]) {
  var qdot = [Double](repeating: 0, count: state.q.count)
  var pdot = qdot
  var qspan = qdot.mutableSpan
  var pspan = pdot.mutableSpan
  system.rates(q: state.q.span, p: state.p.span, qdot: &qspan, pdot: &pspan)
  return (qdot, pdot)
}
