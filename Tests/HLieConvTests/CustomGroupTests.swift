// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import TestSupport
import Testing

@testable import HLieConv

/// Screw motions about the z axis: a turn by s, and a shift along the axis by s/2. They conserve L_z + P_z/2.
enum Screw: IsometryGroup {
  static let name = "Screw"
  static let summary = "screw motions about the z axis"
  static let spaceDimension = 3
  static let algebraComponents = ["s"]
  static let orbitComponents = ["a", "b"]

  static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> { Coordinates(S(0)) }
  static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> { a }
  static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { u }
  static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> { u + v }
  static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { -u }
  static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    let (c, s) = (S.cos(u[0]), S.sin(u[0]))
    return Coordinates(c * x[0] - s * x[1], s * x[0] + c * x[1], x[2] + S(0.5) * u[0])
  }
  /// The element that brings the plane z = 0 to the height of x, and the place in that plane which it brings to x.
  static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let u = Coordinates(S(2) * x[2])
    let foot = act(inverse(u), on: x)
    return (u, Coordinates(foot[0], foot[1]))
  }
  static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> { Coordinates(q[0], q[1], S(0)) }
}

@Suite("A group of one's own")
struct CustomGroupTests {
  init() throws { try Groups.register(Screw.self) }

  private static let cases = [
    ModelCase(group: Screw.self), ModelCase(group: Screw.self, neighbourhood: .cutoff(radius: 3)),
  ]

  @Test("its derivatives", arguments: cases)
  func derivatives(_ model: ModelCase) throws {
    for (name, q) in model.specialPositions { try DerivativeCheck(model.model()).run(at: q, name) }
  }

  @Test("V is invariant under it, not under the turn or the shift alone")
  func invariance() throws {
    let model = ModelCase(group: Screw.self)
    let q = model.positions(bodies: 5)
    let force = SmallProblem.force(try model.system(bodies: 5), at: q)
    var (turn, shift, scale) = (0.0, 0.0, 0.0)
    for k in stride(from: 0, to: 15, by: 3) {
      turn += q[k] * force[k + 1] - q[k + 1] * force[k]
      shift += force[k + 2]
      scale += abs(q[k] * force[k + 1]) + abs(q[k + 1] * force[k]) + abs(force[k + 2])
    }
    #expect(abs(turn + shift / 2) < 1e-12 * scale)
    #expect(abs(turn) > 1e-3 * scale)
  }

  @Test("it trains from a configuration, and the file remembers it")
  func training() throws {
    let config = try SpringData.config(
      ["model.group=Screw", "model.centre=false", "data.train=50", "training.epochs=2"],
      file: "springs-3d.yaml")
    let folder = try TemporaryFolder()
    let model = try SpringData.train(config, in: folder.path)
    #expect(model.config.group == "Screw")
    let initial = try HamiltonianModel(
      config.model, dimension: 3, featureNames: ["m", "k"], precision: "float32")
    #expect(model.parameters != initial.parameters)
    let data = try SpringData.dataset(config, .validation)
    let (before, after) = (
      try initial.evaluate(on: data, method: config.method, threads: 2),
      try model.evaluate(on: data, method: config.method, threads: 2)
    )
    #expect(after.mean.isFinite && after.mean < before.mean)
  }

  private enum Impostor: TrivialGroup {
    static var name: String { "SE3" }
    static var spaceDimension: Int { 3 }
  }
  private enum Flat: TrivialGroup {
    static var name: String { "Flat" }
    static var spaceDimension: Int { 4 }
  }

  @Test("a name is given once, and twice to the same group")
  func names() throws {
    try Groups.register(Screw.self)
    #expect(Groups.names(dimension: 3).filter { $0 == "Screw" }.count == 1)
    let builtIn = Groups.all.map { $0.name }
    #expect(!builtIn.contains("Screw"))
    let taken = #expect(throws: GroupRegistrationFault.self) { try Groups.register(Impostor.self) }
    #expect(taken?.message.contains("SE3") == true)
    #expect(throws: GroupRegistrationFault.self) { try Groups.register(Flat.self) }
  }
}
