// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// LieConv without a Hamiltonian, the control F-LieConv of Finzi, Stanton, Izmailov & Wilson 2020, section 6.1: the
/// network of `HLieConvNetwork`, told of each body its features and its momentum, whose nodes give
///
///     (q̇_i, ṗ_i) = readout(swish(h_i)).
///
/// It commutes with the group's motions where those leave the components of velocities as they are, which translations do.
/// With T(2), two features, k = 384 and 4 blocks it has 897,220 parameters.
enum FLieConvNetwork {
  static func program(_ config: ModelConfig, group: any LieGroup.Type, features: Int) -> Program {
    let d = group.spaceDimension
    var program = Program(features: features, dimension: d, dynamics: .vectorField)
    let (q, p) = program.phaseParts()
    let told = program.joined(program.features, p)
    let h = HLieConvNetwork.nodes(config, group, told: told, at: q, in: &program)
    program.finish(velocities: program.linear(program.swish(h), to: 2 * d, name: "readout"))
    return program
  }

  /// Why the group cannot be taken; nil where it can.
  static func fault(with group: any LieGroup.Type) -> String? {
    let turns = VelocityField.all(of: group).contains { field in
      !(field.linearPart?.isCombination(of: []) ?? false)
    }
    guard turns else { return nil }
    return
      "\(group.name) changes the components of velocities, which flieconv gives one by one; choose Trivial or "
      + "translations: \(["T1", "T2, Tx, Ty", "T3"][group.spaceDimension - 1])"
  }
}

extension Program {
  /// The positions and the momenta in the states, each [body × dimension].
  mutating func phaseParts() -> (q: TensorID, p: TensorID) {
    let (state, d) = (positions, dimension)
    return (
      columns([Columns.Part(x: state, columns: 0..<d)]), columns([Columns.Part(x: state, columns: d..<2 * d)])
    )
  }
}
