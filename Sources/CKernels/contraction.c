// SPDX-License-Identifier: GPL-3.0-or-later
#include "CKernels.h"
#include "dispatch.h"

// LieConv's kernel has m = 16 outputs: one AVX-512 register of floats, two of doubles. With m fixed at compile
// time each inner loop over m is a few vector operations and the accumulators stay in registers; any other m
// takes the same code with a variable bound. Bodies and channels go in blocks of BLOCK so that each loaded
// vector serves BLOCK products.
#define BLOCK 6
#define WIDEST 16

#define CONTRACTION(REAL, SUFFIX)                                                                            \
  NOETHER_INLINE void forward_##SUFFIX(size_t n, size_t c, size_t m, const REAL *restrict u,                 \
                                       const REAL *restrict w, REAL *restrict y, bool add) {                 \
    for (size_t i = 0; i < n; i++)                                                                           \
      for (size_t first = 0; first < c; first += BLOCK) {                                                    \
        size_t block = c - first < BLOCK ? c - first : BLOCK;                                                \
        REAL *out = y + (i * c + first) * m;                                                                 \
        if (block == BLOCK && m == WIDEST) {                                                                 \
          REAL sum[BLOCK][WIDEST];                                                                           \
          for (size_t b = 0; b < BLOCK; b++)                                                                 \
            for (size_t k = 0; k < WIDEST; k++) sum[b][k] = add ? out[b * WIDEST + k] : 0;                   \
          for (size_t j = 0; j < n; j++)                                                                     \
            for (size_t b = 0; b < BLOCK; b++)                                                               \
              for (size_t k = 0; k < WIDEST; k++)                                                            \
                sum[b][k] += u[j * c + first + b] * w[(i * n + j) * WIDEST + k];                             \
          for (size_t b = 0; b < BLOCK; b++)                                                                 \
            for (size_t k = 0; k < WIDEST; k++) out[b * WIDEST + k] = sum[b][k];                             \
        } else {                                                                                             \
          if (!add)                                                                                          \
            for (size_t k = 0; k < block * m; k++) out[k] = 0;                                               \
          for (size_t j = 0; j < n; j++)                                                                     \
            for (size_t b = 0; b < block; b++)                                                               \
              for (size_t k = 0; k < m; k++)                                                                 \
                out[b * m + k] += u[j * c + first + b] * w[(i * n + j) * m + k];                             \
        }                                                                                                    \
      }                                                                                                      \
  }                                                                                                          \
  /* The sum over m is kept in m lanes over all i and added up across lanes once per (j, c). */              \
  NOETHER_INLINE void reverse_u_##SUFFIX(size_t n, size_t c, size_t m, const REAL *restrict ybar,            \
                                         const REAL *restrict w, REAL *restrict ubar, bool add) {            \
    for (size_t j = 0; j < n; j++)                                                                           \
      for (size_t first = 0; first < c; first += BLOCK) {                                                    \
        size_t block = c - first < BLOCK ? c - first : BLOCK;                                                \
        REAL total[BLOCK] = {0};                                                                             \
        if (block == BLOCK && m == WIDEST) {                                                                 \
          REAL sum[BLOCK][WIDEST] = {{0}};                                                                   \
          for (size_t i = 0; i < n; i++)                                                                     \
            for (size_t b = 0; b < BLOCK; b++)                                                               \
              for (size_t k = 0; k < WIDEST; k++)                                                            \
                sum[b][k] += ybar[(i * c + first + b) * WIDEST + k] * w[(i * n + j) * WIDEST + k];           \
          for (size_t b = 0; b < BLOCK; b++)                                                                 \
            for (size_t half = WIDEST / 2; half > 0; half /= 2)                                              \
              for (size_t k = 0; k < half; k++) sum[b][k] += sum[b][k + half];                               \
          for (size_t b = 0; b < BLOCK; b++) total[b] = sum[b][0];                                           \
        } else {                                                                                             \
          for (size_t i = 0; i < n; i++)                                                                     \
            for (size_t b = 0; b < block; b++)                                                               \
              for (size_t k = 0; k < m; k++)                                                                 \
                total[b] += ybar[(i * c + first + b) * m + k] * w[(i * n + j) * m + k];                      \
        }                                                                                                    \
        for (size_t b = 0; b < block; b++)                                                                   \
          ubar[j * c + first + b] = total[b] + (add ? ubar[j * c + first + b] : 0);                          \
      }                                                                                                      \
  }                                                                                                          \
  NOETHER_INLINE void reverse_w_##SUFFIX(size_t n, size_t c, size_t m, const REAL *restrict u,               \
                                         const REAL *restrict ybar, REAL *restrict wbar, bool add) {         \
    for (size_t i = 0; i < n; i++)                                                                           \
      for (size_t first = 0; first < n; first += BLOCK) {                                                    \
        size_t block = n - first < BLOCK ? n - first : BLOCK;                                                \
        REAL *out = wbar + (i * n + first) * m;                                                              \
        if (block == BLOCK && m == WIDEST) {                                                                 \
          REAL sum[BLOCK][WIDEST];                                                                           \
          for (size_t b = 0; b < BLOCK; b++)                                                                 \
            for (size_t k = 0; k < WIDEST; k++) sum[b][k] = add ? out[b * WIDEST + k] : 0;                   \
          for (size_t channel = 0; channel < c; channel++)                                                   \
            for (size_t b = 0; b < BLOCK; b++)                                                               \
              for (size_t k = 0; k < WIDEST; k++)                                                            \
                sum[b][k] += u[(first + b) * c + channel] * ybar[(i * c + channel) * WIDEST + k];            \
          for (size_t b = 0; b < BLOCK; b++)                                                                 \
            for (size_t k = 0; k < WIDEST; k++) out[b * WIDEST + k] = sum[b][k];                             \
        } else {                                                                                             \
          if (!add)                                                                                          \
            for (size_t k = 0; k < block * m; k++) out[k] = 0;                                               \
          for (size_t channel = 0; channel < c; channel++)                                                   \
            for (size_t b = 0; b < block; b++)                                                               \
              for (size_t k = 0; k < m; k++)                                                                 \
                out[b * m + k] += u[(first + b) * c + channel] * ybar[(i * c + channel) * m + k];            \
        }                                                                                                    \
      }                                                                                                      \
  }                                                                                                          \
  NOETHER_CLONES void noether_contract_##SUFFIX(size_t n, size_t c, size_t m, const REAL *u, const REAL *w,  \
                                                REAL *y, bool add) {                                         \
    forward_##SUFFIX(n, c, m, u, w, y, add);                                                                 \
  }                                                                                                          \
  NOETHER_CLONES void noether_contract_reverse_u_##SUFFIX(size_t n, size_t c, size_t m, const REAL *ybar,    \
                                                          const REAL *w, REAL *ubar, bool add) {             \
    reverse_u_##SUFFIX(n, c, m, ybar, w, ubar, add);                                                         \
  }                                                                                                          \
  NOETHER_CLONES void noether_contract_reverse_w_##SUFFIX(size_t n, size_t c, size_t m, const REAL *u,       \
                                                          const REAL *ybar, REAL *wbar, bool add) {          \
    reverse_w_##SUFFIX(n, c, m, u, ybar, wbar, add);                                                         \
  }

CONTRACTION(float, f32)
CONTRACTION(double, f64)
