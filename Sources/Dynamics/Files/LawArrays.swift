// SPDX-License-Identifier: GPL-3.0-or-later

/// The arrays of trajectory.npz that tell the law: `k [systems, bodies]` under the product rule, with
/// `rest_length_per_mass []` where it is not zero; `k` and, where one is not zero, `rest_length` [systems, bodies,
/// bodies] for listed springs; `G` and `softening` [] for gravity. A registered law has an array
/// [systems, bodies] for each parameter of bodies and one [] for each constant, and is known by their names.
extension TrajectorySet {
  func parameterArrays(systems: Int, bodies n: Int) -> [(name: String, array: NPYArray)] {
    switch members[0].parameters {
    case .unknown: return []
    case .gravity(let G, let softening):
      return [("G", NPYArray(shape: [], [G])), ("softening", NPYArray(shape: [], [softening]))]
    case .registered(let first):
      let law = first.law
      let columns = law.parameters.enumerated().map { index, parameter in
        let values = members.flatMap { member -> [Double] in
          guard case .registered(let known) = member.parameters, known.law == law else {
            return Array(repeating: .nan, count: n)
          }
          return known.columns[index]
        }
        return (parameter.symbol, NPYArray(shape: [systems, n], values))
      }
      return columns
        + zip(law.constants, first.constants).map { ($0.name, NPYArray(shape: [], [$1])) }
    case .productSprings(_, let c):
      let k = members.flatMap { member -> [Double] in
        if case .productSprings(let k, _) = member.parameters { k } else { Array(repeating: .nan, count: n) }
      }
      let stiffness = ("k", NPYArray(shape: [systems, n], k))
      return c == 0 ? [stiffness] : [stiffness, ("rest_length_per_mass", NPYArray(shape: [], [c]))]
    case .listedSprings:
      var k: [Double] = []
      var rest: [Double] = []
      for member in members {
        var (kᵢⱼ, rᵢⱼ) = (Array(repeating: 0.0, count: n * n), Array(repeating: 0.0, count: n * n))
        if case .listedSprings(let springs) = member.parameters {
          for spring in springs {
            for entry in [spring.i * n + spring.j, spring.j * n + spring.i] {
              kᵢⱼ[entry] = spring.k
              rᵢⱼ[entry] = spring.restLength
            }
          }
        }
        k += kᵢⱼ
        rest += rᵢⱼ
      }
      let stiffness = ("k", NPYArray(shape: [systems, n, n], k))
      let hasRest = rest.contains { $0 != 0 }
      return hasRest ? [stiffness, ("rest_length", NPYArray(shape: [systems, n, n], rest))] : [stiffness]
    }
  }

  static func parameters(
    in arrays: [String: NPYArray], systems: Int, bodies n: Int, name: String
  ) throws -> [Parameters] {
    let none = Array(repeating: Parameters.unknown, count: systems)
    if let G = arrays["G"]?.doubles.first {
      let softening = arrays["softening"]?.doubles.first ?? 0
      guard G.isFinite, softening.isFinite, softening >= 0 else {
        throw NoetherError("\(name): arrays 'G' and 'softening' must be finite, softening at least 0")
      }
      return none.map { _ in .gravity(G: G, softening: softening) }
    }
    if let law = Laws.known.first(where: { law in law.arrayNames.allSatisfy { arrays[$0] != nil } }) {
      return try registered(law, in: arrays, systems: systems, bodies: n, name: name).map { .registered($0) }
    }
    guard let k = arrays["k"] else { return none }
    let values = k.doubles
    guard values.allSatisfy(\.isFinite) else {
      throw NoetherError("\(name): array 'k' has a value that is not finite")
    }
    if k.shape == [systems, n] {
      let c = arrays["rest_length_per_mass"]?.doubles.first ?? 0
      guard c.isFinite, c >= 0 else {
        throw NoetherError("\(name): array 'rest_length_per_mass' must be finite and at least 0")
      }
      return (0..<systems).map {
        .productSprings(k: Array(values[$0 * n..<($0 + 1) * n]), restLengthPerMass: c)
      }
    }
    let lengths = arrays["rest_length"]
    guard k.shape == [systems, n, n], lengths == nil || lengths?.shape == k.shape else {
      throw NoetherError(
        "\(name): array 'k' has the shape \(k.shape); it must be [\(systems), \(n)], or with 'rest_length' "
          + "[\(systems), \(n), \(n)]")
    }
    let rest = lengths?.doubles ?? Array(repeating: 0, count: values.count)
    return (0..<systems).map { system in
      var springs: [SpringCoupling] = []
      for i in 0..<n {
        for j in (i + 1)..<max(i + 1, n) {
          let entry = (system * n + i) * n + j
          if values[entry] != 0 {
            springs.append(SpringCoupling(i: i, j: j, k: values[entry], restLength: rest[entry]))
          }
        }
      }
      return .listedSprings(springs)
    }
  }

  private static func registered(
    _ law: any ParametrisedLaw.Type, in arrays: [String: NPYArray], systems: Int, bodies n: Int, name: String
  ) throws -> [LawParameters] {
    guard law.complaint(bodies: n) == nil, law.dimensions.contains(arrays["q"]?.shape.last ?? 0) else {
      throw NoetherError(
        "\(name): array 'q' has the shape \(arrays["q"]?.shape ?? []), which does not go with the law \(law.name)"
      )
    }
    func values(_ key: String, shape: [Int], _ range: NumberRange) throws -> [Double] {
      guard let array = arrays[key] else { throw NoetherError("\(name): there is no array '\(key)'") }
      guard array.shape == shape, array.doubles.allSatisfy({ $0.isFinite && range.contains($0) }) else {
        throw NoetherError(
          "\(name): array '\(key)' has the shape \(array.shape); under \(law.name) it must be \(shape), each value "
            + "finite and \(range.demand)")
      }
      return array.doubles
    }
    let constants = try law.constants.map { try values($0.name, shape: [], $0.range)[0] }
    let columns = try law.parameters.map { try values($0.symbol, shape: [systems, n], $0.range) }
    return (0..<systems).map { system in
      LawParameters(
        law: law, constants: constants, columns: columns.map { Array($0[system * n..<(system + 1) * n]) })
    }
  }
}
