// SPDX-License-Identifier: GPL-3.0-or-later

import CGSL
import Dynamics

/// One of GSL's adaptive steppers (Galassi et al., GNU Scientific Library reference manual, ch. 27).
///
/// GSL keeps the derivative at the end of a step for the next one; for the methods offered here it is f(y)
/// itself, so a stepper made anew at the same point goes on to the same bits. A step shortened to end at a
/// frame leaves the step that follows as it was.
final class GSLStepper: Stepper {
  enum Kind: Sendable { case rk4, rkf45, rk8pd }

  /// In so many steps time must advance by `leastProgress` of the run, or the run would never end.
  private static let window = 100_000
  private static let leastProgress = 1e-10

  private let rightHandSide: GSLRightHandSide
  private let tolerance: Double
  private let span: Double
  private let step: UnsafeMutablePointer<gsl_odeiv2_step>
  private let evolution: UnsafeMutablePointer<gsl_odeiv2_evolve>
  private var control: UnsafeMutablePointer<gsl_odeiv2_control>?
  private var y: [Double]

  /// GSL's own handler aborts the process; every status is checked here instead.
  private static let errorHandlerIsOff: Bool = {
    gsl_set_error_handler_off()
    return true
  }()

  init(_ kind: Kind, input: StepperInput, tolerance: Double) throws {
    _ = Self.errorHandlerIsOff
    let type =
      switch kind {
      case .rk4: noether_gsl_rk4()
      case .rkf45: noether_gsl_rkf45()
      case .rk8pd: noether_gsl_rk8pd()
      }
    rightHandSide = GSLRightHandSide(input.system)
    self.tolerance = tolerance
    span = input.plan.end - input.plan.start
    y = Array(repeating: 0, count: 2 * rightHandSide.coordinates)
    guard let step = gsl_odeiv2_step_alloc(type, y.count) else { throw Self.outOfMemory(y.count) }
    guard let evolution = gsl_odeiv2_evolve_alloc(y.count) else {
      gsl_odeiv2_step_free(step)
      throw Self.outOfMemory(y.count)
    }
    self.step = step
    self.evolution = evolution
  }

  deinit {
    gsl_odeiv2_evolve_free(evolution)
    gsl_odeiv2_step_free(step)
    if let control { gsl_odeiv2_control_free(control) }
  }

  private static func outOfMemory(_ count: Int) -> NoetherError {
    NoetherError("gsl: no memory for a stepper of \(count) coordinates; close other programs")
  }

  func prepare(_ point: inout PhasePoint) throws {
    if point.scales.isEmpty {
      let sizes = PhaseSizes(of: point, system: rightHandSide.system, span: span)
      point.scales = sizes.scales
      point.nextStep = sizes.firstStep(tolerance: tolerance)
    }
    // A step may err in coordinate i by tolerance · (scaleᵢ + |yᵢ|)/2. The sizes at the start alone would not
    // do: of a body that starts 1e-9 from the origin they would ask a part in 10⁹ of round-off for ever.
    control = gsl_odeiv2_control_scaled_new(tolerance / 2, tolerance / 2, 1, 0, point.scales, y.count)
    if control == nil { throw Self.outOfMemory(y.count) }
  }

  func advance(_ point: inout PhasePoint, toward target: Double) throws {
    let n = rightHandSide.coordinates
    for index in 0..<n {
      y[index] = point.q[index]
      y[n + index] = point.p[index]
    }
    var t = point.t
    var h = point.nextStep
    // GSL ends exactly at the target only if the step would lead beyond it.
    if h == target - t { h = h > 0 ? h.nextUp : h.nextDown }
    var system = rightHandSide.gslSystem
    let status = withExtendedLifetime(rightHandSide) {
      gsl_odeiv2_evolve_apply(evolution, control, step, &system, &t, target, &h, &y)
    }
    try check(status, step: h)
    point.step += 1
    point.t = t
    point.nextStep = h
    for index in 0..<n {
      point.q[index] = y[index]
      point.p[index] = y[n + index]
    }
    try checkProgress(&point)
  }

  private func check(_ status: Int32, step h: Double) throws {
    if status == GSLRightHandSide.notFinite {
      throw StepFault(
        reason: "down to a step of \(h.magnitude) the force is not finite",
        body: rightHandSide.offender)
    }
    if status != Int32(GSL_SUCCESS) {
      throw StepFault(
        reason: "down to a step of \(h.magnitude) none reaches the tolerance \(tolerance)",
        body: rightHandSide.offender)
    }
    // An infinite error estimate passes for a success too.
    for index in y.indices where !evolution.pointee.yerr[index].isFinite {
      throw StepFault(
        reason: "the error estimate is not finite",
        body: index % rightHandSide.coordinates / rightHandSide.system.bodies.dimension)
    }
  }

  private func checkProgress(_ point: inout PhasePoint) throws {
    guard point.step % Self.window == 0 else { return }
    guard (point.t - point.windowTime).magnitude >= Self.leastProgress * span.magnitude else {
      let wall = rightHandSide.offender == nil ? "" : ", and ahead the force is not finite"
      throw StepFault(
        reason: "\(Self.window) steps led from t = \(point.windowTime) to \(point.t) only\(wall)",
        body: rightHandSide.offender)
    }
    point.windowTime = point.t
    rightHandSide.offender = nil
  }
}

extension IntegrationMethod {
  init(name: String, order: Int, gsl kind: GSLStepper.Kind, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: false, isReversible: false, takes: .tolerance,
      isForSeparable: false,
      summary: summary,
      stepper: { input in
        guard case .adaptive(let tolerance) = input.stepping else {
          throw NoetherError("integrator: \(name) chooses its own steps; give tolerance instead of step")
        }
        return try GSLStepper(kind, input: input, tolerance: tolerance)
      })
  }
}
