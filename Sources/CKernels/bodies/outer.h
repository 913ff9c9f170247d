// SPDX-License-Identifier: GPL-3.0-or-later
// C += A Bᵀ over the columns of A and B, which lie in panels (panels.h): the gradient of a dense layer's weights.
//
// As in product.h, R rows by V vectors of C are summed in registers, and entries of A are spread over vectors: so the
// rows of B have to lie side by side. Some columns of B are transposed into a buffer that the nearest cache holds, and are
// read there by all rows of A. Sums lane by lane, which need no transposing, feed fewer multiply-adds per load.

// Rows of A for which B is transposed once; their panels stay in the second cache.
#define OUTER_ROWS 192
// Panels at a time, so that the buffer has 32 KB at most.
#define OUTER_PANELS (32 / VECTORS)

#if PART_LANES == 16
#define LOW(x, y) LANES_OF(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(x, y) LANES_OF(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif PART_LANES == 8
#define LOW(x, y) LANES_OF(x, y, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(x, y) LANES_OF(x, y, 4, 12, 5, 13, 6, 14, 7, 15)
#elif PART_LANES == 4
#define LOW(x, y) LANES_OF(x, y, 0, 4, 1, 5)
#define HIGH(x, y) LANES_OF(x, y, 2, 6, 3, 7)
#else
#define LOW(x, y) LANES_OF(x, y, 0, 2)
#define HIGH(x, y) LANES_OF(x, y, 1, 3)
#endif

// A square of numbers, transposed: dealing the first and the second half of its rows into each other, log₂ times,
// brings row and lane to each other's places.
INLINE void NAME(transpose_square)(const REAL *x, REAL *y) {
  NAME(part) rows[PART_LANES], dealt[PART_LANES];
  UNROLL for (int i = 0; i < PART_LANES; i++) rows[i] = *(const NAME(part) *)(x + i * LANES);
  UNROLL for (int stride = 1; stride < PART_LANES; stride *= 2) {
    UNROLL for (int i = 0; i < PART_LANES / 2; i++) {
      dealt[2 * i] = LOW(rows[i], rows[i + PART_LANES / 2]);
      dealt[2 * i + 1] = HIGH(rows[i], rows[i + PART_LANES / 2]);
    }
    UNROLL for (int i = 0; i < PART_LANES; i++) rows[i] = dealt[i];
  }
  UNROLL for (int i = 0; i < PART_LANES; i++) *(NAME(part) *)(y + i * LANES) = rows[i];
}
#undef LOW
#undef HIGH

// Up to LANES rows of B, LANES columns of each panel, as rows of LANES numbers [panels · LANES]; zeros where B has no row.
INLINE void NAME(transpose)(size_t panels, size_t rows, const REAL *b, size_t b_panel, REAL *transposed) {
  for (size_t p = 0; p < panels; p++, b += b_panel, transposed += LANES * LANES)
    for (size_t row = 0; row < LANES; row += PART_LANES) {
      if (row + PART_LANES <= rows) {
        for (size_t lane = 0; lane < LANES; lane += PART_LANES)
          NAME(transpose_square)(b + row * LANES + lane, transposed + lane * LANES + row);
      } else {
        for (size_t lane = 0; lane < LANES; lane++)
          for (size_t r = row; r < row + PART_LANES; r++)
            transposed[lane * LANES + r] = r < rows ? b[r * LANES + lane] : 0;
      }
    }
}

