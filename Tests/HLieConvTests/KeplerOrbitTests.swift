// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@testable import HLieConv

@Suite("Kepler's orbit")
struct KeplerOrbitTests {
  @Test("is that of two bodies")
  func orbit() throws {
    let (μ, e) = (1.3, 0.6)
    // From the pericentre of an ellipse with a = 1: q = 1 − e, v² = μ (1 + e)/(1 − e).
    let orbit = try #require(
      KeplerOrbit(position: [1 - e, 0], velocity: [0, (μ * (1 + e) / (1 - e)).squareRoot()], gravitation: μ))
    let period = 2 * Double.pi / μ.squareRoot()
    for turns in [-2.0, 0, 1, 7] {
      let half = orbit.position(after: (turns + 0.5) * period)
      #expect(abs(half[0] + 1 + e) < 1e-12 && abs(half[1]) < 1e-12)
    }
    // A quarter of the mean anomaly by Kepler's equation: x = cos E − e, y = √(1 − e²) sin E.
    var E = Double.pi / 2
    for _ in 0..<50 { E = .pi / 2 + e * sin(E) }
    let quarter = orbit.position(after: period / 4)
    #expect(abs(quarter[0] - (cos(E) - e)) < 1e-12)
    #expect(abs(quarter[1] - (1 - e * e).squareRoot() * sin(E)) < 1e-12)
    #expect(KeplerOrbit(position: [1, 0], velocity: [0, 2], gravitation: 1) == nil)
  }

  @Test("is found again from places")
  func fit() throws {
    let truth = try #require(KeplerOrbit(position: [1, 0, 0.1], velocity: [0.1, 0.9, 0], gravitation: 1))
    let times = (0..<200).map { 0.3 * Double($0) - 30 }
    let found = try #require(
      KeplerOrbit.fitted(
        to: times.map { truth.position(after: $0) }, at: times,
        from: ([1.001, 0.001, 0.1], [0.1, 0.901, 0.001]),
        gravitation: 1))
    for t in [-100.0, 0, 100] {
      for (a, b) in zip(found.position(after: t), truth.position(after: t)) { #expect(abs(a - b) < 1e-7) }
    }
  }
}
