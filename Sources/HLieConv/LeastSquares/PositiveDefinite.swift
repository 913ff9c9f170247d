// SPDX-License-Identifier: GPL-3.0-or-later

import COpenBLAS

/// OpenBLAS works on one thread from the first factorisation on: its bits depend on how many there are, the setting is that of the
/// whole process, and the threads are busy with other trainings anyway.
private let isSingleThreaded: Bool = {
  openblas_set_num_threads(1)
  return true
}()

/// x with A x = b for a symmetric A [n × n], by Cholesky's factorisation; nil where A is not positive definite, or anything is
/// not finite.
public func solvePositiveDefinite(_ A: [Double], _ b: [Double]) -> [Double]? {
  guard isSingleThreaded else { return nil }
  let (n, columns) = (Int32(b.count), Int32(1))
  var (A, x, info) = (A, b, Int32(0))
  // Its lower triangle by columns is our upper one by rows.
  withUnsafePointer(to: n) { n in
    withUnsafePointer(to: columns) { columns in dposv_("L", n, columns, &A, n, &x, n, &info) }
  }
  return info == 0 && x.allSatisfy(\.isFinite) ? x : nil
}
