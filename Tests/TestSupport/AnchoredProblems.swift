// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Laws that are not the same everywhere: walls, an outer field, a pivot.
extension Problem {
  /// A chain between walls with cubic and quartic springs and masses of its own each.
  public static func wallToWall(seed: UInt64, pinned: Bool = false) -> Problem {
    var random = SeededGenerator(seed: seed, path: 4)
    let count = 6
    let bodies = Bodies(
      dimension: 1, names: (0..<count).map(String.init),
      masses: (0..<count).map { _ in random.uniform(0.5, 2) }, pinned: (0..<count).map { pinned && $0 == 2 })
    return Problem(
      "chain between walls \(seed)\(pinned ? ", pinned" : "")",
      ChainSystem(bodies: bodies, stiffness: 1.3, alpha: 0.4, beta: 0.7),
      PhaseState(
        q: (0..<count).map { _ in 0.5 * random.normal() }, p: (0..<count).map { _ in 0.3 * random.normal() }))
  }

  /// Stiff springs between soft ones.
  public static func stiffAndSoft(seed: UInt64) -> Problem {
    var random = SeededGenerator(seed: seed, path: 5)
    return Problem(
      "stiff chain \(seed)",
      StiffChainSystem(
        bodies: Bodies(dimension: 1, masses: (0..<6).map { _ in random.uniform(0.5, 2) }), omega: 3),
      PhaseState(q: (0..<6).map { _ in 0.5 * random.normal() }, p: (0..<6).map { _ in 0.3 * random.normal() })
    )
  }

  /// Three stars in a galaxy's field.
  public static func stars(seed: UInt64, pinned: Bool = false) -> Problem {
    var random = SeededGenerator(seed: seed, path: 6)
    return Problem(
      "stars \(seed)\(pinned ? ", pinned" : "")",
      HenonHeilesSystem(
        bodies: Bodies(
          dimension: 2, names: ["a", "b", "c"], masses: [1, 0.5, 2], pinned: [false, pinned, false]),
        lambda: 0.8),
      PhaseState(q: (0..<6).map { _ in 0.2 * random.normal() }, p: (0..<6).map { _ in 0.2 * random.normal() })
    )
  }

  /// One rod.
  public static let pendulum = Problem(
    "pendulum",
    SimplePendulum(bodies: Bodies(dimension: 1, masses: [1.5]), g: 2, length: 0.7),
    PhaseState(q: [1.1], p: [0.4]))

  /// One or two problems of every law that something outside holds and that has H = T(p) + V(q).
  public static let ofEveryAnchoredLaw: [Problem] = [
    .wallToWall(seed: 1), .wallToWall(seed: 2, pinned: true), .stiffAndSoft(seed: 3), .stars(seed: 4),
    .stars(seed: 5, pinned: true), .pendulum,
  ]
}
