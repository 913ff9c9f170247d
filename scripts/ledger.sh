#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What every group conserves, measured: a small model of the same size, data and epochs for each, rolled out for
# 10 000 Verlet steps. Everything goes into ledger/, the table into ledger/table.md and to stdout.
#
# Rows already there are kept, so that an interrupted run goes on. LEDGER_EPOCHS sets the epochs.
set -euo pipefail
cd "$(dirname "$0")/.."
noether=${NOETHER:-.build/release/noether}
epochs=${LEDGER_EPOCHS:-30}
mkdir -p ledger

# group  lift  centred  training config  scenario
rows=(
  "Trivial - no springs-small springs"
  "Trivial - yes springs-small springs"
  "Tx - no springs-small springs"
  "Ty - no springs-small springs"
  "T2 - no springs-small springs"
  "SO2 - no springs-small springs"
  "SO2 - yes springs-small springs"
  "R - no springs-small springs"
  "RxSO2 - no springs-small springs"
  "SQ - no springs-small springs"
  "RxSQ - no springs-small springs"
  "SE2 isotropic no springs-small springs"
  "SE2 frame no springs-small springs"
  "SE2 haar no springs-small springs"
  "T2xSO2 - yes springs-small springs"
  "Trivial - no springs-3d springs-3d"
  "T3 - no springs-3d springs-3d"
  "SO3 isotropic no springs-3d springs-3d"
  "SO3 isotropic yes springs-3d springs-3d"
  "SO3 frame yes springs-3d springs-3d"
  "SO3 haar yes springs-3d springs-3d"
  "SE3 isotropic no springs-3d springs-3d"
  "SE3 frame no springs-3d springs-3d"
  "SE3 haar no springs-3d springs-3d"
)

train() { # directory group lift centred config
  local options=(--set model.group="$2" --set model.width=32 --set model.layers=2 --set training.epochs="$epochs")
  [ "$4" = yes ] && options+=(--set model.centre=true) || options+=(--set model.centre=false)
  [ "$3" = - ] || options+=(--set model.lift="$3")
  [ "$3" = haar ] && options+=(--set model.samples=2)
  "$noether" train "$5" "${options[@]}" --quiet --overwrite --out "$1"
}

# The largest drift of each momentum and the ledger's verdict, as one line: exact | others.
drifts() {
  awk -F, 'NR > 1 {
      value = $6 < 0 ? -$6 : $6; if (!($4 in worst)) names[++n] = $4
      if (value > worst[$4]) worst[$4] = value; verdict[$4] = $9
    }
    END {
      for (k = 1; k <= n; k++) {
        name = names[k]
        if (verdict[name] == "exact") {
          exact = exact (exact ? ", " : "") name; if (worst[name] > kept) kept = worst[name]
        } else {
          rest = rest (rest ? ", " : "") sprintf("%s %.0e", name, worst[name]) (verdict[name] == "approximate" ? " (≈)" : "")
        }
      }
      printf "%s | %s | %s", exact ? exact : "–", exact ? sprintf("%.0e", kept) : "–", rest ? rest : "–"
    }' "$1"
}

{
  echo "| d | group | lift | centred | conserved by construction | their largest drift | the drift of the others | invariance | test MSE |"
  echo "|---|---|---|---|---|---|---|---|---|"
} >ledger/table.md
for row in "${rows[@]}"; do
  read -r group lift centred config scenario <<<"$row"
  folder="ledger/$config-$group-$lift-$centred-$epochs"
  echo "$row" >&2
  if [ ! -s "$folder/certificate.csv" ]; then
    train "$folder" "$group" "$lift" "$centred" "$config"
    "$noether" rollout "$folder" --scenario "$scenario" --seed 1000 --systems 1 --method verlet --steps 10000 \
      --step 0.001 --quiet --overwrite --out "$folder-rollout"
    "$noether" evaluate "$folder" --rollouts 0 --quiet --overwrite --out "$folder/evaluation.csv"
    "$noether" certify "$folder" --quiet --overwrite --out "$folder/certificate.csv"
  fi
  dimension=2
  [ "$config" = springs-3d ] && dimension=3
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$dimension" "$group" "$lift" "$centred" \
    "$(drifts "$folder-rollout/ledger.csv")" \
    "$(awk -F, '$1 == "invariance" && $2 == "float64" { printf "%.0e", $3 }' "$folder/certificate.csv")" \
    "$(awk -F, '$1 == "test_mse" { printf "%.1e", $2 }' "$folder/evaluation.csv")" >>ledger/table.md
done
cat ledger/table.md
