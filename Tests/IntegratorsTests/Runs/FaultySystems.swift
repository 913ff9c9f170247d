// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Springs whose force on body 2 becomes `fault` once body 1 has passed x = 2.
struct Faulty: HamiltonianSystem {
  var bodies = Bodies(dimension: 2, masses: [1, 1, 1])
  var fault = Double.nan
  var features: [[Double]] { [[1], [1], [1]] }
  var featureNames: [String] { ["m"] }

  func potentialEnergy(at q: Span<Double>) -> Double { 0 }

  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    for index in 0..<force.count { force[index] = 0 }
    if q[0] > 2 { force[2] = fault }
  }
}

/// Free bodies whose potential is `energy` once body 1 has passed x = 2, and otherwise 0.
struct Boundless: HamiltonianSystem {
  var bodies = Bodies(dimension: 2, masses: [1, 1])
  var energy: Double
  var features: [[Double]] { [[1], [1]] }
  var featureNames: [String] { ["m"] }

  func potentialEnergy(at q: Span<Double>) -> Double { q[0] > 2 ? energy : 0 }

  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    for index in 0..<force.count { force[index] = 0 }
  }
}
