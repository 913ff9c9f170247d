// SPDX-License-Identifier: GPL-3.0-or-later
// The measured kernels. Each is compiled for AVX-512, AVX2 and the baseline; the best that the processor has is
// chosen when the program starts. `_f32` and `_f64` do the same on float and double. Matrices are row-major.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum noether_instruction_set { NOETHER_BASELINE, NOETHER_AVX2, NOETHER_AVX512 };
// For tests: what the calling thread uses from now on; false where the processor lacks it.
bool noether_use_instruction_set(enum noether_instruction_set set);
void noether_use_best_instruction_set(void);

// Tells the processor that the thread waits for another one's number to change.
static inline void noether_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#define NOETHER_TYPES(REAL, SUFFIX)                                                                          \
  /* C [m × n] = α (A B + A₂ B₂ + 1 biasᵀ) + D, for A [m × k] and B [k × n].                                 \
     A has the entry (r, i) at a[r a_row + i a_step]. B has (i, j) at b[⌊j/P⌋ b_panel + i b_step + j mod P], \
     P numbers, 64 bytes, to a panel: packed panels have b_panel = k P and b_step = P, a row-major B b_panel = P \
     and b_step = n. C and D have (r, j) at r c_row + ⌊j/P⌋ c_panel + j mod P: c_panel = P where they are row-major; \
     D may be C. The row bias adds row_bias[r] to the sums. a₂ and b₂, the biases and d may be null. */      \
  typedef struct {                                                                                           \
    size_t m, n, k;                                                                                          \
    const REAL *a, *a2;                                                                                      \
    size_t a_row, a_step;                                                                                    \
    const REAL *b, *b2;                                                                                      \
    size_t b_panel, b_step, c_row, c_panel;                                                                  \
    REAL alpha;                                                                                              \
    const REAL *bias, *row_bias, *d;                                                                         \
    REAL *c;                                                                                                 \
  } noether_product_##SUFFIX;

NOETHER_TYPES(float, f32)
NOETHER_TYPES(double, f64)

// Kernel functions of a layer on sampled points.
#define NOETHER_KERNEL_FUNCTIONS 16

