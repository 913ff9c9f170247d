// SPDX-License-Identifier: GPL-3.0-or-later
#include "CKernels.h"
#include "dispatch.h"
#include <math.h>

#define ADAM(REAL, SUFFIX, SQRT)                                                                             \
  NOETHER_CLONES void noether_adam_##SUFFIX(                                                                 \
      size_t n, REAL rate, REAL beta1, REAL beta2, REAL epsilon, REAL correction1, REAL correction2,         \
      const REAL *restrict gradient, REAL *restrict first, REAL *restrict second,                            \
      REAL *restrict parameters) {                                                                           \
    for (size_t i = 0; i < n; i++) {                                                                         \
      REAL g = gradient[i];                                                                                  \
      first[i] = beta1 * first[i] + (1 - beta1) * g;                                                         \
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;                                                   \
      parameters[i] -= rate * (first[i] / correction1) / (SQRT(second[i] / correction2) + epsilon);          \
    }                                                                                                        \
  }

ADAM(float, f32, sqrtf)
ADAM(double, f64, sqrt)
