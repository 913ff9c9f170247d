// SPDX-License-Identifier: GPL-3.0-or-later

/// Stumpff's functions c_n(t) = Σ_k (−t)^k / (2k + n)!, in which rotations by the angle √t are smooth in t:
/// c₀ = cos θ, c₁ = sin θ/θ, c₂ = (1 − cos θ)/θ², c₃ = (θ − sin θ)/θ³, and so on, with θ² = t ≥ 0.
///
/// As functions of t they have derivatives at t = 0, where sin θ/θ of θ = √t has none.
@inlinable
func stumpff<S: LieScalar>(_ n: Int, _ t: S) -> S {
  if t.real < 4 {
    // c_n = (1/n!) (1 − t/((n+1)(n+2)) (1 − t/((n+3)(n+4)) (1 − …))); the 14th term is below 4¹⁴/28! ≈ 1e−21.
    var nested = S(1)
    for k in stride(from: 13, to: 0, by: -1) {
      let m = Double(n + 2 * k)
      nested = S(1) - t * S(1 / ((m - 1) * m)) * nested
    }
    var factorial = 1.0
    for m in stride(from: 2, through: n, by: 1) { factorial *= Double(m) }
    return S(1 / factorial) * nested
  }
  switch n {
  case 0: return S.cos(S.sqrt(t))
  case 1:
    let angle = S.sqrt(t)
    return S.sin(angle) / angle
  case 2:
    // 1 − cos θ = 2 sin²(θ/2): no cancellation near whole turns.
    let half = S.sin(S(0.5) * S.sqrt(t))
    return S(2) * half * half / t
  default:
    // c_n = (1/(n−2)! − c_{n−2}) / t.
    var factorial = 1.0
    for m in stride(from: 2, through: n - 2, by: 1) { factorial *= Double(m) }
    return (S(1 / factorial) - stumpff(n - 2, t)) / t
  }
}

/// (1 − (θ/2) cot(θ/2))/θ² with θ² = t, for 0 ≤ θ < 2π: the coefficient in the inverse of the left Jacobian of
/// SO(3), which is I − K/2 + e K².
@inlinable
func inverseJacobianCoefficient<S: LieScalar>(_ t: S) -> S {
  if t.real < 0.16 {
    // 1 − x cot x = Σ_k |B_2k| (2x)^2k / (2k)!, with x = θ/2 and Bernoulli's numbers; 8 terms reach 1e−17.
    let coefficients: InlineArray<8, Double> = [
      1.0 / 12, 1 / 720.0, 1 / 30240.0, 1 / 1_209_600.0, 1 / 47_900_160.0, 691 / 1_307_674_368_000.0,
      1 / 74_724_249_600.0, 3617 / 10_670_622_842_880_000.0,
    ]
    var sum = S.zero
    for k in coefficients.indices.reversed() { sum = sum * t + S(coefficients[k]) }
    return sum
  }
  let half = S(0.5) * S.sqrt(t)
  return (S(1) - half * S.cos(half) / S.sin(half)) / t
}
