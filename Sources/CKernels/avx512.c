// SPDX-License-Identifier: GPL-3.0-or-later
// 32 registers of 64 bytes: 8 rows by 3 vectors of sums leave room for the factors.
#if defined(__x86_64__)
#define ISA avx512
#define ROWS 8
#define VECTORS 3
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop
#endif
