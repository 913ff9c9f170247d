// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// The energies of the first normal modes of a chain of n equal masses between walls, as if it were harmonic:
///
///     E_k = P_k²/2m + m ω_k² Q_k²/2,    Q_k = √(2/N) Σᵢ xᵢ sin(πki/N),    ω_k = 2 √(κ/m) sin(πk/2N),    N = n + 1,
///
/// and P_k of the momenta likewise (Fermi, Pasta, Ulam & Tsingou, Los Alamos report LA-1940, 1955; Ford, Physics Reports 213 (1992) 271).
public struct ModeEnergies: Sendable {
  private let mass: Double
  private let frequencies: [Double]
  /// √(2/N) sin(πki/N), one row per mode.
  private let shapes: [[Double]]

  /// The names of the columns: E_1, E_2, ….
  public var names: [String] { frequencies.indices.map { "E_\($0 + 1)" } }

  /// The first `count` modes; nil where `system` is no chain of equal masses that are all free, or has not so many.
  public init?(of system: any MechanicalSystem, count: Int) {
    guard let chain = system as? ChainSystem, let mass = chain.bodies.masses.first, !chain.bodies.hasPinned,
      chain.bodies.masses.allSatisfy({ $0 == mass }), mass > 0, (1...chain.bodies.count).contains(count)
    else { return nil }
    let N = Double(chain.bodies.count + 1)
    self.mass = mass
    frequencies = (1...count).map { k in
      2 * (chain.stiffness / mass).squareRoot() * Double.sin(.pi * Double(k) / (2 * N))
    }
    shapes = (1...count).map { k in
      (1...chain.bodies.count).map { (2 / N).squareRoot() * Double.sin(.pi * Double(k * $0) / N) }
    }
  }

  public func callAsFunction(_ state: PhaseState) -> [Double] {
    zip(frequencies, shapes).map { ω, shape in
      let Q = zip(shape, state.q).reduce(0) { $0 + $1.0 * $1.1 }
      let P = zip(shape, state.p).reduce(0) { $0 + $1.0 * $1.1 }
      return P * P / (2 * mass) + mass * ω * ω * Q * Q / 2
    }
  }
}
