// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

/// Many bodies go another way than few: the direct sum in vectors, against pairs taken one at a time.
@Suite("Gravity of many bodies")
struct DirectSumTests {
  private func force(_ system: GravitySystem, at q: [Double]) -> [Double] {
    var force = [Double](repeating: .nan, count: q.count)
    var out = force.mutableSpan
    system.force(at: q.span, into: &out)
    return force
  }

  private func cloud(_ count: Int, dimension: Int, softening: Double) -> (system: GravitySystem, q: [Double])
  {
    var generator = SeededGenerator(seed: 9)
    let bodies = Bodies(dimension: dimension, masses: (0..<count).map { _ in generator.uniform(0.1, 2) })
    let q = (0..<count * dimension).map { _ in generator.normal() }
    return (GravitySystem(bodies: bodies, G: 1.5, softening: softening), q)
  }

  /// F_i and Σ_j |F_ij|, one pair at a time.
  private func twin(_ system: GravitySystem, at q: [Double], body i: Int) -> (force: [Double], scale: Double)
  {
    let (d, m) = (system.bodies.dimension, system.bodies.masses)
    var (force, scale) = ([Double](repeating: 0, count: d), 0.0)
    for j in m.indices where j != i {
      let Δ = (0..<d).map { q[j * d + $0] - q[i * d + $0] }
      let square = Δ.reduce(0) { $0 + $1 * $1 } + system.softening * system.softening
      let pull = system.G * m[i] * m[j] / (square * square.squareRoot())
      for axis in 0..<d { force[axis] += pull * Δ[axis] }
      scale += pull * square.squareRoot()
    }
    return (force, scale)
  }

  @Test(
    "against pairs one at a time", arguments: [2, 6, 9, 63, 64, 65, 300, 1001],
    [(2, 0.0), (3, 0.0), (3, 0.3)])
  func agreement(count: Int, kind: (dimension: Int, softening: Double)) {
    let (system, q) = cloud(count, dimension: kind.dimension, softening: kind.softening)
    let force = force(system, at: q)
    for body in stride(from: 0, to: count, by: 7) {
      let twin = twin(system, at: q, body: body)
      for axis in 0..<kind.dimension {
        #expect(abs(force[body * kind.dimension + axis] - twin.force[axis]) < 1e-14 * twin.scale)
      }
    }
  }

  @Test("on any number of threads to the same bits, and in balance")
  func threads() {
    let (system, q) = cloud(700, dimension: 3, softening: 0)
    let before = ThreadLimit.current
    defer { ThreadLimit.set(before) }
    let forces = [1, 2, 5].map { threads in
      ThreadLimit.set(threads)
      return force(system, at: q)
    }
    #expect(forces[0] == forces[1] && forces[0] == forces[2])
    let largest = forces[0].map(abs).max() ?? 0
    for axis in 0..<3 {
      let net = stride(from: axis, to: 2100, by: 3).reduce(0) { $0 + forces[0][$1] }
      #expect(abs(net) < 1e-12 * largest * 700)
    }
  }

  @Test("two bodies in one place have no finite force; with softening they have")
  func coincidence() {
    for softening in [0, 0.1] {
      let (system, start) = cloud(100, dimension: 3, softening: softening)
      var q = start
      for axis in 0..<3 { q[3 * 40 + axis] = q[3 * 7 + axis] }
      let force = force(system, at: q)
      #expect(force[3 * 7].isFinite == (softening > 0) && force[3 * 40].isFinite == (softening > 0))
      #expect(force[3 * 8].isFinite)
    }
  }
}
