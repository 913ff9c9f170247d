// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Two names of one file system change places at once (renameat2 with RENAME_EXCHANGE, Linux 3.15), which Swift's Glibc does
// not show. −1 and errno where that cannot be done.
static inline int noether_exchange(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 1 << 1);
}
