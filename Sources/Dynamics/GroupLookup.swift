// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

extension Groups {
  /// The group called `name` that acts on `dimension` axes.
  ///
  /// Throws where there is none or it is not among `names`, with what there is; `key` begins the message.
  public static func required(
    _ name: String, dimension: Int, key: String, among names: [String]? = nil
  ) throws -> any LieGroup.Type {
    if let complaint = complaint(about: name, dimension: dimension, among: names) {
      throw NoetherError("\(key): \(complaint)")
    }
    guard let group = named(name, dimension: dimension) else {
      throw NoetherError("\(key): \(name) is not known")
    }
    return group
  }

  /// Why `name` cannot be taken in `dimension` axes, with the remedy; nil where it can.
  public static func complaint(
    about name: String, dimension: Int, among names: [String]? = nil
  ) -> String? {
    let names = names ?? Groups.names(dimension: dimension)
    if names.contains(name) { return nil }
    if names.isEmpty { return "no group acts on \(dimension) dimension\(dimension == 1 ? "" : "s")" }
    let axes = known.filter { $0.name == name }.map { $0.spaceDimension }
    if let other = axes.first, !axes.contains(dimension) {
      return
        "\(name) acts on \(other) dimensions, and here there are \(dimension); choose one of: "
        + names.joined(separator: ", ")
    }
    if !axes.isEmpty {
      return "\(name) cannot be taken here; choose one of: \(names.joined(separator: ", "))"
    }
    return "'\(name)' is not known; \(suggestion(for: name, in: names))"
  }
}
