// SPDX-License-Identifier: GPL-3.0-or-later

import CGSL
import Dynamics

/// One of GSL's steppers (Galassi et al., GNU Scientific Library reference manual, ch. 27), with steps that a tolerance
/// chooses or with fixed ones.
///
/// GSL keeps the derivative at the end of a step for the next one; that is f(y) itself, so a stepper made anew at the
/// same point goes on to the same bits. The multistep methods keep their history besides, which `restart` takes away. A
/// step shortened to end at a frame leaves the step that follows as it was.
final class GSLStepper: Stepper {
  /// In so many steps time must advance by `leastProgress` of the run, or the run would never end.
  private static let window = 100_000
  private static let leastProgress = 1e-10
  private let kind: GSLKind
  private let rightHandSide: GSLRightHandSide
  private let stepping: Stepping
  private let start: Double
  private let span: Double
  /// GSL keeps the address.
  private let system: UnsafeMutablePointer<gsl_odeiv2_system>
  private var driver: UnsafeMutablePointer<gsl_odeiv2_driver>?
  private var y: [Double]

  /// GSL's own handler aborts the process; every status is checked here instead.
  private static let errorHandlerIsOff: Bool = {
    gsl_set_error_handler_off()
    return true
  }()

  init(_ kind: GSLKind, input: StepperInput) {
    _ = Self.errorHandlerIsOff
    self.kind = kind
    rightHandSide = GSLRightHandSide(input.system)
    stepping = input.stepping
    start = input.plan.start
    span = input.plan.end - input.plan.start
    y = Array(repeating: 0, count: 2 * rightHandSide.coordinates)
    system = .allocate(capacity: 1)
    system.initialize(to: rightHandSide.gslSystem)
  }

  deinit {
    if let driver { gsl_odeiv2_driver_free(driver) }
    system.deallocate()
  }

  func prepare(_ point: inout PhasePoint) throws {
    if point.scales.isEmpty {
      let sizes = PhaseSizes(of: point, system: rightHandSide.system, span: span)
      point.scales = sizes.scales
      if case .adaptive = stepping { point.nextStep = sizes.firstStep() }
    }
    // A step may err in coordinate i by tolerance · (scaleᵢ + |yᵢ|)/2. The sizes at the start alone would not
    // do: of a body that starts 1e-9 from the origin they would ask a part in 10⁹ of round-off for ever.
    let (tolerance, first) =
      switch stepping {
      case .adaptive(let tolerance): (tolerance, point.nextStep)
      case .fixed(let step): (kind.innerTolerance, step)
      }
    driver = gsl_odeiv2_driver_alloc_scaled_new(
      system, kind.type, first, tolerance / 2, tolerance / 2, 1, 0, point.scales)
    if driver == nil {
      throw NoetherError("gsl: no memory for a stepper of \(y.count) coordinates; close other programs")
    }
  }

  func restart() {
    if let driver { gsl_odeiv2_driver_reset(driver) }
  }

  func advance(_ point: inout PhasePoint, toward target: Double) throws {
    guard let driver = driver?.pointee, let evolution = driver.e else { return }
    let n = rightHandSide.coordinates
    for index in 0..<n {
      y[index] = point.q[index]
      y[n + index] = point.p[index]
    }
    // On failure GSL leaves t and y advanced: the point is written only after all checks.
    var t = point.t
    var h = point.nextStep
    let status = withExtendedLifetime(rightHandSide) {
      switch stepping {
      case .fixed(let step):
        h = step
        // Without a control there is no test of the error: the step is taken as it is.
        return gsl_odeiv2_evolve_apply_fixed_step(evolution, nil, driver.s, system, &t, step, &y)
      case .adaptive:
        // GSL ends exactly at the target only if the step would lead beyond it.
        if h == target - t { h = h > 0 ? h.nextUp : h.nextDown }
        return gsl_odeiv2_evolve_apply(evolution, driver.c, driver.s, system, &t, target, &h, &y)
      }
    }
    try check(status, step: h, evolution)
    point.step += 1
    for index in 0..<n {
      point.q[index] = y[index]
      point.p[index] = y[n + index]
    }
    if case .fixed(let step) = stepping {
      point.t = start + Double(point.step) * step
      return
    }
    point.t = t
    point.nextStep = h
    try checkProgress(&point)
  }

  private func check(
    _ status: Int32, step h: Double, _ evolution: UnsafeMutablePointer<gsl_odeiv2_evolve>
  ) throws {
    if status != Int32(GSL_SUCCESS) { throw fault(status, step: h) }
    // An infinite error estimate passes for a success too: bsimp says so of a step that it has not taken.
    for index in y.indices where !evolution.pointee.yerr[index].isFinite {
      if kind == .bsimp, case .fixed = stepping {
        throw StepFault(
          reason: "the extrapolation within the step of \(h.magnitude) fails",
          remedy:
            "It does so where a coordinate passes by zero: give tolerance instead of step, or shorter steps",
          isOfMeetings: false)
      }
      throw StepFault(
        reason: "the error estimate is not finite",
        body: index % rightHandSide.coordinates / rightHandSide.system.bodies.dimension)
    }
  }

  private func fault(_ status: Int32, step h: Double) -> StepFault {
    switch stepping {
    case .fixed where status == GSLRightHandSide.notFinite:
      StepFault(reason: "the force is not finite", body: rightHandSide.offender)
    case .fixed: unsolved(step: h)
    case .adaptive where status == GSLRightHandSide.notFinite:
      StepFault(
        reason: "down to a step of \(h.magnitude) the force is not finite", body: rightHandSide.offender)
    case .adaptive(let tolerance):
      StepFault(
        reason: "down to a step of \(h.magnitude) none reaches the tolerance \(tolerance)",
        body: rightHandSide.offender, remedy: "Take a larger tolerance")
    }
  }

  private func unsolved(step h: Double) -> StepFault {
    StepFault(
      reason: "the iteration within the step of \(h.magnitude) does not converge",
      body: rightHandSide.offender)
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
