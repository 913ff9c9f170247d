#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What training steps and forces cost against the number of bodies and of systems: times them, writes cost/cost.csv,
# draws cost/cost.svg and cost/cost.png, and prints the exponents. COST_SECONDS sets how long each point is measured.
set -euo pipefail
cd "$(dirname "$0")/.."
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
mkdir -p cost
"${SWIFT:-swift}" run -c release --package-path Benchmarks benchmarks --seconds "${COST_SECONDS:-5}" \
  --csv cost/cost.csv size
gnuplot -c plots/cost.gp cost/cost.svg cost/cost.csv >/dev/null
gnuplot -c plots/cost.gp cost/cost.png cost/cost.csv
echo "figures: cost/cost.svg, cost/cost.png"
