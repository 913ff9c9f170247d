// SPDX-License-Identifier: GPL-3.0-or-later
// As for float, with the other constants, and ln 2 in two parts, so that r keeps its last bits.
INLINE double sigma_f64(double x) {
  x = x > 708.0 ? 708.0 : x;
  x = x < -708.0 ? -708.0 : x;
  const double shift = 6755399441055744.0;
  const double biased = x * -1.4426950408889634 + shift;
  const double k = biased - shift;
  const double r = (-x - k * 0.69314718036912382) - k * 1.9082149292705877e-10;
  double p = 2.499715760191109e-08;
  p = p * r + 2.763243582638445e-07;
  p = p * r + 2.755761332741498e-06;
  p = p * r + 2.4801486077751317e-05;
  p = p * r + 0.00019841269443219802;
  p = p * r + 0.0013888888951707618;
  p = p * r + 0.00833333333355426;
  p = p * r + 0.041666666666490625;
  p = p * r + 0.16666666666666177;
  p = p * r + 0.5000000000000018;
  p = p * r + 1.0;
  p = p * r + 1.0;
  int64_t bits;
  memcpy(&bits, &biased, sizeof bits);
  bits = (int64_t)((uint64_t)bits << 52) + 0x3ff0000000000000;
  double scale;
  memcpy(&scale, &bits, sizeof scale);
  return 1 / (p * scale + 1);
}
