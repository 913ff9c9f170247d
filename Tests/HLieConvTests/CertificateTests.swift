// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import LieCore
import TestSupport
import Testing

@testable import HLieConv

/// What a model promises by the way it is built, held against what is measured of it.
@Suite struct CertificateTests {
  /// States of bodies on springs.
  private static func states(dimension: Int, count: Int = 6, bodies: Int = 4) -> [ScenarioSystem] {
    (0..<count).map { index in
      let problem = Problem.springs(seed: UInt64(index), bodies: bodies, dimension: dimension)
      return ScenarioSystem(index: index, system: problem.system, initial: problem.initial)
    }
  }

  private static func certificate(
    _ group: any LieGroup.Type, lift: Lift = .isotropic, centre: Bool,
    movedBy motions: (any LieGroup.Type)? = nil
  ) throws -> Certificate {
    let model = try ModelCase(
      group: group, lift: lift, centre: centre, samples: lift == .haar ? 2 : nil
    ).model(features: ["m", "k"])
    return try model.certify(
      on: states(dimension: group.spaceDimension), group: motions, seed: 4, threads: 2)
  }

  @Test func translationsHoldAndTheControlDoesNot() throws {
    let model = try Self.certificate(T2.self, centre: true)
    #expect(model.entries.count == 8)
    for quantity in [Certificate.Quantity.invariance, .equivariance, .netForce] {
      let value = try #require(model.value(quantity, "float64"))
      #expect(value <= 1e-12, "\(quantity)")
      #expect(try #require(model.value(quantity, "float32")) <= 1e-5, "\(quantity)")
    }
    #expect(try #require(model.value(.netTorque, "float64")) > 1e-3)
    // Rounding must be seen: a float32 that is none would agree with float64.
    #expect(try #require(model.value(.netForce, "float32")) > 1e-10)

    let control = try Self.certificate(Trivial2.self, centre: false)
    #expect(control.motions.map { $0.name } == ["SE2"])
    for entry in control.entries { #expect(entry.value > 1e-3, "\(entry.quantity) \(entry.precision)") }
  }

  /// Every model against the motions of every group: what is promised holds to rounding, the rest does not hold.
  @Test(arguments: Groups.all, Lift.allCases)
  func promisesAreWhatIsMeasured(group: any LieGroup.Type, lift: Lift) throws {
    if group.framed == nil, lift != .isotropic { return }
    for centre in group.needsCentring ? [true] : [true, false] {
      for motions in Groups.all
      where motions.spaceDimension == group.spaceDimension && !motions.algebraComponents.isEmpty {
        let certificate = try Self.certificate(group, lift: lift, centre: centre, movedBy: motions)
        let onALine = group.spaceDimension == 1
        #expect((certificate.value(.netTorque, "float64") == nil) == onALine)
        for quantity in Certificate.Quantity.allCases where quantity != .netTorque || !onALine {
          let value = try #require(certificate.value(quantity, "float64"))
          let what: Comment =
            "\(group.name), \(lift), centre \(centre), by \(motions.name): \(quantity) \(value)"
          switch try #require(certificate.promises[quantity]) {
          case .exact: #expect(value <= 1e-12, what)
          case .no: #expect(value > 1e-6, what)
          case .approximate: #expect(lift == .haar, what)
          }
        }
      }
    }
  }

  /// The same of the other kinds of models, some without an energy: those promise no momentum, and have no invariance.
  @Test(arguments: ModelCase.baselines + ModelCase.flows)
  func promisesOfOtherKinds(_ model: ModelCase) throws {
    for centre in [true, false] {
      var model = model
      model.centre = centre
      let made = try model.model(features: ["m", "k"])
      let states = Self.states(dimension: model.group.spaceDimension, bodies: 5)
      for motions in Groups.all
      where motions.spaceDimension == model.group.spaceDimension && !motions.algebraComponents.isEmpty {
        let certificate = try made.certify(on: states, group: motions, seed: 4, threads: 2)
        #expect(
          certificate.entries.count == (made.dynamics.hasEnergy ? 8 : 6) - (made.dimension == 1 ? 2 : 0))
        let isFree = centre || model.group.name != ModelConfig.noGroup
        #expect(certificate.promises[.netForce] == (isFree && made.dynamics.hasEnergy ? .exact : .no))
        for entry in certificate.entries {
          let what: Comment = "centre \(centre), by \(motions.name): \(entry)"
          switch try #require(certificate.promises[entry.quantity]) {
          case .exact: #expect(entry.value <= (entry.precision == "float64" ? 1e-12 : 1e-4), what)
          case .no: #expect(entry.value > 1e-6, what)
          case .approximate: Issue.record(what)
          }
        }
      }
    }
  }

  /// Lifts drawn once for all give a function without the symmetry, and the certificate says so.
  @Test func randomLiftsPromiseNothingExactButTranslations() throws {
    let certificate = try Self.certificate(SE2.self, lift: .haar, centre: true)
    #expect(certificate.promises[.invariance] == .approximate)
    #expect(certificate.promises[.netTorque] == .approximate)
    #expect(certificate.promises[.netForce] == .exact)
    #expect(try #require(certificate.value(.invariance, "float64")) > 1e-6)
    #expect(try #require(certificate.value(.netForce, "float64")) <= 1e-12)
  }

  /// Bodies without neighbours, on which nothing acts or they alone: no defect is made of rounding over nothing.
  @Test(arguments: Groups.all) func bodiesWithoutNeighbours(group: any LieGroup.Type) throws {
    var states = Self.states(dimension: group.spaceDimension)
    for index in states.indices where group.isRestricted {
      for k in states[index].initial.q.indices {
        states[index].initial.q[k] = 4 + atan(states[index].initial.q[k])
      }
    }
    let model = try ModelCase(
      group: group, neighbourhood: .ball(.radius(1e-9)), centre: group.needsCentring
    ).model(features: ["m", "k"])
    let certificate = try model.certify(on: states, seed: 4, threads: 1)
    let entries = certificate.entries.filter { $0.precision == "float64" }
    #expect(entries.count == (group.spaceDimension == 1 ? 3 : 4))
    for entry in entries {
      #expect(entry.value.isFinite, "\(entry.quantity)")
      if certificate.promises[entry.quantity] == .exact { #expect(entry.value <= 1e-12, "\(entry.quantity)") }
    }
  }

  @Test func theSameSeedGivesTheSameBitsAtAnyNumberOfThreads() throws {
    let model = try ModelCase(group: SE2.self).model(features: ["m", "k"])
    let states = Self.states(dimension: 2, count: 70)
    func values(seed: UInt64, threads: Int) throws -> [Double] {
      try model.certify(on: states, seed: seed, threads: threads).entries.map(\.value)
    }
    #expect(try values(seed: 1, threads: 1) == values(seed: 1, threads: 2))
    #expect(try values(seed: 1, threads: 1) != values(seed: 2, threads: 1))
  }

  @Test func statesOutsideTheDomainAreLeftOut() throws {
    let model = try ModelCase(group: RxSO2.self).model(features: ["m", "k"])
    var states = Self.states(dimension: 2, count: 3)
    // A body in the origin, which scalings leave where it is.
    states[1].initial.q.replaceSubrange(0..<2, with: [0, 0])
    let certificate = try model.certify(on: states, seed: 0, threads: 1)
    #expect(certificate.states == 2 && certificate.skipped == 1)
    let finite = certificate.entries.allSatisfy { $0.value.isFinite }
    #expect(finite)
    #expect(throws: NoetherError.self) { try model.certify(on: [states[1]], seed: 0, threads: 1) }
  }
}

