// SPDX-License-Identifier: GPL-3.0-or-later

/// A system whose V is a sum over pairs of bodies of functions v of their distance r.
///
/// For curves of a law against distance; forces of a whole system are `force(at:into:)`. `i` and `j` are indices of
/// bodies, in any order; with itself a body has no force.
public protocol PairPotentialSystem: HamiltonianSystem {
  /// v(r) of the bodies `i` and `j`.
  func pairEnergy(_ i: Int, _ j: Int, at r: Double) -> Double
  /// −dv/dr of the bodies `i` and `j`: above zero where they repel each other.
  func pairForce(_ i: Int, _ j: Int, at r: Double) -> Double
}

extension SpringSystem: PairPotentialSystem {
  /// κ (r − r₀)²; 0 where no spring joins them.
  public func pairEnergy(_ i: Int, _ j: Int, at r: Double) -> Double {
    guard let spring = spring(i, j) else { return 0 }
    return spring.k * (r - spring.restLength) * (r - spring.restLength)
  }

  /// −2κ (r − r₀); 0 where no spring joins them.
  public func pairForce(_ i: Int, _ j: Int, at r: Double) -> Double {
    guard let spring = spring(i, j) else { return 0 }
    return -2 * spring.k * (r - spring.restLength)
  }

  private func spring(_ i: Int, _ j: Int) -> SpringCoupling? {
    couplings.first { ($0.i, $0.j) == (i, j) || ($0.i, $0.j) == (j, i) }
  }
}

extension GravitySystem: PairPotentialSystem {
  /// −G mᵢmⱼ / √(r² + ε²).
  public func pairEnergy(_ i: Int, _ j: Int, at r: Double) -> Double {
    i == j ? 0 : -G * bodies.masses[i] * bodies.masses[j] / (r * r + softening * softening).squareRoot()
  }

  /// −G mᵢmⱼ r / (r² + ε²)^{3/2}.
  public func pairForce(_ i: Int, _ j: Int, at r: Double) -> Double {
    pairEnergy(i, j, at: r) * r / (r * r + softening * softening)
  }
}
