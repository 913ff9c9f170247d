// SPDX-License-Identifier: GPL-3.0-or-later
// Gravitational accelerations by direct summation: for R bodies i at a time, LANES bodies j at a time.

typedef double body_lanes __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));
// The same where operands must have the vector's own alignment.
typedef double aligned_lanes __attribute__((vector_size(LANES * sizeof(double))));

#ifdef ROUGH_RSQRT
// y ← y + y (½ − ½ x y²), twice (Newton's method for 1/y² − x).
#define RSQRT(x, y)                                                                                          \
  do {                                                                                                       \
    const aligned_lanes half = 0.5 * (x);                                                                    \
    y = ROUGH_RSQRT(x);                                                                                      \
    y += y * (0.5 - half * y * y);                                                                           \
    y += y * (0.5 - half * y * y);                                                                           \
  } while (0)
#else
#define RSQRT(x, y) y = 1 / __builtin_elementwise_sqrt(x)
#endif

INLINE void attract_rows(const int R, size_t n, size_t i, const double *x, const double *y, const double *z,
                         const double *m, double softening_squared, double *ax, double *ay, double *az) {
  aligned_lanes sx[4], sy[4], sz[4];
  UNROLL for (int r = 0; r < R; r++) sx[r] = sy[r] = sz[r] = (aligned_lanes){0};
  for (size_t j = 0; j < n; j += LANES) {
    const aligned_lanes xj = *(const body_lanes *)(x + j), yj = *(const body_lanes *)(y + j);
    const aligned_lanes zj = *(const body_lanes *)(z + j), mj = *(const body_lanes *)(m + j);
    UNROLL for (int r = 0; r < R; r++) {
      const aligned_lanes dx = xj - x[i + r], dy = yj - y[i + r], dz = zj - z[i + r];
      aligned_lanes square = dx * dx + softening_squared, inverse;
      square += dy * dy;
      square += dz * dz;
      // A body and itself: any distance will do, since the difference is zero.
      if (i + r - j < LANES) square[i + r - j] = 1;
      RSQRT(square, inverse);
      const aligned_lanes pull = mj * inverse * (inverse * inverse);
      sx[r] += pull * dx;
      sy[r] += pull * dy;
      sz[r] += pull * dz;
    }
  }
  for (int r = 0; r < R; r++) {
    ax[i + r] = ay[i + r] = az[i + r] = 0;
    for (int lane = 0; lane < LANES; lane++) {
      ax[i + r] += sx[r][lane];
      ay[i + r] += sy[r][lane];
      az[i + r] += sz[r][lane];
    }
  }
}

static void attract_f64(size_t n, size_t first, size_t last, const double *x, const double *y, const double *z,
                        const double *m, double softening_squared, double *ax, double *ay, double *az) {
  size_t i = first;
  if (ROWS >= 8)
    for (; last - i >= 4; i += 4) attract_rows(4, n, i, x, y, z, m, softening_squared, ax, ay, az);
  for (; i < last; i++) attract_rows(1, n, i, x, y, z, m, softening_squared, ax, ay, az);
}
