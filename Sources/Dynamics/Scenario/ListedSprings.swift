// SPDX-License-Identifier: GPL-3.0-or-later

extension Law {
  /// The springs of `list` in a file, each between two of `bodies`, each pair at most once.
  static func springs(_ list: ConfigNode, between bodies: [ListedBody]) throws -> [SpringCoupling] {
    let names = bodies.map(\.name)
    let indices = Dictionary(zip(names, names.indices)) { first, _ in first }
    func body(_ node: ConfigNode) throws -> Int {
      if case .scalar(let text, false) = node.value, ConfigNumber.isInteger(text) {
        guard let number = Int(text), (1...names.count).contains(number) else {
          throw node.error("there is no body \(text); number them from 1 to \(names.count), or write a name")
        }
        return number - 1
      }
      let name = try node.string()
      guard let index = indices[name] else {
        throw node.error("there is no body '\(name)'; \(suggestion(for: name, in: Array(names.prefix(20))))")
      }
      return index
    }

    var seen: [SIMD2<Int>: String] = [:]
    return try list.items().map { node in
      let reader = try ConfigReader(node, keys: ["i", "j", "k", "rest_length"])
      let end = "the name or the number of a body"
      let i = try body(reader.required("i", end))
      let j = try body(reader.required("j", end))
      if i == j { throw node.error("a spring from \(names[i]) to itself; name another body") }
      if let other = seen.updateValue(node.place, forKey: SIMD2(min(i, j), max(i, j))) {
        throw node.error("\(names[i]) and \(names[j]) have a spring already, at \(other); keep one")
      }
      // Below 0 it drives its ends away from the rest length: physics, if seldom meant, and so a matter of a warning.
      let k = try reader.required("k", "its stiffness, k: 1").double()
      let restLength = try reader["rest_length"]?.double(.atLeastZero) ?? 0
      return SpringCoupling(i: i, j: j, k: k, restLength: restLength)
    }
  }
}
