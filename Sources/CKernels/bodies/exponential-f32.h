// SPDX-License-Identifier: GPL-3.0-or-later
// e^x = 2^k e^r with k the integer nearest to x/ln 2 and |r| ≤ ln 2 / 2 (Cody & Waite 1980). Adding and taking
// away 1.5·2^23 (1.5·2^52) rounds to the nearest integer and leaves it in the low bits, from where a shift makes
// the exponent of 2^k. ln 2 is held in two parts so that r keeps its last bits. The Taylor polynomials of degree
// 7 and 13 have remainders of 5e-9 and 5e-18 on that interval, below the rounding of their type. The argument
// is clamped where e^x would leave the range; a NaN passes through every step as NaN.
INLINE float exp_f32(float x) {
  x = x > 87.0f ? 87.0f : x;
  x = x < -87.0f ? -87.0f : x;
  const float shift = 12582912.0f;
  float biased = x * 1.44269504f + shift;
  float k = biased - shift;
  float r = (x - k * 0.693359375f) - k * -2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits;
  memcpy(&bits, &biased, sizeof bits);
  bits = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}
