// SPDX-License-Identifier: GPL-3.0-or-later

/// Called where a law is asked for something.
public struct LawObserver: Sendable {
  let onRates: @Sendable (_ q: Span<Double>) -> Void
  let onDerivative: @Sendable () -> Void

  /// `onRates` hears after every force or rates where they were asked for, `onDerivative` of every product with their
  /// derivatives.
  public init(
    onRates: @escaping @Sendable (_ q: Span<Double>) -> Void,
    onDerivative: @escaping @Sendable () -> Void = {}
  ) {
    self.onRates = onRates
    self.onDerivative = onDerivative
  }

  /// The same law, observed: a `HamiltonianSystem` if it is one.
  public func observing(_ law: any DynamicalSystem) -> any DynamicalSystem {
    if let law = law as? any HamiltonianSystem { return ObservedSystem(law: law, observer: self) }
    return ObservedFlow(law: law, observer: self)
  }
}

private struct ObservedSystem: HamiltonianSystem {
  let law: any HamiltonianSystem
  let observer: LawObserver

  var bodies: Bodies { law.bodies }
  var features: [[Double]] { law.features }
  var featureNames: [String] { law.featureNames }
  func fault(at q: Span<Double>) -> String? { law.fault(at: q) }
  func potentialEnergy(at q: Span<Double>) -> Double { law.potentialEnergy(at: q) }

  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    law.force(at: q, into: &force)
    observer.onRates(q)
  }

  func hessianProduct(at q: Span<Double>, along v: Span<Double>, into product: inout MutableSpan<Double>) {
    law.hessianProduct(at: q, along: v, into: &product)
    observer.onDerivative()
  }
}

private struct ObservedFlow: DynamicalSystem {
  let law: any DynamicalSystem
  let observer: LawObserver

  var bodies: Bodies { law.bodies }
  func fault(at q: Span<Double>) -> String? { law.fault(at: q) }
  func energy(q: Span<Double>, p: Span<Double>) -> Double? { law.energy(q: q, p: p) }

  func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    law.rates(q: q, p: p, qdot: &qdot, pdot: &pdot)
    observer.onRates(q)
  }

  func variation(
    q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
    δpdot: inout MutableSpan<Double>
  ) {
    law.variation(q: q, p: p, δq: δq, δp: δp, δqdot: &δqdot, δpdot: &δpdot)
    observer.onDerivative()
  }
}
