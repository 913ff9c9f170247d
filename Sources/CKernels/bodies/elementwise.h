// SPDX-License-Identifier: GPL-3.0-or-later
// Loops over entries, which the compiler makes vectors of.

// s = x σ, s′ = σ (1 + x (1 − σ)), s″ = σ (1 − σ) (2 + x (1 − 2σ)).
INLINE REAL NAME(slope)(REAL x, REAL s) { return s * (1 + x * (1 - s)); }

static void NAME(swish)(size_t n, const REAL *restrict x, REAL *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] = x[i] * NAME(sigma)(x[i]);
}

static void NAME(swish_reverse)(size_t n, const REAL *restrict x, const REAL *restrict ybar,
                                REAL *restrict xbar, bool add) {
  if (add)
    for (size_t i = 0; i < n; i++) xbar[i] += ybar[i] * NAME(slope)(x[i], NAME(sigma)(x[i]));
  else
    for (size_t i = 0; i < n; i++) xbar[i] = ybar[i] * NAME(slope)(x[i], NAME(sigma)(x[i]));
}

static void NAME(swish_tangent)(size_t n, const REAL *restrict x, const REAL *restrict xdot,
                                REAL *restrict y, REAL *restrict ydot) {
  for (size_t i = 0; i < n; i++) {
    const REAL s = NAME(sigma)(x[i]);
    y[i] = x[i] * s;
    ydot[i] = xdot[i] * NAME(slope)(x[i], s);
  }
}

INLINE REAL NAME(curvature)(REAL x, REAL s) { return s * (1 - s) * (2 + x * (1 - 2 * s)); }

static void NAME(swish_tangent_reverse)(size_t n, const REAL *restrict x, const REAL *restrict xdot,
                                        const REAL *restrict ybar, const REAL *restrict ybardot,
                                        REAL *restrict xbar, REAL *restrict xbardot, bool add) {
  // Three loops, since the compiler makes vectors only of what does not branch.
  if (xbar && !add)
    for (size_t i = 0; i < n; i++) {
      const REAL s = NAME(sigma)(x[i]), slope = NAME(slope)(x[i], s);
      xbar[i] = ybar[i] * slope;
      xbardot[i] = ybardot[i] * slope + ybar[i] * NAME(curvature)(x[i], s) * xdot[i];
    }
  else {
    if (xbar) NAME(swish_reverse)(n, x, ybar, xbar, false);
    for (size_t i = 0; i < n; i++) {
      const REAL s = NAME(sigma)(x[i]);
      const REAL y = ybardot[i] * NAME(slope)(x[i], s) + ybar[i] * NAME(curvature)(x[i], s) * xdot[i];
      xbardot[i] = add ? xbardot[i] + y : y;
    }
  }
}

static void NAME(accumulate)(size_t n, const REAL *restrict x, REAL *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] += x[i];
}

static REAL NAME(square_sum)(size_t n, const REAL *x) {
  REAL sums[LANES] = {0}, total = 0;
  size_t i = 0;
  for (; n - i >= LANES; i += LANES)
    for (size_t j = 0; j < LANES; j++) sums[j] += x[i + j] * x[i + j];
  for (; i < n; i++) total += x[i] * x[i];
  for (size_t j = 0; j < LANES; j++) total += sums[j];
  return total;
}

static void NAME(column_sums)(size_t m, size_t n, REAL alpha, const REAL *restrict x, REAL *restrict sums) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) sums[j] += alpha * x[i * n + j];
}

static void NAME(adam)(size_t n, REAL rate, REAL beta1, REAL beta2, REAL epsilon, REAL correction1,
                       REAL correction2, const REAL *restrict gradient, REAL *restrict first,
                       REAL *restrict second, REAL *restrict parameters) {
  for (size_t i = 0; i < n; i++) {
    REAL g = gradient[i];
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    parameters[i] -=
        rate * (first[i] / correction1) / (__builtin_elementwise_sqrt(second[i] / correction2) + epsilon);
  }
}