@Suite struct ModelSymmetryTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var group: any LieGroup.Type
    var centre: Bool
    var conserved: [String: Conservation]

    var testDescription: String { "\(group.name), centre \(centre)" }
  }

  static let cases = [
    Case(group: T2.self, centre: false, conserved: ["P_x": .exact, "P_y": .exact, "L_z": .no, "D": .no]),
    Case(group: Tx.self, centre: false, conserved: ["P_x": .exact, "P_y": .no, "L_z": .no]),
    Case(group: Tx.self, centre: true, conserved: ["P_x": .exact, "P_y": .exact, "L_z": .no]),
    Case(group: SO2.self, centre: false, conserved: ["P_x": .no, "P_y": .no, "L_z": .exact]),
    Case(group: SO2.self, centre: true, conserved: ["P_x": .exact, "P_y": .exact, "L_z": .exact, "D": .no]),
    Case(group: SE2.self, centre: false, conserved: ["P_x": .exact, "L_z": .exact, "K": .no]),
    Case(group: R.self, centre: true, conserved: ["P_x": .exact, "L_z": .no, "D": .approximate, "K": .no]),
    Case(group: RxSQ.self, centre: false, conserved: ["P_x": .no, "D": .approximate, "K": .approximate]),
    Case(group: Trivial2.self, centre: false, conserved: ["P_x": .no, "L_z": .no, "D": .no]),
  ]

  @Test(arguments: cases)
  func tellsWhatIsConserved(_ expected: Case) throws {
    let symmetry = ModelSymmetry(group: expected.group, isCentred: expected.centre)
    let fields = VelocityField.isometries(dimension: 2) + VelocityField.all(of: RxSQ.self)
    for (momentum, conservation) in expected.conserved {
      let field = try #require(fields.first { $0.momentum == momentum })
      #expect(symmetry.conservation(of: field) == conservation, "\(momentum)")
    }
  }

  @Test func pinsTakeUpMomentumUnlessTheMotionLeavesThemWhereTheyAre() {
    let symmetry = ModelSymmetry(group: SE2.self, isCentred: true)
    let origin = Coordinates<Double>(0, 0)
    let fields = VelocityField.isometries(dimension: 2)
    #expect(fields.map { symmetry.conservation(of: $0, pins: [origin]) } == [.no, .no, .exact])
    let elsewhere = Coordinates<Double>(1, 0)
    #expect(fields.map { symmetry.conservation(of: $0, pins: [origin, elsewhere]) } == [.no, .no, .no])
    let random = ModelSymmetry(group: SE2.self, lift: .haar, isCentred: true)
    #expect(fields.map { random.conservation(of: $0, pins: [origin]) } == [.no, .no, .approximate])
  }

  /// Rotations drawn once see translations no more than any other choice of lifts.
  @Test func randomLiftsKeepTranslations() {
    let plane = ModelSymmetry(group: SE2.self, lift: .haar, isCentred: false)
    #expect(
      VelocityField.isometries(dimension: 2).map { plane.conservation(of: $0) }
        == [.exact, .exact, .approximate])
    let centre = ModelSymmetry(group: SO3.self, lift: .haar, isCentred: false)
    let fields = VelocityField.isometries(dimension: 3)
    #expect(
      fields.map { centre.conservation(of: $0) } == [.no, .no, .no, .approximate, .approximate, .approximate])
  }
}
