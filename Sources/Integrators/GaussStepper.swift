// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// An implicit method of Gauss: the stages Z_s = z + h Σ_j a_sj f(Z_j) are found by fixed-point iteration.
///
/// It is carried on until round-off stops it, since whatever is left of the iteration would act as a force that derives
/// from no energy (Hairer, Lubich & Wanner, Geometric Numerical Integration, VIII.6; Hairer, McLachlan & Razakarivony,
/// BIT 48 (2008) 231). It starts from f(z) in every stage, so that a step depends on nothing but the point.
struct GaussStepper: Stepper {
  /// An iteration that gains less than a third of a digit at a time is given up.
  static let mostIterations = 60
  /// Where increments stop to shrink they are round-off only if they are small beside the step's own.
  private static let roundOff = 1e-6

  private let table: GaussTable
  private let system: any DynamicalSystem
  /// The law where it is one with H = T + V: its iteration then goes through the positions alone.
  private let separable: (any HamiltonianSystem)?
  private var work: StageWork
  /// q̇ of each stage, one row of coordinates after the other; beside it stands ṗ.
  private var velocities: [Double]
  private var stageQ: [[Double]]
  private var stageP: [[Double]]

  init(_ table: GaussTable, input: StepperInput, step: Double) {
    self.table = table
    system = input.system
    separable = system as? any HamiltonianSystem
    work = StageWork(stages: table.stages, input: input, step: step)
    velocities = work.forces
    stageQ = Array(repeating: work.q, count: table.stages)
    stageP = stageQ
  }

  mutating func advance(_ point: inout PhasePoint, toward target: Double) throws {
    begin(at: point)
    var last = Double.infinity
    for _ in 0..<Self.mostIterations {
      let (change, size) = updateStages(point)
      guard change.isFinite else { throw notFinite() }
      if change == 0 || (change >= last && change <= Self.roundOff * size) {
        // Σ b_s f(Z_s).
        clear(&work.q)
        clear(&work.p)
        add(1, table.b, ofRows: velocities, to: &work.q)
        add(1, table.b, ofRows: work.forces, to: &work.p)
        work.finish(&point)
        return
      }
      last = change
      evaluate()
    }
    throw StepFault(
      reason: "the iteration for the stages does not converge within \(Self.mostIterations) rounds",
      remedy: "Take shorter steps: the iteration needs some that are short beside the fastest motion",
      isOfMeetings: false)
  }

  /// f(z) in every stage.
  private mutating func begin(at point: PhasePoint) {
    for stage in 0..<table.stages {
      assign(point.q, to: &stageQ[stage])
      assign(point.p, to: &stageP[stage])
    }
    evaluate()
  }

  /// f(Z_s) of every stage; where q̇ = p/m, the forces alone.
  private mutating func evaluate() {
    for stage in 0..<table.stages {
      if let separable {
        separable.force(at: stageQ[stage], into: &work.forces, row: stage)
      } else {
        system.rates(
          q: stageQ[stage], p: stageP[stage], qdots: &velocities, pdots: &work.forces, row: stage)
      }
    }
  }

  /// One round of the iteration: the largest change of a coordinate, and how far the stages are from the point.
  private mutating func updateStages(_ point: PhasePoint) -> (change: Double, size: Double) {
    var (change, size) = (0.0, 0.0)
    for stage in 0..<table.stages {
      assign(point.p, to: &work.p)
      add(work.h, table.a[stage], ofRows: work.forces, to: &work.p)
      if separable != nil {
        // The new momenta move the positions at once, which are then all that the forces depend on.
        multiply(work.inverseMasses, work.p, into: &velocities, row: stage)
      } else {
        change = maximum(change, greatestDifference(work.p, stageP[stage]))
        size = maximum(size, greatestDifference(work.p, point.p))
      }
      swap(&work.p, &stageP[stage])
    }
    for stage in 0..<table.stages {
      assign(point.q, to: &work.q)
      add(work.h, table.a[stage], ofRows: velocities, to: &work.q)
      change = maximum(change, greatestDifference(work.q, stageQ[stage]))
      size = maximum(size, greatestDifference(work.q, point.q))
      swap(&work.q, &stageQ[stage])
    }
    return (change, size)
  }

  private func notFinite() -> StepFault {
    let offender = work.forces.firstIndex { !$0.isFinite } ?? velocities.firstIndex { !$0.isFinite }
    let bodies = system.bodies
    return StepFault(
      reason: "the force is not finite", body: offender.map { $0 % bodies.coordinates / bodies.dimension })
  }
}

extension IntegrationMethod {
  /// An implicit method of Gauss from its table.
  init(name: String, order: Int, gauss table: GaussTable, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: true, isReversible: true, takes: .step, isForSeparable: false,
      isCompensable: true, summary: summary,
      stepper: { input in
        GaussStepper(table, input: input, step: try input.fixedStep(for: name))
      })
  }
}
