#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How our rows stand beside JAX, PyTorch, SciPy, diffrax and REBOUND on this machine: installs them into
# Benchmarks/.venv, writes what they read into Benchmarks/.peers, and runs ours and theirs in turn. PASSES sets how
# often (5), JOBS what: grad_H, train_step, rollout_500, images, molecules, properties, springs, gravity, limits (all).
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
export PYTHONDONTWRITEBYTECODE=1
peers=Benchmarks/peers
venv=Benchmarks/.venv
files=Benchmarks/.peers

die() {
  printf 'bench-peers: %s\n' "$@" >&2
  exit 1
}

command -v python3 >/dev/null || die "there is no python3; install it (Debian: apt-get install python3 python3-venv)"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || die "the peers need Python 3.11 or newer; python3 here is $(python3 --version)"
if [ ! -x "$venv/bin/python" ]; then
  # Debian keeps the part of Python that makes environments in a package of its own.
  python3 -c 'import ensurepip' 2>/dev/null || scripts/setup-debian.sh python3-venv
  python3 -m venv "$venv" || die "python3 -m venv failed; install it (Debian: apt-get install python3-venv)"
fi

# What was installed is remembered, so that a second run needs no network.
if ! cmp -s "$peers/requirements.txt" "$venv/installed.txt"; then
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$peers/requirements.txt" || die \
    "pip could not install what $peers/requirements.txt lists: see above." \
    "Where it reaches no package index, connect to the network, or set PIP_INDEX_URL or PIP_PROXY, and try again."
  cp "$peers/requirements.txt" "$venv/installed.txt"
fi

mkdir -p "$files"
[ -s "$files/data/full_z.npy" ] || "$venv/bin/python" "$peers/springs.py" write --data "$files/data" >&2
[ -s "$files/weights.npz" ] || "$venv/bin/python" "$peers/hlieconv_jax.py" dump --weights "$files/weights.npz" >&2

"${SWIFT:-swift}" build -c release --package-path Benchmarks --product benchmarks >&2
"$venv/bin/python" "$peers/compare.py" --ours Benchmarks/.build/release/benchmarks --data "$files/data" \
  --weights "$files/weights.npz" --passes "${PASSES:-5}" --jobs ${JOBS:-}
