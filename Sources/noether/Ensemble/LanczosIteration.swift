// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The upper end of the spectrum of a symmetric matrix that is known by its products with vectors.
///
/// Lanczos' iteration (Golub & Van Loan, Matrix Computations, ch. 10): in the basis of v, Av, A²v, … made orthonormal, A is the
/// tridiagonal matrix of the αₖ and βₖ, whose largest eigenvalue tends to A's as the square of a power iteration's does, and is A's
/// own once the basis is complete.
enum LanczosIteration {
  /// Vectors that are tried, at most.
  static let mostVectors = 60

  /// The largest eigenvalue of the matrix that `product` multiplies by, of `dimension` rows; NaN where a product is not finite.
  static func largestEigenvalue(dimension: Int, product: ([Double]) -> [Double]) -> Double {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    // Any start with a share of every eigenvector; a fixed one, so that a result does not come and go.
    var generator = SeededGenerator(seed: 0)
    var v = (0..<dimension).map { _ in generator.normal() }
    var (basis, α, β) = ([[Double]](), [Double](), [Double]())
    var size = dot(v, v).squareRoot()
    while basis.count < min(mostVectors, dimension), size > 1e-9 * (α.lazy.map(abs).max() ?? 0) {
      basis.append(v.map { $0 / size })
      v = product(basis[basis.count - 1])
      α.append(dot(v, basis[basis.count - 1]))
      guard α[α.count - 1].isFinite else { return .nan }
      // Twice against all: rounding would bring old vectors back.
      for u in basis + basis {
        let part = dot(v, u)
        v = zip(v, u).map { $0 - part * $1 }
      }
      size = dot(v, v).squareRoot()
      β.append(size)
    }
    return largestEigenvalue(diagonal: α, beside: β)
  }

  /// By bisection: x is above all eigenvalues where no pivot of T − x is above 0 (Sylvester's law of inertia).
  private static func largestEigenvalue(diagonal α: [Double], beside β: [Double]) -> Double {
    guard !α.isEmpty else { return 0 }
    let reach = (β.lazy.map(abs).max() ?? 0) * 2
    var (low, high) = (α.reduce(.infinity, min) - reach, α.reduce(-.infinity, max) + reach)
    for _ in 0..<100 {
      let x = (low + high) / 2
      var pivot = -1.0
      var isAbove = true
      for k in α.indices where isAbove {
        pivot = α[k] - x - (k > 0 ? β[k - 1] * β[k - 1] / pivot : 0)
        isAbove = pivot < 0
      }
      if isAbove { high = x } else { low = x }
    }
    return high
  }
}
