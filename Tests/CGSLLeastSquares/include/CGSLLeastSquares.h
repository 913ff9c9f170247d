// SPDX-License-Identifier: GPL-3.0-or-later
// GSL's Levenberg–Marquardt for large problems, which the tests hold our own against. Behind plain arrays, since GSL's headers and
// OpenBLAS's define the same names.
#pragma once
#include <stddef.h>

// Writes the residuals [n] at x [p], and where `jacobian` is not null their derivatives [n × p].
typedef void (*noether_residuals)(const double *x, double *residuals, double *jacobian, void *context);

// ⟨r²⟩ after so many iterations from `start`, with Cholesky's factorisation; `scale` is 0 for Moré's, 1 for Levenberg's, 2 for
// Marquardt's. NaN where GSL gives up at once.
double noether_gsl_least_squares(
    int scale, size_t n, size_t p, int iterations, const double *start, noether_residuals evaluate, void *context);
