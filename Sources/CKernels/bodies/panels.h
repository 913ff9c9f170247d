// SPDX-License-Identifier: GPL-3.0-or-later
// Layers of networks on points. A matrix [channels × samples], or [channels × points], lies in panels of LANES columns,
// 64 bytes to a channel: entry (r, j) at ⌊j/LANES⌋ channels LANES + r LANES + j mod LANES. Every vector is full, whatever
// the number of channels.

#define VECTOR_AT(p) (*(NAME(full) *)(p))
#define CONSTANT_AT(p) (*(const NAME(full) *)(p))

INLINE void NAME(add_lane_sum)(const NAME(full) *x, REAL *sum) {
  for (int j = 0; j < LANES; j++) *sum += (*x)[j];
}

// R rows of x with 4 of ȳ.
INLINE void NAME(dot_tile)(const int R, size_t n, const REAL *const *x, const REAL *ybar, REAL *wbar) {
  NAME(part) sum[DOT_ROWS][4];
  const REAL *own[DOT_ROWS];
  UNROLL for (int r = 0; r < R; r++) {
    own[r] = x[r];
    UNROLL for (int j = 0; j < 4; j++) sum[r][j] = (NAME(part)){0};
  }
  for (size_t at = 0; at < n; at += PART_LANES) {
    NAME(part) right[4];
    UNROLL for (int j = 0; j < 4; j++) right[j] = *(const NAME(part) *)(ybar + j * n + at);
    UNROLL for (int r = 0; r < R; r++) {
      const NAME(part) left = *(const NAME(part) *)(own[r] + at);
      UNROLL for (int j = 0; j < 4; j++) sum[r][j] += left * right[j];
    }
  }
  UNROLL for (int r = 0; r < R; r++) {
    NAME(four) total;
    NAME(add_lanes)(sum[r], &total);
    *(NAME(four) *)(wbar + r * NOETHER_KERNEL_FUNCTIONS) += total;
  }
}

static void NAME(row_dots)(size_t n, size_t k, const uint32_t *rows, const REAL *x, const REAL *ybar, REAL *wbar) {
  size_t i = 0;
  while (i < k) {
    const size_t count = k - i >= DOT_ROWS ? DOT_ROWS : k - i >= 2 ? 2 : 1;
    const REAL *own[DOT_ROWS];
    for (size_t r = 0; r < count; r++) own[r] = x + rows[i + r] * n;
    for (size_t f = 0; f < NOETHER_KERNEL_FUNCTIONS; f += 4) {
#define DOT_TILE(R) NAME(dot_tile)(R, n, own, ybar + f * n, wbar + i * NOETHER_KERNEL_FUNCTIONS + f)
      if (count == DOT_ROWS) DOT_TILE(DOT_ROWS);
      else if (DOT_ROWS > 2 && count == 2) DOT_TILE(2);
      else DOT_TILE(1);
#undef DOT_TILE
    }
    i += count;
  }
}

// As many kernel functions at a time as registers hold sums for.
#define GATHER_ROWS (ROWS >= 8 ? 8 : ROWS >= 4 ? 4 : 2)

INLINE void NAME(gather_tile)(const int V, size_t n, size_t k, const uint32_t *rows, const REAL *w, const REAL *x,
                              REAL *y) {
  for (int first = 0; first < NOETHER_KERNEL_FUNCTIONS; first += GATHER_ROWS) {
    NAME(full) sum[8][3];
    UNROLL for (int r = 0; r < GATHER_ROWS; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] = (NAME(full)){0};
    for (size_t i = 0; i < k; i++) {
      const REAL *at = x + rows[i] * n, *own = w + i * NOETHER_KERNEL_FUNCTIONS + first;
      NAME(full) right[3];
      UNROLL for (int v = 0; v < V; v++) right[v] = CONSTANT_AT(at + v * LANES);
      UNROLL for (int r = 0; r < GATHER_ROWS; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] += own[r] * right[v];
    }
    UNROLL for (int r = 0; r < GATHER_ROWS; r++) UNROLL for (int v = 0; v < V; v++)
        VECTOR_AT(y + (first + r) * n + v * LANES) = sum[r][v];
  }
}

static void NAME(gather)(size_t n, size_t k, const uint32_t *rows, const REAL *w, const REAL *x, REAL *y) {
  size_t at = 0;
  if (VECTORS >= 3)
    for (; n - at >= 3 * LANES; at += 3 * LANES) NAME(gather_tile)(3, n, k, rows, w, x + at, y + at);
  for (; at < n; at += LANES) NAME(gather_tile)(1, n, k, rows, w, x + at, y + at);
}

INLINE void NAME(scatter_tile)(const int R, const int V, size_t n, const uint32_t *rows, const REAL *w, const REAL *ybar,
                               REAL *xbar) {
  NAME(full) sum[8][3];
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] = (NAME(full)){0};
  for (int m = 0; m < NOETHER_KERNEL_FUNCTIONS; m++) {
    NAME(full) right[3];
    UNROLL for (int v = 0; v < V; v++) right[v] = CONSTANT_AT(ybar + m * n + v * LANES);
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] +=
        w[r * NOETHER_KERNEL_FUNCTIONS + m] * right[v];
  }
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++)
      VECTOR_AT(xbar + rows[r] * n + v * LANES) += sum[r][v];
}

