// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// One body, three machine codes: the loader resolves each cloned function once (ELF ifunc).
#if defined(__x86_64__) && defined(__linux__)
#define NOETHER_CLONES __attribute__((target_clones("avx512f,arch=x86-64-v3,default")))
#else
#define NOETHER_CLONES
#endif
#define NOETHER_INLINE static inline __attribute__((always_inline))
