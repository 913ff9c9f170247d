// SPDX-License-Identifier: GPL-3.0-or-later
// 32 registers of 64 bytes: 8 rows by 3 vectors of sums leave room for the factors.
#if defined(__x86_64__)
#define ISA avx512
#define ROWS 8
#define VECTORS 3
// 1/√x to 14 bits; two steps of Newton's method make all 52 of them, for less than a root and a division.
#define ROUGH_RSQRT(x) __builtin_ia32_rsqrt14pd512_mask(x, x, -1)
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop
#endif
