#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian packages that the build, the tests and the plots need, and those named as arguments; does nothing
# when all are there.
set -euo pipefail

packages=(libgsl-dev libopenblas-dev zlib1g-dev libmd-dev liblbfgs-dev gnuplot-nox "$@")

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "setup: this is no Debian or Ubuntu system; the headers of GSL, OpenBLAS, zlib, libmd and liblbfgs" \
    "and gnuplot (Debian's ${packages[*]}) must be there already." >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  # gnuplot comes in several packages; any of them serves.
  if [ "$package" = gnuplot-nox ] && command -v gnuplot >/dev/null; then continue; fi
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=(env)
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo --non-interactive true 2>/dev/null; }; then
  as_root=(sudo env)
else
  echo "setup: these Debian packages are missing: ${missing[*]}" >&2
  echo "setup: neither root nor sudo is at hand here; ask for:  apt-get install ${missing[*]}" >&2
  exit 1
fi

echo "setup: installing ${missing[*]}" >&2
install=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet
  --no-install-recommends "${missing[@]}")
# Package lists may be absent (fresh containers) or stale: refresh them only if the first attempt fails.
"${install[@]}" >/dev/null 2>&1 </dev/null || {
  "${as_root[@]}" apt-get update --quiet >/dev/null </dev/null
  "${install[@]}" </dev/null
}
