// SPDX-License-Identifier: GPL-3.0-or-later
#include "CKernels.h"
#include "dispatch.h"
#include <stdint.h>
#include <string.h>

// e^x = 2^k e^r with k the integer nearest to x/ln 2 and |r| ≤ ln 2 / 2 (Cody & Waite 1980). Adding and taking
// away 1.5·2^23 (1.5·2^52) rounds to the nearest integer and leaves it in the low bits, from where a shift makes
// the exponent of 2^k. ln 2 is held in two parts so that r keeps its last bits. The Taylor polynomials of degree
// 7 and 13 have remainders of 5e-9 and 5e-18 on that interval, below the rounding of their type. The argument
// is clamped where e^x would leave the range; a NaN passes through every step as NaN.
NOETHER_INLINE float exp_f32(float x) {
  x = x > 87.0f ? 87.0f : x;
  x = x < -87.0f ? -87.0f : x;
  const float shift = 12582912.0f;
  float biased = x * 1.44269504f + shift;
  float k = biased - shift;
  float r = (x - k * 0.693359375f) - k * -2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits;
  memcpy(&bits, &biased, sizeof bits);
  bits = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

NOETHER_INLINE double exp_f64(double x) {
  x = x > 708.0 ? 708.0 : x;
  x = x < -708.0 ? -708.0 : x;
  const double shift = 6755399441055744.0;
  double biased = x * 1.4426950408889634 + shift;
  double k = biased - shift;
  double r = (x - k * 0.69314718036912382) - k * 1.9082149292705877e-10;
  double p = 1.0 / 6227020800;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  int64_t bits;
  memcpy(&bits, &biased, sizeof bits);
  bits = (int64_t)((uint64_t)bits << 52) + 0x3ff0000000000000;
  double scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

// s = x σ, s′ = σ (1 + x (1 − σ)), s″ = σ (1 − σ) (2 + x (1 − 2σ)).
#define SWISH(REAL, SUFFIX)                                                                                  \
  NOETHER_INLINE REAL sigma_##SUFFIX(REAL x) { return 1 / (1 + exp_##SUFFIX(-x)); }                          \
  NOETHER_INLINE REAL slope_##SUFFIX(REAL x, REAL s) { return s * (1 + x * (1 - s)); }                       \
  NOETHER_CLONES void noether_swish_##SUFFIX(size_t n, const REAL *restrict x, REAL *restrict y) {           \
    for (size_t i = 0; i < n; i++) y[i] = x[i] * sigma_##SUFFIX(x[i]);                                       \
  }                                                                                                          \
  NOETHER_CLONES void noether_swish_reverse_##SUFFIX(size_t n, const REAL *restrict x,                       \
                                                     const REAL *restrict ybar, REAL *restrict xbar,         \
                                                     bool add) {                                             \
    if (add)                                                                                                 \
      for (size_t i = 0; i < n; i++) xbar[i] += ybar[i] * slope_##SUFFIX(x[i], sigma_##SUFFIX(x[i]));        \
    else                                                                                                     \
      for (size_t i = 0; i < n; i++) xbar[i] = ybar[i] * slope_##SUFFIX(x[i], sigma_##SUFFIX(x[i]));         \
  }                                                                                                          \
  NOETHER_CLONES void noether_swish_tangent_##SUFFIX(size_t n, const REAL *restrict x,                       \
                                                     const REAL *restrict xdot, REAL *restrict ydot) {       \
    for (size_t i = 0; i < n; i++) ydot[i] = xdot[i] * slope_##SUFFIX(x[i], sigma_##SUFFIX(x[i]));           \
  }                                                                                                          \
  NOETHER_INLINE REAL swish_mixed_##SUFFIX(REAL x, REAL xdot, REAL ybar, REAL ybardot) {                     \
    REAL s = sigma_##SUFFIX(x);                                                                              \
    REAL curvature = s * (1 - s) * (2 + x * (1 - 2 * s));                                                    \
    return ybardot * slope_##SUFFIX(x, s) + ybar * curvature * xdot;                                         \
  }                                                                                                          \
  NOETHER_CLONES void noether_swish_tangent_reverse_##SUFFIX(                                                \
      size_t n, const REAL *restrict x, const REAL *restrict xdot, const REAL *restrict ybar,                \
      const REAL *restrict ybardot, REAL *restrict xbardot, bool add) {                                      \
    if (add)                                                                                                 \
      for (size_t i = 0; i < n; i++)                                                                         \
        xbardot[i] += swish_mixed_##SUFFIX(x[i], xdot[i], ybar[i], ybardot[i]);                              \
    else                                                                                                     \
      for (size_t i = 0; i < n; i++)                                                                         \
        xbardot[i] = swish_mixed_##SUFFIX(x[i], xdot[i], ybar[i], ybardot[i]);                               \
  }

SWISH(float, f32)
SWISH(double, f64)
