// SPDX-License-Identifier: GPL-3.0-or-later
// 16 registers of 32 bytes: 6 rows by one vector of 64 bytes are 12 registers of sums.
#if defined(__x86_64__)
#define ISA avx2
#define ROWS 6
#define VECTORS 1
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop
#endif
