// SPDX-License-Identifier: GPL-3.0-or-later
// GSL's ODE steppers. The stepper types are mutable global pointers in C, which Swift 6 refuses to read:
// each comes through an accessor.
#pragma once
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>

static inline const gsl_odeiv2_step_type *noether_gsl_rk2(void) { return gsl_odeiv2_step_rk2; }
static inline const gsl_odeiv2_step_type *noether_gsl_rk4(void) { return gsl_odeiv2_step_rk4; }
static inline const gsl_odeiv2_step_type *noether_gsl_rkf45(void) { return gsl_odeiv2_step_rkf45; }
static inline const gsl_odeiv2_step_type *noether_gsl_rkck(void) { return gsl_odeiv2_step_rkck; }
static inline const gsl_odeiv2_step_type *noether_gsl_rk8pd(void) { return gsl_odeiv2_step_rk8pd; }
static inline const gsl_odeiv2_step_type *noether_gsl_rk1imp(void) { return gsl_odeiv2_step_rk1imp; }
static inline const gsl_odeiv2_step_type *noether_gsl_rk2imp(void) { return gsl_odeiv2_step_rk2imp; }
static inline const gsl_odeiv2_step_type *noether_gsl_rk4imp(void) { return gsl_odeiv2_step_rk4imp; }
static inline const gsl_odeiv2_step_type *noether_gsl_bsimp(void) { return gsl_odeiv2_step_bsimp; }
static inline const gsl_odeiv2_step_type *noether_gsl_msadams(void) { return gsl_odeiv2_step_msadams; }
static inline const gsl_odeiv2_step_type *noether_gsl_msbdf(void) { return gsl_odeiv2_step_msbdf; }
