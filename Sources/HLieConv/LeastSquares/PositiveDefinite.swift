// SPDX-License-Identifier: GPL-3.0-or-later

import COpenBLAS

/// x with A x = b for a symmetric A [n × n], by Cholesky's factorisation; nil where A is not positive definite, or anything is
/// not finite.
///
/// One thread does it, so that the bits do not depend on how many there are.
func solvePositiveDefinite(_ A: [Double], _ b: [Double]) -> [Double]? {
  let before = openblas_get_num_threads()
  openblas_set_num_threads(1)
  defer { openblas_set_num_threads(before) }
  let (n, columns) = (Int32(b.count), Int32(1))
  var (A, x, info) = (A, b, Int32(0))
  // Its lower triangle by columns is our upper one by rows.
  withUnsafePointer(to: n) { n in
    withUnsafePointer(to: columns) { columns in dposv_("L", n, columns, &A, n, &x, n, &info) }
  }
  return info == 0 && x.allSatisfy(\.isFinite) ? x : nil
}
