// SPDX-License-Identifier: GPL-3.0-or-later
// All kernels for one instruction set ISA, on float and on double, and the table of them. The file that includes
// this has set the compiler's target, and says how many rows and vectors of sums its registers hold.
#include "table.h"
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#define REAL float
#define SUFFIX f32
#define NAME(name) name##_f32
#define LANES 16
#include "bodies/product.h"
#include "bodies/dots.h"
#include "bodies/sigma-f32.h"
#include "bodies/elementwise.h"
#include "bodies/panels.h"
#include "bodies/outer.h"
#undef REAL
#undef SUFFIX
#undef NAME
#undef LANES

#define REAL double
#define SUFFIX f64
#define NAME(name) name##_f64
#define LANES 8
#include "bodies/product.h"
#include "bodies/dots.h"
#include "bodies/sigma-f64.h"
#include "bodies/elementwise.h"
#include "bodies/panels.h"
#include "bodies/outer.h"
#include "bodies/attract.h"
#include "bodies/few.h"

#define PASTE(a, b) a##b
#define TABLE(isa) PASTE(noether_, isa)
#define LIST_F32(RESULT, NAME, PARAMETERS, ARGUMENTS) NAME##_f32,
#define LIST_F64(RESULT, NAME, PARAMETERS, ARGUMENTS) NAME##_f64,
const struct noether_table TABLE(ISA) = {NOETHER_KERNELS(LIST_F32, float, f32)
                                             NOETHER_KERNELS(LIST_F64, double, f64)
                                                 NOETHER_DIRECT_SUMS(LIST_F64)};
