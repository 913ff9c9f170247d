// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// trajectory.npz: `t [frames]`, `step [systems, frames]`, `q`, `p` [systems, frames, bodies, dimension] and
/// `m [systems, bodies]`; then the parameters of the law: `k [systems, bodies]` under the product rule,
/// `k` and, where one is not zero, `rest_length` [systems, bodies, bodies] for listed springs, `G` and
/// `softening` [] for gravity; `pinned [bodies]` where one is.
///
/// Frames that a system lacks at its end are NaN.
extension TrajectorySet {
  public func writeNPZ(to path: String) throws {
    try NPZ.write(arrays(name: path), to: path)
  }

  func arrays(name: String) throws -> [(name: String, array: NPYArray)] {
    let times = try times(for: name)
    let first = members[0]
    let (n, d) = (first.bodies.count, first.bodies.dimension)
    let systems = members.count
    var steps: [Int64] = []
    var q: [Double] = []
    var p: [Double] = []
    q.reserveCapacity(systems * times.count * n * d)
    p.reserveCapacity(systems * times.count * n * d)
    for member in members {
      let missing = times.count - member.frames.count
      for frame in member.frames {
        steps.append(Int64(frame.step))
        q += frame.state.q
        p += frame.state.p
      }
      steps += Array(repeating: -1, count: missing)
      q += Array(repeating: .nan, count: missing * n * d)
      p += Array(repeating: .nan, count: missing * n * d)
    }
    var arrays: [(name: String, array: NPYArray)] = [
      ("t", NPYArray(shape: [times.count], times)),
      ("step", NPYArray(shape: [systems, times.count], values: .int64(steps))),
      ("q", NPYArray(shape: [systems, times.count, n, d], q)),
      ("p", NPYArray(shape: [systems, times.count, n, d], p)),
      ("m", NPYArray(shape: [systems, n], members.flatMap(\.bodies.masses))),
    ]
    arrays += parameterArrays(systems: systems, bodies: n)
    if first.bodies.hasPinned {
      arrays.append(("pinned", NPYArray(shape: [n], values: .int64(first.bodies.pinned.map { $0 ? 1 : 0 }))))
    }
    return arrays
  }

  private func parameterArrays(systems: Int, bodies n: Int) -> [(name: String, array: NPYArray)] {
    switch members[0].parameters {
    case .unknown: return []
    case .gravity(let G, let softening):
      return [("G", NPYArray(shape: [], [G])), ("softening", NPYArray(shape: [], [softening]))]
    case .productSprings:
      let k = members.flatMap { member -> [Double] in
        if case .productSprings(let k) = member.parameters { k } else { Array(repeating: .nan, count: n) }
      }
      return [("k", NPYArray(shape: [systems, n], k))]
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

  /// The trajectories of the .npz file at `path`; of its arrays, `t`, `q`, `p` and `m` must be there.
  public static func readNPZ(_ path: String) throws -> TrajectorySet {
    try TrajectorySet(arrays: NPZ.read(path), name: path)
  }

  init(arrays: [String: NPYArray], name: String) throws {
    func array(_ key: String, _ extents: [Int?], _ what: String) throws -> NPYArray {
      guard let array = arrays[key] else { throw NoetherError("\(name): there is no array '\(key)' \(what)") }
      let fits =
        array.shape.count == extents.count && zip(array.shape, extents).allSatisfy { $1 == nil || $0 == $1 }
      guard fits else {
        throw NoetherError("\(name): array '\(key)' has the shape \(array.shape); it must be \(what)")
      }
      return array
    }
    let q = try array("q", [nil, nil, nil, nil], "[systems, frames, bodies, dimension]")
    let (systems, frames, n, d) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3])
    guard systems > 0, frames > 0, n > 0, (2...3).contains(d) else {
      throw NoetherError(
        "\(name): array 'q' has the shape \(q.shape): nothing to read, or not 2 or 3 dimensions")
    }
    let p = try array("p", [systems, frames, n, d], "of the shape of q, \(q.shape)").doubles
    let t = try array("t", [frames], "[frames], \(frames) times").doubles
    let m = try array("m", [systems, n], "[systems, bodies], \(systems) × \(n) masses").doubles
    let positions = q.doubles
    guard t.allSatisfy(\.isFinite) else {
      throw NoetherError("\(name): array 't' has a time that is not finite")
    }
    guard m.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw NoetherError("\(name): array 'm' has a mass that is not positive and finite")
    }
    let steps = try arrays["step"].map { _ in
      try array("step", [systems, frames], "[systems, frames]").doubles
    }
    var pinned = Array(repeating: false, count: n)
    if arrays["pinned"] != nil { pinned = try array("pinned", [n], "[bodies]").doubles.map { $0 != 0 } }
    let parameters = try Self.parameters(in: arrays, systems: systems, bodies: n, name: name)

    members = try (0..<systems).map { system in
      let masses = Array(m[system * n..<(system + 1) * n])
      let bodies = Bodies(
        dimension: d, names: (1...n).map(String.init), masses: masses, pinned: pinned)
      let size = n * d
      var states = (0..<frames).map { frame in
        let range = (system * frames + frame) * size..<(system * frames + frame + 1) * size
        return PhaseState(q: Array(positions[range]), p: Array(p[range]))
      }
      while let last = states.last, !last.isFinite, (last.q + last.p).allSatisfy(\.isNaN) {
        states.removeLast()
      }
      if let bad = states.firstIndex(where: { !$0.isFinite }) {
        throw NoetherError("\(name): system \(system) is not finite in frame \(bad); cut it off there")
      }
      return Member(
        index: system, bodies: bodies, parameters: parameters[system],
        frames: states.enumerated().map { index, state in
          let step = steps.flatMap { Int(exactly: $0[system * frames + index]) } ?? index
          return Frame(step: step, t: t[index], state: state)
        })
    }
  }

  private static func parameters(
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
    guard let k = arrays["k"] else { return none }
    let values = k.doubles
    guard values.allSatisfy(\.isFinite) else {
      throw NoetherError("\(name): array 'k' has a value that is not finite")
    }
    if k.shape == [systems, n] {
      return (0..<systems).map { .productSprings(k: Array(values[$0 * n..<($0 + 1) * n])) }
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
}
