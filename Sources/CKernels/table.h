// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "CKernels.h"

// The kernels as one instruction set has them.
#define NOETHER_ENTRY_F32(RESULT, NAME, PARAMETERS, ARGUMENTS) RESULT (*NAME##_f32) PARAMETERS;
#define NOETHER_ENTRY_F64(RESULT, NAME, PARAMETERS, ARGUMENTS) RESULT (*NAME##_f64) PARAMETERS;
struct noether_table {
  NOETHER_KERNELS(NOETHER_ENTRY_F32, float, f32)
  NOETHER_KERNELS(NOETHER_ENTRY_F64, double, f64)
  NOETHER_DIRECT_SUMS(NOETHER_ENTRY_F64)
};

extern const struct noether_table noether_baseline;
#if defined(__x86_64__)
extern const struct noether_table noether_avx2, noether_avx512;
#endif
