// SPDX-License-Identifier: GPL-3.0-or-later

import CGSL
import Dynamics

/// The right-hand side ẏ = (q̇, ṗ) as GSL calls it, for y = (q, p).
final class GSLRightHandSide {
  /// Our own status for rates that are not finite. GSL would take NaN for success; told of any status but its
  /// own, it halves the step and tries again, so that a trial step too far is not the end.
  static let notFinite: Int32 = 1001

  let system: any DynamicalSystem
  /// The law where it is one with H = T + V: its q̇ need not be asked for.
  private let separable: (any HamiltonianSystem)?
  let coordinates: Int
  private let inverseMasses: [Double]
  /// The body whose rates were not finite when the last such was met; nil if none was, since it was last reset.
  var offender: Int?

  init(_ system: any DynamicalSystem) {
    self.system = system
    separable = system as? any HamiltonianSystem
    inverseMasses = system.bodies.inverseMasses
    coordinates = inverseMasses.count
  }

  /// GSL's view of this object; valid while the object lives.
  var gslSystem: gsl_odeiv2_system {
    gsl_odeiv2_system(
      function: { _, y, dydt, parameters in
        guard let y, let dydt, let parameters else { return Int32(GSL_EFAULT) }
        return Unmanaged<GSLRightHandSide>.fromOpaque(parameters).takeUnretainedValue()
          .evaluate(y: y, into: dydt)
      },
      jacobian: nil, dimension: 2 * coordinates, params: Unmanaged.passUnretained(self).toOpaque())
  }

  private func evaluate(y: UnsafePointer<Double>, into dydt: UnsafeMutablePointer<Double>) -> Int32 {
    let (q, p) = (part(y), part(y + coordinates))
    let pdot = UnsafeMutableBufferPointer(start: dydt + coordinates, count: coordinates)
    var pdotSpan = pdot.mutableSpan
    guard let separable else {
      let qdot = UnsafeMutableBufferPointer(start: dydt, count: coordinates)
      var qdotSpan = qdot.mutableSpan
      system.rates(q: q.span, p: p.span, qdot: &qdotSpan, pdot: &pdotSpan)
      return status(firstOffender(qdot) ?? firstOffender(pdot))
    }
    // q̇ = p/m, ṗ = F(q).
    for index in 0..<coordinates { dydt[index] = inverseMasses[index] * p[index] }
    separable.force(at: q.span, into: &pdotSpan)
    return status(firstOffender(pdot))
  }

  private func part(_ y: UnsafePointer<Double>) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: y, count: coordinates)
  }

  private func firstOffender(_ rates: UnsafeMutableBufferPointer<Double>) -> Int? {
    rates.firstIndex { !$0.isFinite }
  }

  private func status(_ coordinate: Int?) -> Int32 {
    guard let coordinate else { return Int32(GSL_SUCCESS) }
    offender = coordinate / system.bodies.dimension
    return Self.notFinite
  }
}
