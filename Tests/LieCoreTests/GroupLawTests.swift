// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore
import Testing

@Suite("Laws of every registered group")
struct GroupLawTests {
  static let indices = Array(Groups.all.indices)

  @Test("identity, inverse, associativity, action", arguments: indices)
  func axioms(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkAxioms() }
    check(Groups.all[index])
  }

  @Test("exp and log invert each other; one-parameter subgroups", arguments: indices)
  func exponential(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkExponential() }
    check(Groups.all[index])
  }

  @Test("lift and origin", arguments: indices)
  func lift(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkLift() }
    check(Groups.all[index])
  }

  @Test("the pair embedding is invariant, and not constant", arguments: indices)
  func embedding(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkEmbedding() }
    check(Groups.all[index])
  }

  @Test("generators are the velocities of one-parameter subgroups", arguments: indices)
  func generators(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkGenerators() }
    check(Groups.all[index])
  }

  @Test("first and second derivatives of the pair embedding", arguments: indices)
  func jets(index: Int) {
    func check<G: LieGroup>(_ group: G.Type) { GroupLaws<G>.checkJets() }
    check(Groups.all[index])
  }

  @Test("names are unique per dimension, and lookups find them")
  func registry() {
    for group in Groups.all {
      #expect(Groups.named(group.name, dimension: group.spaceDimension) == group)
      #expect(Groups.all.count { $0.name == group.name && $0.spaceDimension == group.spaceDimension } == 1)
    }
    #expect(Groups.named("T2", dimension: 3) == nil)
  }
}
