// SPDX-License-Identifier: GPL-3.0-or-later
// As for float, with the other constants.
INLINE double exp_f64(double x) {
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
