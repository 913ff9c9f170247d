// SPDX-License-Identifier: GPL-3.0-or-later

import CGSL
import Dynamics

/// The right-hand side q̇ = p/m, ṗ = F(q) as GSL calls it, for y = (q, p).
final class GSLRightHandSide {
  /// Our own status for a force that is not finite. GSL would take NaN for success; told of any status but its
  /// own, it halves the step and tries again, so that a trial step too far is not the end.
  static let notFinite: Int32 = 1001

  let system: any HamiltonianSystem
  let coordinates: Int
  private let inverseMasses: [Double]
  /// The body whose force was not finite when the last such was met; nil if none was, since it was last reset.
  var offender: Int?

  init(_ system: any HamiltonianSystem) {
    self.system = system
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
    for index in 0..<coordinates { dydt[index] = inverseMasses[index] * y[coordinates + index] }
    let q = UnsafeBufferPointer(start: y, count: coordinates)
    let forces = UnsafeMutableBufferPointer(start: dydt + coordinates, count: coordinates)
    var out = forces.mutableSpan
    system.force(at: q.span, into: &out)
    guard let index = forces.firstIndex(where: { !$0.isFinite }) else { return Int32(GSL_SUCCESS) }
    offender = index / system.bodies.dimension
    return Self.notFinite
  }
}