INLINE void NAME(scatter_columns)(const int V, size_t n, size_t k, const uint32_t *rows, const REAL *w,
                                  const REAL *ybar, REAL *xbar) {
  size_t i = 0;
#define SCATTER(R) \
  NAME(scatter_tile)(R, V, n, rows + i, w + i * NOETHER_KERNEL_FUNCTIONS, ybar, xbar), i += R
  for (; k - i >= GATHER_ROWS;) SCATTER(GATHER_ROWS);
  for (; i < k;) SCATTER(1);
#undef SCATTER
}

static void NAME(scatter)(size_t n, size_t k, const uint32_t *rows, const REAL *w, const REAL *ybar, REAL *xbar) {
  size_t at = 0;
  if (VECTORS >= 3)
    for (; n - at >= 3 * LANES; at += 3 * LANES) NAME(scatter_columns)(3, n, k, rows, w, ybar + at, xbar + at);
  for (; at < n; at += LANES) NAME(scatter_columns)(1, n, k, rows, w, ybar + at, xbar + at);
}

static void NAME(from_panels)(size_t n, size_t channels, const REAL *x, size_t panel, REAL *y, size_t row) {
  for (size_t j = 0; j < n; j++)
    for (size_t r = 0; r < channels; r++) y[j * row + r] = x[j / LANES * panel + r * LANES + j % LANES];
}

static void NAME(to_panels)(size_t n, size_t channels, const REAL *y, size_t row, REAL *x, size_t panel) {
  const size_t whole = (n + LANES - 1) / LANES * LANES;
  for (size_t j = 0; j < whole; j++)
    for (size_t r = 0; r < channels; r++)
      x[j / LANES * panel + r * LANES + j % LANES] = j < n ? y[j * row + r] : 0;
}

// ── batch normalisation ──

// 1 in the first `valid` lanes, 0 in the others.
INLINE void NAME(lane_mask)(size_t valid, NAME(full) *mask) {
  for (size_t j = 0; j < LANES; j++) (*mask)[j] = j < valid;
}

static void NAME(lane_moments)(size_t panels, size_t channels, size_t valid, const REAL *x, const REAL *shift,
                               REAL *sums, REAL *squares) {
  NAME(full) mask;
  NAME(lane_mask)(valid, &mask);
  for (size_t first = 0; first < channels; first += 4) {
    const size_t count = channels - first < 4 ? channels - first : 4;
    NAME(full) sum[4] = {{0}}, square[4] = {{0}};
    for (size_t p = 0; p < panels; p++) {
      const REAL *at = x + (p * channels + first) * LANES;
      for (size_t r = 0; r < count; r++) {
        const NAME(full) y = (CONSTANT_AT(at + r * LANES) - shift[first + r]) * mask;
        sum[r] += y;
        square[r] += y * y;
      }
    }
    for (size_t r = 0; r < count; r++) {
      NAME(add_lane_sum)(&sum[r], sums + first + r);
      NAME(add_lane_sum)(&square[r], squares + first + r);
    }
  }
}

static void NAME(normalised_swish)(size_t panels, size_t channels, const REAL *restrict x, const REAL *restrict scale,
                                   const REAL *restrict offset, REAL *restrict y) {
  for (size_t p = 0; p < panels; p++)
    for (size_t r = 0; r < channels; r++, x += LANES, y += LANES) {
      const REAL a = scale[r], b = offset[r];
      for (size_t j = 0; j < LANES; j++) {
        const REAL z = a * x[j] + b;
        y[j] = z * NAME(sigma)(z);
      }
    }
}

// The cotangents of the padding are zero, and stay so.
static void NAME(normalised_swish_reverse)(size_t panels, size_t channels, const REAL *restrict x, const REAL *scale,
                                           const REAL *offset, const REAL *mean, REAL *restrict ybar, REAL *sums,
                                           REAL *products) {
  for (size_t first = 0; first < channels; first += 4) {
    const size_t count = channels - first < 4 ? channels - first : 4;
    REAL sum[4][LANES] = {{0}}, product[4][LANES] = {{0}};
    for (size_t p = 0; p < panels; p++)
      for (size_t r = 0; r < count; r++) {
        const size_t at = (p * channels + first + r) * LANES;
        const REAL a = scale[first + r], b = offset[first + r], m = mean[first + r];
        for (size_t j = 0; j < LANES; j++) {
          const REAL z = a * x[at + j] + b;
          const REAL zbar = ybar[at + j] * NAME(slope)(z, NAME(sigma)(z));
          ybar[at + j] = zbar;
          sum[r][j] += zbar;
          product[r][j] += zbar * (x[at + j] - m);
        }
      }
    for (size_t r = 0; r < count; r++)
      for (size_t j = 0; j < LANES; j++) {
        sums[first + r] += sum[r][j];
        products[first + r] += product[r][j];
      }
  }
}

static void NAME(normalised_reverse)(size_t panels, size_t channels, size_t valid, const REAL *restrict x,
                                     const REAL *scale, const REAL *slope, const REAL *offset, REAL *restrict xbar) {
  NAME(full) mask;
  NAME(lane_mask)(valid, &mask);
  for (size_t p = 0; p < panels; p++)
    for (size_t r = 0; r < channels; r++, x += LANES, xbar += LANES)
      VECTOR_AT(xbar) = (scale[r] * VECTOR_AT(xbar) + (slope[r] * CONSTANT_AT(x) + offset[r])) * mask;
}
#undef VECTOR_AT
#undef CONSTANT_AT
#undef GATHER_ROWS
