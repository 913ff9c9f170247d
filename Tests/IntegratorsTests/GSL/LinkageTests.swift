// SPDX-License-Identifier: GPL-3.0-or-later

import CGSL
import COpenBLAS
import Foundation
import Testing

/// Debian's libgsl brings a slow CBLAS of its own; the one that answers must be OpenBLAS.
@Suite struct LinkageTests {
  /// The symbol that the whole process finds first is OpenBLAS's, and not that of libgslcblas, which is loaded
  /// too, as a dependency of libgsl.
  @Test(arguments: ["cblas_dgemm", "cblas_sgemm", "cblas_ddot", "cblas_dgemv"])
  func cblasIsOpenBLAS(symbol: String) throws {
    func address(in library: String?) -> UnsafeMutableRawPointer? {
      let handle = dlopen(library, RTLD_NOW)
      // A null handle would look the symbol up everywhere.
      #expect(Int(bitPattern: handle) != 0, "\(library ?? "the process") cannot be opened")
      return dlsym(handle, symbol)
    }
    let found = try #require(address(in: nil))
    #expect(found == address(in: "libopenblas.so.0"))
    #expect(found != address(in: "libgslcblas.so.0"))
  }

  @Test func openBLASComputes() {
    #expect(String(cString: openblas_get_config()).contains("OpenBLAS"))
    let a: [Double] = [1, 2, 3, 4]
    let b: [Double] = [5, 6, 7, 8]
    var c = [Double](repeating: 0, count: 4)
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 2, 2, 2, 1, a, 2, b, 2, 0, &c, 2)
    #expect(c == [19, 22, 43, 50])
  }

  /// GSL reports an error instead of ending the process once a stepper has been made.
  @Test func steppersOfGSLAreThere() {
    #expect(String(cString: noether_gsl_rk8pd().pointee.name) == "rk8pd")
    #expect(noether_gsl_rk4().pointee.can_use_dydt_in == 1)
    let types = [
      noether_gsl_rk2(), noether_gsl_rk4(), noether_gsl_rkf45(), noether_gsl_rkck(), noether_gsl_rk8pd(),
      noether_gsl_rk1imp(), noether_gsl_rk2imp(), noether_gsl_rk4imp(), noether_gsl_bsimp(),
    ]
    for type in types {
      // Resuming counts on it: the derivative GSL keeps for the next step is that of the state it returns.
      #expect(type?.pointee.gives_exact_dydt_out == 1)
    }
  }
}
