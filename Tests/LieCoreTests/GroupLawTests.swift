// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore
import Testing

@Suite("Laws of every group")
struct GroupLawTests {
  static let indices = Array(GroupExamples.all.indices)

  @Test("identity, inverse, associativity, action", arguments: indices)
  func axioms(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkAxioms() }
    check(GroupExamples.all[index])
  }

  @Test("exp and log invert each other; exp against the matrix exponential", arguments: indices)
  func exponential(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkExponential() }
    check(GroupExamples.all[index])
  }

  @Test("small turns with long shifts, and the other way round", arguments: indices)
  func mixedScales(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkMixedScales() }
    check(GroupExamples.all[index])
  }

  @Test("first and second derivatives of log ∘ exp", arguments: indices)
  func derivativesOfLogarithm(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkDerivativesOfLogarithm() }
    check(GroupExamples.all[index])
  }

  @Test("exp and log in float32", arguments: indices)
  func singlePrecision(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkSinglePrecision() }
    check(GroupExamples.all[index])
  }

  @Test("the adjoint is conjugation", arguments: indices)
  func adjoint(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkAdjoint() }
    check(GroupExamples.all[index])
  }

  @Test("the left Jacobian is the derivative of exp", arguments: indices)
  func jacobian(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkJacobian() }
    check(GroupExamples.all[index])
  }

  @Test("generators are the velocities of one-parameter subgroups", arguments: indices)
  func generators(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkGenerators() }
    check(GroupExamples.all[index])
  }

  @Test("lift, origin and orbit", arguments: indices)
  func lift(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { EmbeddingLaws<G>.checkLift() }
    check(GroupExamples.all[index])
  }

  @Test("the pair embedding and the separation are invariant, and not constant", arguments: indices)
  func embedding(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { EmbeddingLaws<G>.checkEmbedding() }
    check(GroupExamples.all[index])
  }

  @Test("the pair embedding does not jump at the axes", arguments: indices)
  func crossing(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { EmbeddingLaws<G>.checkCrossing() }
    check(GroupExamples.all[index])
  }

  @Test("the pair embedding separates orbits", arguments: indices)
  func separation(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { EmbeddingLaws<G>.checkSeparation() }
    check(GroupExamples.all[index])
  }

  @Test("the distance is symmetric and invariant", arguments: indices)
  func distance(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { EmbeddingLaws<G>.checkDistance() }
    check(GroupExamples.all[index])
  }

  @Test("lifts chosen by rotations", arguments: indices)
  func fibres(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { EmbeddingLaws<G>.checkFibres() }
    check(GroupExamples.all[index])
  }

  @Test("first and second derivatives of the embeddings", arguments: indices)
  func jets(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { JetLaws<G>.checkDerivatives() }
    check(GroupExamples.all[index])
  }

  @Test("a body feels no force of its own where there is one orbit", arguments: indices)
  func loneBodies(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { JetLaws<G>.checkLoneBodies() }
    check(GroupExamples.all[index])
  }

  @Test("derivatives are finite where points meet, line up or oppose each other", arguments: indices)
  func degenerate(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { JetLaws<G>.checkDegenerate() }
    check(GroupExamples.all[index])
  }

  @Test("names are unique per dimension, and lookups find them")
  func registry() {
    for group in Groups.all {
      #expect(Groups.named(group.name, dimension: group.spaceDimension) == group)
      #expect(Groups.all.count { $0.name == group.name && $0.spaceDimension == group.spaceDimension } == 1)
    }
    #expect(Groups.named("T2", dimension: 3) == nil)
  }

  @Test("rotations of the plane tell a pair from its mirror image")
  func orientation() {
    let (x, y) = (Coordinates(0.8, 0.3), Coordinates(-0.4, 1.1))
    let mirror = { (x: Coordinates<Double>) in Coordinates(x[0], -x[1]) }
    for group in [SO2.self, RxSO2.self] as [any LieGroup.Type] {
      let change = group.pairEmbedding(x, y) - group.pairEmbedding(mirror(x), mirror(y))
      #expect(change.norm > 0.1)
    }
  }

  /// Which is nearer the centre: ranks of derivatives do not tell a ratio of radii from its inverse.
  @Test(
    "scalings tell a pair from the one with the radii exchanged",
    arguments: [R.self, RxSO2.self, RxSQ.self] as [any LieGroup.Type])
  func radii(group: any LieGroup.Type) {
    let (x, y) = (Coordinates(0.8, 0.3), Coordinates(0.4, 1.1))
    let exchange = (y.norm / x.norm) * x
    let change = group.pairEmbedding(x, y) - group.pairEmbedding(exchange, (x.norm / y.norm) * y)
    #expect(change.norm > 0.1)
  }

  @Test("outside its domain a group says why")
  func domains() {
    let (origin, left) = (Coordinates(0.0, 0.0), Coordinates(-1.0, 2.0))
    for group in [R.self, RxSO2.self, SO2.self] as [any LieGroup.Type] {
      #expect(group.liftFault(at: origin)?.contains("origin") == true)
      #expect(group.liftFault(at: left) == nil)
    }
    for group in [SQ.self, RxSQ.self] as [any LieGroup.Type] {
      #expect(group.liftFault(at: left)?.contains("positive") == true)
    }
    #expect(SO3.liftFault(at: Coordinates(0, 0, 0))?.contains("origin") == true)
    // What a Hamiltonian model uses reaches further than the lifts.
    #expect(SQ.embeddingFault(at: left) == nil && SO2.embeddingFault(at: origin) == nil)
    #expect(R.embeddingFault(at: origin) != nil && RxSQ.embeddingFault(at: Coordinates(0, 1)) != nil)
  }
}
