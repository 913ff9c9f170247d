// SPDX-License-Identifier: GPL-3.0-or-later
// C = α (A Bᵀ + A₂ B₂ᵀ) (+ C): dot products of rows of A with rows of B.
//
// R rows of A by 4 rows of B are summed lane by lane, so that 4 + R loads serve 4 R multiply-adds; the lanes of four
// sums are then added up together.

// {Σ a, Σ b, Σ c, Σ d} over all lanes.
INLINE void NAME(add_lanes)(const NAME(full) *s, REAL *sums) {
  // Adjacent lanes of two vectors interleave, so that half of each is added to the other half: four times, from
  // LANES lanes of four vectors to one lane each.
#if LANES == 16
#define EVEN(x, y) __builtin_shufflevector(x, y, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define ODD(x, y) __builtin_shufflevector(x, y, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
  const NAME(full) ab = EVEN(s[0], s[1]) + ODD(s[0], s[1]), cd = EVEN(s[2], s[3]) + ODD(s[2], s[3]);
#define LOW(x, y) __builtin_shufflevector(x, y, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH(x, y) __builtin_shufflevector(x, y, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
  const NAME(full) abcd = LOW(ab, cd) + HIGH(ab, cd);
  for (int j = 0; j < 4; j++) sums[j] = (abcd[j] + abcd[j + 4]) + (abcd[j + 8] + abcd[j + 12]);
#undef LOW
#undef HIGH
#else
#define EVEN(x, y) __builtin_shufflevector(x, y, 0, 8, 2, 10, 4, 12, 6, 14)
#define ODD(x, y) __builtin_shufflevector(x, y, 1, 9, 3, 11, 5, 13, 7, 15)
  const NAME(full) ab = EVEN(s[0], s[1]) + ODD(s[0], s[1]), cd = EVEN(s[2], s[3]) + ODD(s[2], s[3]);
  for (int j = 0; j < 2; j++) sums[j] = (ab[j] + ab[j + 2]) + (ab[j + 4] + ab[j + 6]);
  for (int j = 0; j < 2; j++) sums[2 + j] = (cd[j] + cd[j + 2]) + (cd[j + 4] + cd[j + 6]);
#endif
#undef EVEN
#undef ODD
}

// R rows of A with the rows `column`…`column + 3` of B, or as many as there are.
INLINE void NAME(dots)(const int R, size_t n, size_t k, REAL alpha, const REAL *const a[2],
                       const REAL *const b[2], bool add, REAL *c, size_t row, size_t column) {
  NAME(full) sum[6][4];
  REAL rest[6][4];
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int j = 0; j < 4; j++) {
    sum[r][j] = (NAME(full)){0};
    rest[r][j] = 0;
  }
  const size_t width = n - column < 4 ? n - column : 4;
  for (int pair = 0; pair < 2 && a[pair]; pair++) {
    const REAL *left = a[pair] + row * k, *right[4];
    // Where B has no more rows, its last one stands in for them.
    for (size_t j = 0; j < 4; j++) right[j] = b[pair] + (column + (j < width ? j : width - 1)) * k;
    size_t i = 0;
    for (; k - i >= LANES; i += LANES) {
      NAME(full) y[4];
      UNROLL for (int j = 0; j < 4; j++) y[j] = *(const NAME(full) *)(right[j] + i);
      UNROLL for (int r = 0; r < R; r++) {
        const NAME(full) x = *(const NAME(full) *)(left + r * k + i);
        UNROLL for (int j = 0; j < 4; j++) sum[r][j] += x * y[j];
      }
    }
    for (; i < k; i++)
      for (int r = 0; r < R; r++)
        for (int j = 0; j < 4; j++) rest[r][j] += left[r * k + i] * right[j][i];
  }
  UNROLL for (int r = 0; r < R; r++) {
    REAL total[4];
    NAME(add_lanes)(sum[r], total);
    for (size_t j = 0; j < width; j++) {
      REAL *at = c + (row + r) * n + column + j;
      *at = alpha * (total[j] + rest[r][j]) + (add ? *at : 0);
    }
  }
}

static void NAME(multiply_nt)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, const REAL *b,
                              const REAL *a2, const REAL *b2, bool add, REAL *c) {
  const REAL *const left[2] = {a, a2}, *const right[2] = {b, b2};
  for (size_t column = 0; column < n; column += 4) {
    size_t row = 0;
    if (ROWS >= 6)
      for (; m - row >= 6; row += 6) NAME(dots)(6, n, k, alpha, left, right, add, c, row, column);
    for (; m - row >= 2; row += 2) NAME(dots)(2, n, k, alpha, left, right, add, c, row, column);
    if (row < m) NAME(dots)(1, n, k, alpha, left, right, add, c, row, column);
  }
}
