// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The group that `--group` names.
enum GroupChoice {
  /// The group called `name` in `dimension` axes.
  ///
  /// Throws where there is none, or it acts on other axes, or it has no motions and so no momenta.
  static func named(_ name: String, dimension: Int) throws -> any LieGroup.Type {
    let names = Groups.known.filter { $0.spaceDimension == dimension && !$0.algebraComponents.isEmpty }
      .map { $0.name }
    guard let group = Groups.named(name, dimension: dimension) else {
      let others = Groups.known.filter { $0.name == name }.map { "\($0.spaceDimension)" }
      if let axes = others.first {
        throw NoetherError(
          "--group \(name): acts on \(axes) dimensions, and here there are \(dimension); choose "
            + names.joined(separator: ", "))
      }
      let hint =
        closestMatch(to: name, in: names).map { "did you mean '\($0)'?" }
        ?? "in \(dimension) dimensions there are \(names.joined(separator: ", "))"
      throw NoetherError("--group \(name): there is no such group; \(hint)")
    }
    guard !group.algebraComponents.isEmpty else {
      throw NoetherError(
        "--group \(name): has no motions, so there are no momenta; choose "
          + names.joined(separator: ", "))
    }
    return group
  }
}
