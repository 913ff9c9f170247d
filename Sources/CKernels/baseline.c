// SPDX-License-Identifier: GPL-3.0-or-later
// What every processor of the architecture has; on x86-64, 16 registers of 16 bytes.
#define ISA baseline
#define ROWS 2
#define VECTORS 1
#include "kernels.h"
