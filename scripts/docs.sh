#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the reference of every library into docs/ with DocC. The plugin is a dependency only while
# NOETHER_DOCS is set, so that ordinary builds need not fetch it; its build has a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
export NOETHER_DOCS=1
rm -rf docs
mkdir docs
for target in LieCore Dynamics Integrators HLieConv; do
  swift package --scratch-path .build/docs --allow-writing-to-directory docs \
    generate-documentation --target "$target" --output-path "docs/$target" \
    --transform-for-static-hosting --hosting-base-path "$target"
done
echo "open with:  python3 -m http.server --directory docs  then  http://localhost:8000/Dynamics/documentation/dynamics"