// One tile, of which the last vector has `width` numbers; VECTOR is full, or half where the width is no more.
#define OUTER_TILE(VECTOR)                                                                                   \
  INLINE void NAME(outer_##VECTOR)(const int R, const int V, size_t panels, const REAL *a, size_t a_panel,   \
                                   const REAL *transposed, size_t width, REAL *c, size_t c_row) {                \
    NAME(VECTOR) sum[8][3];                                                                                  \
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] = (NAME(VECTOR)){0};     \
    for (size_t p = 0; p < panels; p++, a += a_panel)                                                        \
      for (size_t lane = 0; lane < LANES; lane++, transposed += LANES) {                                         \
        NAME(VECTOR) right[3];                                                                               \
        UNROLL for (int v = 0; v < V; v++) right[v] =                                                        \
            *(const NAME(VECTOR) *)(transposed + v * (OUTER_PANELS * LANES * LANES));                            \
        UNROLL for (int r = 0; r < R; r++) UNROLL for (int v = 0; v < V; v++) sum[r][v] +=                   \
            a[r * LANES + lane] * right[v];                                                                  \
      }                                                                                                      \
    UNROLL for (int r = 0; r < R; r++) {                                                                     \
      REAL *at = c + r * c_row;                                                                              \
      UNROLL for (int v = 0; v < V - 1; v++) *(NAME(VECTOR) *)(at + v * LANES) += sum[r][v];                 \
      at += (V - 1) * LANES;                                                                                 \
      if (width == sizeof(NAME(VECTOR)) / sizeof(REAL)) *(NAME(VECTOR) *)at += sum[r][V - 1];                \
      else for (size_t j = 0; j < width; j++) at[j] += sum[r][V - 1][j];                                     \
    }                                                                                                        \
  }                                                                                                          \
  INLINE void NAME(outer_rows_##VECTOR)(const int V, size_t panels, size_t m, const REAL *a, size_t a_panel, \
                                        const REAL *transposed, size_t width, REAL *c, size_t c_row) {           \
    size_t row = 0;                                                                                          \
    while (row < m) {                                                                                        \
      const size_t left = m - row;                                                                           \
      OUTER_CASE(VECTOR, ROWS)                                                                               \
      else OUTER_CASE(VECTOR, 4)                                                                             \
      else OUTER_CASE(VECTOR, 2)                                                                             \
      else OUTER_CASE(VECTOR, 1)                                                                             \
    }                                                                                                        \
  }
#define OUTER_CASE(VECTOR, R)                                                                                \
  if (R <= ROWS && left >= R) {                                                                              \
    NAME(outer_##VECTOR)(R, V, panels, a + row * LANES, a_panel, transposed, width, c + row * c_row, c_row);     \
    row += R;                                                                                                \
  }
OUTER_TILE(full)
OUTER_TILE(half)
#undef OUTER_TILE
#undef OUTER_CASE

// The columns from `column` on of some rows of C, V vectors of them.
INLINE void NAME(outer_columns)(const int V, size_t panels, size_t m, size_t n, const REAL *a, size_t a_panel,
                                const REAL *b, REAL *c, size_t column) {
  REAL transposed[VECTORS][OUTER_PANELS * LANES * LANES] __attribute__((aligned(64)));
  for (int v = 0; v < V; v++) {
    const size_t first = column + v * LANES, rows = n - first < LANES ? n - first : LANES;
    NAME(transpose)(panels, rows, b + first * LANES, n * LANES, transposed[v]);
  }
  const size_t last = n - column - (V - 1) * LANES, width = last < LANES ? last : LANES;
  if (V == 1 && width <= LANES / 2)
    NAME(outer_rows_half)(1, panels, m, a, a_panel, transposed[0], width, c + column, n);
  else
    NAME(outer_rows_full)(V, panels, m, a, a_panel, transposed[0], width, c + column, n);
}

static void NAME(multiply_panels_nt)(size_t panels, size_t m, size_t n, const REAL *a, size_t a_rows, const REAL *b,
                                     REAL *c) {
  for (size_t first = 0; first < panels; first += OUTER_PANELS) {
    const size_t count = panels - first < OUTER_PANELS ? panels - first : OUTER_PANELS;
    for (size_t row = 0; row < m; row += OUTER_ROWS) {
      const size_t rows = m - row < OUTER_ROWS ? m - row : OUTER_ROWS;
      const REAL *left = a + (first * a_rows + row) * LANES, *right = b + first * n * LANES;
#define OUTER_COLUMNS(V) NAME(outer_columns)(V, count, rows, n, left, a_rows * LANES, right, c + row * n, column)
      for (size_t column = 0; column < n; column += VECTORS * LANES) {
        const size_t vectors = (n - column + LANES - 1) / LANES;
        if (vectors >= VECTORS) OUTER_COLUMNS(VECTORS);
        else if (vectors == 2) OUTER_COLUMNS(2);
        else OUTER_COLUMNS(1);
      }
#undef OUTER_COLUMNS
    }
  }
}
#undef OUTER_ROWS
#undef OUTER_PANELS
