// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The group that `--group` names.
enum GroupChoice {
  /// The group called `name` in `dimension` axes.
  ///
  /// Throws where there is none, or it acts on other axes, or it has no motions and so no momenta.
  static func named(_ name: String, dimension: Int) throws -> any LieGroup.Type {
    let moving = Groups.known.filter { $0.spaceDimension == dimension && !$0.algebraComponents.isEmpty }
      .map { $0.name }
    if Groups.named(name, dimension: dimension)?.algebraComponents.isEmpty == true {
      throw NoetherError(
        "--group \(name): has no motions, so there are no momenta; choose one of: "
          + moving.joined(separator: ", "))
    }
    return try Groups.required(name, dimension: dimension, key: "--group", among: moving)
  }
}
