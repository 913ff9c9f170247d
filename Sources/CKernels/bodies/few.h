// SPDX-License-Identifier: GPL-3.0-or-later
// Gravity between few bodies, in the arrays of phase space: order body, axis, for 2 or 3 axes.
// What i gains j loses, bit for bit before summation: every factor is the same for both, or the negative.

// One pair after the other, added to two places.
INLINE void attract_pairs(const size_t dimension, size_t n, const double *q, const double *m, double G,
                          double softening_squared, double *force) {
  for (size_t i = 0; i < dimension * n; i++) force[i] = 0;
  for (size_t i = 0; i < n; i++) {
    double own[3] = {0};
    for (size_t j = i + 1; j < n; j++) {
      double delta[3], square = softening_squared;
      UNROLL for (size_t axis = 0; axis < dimension; axis++) {
        delta[axis] = q[dimension * j + axis] - q[dimension * i + axis];
        square += delta[axis] * delta[axis];
      }
      const double pull = G * (m[i] * m[j]) / (square * __builtin_sqrt(square));
      UNROLL for (size_t axis = 0; axis < dimension; axis++) {
        own[axis] += pull * delta[axis];
        force[dimension * j + axis] -= pull * delta[axis];
      }
    }
    UNROLL for (size_t axis = 0; axis < dimension; axis++) force[dimension * i + axis] += own[axis];
  }
}

#ifdef ROUGH_RSQRT
typedef long long index_lanes __attribute__((vector_size(LANES * sizeof(long long))));

INLINE aligned_lanes gather(const double *v, const size_t *at) {
  return (aligned_lanes){v[at[0]], v[at[1]], v[at[2]], v[at[3]], v[at[4]], v[at[5]], v[at[6]], v[at[7]]};
}

// LANES bodies feel one body after the other, so that no sum crosses lanes. Every pair is met twice: where roots and
// divisions of whole vectors are cheap, that costs less than adding to two places.
INLINE void attract_lanes(const size_t dimension, size_t n, const double *q, const double *m, double G,
                          double softening_squared, double *force) {
  for (size_t first = 0; first < n; first += LANES) {
    const size_t last = n - first < LANES ? n - first - 1 : LANES - 1;
    // Lanes without a body of their own repeat the last, and are not written.
    size_t body[LANES], at[LANES];
    UNROLL for (size_t lane = 0; lane < LANES; lane++) {
      body[lane] = lane < last ? lane : last;
      at[lane] = dimension * body[lane];
    }
    const double *own = q + dimension * first;
    const aligned_lanes x = gather(own, at), y = gather(own + 1, at);
    const aligned_lanes z = dimension == 3 ? gather(own + 2, at) : (aligned_lanes){0};
    const aligned_lanes masses = gather(m + first, body);
    aligned_lanes sx = {0}, sy = {0}, sz = {0};
    for (size_t i = 0; i < n; i++) {
      const double *other = q + dimension * i;
      const aligned_lanes dx = other[0] - x, dy = other[1] - y;
      const aligned_lanes dz = dimension == 3 ? other[2] - z : (aligned_lanes){0};
      aligned_lanes square = dx * dx + softening_squared, inverse;
      square += dy * dy;
      square += dz * dz;
      // A body and itself: any distance will do, since the difference is zero.
      const index_lanes itself = ((index_lanes){0, 1, 2, 3, 4, 5, 6, 7} + (long long)first) == (long long)i;
      const aligned_lanes one = (aligned_lanes){0} + 1;
      square = (aligned_lanes)(((index_lanes)square & ~itself) | ((index_lanes)one & itself));
      RSQRT(square, inverse);
      const aligned_lanes pull = (m[i] * masses) * (inverse * (inverse * inverse));
      sx += pull * dx;
      sy += pull * dy;
      sz += pull * dz;
    }
    sx *= G, sy *= G, sz *= G;
    double *own_force = force + dimension * first;
    for (size_t lane = 0; lane <= last; lane++) {
      own_force[dimension * lane] = sx[lane];
      own_force[dimension * lane + 1] = sy[lane];
      if (dimension == 3) own_force[dimension * lane + 2] = sz[lane];
    }
  }
}
#endif

static void attract_few_f64(size_t n, size_t dimension, const double *q, const double *m, double G,
                            double softening_squared, double *force) {
#ifdef ROUGH_RSQRT
  // Three pairs are done before lanes are filled.
  if (n > 3) {
    if (dimension == 3)
      attract_lanes(3, n, q, m, G, softening_squared, force);
    else
      attract_lanes(2, n, q, m, G, softening_squared, force);
    return;
  }
#endif
  if (dimension == 3)
    attract_pairs(3, n, q, m, G, softening_squared, force);
  else
    attract_pairs(2, n, q, m, G, softening_squared, force);
}
