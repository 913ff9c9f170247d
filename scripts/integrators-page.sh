#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/integrators.md, what `noether list integrators --long` says of every method, on the standard output.
set -eu
noether=${NOETHER:-$(dirname "$0")/../.build/release/noether}
cat <<'HEAD'
# Integrators

What `noether list integrators --long` says of every method; made by `make integrators`. What each errs by and costs is in
[error-budget.md](error-budget.md).
HEAD
"$noether" list integrators --long | awk '
  /^[^ ]/ { name = $1; sub(/:$/, "", name); rest = $0; sub(/^[^:]*: /, "", rest); printf "\n## %s\n\n*%s.*\n", name, rest; next }
  NF { sub(/^ +/, ""); printf "\n%s\n", $0 }'
