// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension Problem {
  /// Five bodies under a registered law of pairs, far enough from each other for any of them: parameters from
  /// U(0.5, 1.5), of both signs where the law allows it, constants as the law's examples.
  public static func pairs(
    _ law: any PairLaw.Type, seed: UInt64, dimension: Int, pinned: Bool = false
  ) -> Problem {
    var random = SeededGenerator(seed: seed, path: 3)
    let count = 5
    let bodies = Bodies(
      dimension: dimension, names: (0..<count).map(String.init),
      masses: (0..<count).map { _ in random.uniform(0.5, 2) }, pinned: (0..<count).map { pinned && $0 == 0 })
    let columns = law.parameters.map { parameter -> [Double] in
      (0..<count).map { body -> Double in
        let sign: Double = parameter.range == .any && body % 2 == 1 ? -1 : 1
        return sign * random.uniform(0.5, 1.5)
      }
    }
    // The corners of a zigzag, 1.2 apart.
    let q = (0..<count).flatMap { body -> [Double] in
      let corner: [Double] = [(dimension == 1 ? 1.2 : 0.9) * Double(body), 0.8 * Double(body % 2), 0]
      return corner.prefix(dimension).map { $0 + 0.05 * random.normal() }
    }
    return Problem(
      "\(law.name) \(seed), \(dimension)D\(pinned ? ", pinned" : "")",
      system(of: bodies, under: law, columns: columns),
      PhaseState(q: q, p: (0..<count * dimension).map { _ in 0.3 * random.normal() }))
  }

  private static func system<L: PairLaw>(
    of bodies: Bodies, under _: L.Type, columns: [[Double]]
  ) -> any HamiltonianSystem {
    PairSystem<L>(bodies: bodies, constants: L.constants.map(\.example), columns: columns)
  }

  /// Every registered law of pairs, on a line, in the plane and in space, with a pinned body and without.
  public static let ofEveryPairLaw: [Problem] = PairLaws.known.flatMap { law in
    [
      .pairs(law, seed: 1, dimension: 2), .pairs(law, seed: 2, dimension: 3),
      .pairs(law, seed: 4, dimension: 1),
      .pairs(law, seed: 3, dimension: 2, pinned: true),
    ]
  }
}
