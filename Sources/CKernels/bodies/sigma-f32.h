// SPDX-License-Identifier: GPL-3.0-or-later
// σ(x) = 1/(1 + e^−x), with e^−x = 2^k e^r for the integer k nearest to −x/ln 2, |r| ≤ ln 2 / 2 (Cody & Waite 1980).
// Adding and taking away 1.5·2^23 (1.5·2^52) rounds to the nearest integer and leaves it in the low bits, from where a
// shift makes the exponent of 2^k. e^r is the polynomial of degree 5 (11) with p(0) = 1 whose relative error is least on
// that interval (Remez 1934): with coefficients as rounded here 9.5e-8 (1.7e-17), of which at most a quarter gets into σ
// as an absolute error. The argument is clamped where e^−x would leave the range; a NaN passes through every step as NaN.
//
// In float32 one number holds ln 2 well enough for an absolute error: that of k ln 2 grows with k, as which σ′ falls.
INLINE float sigma_f32(float x) {
  x = x > 87.0f ? 87.0f : x;
  x = x < -87.0f ? -87.0f : x;
  const float shift = 12582912.0f;
  const float biased = x * -1.44269504f + shift;
  const float k = biased - shift;
  const float r = -x - k * 0.693147180f;
  float p = 0.00829030519151f;
  p = p * r + 0.04189793013331f;
  p = p * r + 0.16667636325467f;
  p = p * r + 0.49999149527753f;
  p = p * r + 0.99999970717602f;
  p = p * r + 1.0f;
  int32_t bits;
  memcpy(&bits, &biased, sizeof bits);
  bits = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return 1 / (p * scale + 1);
}
