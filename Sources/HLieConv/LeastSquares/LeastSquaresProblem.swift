// SPDX-License-Identifier: GPL-3.0-or-later

/// A mean over many squared residuals to be made small, ⟨r²⟩ with r = truth − prediction.
protocol LeastSquaresProblem {
  /// How many unknowns of each kind follow each other: those of a kind are of comparable size.
  var kinds: [Int] { get }
  /// ⟨r²⟩ at some unknowns.
  func cost(at unknowns: [Double]) -> Double
  /// The problem linearised there.
  func normalEquations(at unknowns: [Double]) -> NormalEquations
}

/// A linearised problem, all means over the residuals; J is the prediction's derivative.
struct NormalEquations {
  /// ⟨r²⟩.
  var cost: Double
  /// ⟨JᵀJ⟩ [unknowns²], both triangles, and ⟨Jᵀr⟩.
  var matrix: [Double]
  var slope: [Double]
  /// Unknowns that stay as they are.
  private(set) var frozen: [Int] = []
}

/// Σr², ΣJᵀJ and ΣJᵀr of rows that are added block by block.
struct NormalSums {
  private(set) var cost = 0.0
  /// On and above the diagonal alone [unknowns²].
  let matrix: AlignedMemory<Double>
  private(set) var slope: [Double]
  private static let panel = 64

  init(unknowns: Int) {
    matrix = AlignedMemory(count: unknowns * unknowns)
    slope = [Double](repeating: 0, count: unknowns)
  }

  /// Adds r [rows] and J [rows × unknowns].
  mutating func add(
    residuals: UnsafePointer<Double>, jacobian: UnsafePointer<Double>, rows: Int
  ) {
    let count = slope.count
    for row in 0..<rows {
      let (r, J) = (residuals[row], jacobian + row * count)
      cost += r * r
      for k in 0..<count { slope[k] += r * J[k] }
    }
    // JᵀJ by panels of columns, each down to its diagonal.
    for first in stride(from: 0, to: count, by: Self.panel) {
      let columns = min(Self.panel, count - first)
      let target = matrix.base + first
      var product = Product<Double>(
        m: first + columns, n: columns, k: rows, left: .transposed(columns: count),
        right: .plain(columns: count),
        rowLength: count)
      product.adding = UnsafePointer(target)
      product.write(jacobian, jacobian + first, to: target)
    }
  }
}

extension NormalEquations {
  init(unknowns: Int) {
    cost = 0
    matrix = [Double](repeating: 0, count: unknowns * unknowns)
    slope = [Double](repeating: 0, count: unknowns)
  }

  /// Adds sums over some of the unknowns, which stand where `places` says, in ascending order.
  mutating func add(_ sums: NormalSums, at places: [Int]) {
    let (own, all) = (places.count, slope.count)
    cost += sums.cost
    for (i, row) in places.enumerated() {
      slope[row] += sums.slope[i]
      for j in i..<own { matrix[row * all + places[j]] += sums.matrix.base[i * own + j] }
    }
  }

  /// Some unknowns stay as they are: nothing is to be gained by them.
  mutating func freeze(_ frozen: [Int]) {
    self.frozen = frozen
    let count = slope.count
    for k in frozen {
      slope[k] = 0
      for j in 0..<count { (matrix[k * count + j], matrix[j * count + k]) = (0, 0) }
    }
  }

  /// Makes means of sums, and the lower triangle of the upper.
  mutating func finish(residuals: Double) {
    let count = slope.count
    cost /= residuals
    for k in matrix.indices { matrix[k] /= residuals }
    for k in slope.indices { slope[k] /= residuals }
    for i in 0..<count {
      for j in 0..<i { matrix[i * count + j] = matrix[j * count + i] }
    }
  }
}
