// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels
import Dynamics

@testable import HLieConv

/// Runs `body` with the kernels of every instruction set that this processor has.
func forEachInstructionSet(_ body: () -> Void) {
  for set in [NOETHER_BASELINE, NOETHER_AVX2, NOETHER_AVX512] where noether_use_instruction_set(set) {
    body()
  }
  noether_use_best_instruction_set()
}

/// Normal numbers from a fixed stream.
func normals<T: NetworkScalar>(_ count: Int, seed: UInt64, scale: Double = 1) -> [T] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in T(scale * generator.normal()) }
}
