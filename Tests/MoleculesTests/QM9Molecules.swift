// SPDX-License-Identifier: GPL-3.0-or-later

@testable import Molecules

/// The first three molecules of QM9 (Ramakrishnan, Dral, Rupp & von Lilienfeld 2014): methane, ammonia and water.
enum QM9Molecules {
  static let names = [
    "A", "B", "C", "mu", "alpha", "homo", "lumo", "gap", "r2", "zpve", "U0", "U", "H", "G", "Cv",
  ]
  private static let properties = [
    [
      157.7118, 157.70997, 157.70699, 0, 13.21, -0.3877, 0.1171, 0.5048, 35.3641, 0.044749, -40.47893,
      -40.476062,
      -40.475117, -40.498597, 6.469,
    ],
    [
      293.60975, 293.54111, 191.39397, 1.6256, 9.46, -0.257, 0.0829, 0.3399, 26.1563, 0.034358, -56.525887,
      -56.523026, -56.522082, -56.544961, 6.316,
    ],
    [
      799.58812, 437.90386, 282.94545, 1.8511, 6.31, -0.2928, 0.0687, 0.3615, 19.0002, 0.021375, -76.404702,
      -76.401867, -76.400922, -76.422349, 6.002,
    ],
  ]
  private static let places: [[(String, [Double])]] = [
    [
      ("C", [-0.0126981359, 1.0858041578, 0.0080009958]), ("H", [0.002150416, -0.0060313176, 0.0019761204]),
      ("H", [1.0117308433, 1.4637511618, 0.0002765748]), ("H", [-0.540815069, 1.4475266138, -0.8766437152]),
      ("H", [-0.5238136345, 1.4379326443, 0.9063972942]),
    ],
    [
      ("N", [-0.0404260543, 1.0241077531, 0.0625637998]), ("H", [0.0172574639, 0.0125452063, -0.0273771593]),
      ("H", [0.9157893661, 1.3587451948, -0.0287577581]),
      ("H", [-0.5202777357, 1.3435321258, -0.7755426124]),
    ],
    [
      ("O", [-0.0343604951, 0.9775395708, 0.0076015923]), ("H", [0.0647664923, 0.0205721989, 0.0015346341]),
      ("H", [0.8717903737, 1.3007924048, 0.0006931336]),
    ],
  ]

  /// What single atoms have, as published beside the set: in hartree, C_v in cal/(mol K).
  static let atoms: [String: [String: Double]] = [
    "zpve": ["H": 0, "C": 0, "N": 0, "O": 0],
    "U0": ["H": -0.500273, "C": -37.846772, "N": -54.583861, "O": -75.064579, "F": -99.718730],
    "U": ["H": -0.498857, "C": -37.845355, "N": -54.582445, "O": -75.063163],
    "H": ["H": -0.497912, "C": -37.844411, "N": -54.581501, "O": -75.062219],
    "G": ["H": -0.510927, "C": -37.861317, "N": -54.598897, "O": -75.079532],
    "Cv": ["H": 2.981, "C": 2.981, "N": 2.981, "O": 2.981],
  ]

  /// The properties of entry `index` of `text`: those of one of the molecules, from the fourth entry on changed a little.
  static func values(_ index: Int, energies factor: Double = 1) -> [Double] {
    zip(names, properties[index % 3]).map { name, value in
      value * (1 + 1e-4 * Double(index / 3)) * (["U0", "U", "H", "G"].contains(name) ? factor : 1)
    }
  }

  /// `count` molecules as they are published, the first three as they are, the others stretched; energies times a factor.
  static func text(_ count: Int, energies factor: Double = 1) -> String {
    (0..<count).map { index in
      let stretch = 1 + 0.01 * Double(index / 3)
      let numbers = values(index, energies: factor).map { "\($0)" }
      let atoms = places[index % 3].map { element, x in
        ([element] + x.map { "\(stretch * $0)" } + ["0.1"]).joined(separator: "\t")
      }
      return
        (["\(atoms.count)", "gdb \(index + 1)\t\(numbers.joined(separator: "\t"))"] + atoms
        + ["1341.307", "C\tC", "x\ty"])
        .joined(separator: "\n")
    }.joined(separator: "\n") + "\n"
  }
}
