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
  /// A column of the Jacobian, and the direction that it is taken along.
  private var qDirection: [Double]
  private var pDirection: [Double]
  private var qColumn: [Double]
  private var pColumn: [Double]
  /// The body whose rates were not finite when the last such was met; nil if none was, since it was last reset.
  var offender: Int?

  init(_ system: any DynamicalSystem) {
    self.system = system
    separable = system as? any HamiltonianSystem
    inverseMasses = system.bodies.inverseMasses
    coordinates = inverseMasses.count
    qDirection = inverseMasses
    pDirection = inverseMasses
    qColumn = inverseMasses
    pColumn = inverseMasses
  }

  /// GSL's view of this object; valid while the object lives.
  var gslSystem: gsl_odeiv2_system {
    gsl_odeiv2_system(
      function: { _, y, dydt, parameters in
        guard let y, let dydt, let parameters else { return Int32(GSL_EFAULT) }
        return Unmanaged<GSLRightHandSide>.fromOpaque(parameters).takeUnretainedValue()
          .evaluate(y: y, into: dydt)
      },
      jacobian: { _, y, dfdy, dfdt, parameters in
        guard let y, let dfdy, let dfdt, let parameters else { return Int32(GSL_EFAULT) }
        let own = Unmanaged<GSLRightHandSide>.fromOpaque(parameters).takeUnretainedValue()
        // The law does not change in time.
        dfdt.update(repeating: 0, count: 2 * own.coordinates)
        return own.differentiate(y: y, into: dfdy)
      },
      dimension: 2 * coordinates, params: Unmanaged.passUnretained(self).toOpaque())
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

  /// The Jacobian of ẏ, row by row, from its columns.
  private func differentiate(
    y: UnsafePointer<Double>, into dfdy: UnsafeMutablePointer<Double>
  ) -> Int32 {
    let n = coordinates
    let (q, p) = (part(y), part(y + n))
    dfdy.update(repeating: 0, count: 4 * n * n)
    // Where q̇ = p/m and ṗ = F(q), half of the columns are known, and those by p are one number each.
    if separable != nil {
      for k in 0..<n { dfdy[k * 2 * n + n + k] = inverseMasses[k] }
    }
    for k in 0..<(separable == nil ? 2 * n : n) {
      for row in 0..<n {
        qDirection[row] = row == k ? 1 : 0
        pDirection[row] = n + row == k ? 1 : 0
      }
      var δqdot = qColumn.mutableSpan
      var δpdot = pColumn.mutableSpan
      system.variation(
        q: q.span, p: p.span, δq: qDirection.span, δp: pDirection.span, δqdot: &δqdot, δpdot: &δpdot)
      for row in 0..<n {
        dfdy[row * 2 * n + k] = qColumn[row]
        dfdy[(n + row) * 2 * n + k] = pColumn[row]
      }
      if let row = (0..<n).first(where: { !(qColumn[$0] + pColumn[$0]).isFinite }) { return status(row) }
    }
    return status(nil)
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
