// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// trajectory.npz: `t [frames]`, `step [systems, frames]`, `q`, `p` [systems, frames, bodies, dimension] and
/// `m [systems, bodies]`; then the parameters of the law (`LawArrays.swift`); `pinned [bodies]` where one is;
/// `nuclear_charges [bodies]` of atoms.
///
/// Frames that a system lacks at its end are NaN.
extension TrajectorySet {
  public func writeNPZ(to path: String) throws {
    try NPZ.write(arrays(name: path), to: path)
  }

  package func arrays(name: String) throws -> [(name: String, array: NPYArray)] {
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
    // One array for all systems, as MD17 has it: each has the same atoms in the same order.
    if !first.nuclearCharges.isEmpty, members.allSatisfy({ $0.nuclearCharges == first.nuclearCharges }) {
      let charges = first.nuclearCharges.map { Int64($0) }
      arrays.append(("nuclear_charges", NPYArray(shape: [n], values: .int64(charges))))
    }
    return arrays
  }

  /// The trajectories of the .npz file at `path`; of its arrays, `t`, `q`, `p` and `m` must be there.
  public static func readNPZ(_ path: String) throws -> TrajectorySet {
    try TrajectorySet(arrays: NPZ.read(path), name: path)
  }

  package init(arrays: [String: NPYArray], name: String) throws {
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
    guard systems > 0, frames > 0, n > 0, (1...3).contains(d) else {
      throw NoetherError(
        "\(name): array 'q' has the shape \(q.shape): nothing to read, or not 1 to 3 dimensions")
    }
    let p = try array("p", [systems, frames, n, d], "of the shape of q, \(q.shape)").doubles
    let t = try array("t", [frames], "[frames], \(frames) times").doubles
    let m = try array("m", [systems, n], "[systems, bodies], \(systems) × \(n) masses").doubles
    let positions = q.doubles
    guard t.allSatisfy(\.isFinite) else {
      throw NoetherError("\(name): array 't' has a time that is not finite")
    }
    guard m.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw NoetherError("\(name): array 'm' has a mass that is negative or not finite")
    }
    let steps = try arrays["step"].map { _ in
      try array("step", [systems, frames], "[systems, frames]").doubles
    }
    var pinned = Array(repeating: false, count: n)
    if arrays["pinned"] != nil { pinned = try array("pinned", [n], "[bodies]").doubles.map { $0 != 0 } }
    let charges = try arrays["nuclear_charges"].map { _ in
      try array("nuclear_charges", [n], "[bodies], \(n) atomic numbers").doubles.map { charge in
        guard let number = Int(exactly: charge), (1...118).contains(number) else {
          throw NoetherError("\(name): array 'nuclear_charges': \(charge) is no atomic number from 1 to 118")
        }
        return number
      }
    }
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
      var member = Member(
        index: system, bodies: bodies, parameters: parameters[system],
        frames: states.enumerated().map { index, state in
          let step = steps.flatMap { Int(exactly: $0[system * frames + index]) } ?? index
          return Frame(step: step, t: t[index], state: state)
        }, nuclearCharges: charges ?? [])
      // The law knows whether positions are angles.
      if let law = member.system { member.bodies = law.bodies }
      return member
    }
  }
}
