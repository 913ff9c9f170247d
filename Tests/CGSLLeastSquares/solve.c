// SPDX-License-Identifier: GPL-3.0-or-later
#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multilarge_nlinear.h>
#include <math.h>
#include <stdlib.h>

#include "CGSLLeastSquares.h"

struct problem {
  size_t n, p;
  noether_residuals evaluate;
  void *context;
  double *residuals, *jacobian;
};

static int f(const gsl_vector *x, void *parameters, gsl_vector *result) {
  struct problem *problem = parameters;
  problem->evaluate(gsl_vector_const_ptr(x, 0), gsl_vector_ptr(result, 0), NULL, problem->context);
  return GSL_SUCCESS;
}

static int df(
    CBLAS_TRANSPOSE_t transpose, const gsl_vector *x, const gsl_vector *u, void *parameters, gsl_vector *v,
    gsl_matrix *JTJ) {
  struct problem *problem = parameters;
  problem->evaluate(gsl_vector_const_ptr(x, 0), problem->residuals, problem->jacobian, problem->context);
  gsl_matrix_view J = gsl_matrix_view_array(problem->jacobian, problem->n, problem->p);
  if (v) gsl_blas_dgemv(transpose, 1, &J.matrix, u, 0, v);
  if (JTJ) gsl_blas_dsyrk(CblasLower, CblasTrans, 1, &J.matrix, 0, JTJ);
  return GSL_SUCCESS;
}

double noether_gsl_least_squares(
    int scale, size_t n, size_t p, int iterations, const double *start, noether_residuals evaluate, void *context) {
  gsl_multilarge_nlinear_parameters parameters = gsl_multilarge_nlinear_default_parameters();
  parameters.trs = gsl_multilarge_nlinear_trs_lm;
  parameters.solver = gsl_multilarge_nlinear_solver_cholesky;
  parameters.scale = scale == 0   ? gsl_multilarge_nlinear_scale_more
                     : scale == 1 ? gsl_multilarge_nlinear_scale_levenberg
                                  : gsl_multilarge_nlinear_scale_marquardt;
  struct problem problem = {n, p, evaluate, context, malloc(n * sizeof(double)), malloc(n * p * sizeof(double))};
  gsl_multilarge_nlinear_fdf functions = {0};
  functions.f = f;
  functions.df = df;
  functions.n = n;
  functions.p = p;
  functions.params = &problem;
  gsl_error_handler_t *handler = gsl_set_error_handler_off();
  gsl_multilarge_nlinear_workspace *solver =
      gsl_multilarge_nlinear_alloc(gsl_multilarge_nlinear_trust, &parameters, n, p);
  gsl_vector_const_view from = gsl_vector_const_view_array(start, p);
  double result = NAN;
  if (gsl_multilarge_nlinear_init(&from.vector, &functions, solver) == GSL_SUCCESS) {
    for (int k = 0; k < iterations && gsl_multilarge_nlinear_iterate(solver) == GSL_SUCCESS; k++) {}
    double norm = gsl_blas_dnrm2(gsl_multilarge_nlinear_residual(solver));
    result = norm * norm / (double)n;
  }
  gsl_multilarge_nlinear_free(solver);
  gsl_set_error_handler(handler);
  free(problem.residuals);
  free(problem.jacobian);
  return result;
}
