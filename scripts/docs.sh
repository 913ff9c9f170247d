#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the reference of every library into .build/reference with DocC. The plugin is a dependency only while
# NOETHER_DOCS is set, so that ordinary builds need not fetch it; its build has a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
export NOETHER_DOCS=1
site=.build/reference
rm -rf "$site"
mkdir -p "$site"
for target in LieCore Dynamics Integrators HLieConv; do
  swift package --scratch-path .build/docs --allow-writing-to-directory "$site" \
    generate-documentation --target "$target" --output-path "$site/$target" \
    --transform-for-static-hosting --hosting-base-path "$target"
done
echo "open with:  python3 -m http.server --directory $site  then  http://localhost:8000/Dynamics/documentation/dynamics"
