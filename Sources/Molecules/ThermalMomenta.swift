// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// Momenta of atoms at a temperature: drawn by Maxwell and Boltzmann's law, freed of what moves and turns the molecule as a whole, and
/// scaled so that T = ½ (3n − 6) k_B × the temperature (3n − 5 for atoms on a line).
public func thermalMomenta(
  of bodies: Bodies, at q: [Double], kelvins: Double, unit: StructureConfig.Unit, seed: UInt64
) -> [Double] {
  var generator = SeededGenerator(seed: seed, path: 0x6B65_6C76_696E)
  let kT = boltzmann / unit.electronvolts * kelvins
  // p = √(m k_B T) n with n normal.
  var p = (0..<bodies.coordinates).map { (bodies.masses[$0 / 3] * kT).squareRoot() * generator.normal() }
  let modes = Motions.rigid(of: bodies, at: q)
  // Orthogonal in the metric of T: p ← p − (v·p / v·Mv) Mv for each rigid velocity field v.
  for v in modes {
    let mv = v.indices.map { bodies.masses[$0 / 3] * v[$0] }
    let share = dot(v, p) / dot(v, mv)
    for k in p.indices { p[k] -= share * mv[k] }
  }
  let freedom = Double(bodies.coordinates - modes.count)
  let T = bodies.kineticEnergy(of: p.span)
  guard freedom > 0, T > 0, kelvins > 0 else { return p.map { _ in 0 } }
  let factor = (freedom * kT / 2 / T).squareRoot()
  return p.map { factor * $0 }
}

/// k_B in eV/K (CODATA 2018, exact).
private let boltzmann = 8.617333262e-5

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

private enum Motions {
  /// Velocity fields of the three translations and of the turns about the centre of mass, made orthogonal in the metric Σ m v·w; those
  /// that move nothing are left out.
  static func rigid(of bodies: Bodies, at q: [Double]) -> [[Double]] {
    let (n, m) = (bodies.count, bodies.masses)
    let total = m.reduce(0, +)
    let centre = (0..<3).map { axis in (0..<n).reduce(0) { $0 + m[$1] * q[3 * $1 + axis] } / total }
    let x = q.indices.map { q[$0] - centre[$0 % 3] }
    var fields: [[Double]] = []
    for axis in 0..<3 {
      let (b, c) = ((axis + 1) % 3, (axis + 2) % 3)
      var (shift, turn) = ([Double](repeating: 0, count: 3 * n), [Double](repeating: 0, count: 3 * n))
      for i in 0..<n {
        shift[3 * i + axis] = 1
        (turn[3 * i + b], turn[3 * i + c]) = (-x[3 * i + c], x[3 * i + b])
      }
      fields += [shift, turn]
    }
    let size = x.reduce(0) { $0 + $1 * $1 }
    var found: [[Double]] = []
    for field in fields {
      var v = field
      for _ in 0..<2 {
        for w in found {
          let mw = w.indices.map { m[$0 / 3] * w[$0] }
          let share = dot(v, mw) / dot(w, mw)
          for k in v.indices { v[k] -= share * w[k] }
        }
      }
      if dot(v, v) > 1e-12 * max(1, size) { found.append(v) }
    }
    return found
  }
}
