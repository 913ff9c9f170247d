// SPDX-License-Identifier: GPL-3.0-or-later
// The measured kernels. Each is compiled for AVX-512, AVX2 and the baseline, and the loader picks one when the
// program starts. `_f32` and `_f64` do the same on float and double. Arrays are contiguous and row-major.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define NOETHER_DECLARE(REAL, SUFFIX)                                                                        \
  /* swish(x) = x σ(x), σ(x) = 1/(1 + e^−x) (Ramachandran, Zoph & Le 2017). `add` adds to the result. */     \
  void noether_swish_##SUFFIX(size_t n, const REAL *x, REAL *y);                                             \
  /* x̄ = ȳ s′(x) */                                                                                          \
  void noether_swish_reverse_##SUFFIX(size_t n, const REAL *x, const REAL *ybar, REAL *xbar, bool add);      \
  /* ẏ = s′(x) ẋ */                                                                                          \
  void noether_swish_tangent_##SUFFIX(size_t n, const REAL *x, const REAL *xdot, REAL *ydot);                \
  /* x̄̇ = ȳ̇ s′(x) + ȳ s″(x) ẋ */                                                                              \
  void noether_swish_tangent_reverse_##SUFFIX(size_t n, const REAL *x, const REAL *xdot, const REAL *ybar,   \
                                              const REAL *ybardot, REAL *xbardot, bool add);                 \
  /* The pair contraction of one system with n bodies, c channels and m kernel outputs:                      \
     y[i,c,m] = Σ_j u[j,c] w[i,j,m]. */                                                                      \
  void noether_contract_##SUFFIX(size_t n, size_t c, size_t m, const REAL *u, const REAL *w, REAL *y,        \
                                 bool add);                                                                  \
  /* ū[j,c] = Σ_i Σ_m ȳ[i,c,m] w[i,j,m] */                                                                   \
  void noether_contract_reverse_u_##SUFFIX(size_t n, size_t c, size_t m, const REAL *ybar, const REAL *w,    \
                                           REAL *ubar, bool add);                                            \
  /* w̄[i,j,m] = Σ_c u[j,c] ȳ[i,c,m] */                                                                       \
  void noether_contract_reverse_w_##SUFFIX(size_t n, size_t c, size_t m, const REAL *u, const REAL *ybar,    \
                                           REAL *wbar, bool add);                                            \
  /* One update of Adam (Kingma & Ba 2015, algorithm 1) with the bias corrections 1 − β₁ᵗ, 1 − β₂ᵗ. */       \
  void noether_adam_##SUFFIX(size_t n, REAL rate, REAL beta1, REAL beta2, REAL epsilon, REAL correction1,    \
                             REAL correction2, const REAL *gradient, REAL *first, REAL *second,              \
                             REAL *parameters);

NOETHER_DECLARE(float, f32)
NOETHER_DECLARE(double, f64)
