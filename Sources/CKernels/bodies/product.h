// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix product C = α (A B + A₂ B₂ + 1 biasᵀ) + D.
//
// A tile of C, R rows by V vectors, is summed in registers: each step along k loads V vectors of B and multiplies
// them by R entries of A, each spread over a vector. V loads and R spreads feed R·V multiply-adds, so that with 8 by
// 3 the multipliers are the limit. Nothing is copied: weights lie in panels already, and activations are read where
// they are. The columns are the outer loop: the panels of B for a tile, k·V vectors, stay in the nearest cache
// while the rows of A go by. D is asked for before the sums begin, since gradients of weights come from afar.

// One tile; VECTOR holds `lanes` numbers, R and V are constants where this is inlined.
#define TILE(VECTOR, lanes)                                                                                  \
  typedef REAL NAME(VECTOR)                                                                                  \
      __attribute__((vector_size((lanes) * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));                \
  INLINE void NAME(tile_##VECTOR)(const int R, const int V, const NAME(noether_product) *p, size_t row,      \
                                  size_t column) {                                                           \
    NAME(VECTOR) sum[8][3];                                                                                  \
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] = (NAME(VECTOR)){0};     \
    if (p->row_bias)                                                                                         \
      UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] += p->row_bias[row + r];\
    const size_t c_panel = p->c_panel, at_c = column / LANES * c_panel + column % LANES;                     \
    if (p->d)                                                                                                \
      UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++)                                  \
          __builtin_prefetch(p->d + (row + r) * p->c_row + at_c + v * c_panel, 0);                           \
    const size_t at_b = column / LANES * p->b_panel + column % LANES;                                        \
    const size_t a_row = p->a_row, a_step = p->a_step, b_panel = p->b_panel, b_step = p->b_step;             \
    for (int pair = 0; pair < 2; pair++) {                                                                   \
      const REAL *a = pair == 0 ? p->a : p->a2, *b = pair == 0 ? p->b : p->b2;                               \
      if (!a) break;                                                                                         \
      a += row * a_row;                                                                                      \
      b += at_b;                                                                                             \
      for (size_t i = 0; i < p->k; i++, a += a_step, b += b_step) {                                          \
        NAME(VECTOR) right[3];                                                                               \
        UNROLL for (int v = 0; v < V; v++) right[v] = *(const NAME(VECTOR) *)(b + v * b_panel);              \
        UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] +=                   \
            a[r * a_row] * right[v];                                                                         \
      }                                                                                                      \
    }                                                                                                        \
    UNROLL for (int v = 0; v < V; v++) {                                                                     \
      const size_t at = row * p->c_row + at_c + v * c_panel;                                                 \
      NAME(VECTOR) bias = {0};                                                                               \
      if (p->bias) bias = *(const NAME(VECTOR) *)(p->bias + column + v * (lanes));                           \
      UNROLL for (int r = 0; r < R; r++) {                                                                   \
        NAME(VECTOR) y = p->alpha * (sum[r][v] + bias);                                                      \
        if (p->d) y += *(const NAME(VECTOR) *)(p->d + at + r * p->c_row);                                    \
        *(NAME(VECTOR) *)(p->c + at + r * p->c_row) = y;                                                     \
      }                                                                                                      \
    }                                                                                                        \
  }                                                                                                          \
  /* All rows of V vectors of columns. */                                                                    \
  INLINE void NAME(columns_##VECTOR)(const int V, const NAME(noether_product) *p, size_t column) {           \
    size_t row = 0;                                                                                          \
    for (; p->m - row >= ROWS; row += ROWS) NAME(tile_##VECTOR)(ROWS, V, p, row, column);                    \
    if (ROWS > 6 && p->m - row >= 6) NAME(tile_##VECTOR)(6, V, p, row, column), row += 6;                    \
    if (ROWS > 4 && p->m - row >= 4) NAME(tile_##VECTOR)(4, V, p, row, column), row += 4;                    \
    if (ROWS > 2 && p->m - row >= 2) NAME(tile_##VECTOR)(2, V, p, row, column), row += 2;                    \
    if (p->m - row >= 1) NAME(tile_##VECTOR)(1, V, p, row, column);                                          \
  }

TILE(full, LANES)
TILE(half, LANES / 2)
TILE(quarter, LANES / 4)
TILE(single, 1)
#undef TILE

static void NAME(multiply)(const NAME(noether_product) *p) {
  size_t column = 0;
  for (; p->n - column >= VECTORS * LANES; column += VECTORS * LANES)
    NAME(columns_full)(VECTORS, p, column);
  if (VECTORS > 2 && p->n - column >= 2 * LANES) NAME(columns_full)(2, p, column), column += 2 * LANES;
  for (; p->n - column >= LANES; column += LANES) NAME(columns_full)(1, p, column);
  if (p->n - column >= LANES / 2) NAME(columns_half)(1, p, column), column += LANES / 2;
  if (p->n - column >= LANES / 4) NAME(columns_quarter)(1, p, column), column += LANES / 4;
  for (; column < p->n; column++) NAME(columns_single)(1, p, column);
}

static void NAME(pack)(size_t k, size_t n, const REAL *b, size_t row, size_t column, REAL *panels) {
  for (size_t first = 0; first < n; first += LANES) {
    const size_t width = n - first < LANES ? n - first : LANES;
    for (size_t i = 0; i < k; i++, panels += LANES)
      for (size_t j = 0; j < LANES; j++) panels[j] = j < width ? b[i * row + (first + j) * column] : 0;
  }
}
