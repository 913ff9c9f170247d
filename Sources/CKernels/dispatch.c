// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses the machine code when the program starts. Choosing ourselves rather than by the loader lets the tests run
// every kernel in each of its forms on one machine.
#include "table.h"

static const struct noether_table *best = &noether_baseline;
static _Thread_local const struct noether_table *chosen;

static const struct noether_table *table_of(enum noether_instruction_set set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (set == NOETHER_AVX512) return __builtin_cpu_supports("avx512f") ? &noether_avx512 : NULL;
  if (set == NOETHER_AVX2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &noether_avx2 : NULL;
#endif
  return set == NOETHER_BASELINE ? &noether_baseline : NULL;
}

bool noether_use_instruction_set(enum noether_instruction_set set) {
  const struct noether_table *table = table_of(set);
  if (table) chosen = table;
  return table;
}

void noether_use_best_instruction_set(void) { chosen = NULL; }

__attribute__((constructor)) static void choose(void) {
  for (enum noether_instruction_set set = NOETHER_BASELINE; set <= NOETHER_AVX512; set++)
    if (table_of(set)) best = table_of(set);
}

static const struct noether_table *current(void) { return chosen ? chosen : best; }

#define NOETHER_CALL_F32(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                \
  RESULT noether_##NAME##_f32 PARAMETERS { return current()->NAME##_f32 ARGUMENTS; }
#define NOETHER_CALL_F64(RESULT, NAME, PARAMETERS, ARGUMENTS)                                                \
  RESULT noether_##NAME##_f64 PARAMETERS { return current()->NAME##_f64 ARGUMENTS; }
NOETHER_KERNELS(NOETHER_CALL_F32, float, f32)
NOETHER_KERNELS(NOETHER_CALL_F64, double, f64)
NOETHER_DIRECT_SUMS(NOETHER_CALL_F64)