// X(result, name, parameters, arguments) for each kernel on REAL.
#define NOETHER_KERNELS(X, REAL, SUFFIX)                                                                     \
  X(void, multiply, (const noether_product_##SUFFIX *product), (product))                                          \
  /* C [m × n] = α (A Bᵀ + A₂ B₂ᵀ) (+ C) for row-major A [m × k] and B [n × k]; a₂ and b₂ may be null. */    \
  X(void, multiply_nt,                                                                                             \
    (size_t m, size_t n, size_t k, REAL alpha, const REAL *a, const REAL *b, const REAL *a2, const REAL *b2, \
     bool add, REAL *c),                                                                                     \
    (m, n, k, alpha, a, b, a2, b2, add, c))                                                                  \
  /* The panels of B [k × n], the last one filled with zeros; (i, j) at b[i row + j column]. */              \
  X(void, pack, (size_t k, size_t n, const REAL *b, size_t row, size_t column, REAL *panels),                      \
    (k, n, b, row, column, panels))                                                                          \
  /* sums[j] += α Σᵢ x[i, j] */                                                                              \
  X(void, column_sums, (size_t m, size_t n, REAL alpha, const REAL *x, REAL *sums), (m, n, alpha, x, sums))        \
  /* Σ x² */                                                                                                 \
  X(REAL, square_sum, (size_t n, const REAL *x), (n, x))                                                     \
  /* y += x */                                                                                               \
  X(void, accumulate, (size_t n, const REAL *x, REAL *y), (n, x, y))                                               \
  /* swish(x) = x σ(x), σ(x) = 1/(1 + e^−x) (Ramachandran, Zoph & Le 2017). */                               \
  X(void, swish, (size_t n, const REAL *x, REAL *y), (n, x, y))                                                    \
  /* x̄ = ȳ s′(x), added to x̄ on request */                                                                   \
  X(void, swish_reverse, (size_t n, const REAL *x, const REAL *ybar, REAL *xbar, bool add),                        \
    (n, x, ybar, xbar, add))                                                                                 \
  /* y = x σ(x) and ẏ = s′(x) ẋ */                                                                           \
  X(void, swish_tangent, (size_t n, const REAL *x, const REAL *xdot, REAL *y, REAL *ydot), (n, x, xdot, y, ydot))  \
  /* x̄̇ = ȳ̇ s′(x) + ȳ s″(x) ẋ, added to x̄̇ on request; and x̄ = ȳ s′(x) where xbar is not null */              \
  X(void, swish_tangent_reverse,                                                                                   \
    (size_t n, const REAL *x, const REAL *xdot, const REAL *ybar, const REAL *ybardot, REAL *xbar,           \
     REAL *xbardot, bool add),                                                                               \
    (n, x, xdot, ybar, ybardot, xbar, xbardot, add))                                                         \
  /* One update of Adam (Kingma & Ba 2015, algorithm 1) with the bias corrections 1 − β₁ᵗ, 1 − β₂ᵗ. */       \
  X(void, adam,                                                                                                    \
    (size_t n, REAL rate, REAL beta1, REAL beta2, REAL epsilon, REAL correction1, REAL correction2,          \
     const REAL *gradient, REAL *first, REAL *second, REAL *parameters),                                     \
    (n, rate, beta1, beta2, epsilon, correction1, correction2, gradient, first, second, parameters))         \
  /* C [m × n] += A Bᵀ over all columns of A and B, which lie in panels of P = LANES columns: the entry (r, j) of A at        \
     ⌊j/P⌋ a_rows P + r P + j mod P, and of B with n for a_rows */                                           \
  X(void, multiply_panels_nt,                                                                                \
    (size_t panels, size_t m, size_t n, const REAL *a, size_t a_rows, const REAL *b, REAL *c),               \
    (panels, m, n, a, a_rows, b, c))                                                                         \
  /* Below, n counts numbers of whole vectors of P: those of a row of x, and of y.                         \
     w̄[i F + f] += Σⱼ x[rows[i] n + j] ȳ[f n + j] for the F kernel functions, j < n and i < k */          \
  X(void, row_dots, (size_t n, size_t k, const uint32_t *rows, const REAL *x, const REAL *ybar, REAL *wbar),\
    (n, k, rows, x, ybar, wbar))                                                                           \
  /* y[f n + j] = Σᵢ w[i F + f] x[rows[i] n + j] for the F kernel functions, j < n and i < k */            \
  X(void, gather, (size_t n, size_t k, const uint32_t *rows, const REAL *w, const REAL *x, REAL *y),       \
    (n, k, rows, w, x, y))                                                                                 \
  /* x̄[rows[i] n + j] += Σ_f w[i F + f] ȳ[f n + j]; no row twice */                                       \
  X(void, scatter, (size_t n, size_t k, const uint32_t *rows, const REAL *w, const REAL *ybar, REAL *xbar),\
    (n, k, rows, w, ybar, xbar))                                                                           \
  /* n rows of y, which are `row` apart, from panels, which are `panel` apart; and panels from rows, the last one \
     filled with zeros */                                                                                     \
  X(void, from_panels, (size_t n, size_t channels, const REAL *x, size_t panel, REAL *y, size_t row),         \
    (n, channels, x, panel, y, row))                                                                          \
  X(void, to_panels, (size_t n, size_t channels, const REAL *y, size_t row, REAL *x, size_t panel),           \
    (n, channels, y, row, x, panel))                                                                          \
  /* Batch normalisation of panels whose first `valid` lanes count, channel by channel.                      \
     sums += Σ (x − shift), squares += Σ (x − shift)² */                                                     \
  X(void, lane_moments,                                                                                      \
    (size_t panels, size_t channels, size_t valid, const REAL *x, const REAL *shift, REAL *sums,             \
     REAL *squares),                                                                                         \
    (panels, channels, valid, x, shift, sums, squares))                                                      \
  /* y = swish(z), z = scale x + offset */                                                                   \
  X(void, normalised_swish,                                                                                  \
    (size_t panels, size_t channels, const REAL *x, const REAL *scale, const REAL *offset, REAL *y),         \
    (panels, channels, x, scale, offset, y))                                                                 \
  /* ȳ ← z̄ = ȳ s′(z), sums += Σ z̄, products += Σ z̄ (x − mean) */                                             \
  X(void, normalised_swish_reverse,                                                                          \
    (size_t panels, size_t channels, const REAL *x, const REAL *scale, const REAL *offset, const REAL *mean, \
     REAL *ybar, REAL *sums, REAL *products),                                                                \
    (panels, channels, x, scale, offset, mean, ybar, sums, products))                                        \
  /* z̄ ← x̄ = scale z̄ + slope x + offset in the valid lanes, 0 in the others */                               \
  X(void, normalised_reverse,                                                                                \
    (size_t panels, size_t channels, size_t valid, const REAL *x, const REAL *scale, const REAL *slope,      \
     const REAL *offset, REAL *xbar),                                                                        \
    (panels, channels, valid, x, scale, slope, offset, xbar))

#define NOETHER_DECLARE_F32(RESULT, NAME, PARAMETERS, ARGUMENTS) RESULT noether_##NAME##_f32 PARAMETERS;
#define NOETHER_DECLARE_F64(RESULT, NAME, PARAMETERS, ARGUMENTS) RESULT noether_##NAME##_f64 PARAMETERS;
NOETHER_KERNELS(NOETHER_DECLARE_F32, float, f32)
NOETHER_KERNELS(NOETHER_DECLARE_F64, double, f64)

// Direct sums over bodies, in double precision alone. X as above.
#define NOETHER_DIRECT_SUMS(X)                                                                               \
  /* aᵢ = Σⱼ mⱼ (xⱼ − xᵢ) / (|xⱼ − xᵢ|² + ε²)^{3/2} for `first` ≤ i < `last` of n bodies, axis by axis. Arrays are   \
     n long, filled up with bodies of no mass to a multiple of 8, which lie elsewhere than the others.       \
     Where two bodies meet and ε = 0 the result is not finite, nor where they are 1e153 and more apart. */    \
  X(void, attract,                                                                                           \
    (size_t n, size_t first, size_t last, const double *x, const double *y, const double *z,                 \
     const double *m, double softening_squared, double *ax, double *ay, double *az),                         \
    (n, first, last, x, y, z, m, softening_squared, ax, ay, az))                                            \
  /* Fᵢ = Σⱼ G mᵢ mⱼ (qⱼ − qᵢ) / (|qⱼ − qᵢ|² + ε²)^{3/2} for q and F [n × dimension] of 2 or 3 axes; for so few bodies     \
     that preparing `attract` costs more. Not finite where `attract` is not. */                              \
  X(void, attract_few,                                                                                       \
    (size_t n, size_t dimension, const double *q, const double *m, double G, double softening_squared,       \
     double *force),                                                                                         \
    (n, dimension, q, m, G, softening_squared, force))

NOETHER_DIRECT_SUMS(NOETHER_DECLARE_F64)
