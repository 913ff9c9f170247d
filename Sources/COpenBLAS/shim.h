// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cblas.h>

// LAPACK's solution of A x = b for a symmetric positive definite A by Cholesky's factorisation, all by reference.
void dposv_(const char *uplo, const int *n, const int *columns, double *a, const int *lda, double *b, const int *ldb,
            int *info);
