// SPDX-License-Identifier: GPL-3.0-or-later
// C = α (A Bᵀ + A₂ B₂ᵀ) (+ C): dot products of rows of A with rows of B.
//
// R rows of A by 4 rows of B are summed lane by lane, so that 4 + R loads serve 4 R multiply-adds; the lanes of four
// sums are then added up together.

// Sums are kept in vectors of one register, PART, of which PARTS make a full one, here and in panels.h.
#if ROWS >= 8
#define PART full
#define PARTS 1
#elif ROWS >= 6
#define PART half
#define PARTS 2
#else
#define PART quarter
#define PARTS 4
#endif
#define PART_LANES (LANES / PARTS)
// Rows whose sums with 4 others the registers hold beside the factors.
#define DOT_ROWS (ROWS >= 8 ? 6 : 2)
// NAME(full), NAME(half) or NAME(quarter).
#define NAMED(name) NAME(name)
typedef NAMED(PART) NAME(part);

// {Σ s[0], …, Σ s[3]} over all lanes: even and odd lanes of two vectors change places, so that half of each is added
// to the other half, until each sum has one lane left.
typedef REAL NAME(four) __attribute__((vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));
#define LANES_OF(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
INLINE void NAME(add_lanes)(const NAME(part) *s, NAME(four) *sums) {
#if PART_LANES == 16
#define EVEN(x, y) LANES_OF(x, y, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define ODD(x, y) LANES_OF(x, y, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
#define LOW(x, y) LANES_OF(x, y, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH(x, y) LANES_OF(x, y, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#elif PART_LANES == 8
#define EVEN(x, y) LANES_OF(x, y, 0, 8, 2, 10, 4, 12, 6, 14)
#define ODD(x, y) LANES_OF(x, y, 1, 9, 3, 11, 5, 13, 7, 15)
#define LOW(x, y) LANES_OF(x, y, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH(x, y) LANES_OF(x, y, 2, 3, 10, 11, 6, 7, 14, 15)
#elif PART_LANES == 4
#define EVEN(x, y) LANES_OF(x, y, 0, 4, 2, 6)
#define ODD(x, y) LANES_OF(x, y, 1, 5, 3, 7)
#define LOW(x, y) LANES_OF(x, y, 0, 1, 4, 5)
#define HIGH(x, y) LANES_OF(x, y, 2, 3, 6, 7)
#else
#define EVEN(x, y) LANES_OF(x, y, 0, 2)
#define ODD(x, y) LANES_OF(x, y, 1, 3)
#endif
  const NAME(part) ab = EVEN(s[0], s[1]) + ODD(s[0], s[1]), cd = EVEN(s[2], s[3]) + ODD(s[2], s[3]);
#if PART_LANES == 2
  *sums = LANES_OF(ab, cd, 0, 1, 2, 3);
#else
  const NAME(part) abcd = LOW(ab, cd) + HIGH(ab, cd);
#undef LOW
#undef HIGH
#if PART_LANES == 16
  *sums = (LANES_OF(abcd, abcd, 0, 1, 2, 3) + LANES_OF(abcd, abcd, 4, 5, 6, 7)) +
          (LANES_OF(abcd, abcd, 8, 9, 10, 11) + LANES_OF(abcd, abcd, 12, 13, 14, 15));
#elif PART_LANES == 8
  *sums = LANES_OF(abcd, abcd, 0, 1, 2, 3) + LANES_OF(abcd, abcd, 4, 5, 6, 7);
#else
  *sums = abcd;
#endif
#endif
#undef EVEN
#undef ODD
}

// R rows of A with the rows `column`…`column + 3` of B, or as many as there are.
INLINE void NAME(dots)(const int R, size_t n, size_t k, REAL alpha, const REAL *const a[2],
                       const REAL *const b[2], bool add, REAL *c, size_t row, size_t column) {
  NAME(part) sum[DOT_ROWS][4];
  REAL rest[DOT_ROWS][4];
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int j = 0; j < 4; j++) {
    sum[r][j] = (NAME(part)){0};
    rest[r][j] = 0;
  }
  const size_t width = n - column < 4 ? n - column : 4;
  for (int pair = 0; pair < 2 && a[pair]; pair++) {
    const REAL *left = a[pair] + row * k, *right[4];
    // Where B has no more rows, its last one stands in for them.
    for (size_t j = 0; j < 4; j++) right[j] = b[pair] + (column + (j < width ? j : width - 1)) * k;
    size_t i = 0;
    for (; k - i >= PART_LANES; i += PART_LANES) {
      NAME(part) y[4];
      UNROLL for (int j = 0; j < 4; j++) y[j] = *(const NAME(part) *)(right[j] + i);
      UNROLL for (int r = 0; r < R; r++) {
        const NAME(part) x = *(const NAME(part) *)(left + r * k + i);
        UNROLL for (int j = 0; j < 4; j++) sum[r][j] += x * y[j];
      }
    }
    for (; i < k; i++)
      for (int r = 0; r < R; r++)
        for (int j = 0; j < 4; j++) rest[r][j] += left[r * k + i] * right[j][i];
  }
  UNROLL for (int r = 0; r < R; r++) {
    NAME(four) total;
    NAME(add_lanes)(sum[r], &total);
    total = alpha * (total + *(const NAME(four) *)rest[r]);
    REAL *at = c + (row + r) * n + column;
    if (width == 4) {
      if (add) total += *(const NAME(four) *)at;
      *(NAME(four) *)at = total;
    } else {
      for (size_t j = 0; j < width; j++) at[j] = total[j] + (add ? at[j] : 0);
    }
  }
}

static void NAME(multiply_nt)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, const REAL *b,
                              const REAL *a2, const REAL *b2, bool add, REAL *c) {
  const REAL *const left[2] = {a, a2}, *const right[2] = {b, b2};
  for (size_t column = 0; column < n; column += 4) {
    size_t row = 0;
    for (; m - row >= DOT_ROWS; row += DOT_ROWS)
      NAME(dots)(DOT_ROWS, n, k, alpha, left, right, add, c, row, column);
    if (DOT_ROWS > 2)
      for (; m - row >= 2; row += 2) NAME(dots)(2, n, k, alpha, left, right, add, c, row, column);
    for (; row < m; row++) NAME(dots)(1, n, k, alpha, left, right, add, c, row, column);
  }
}
