# SPDX-License-Identifier: GPL-3.0-or-later
# How far the energy has moved: the true one and, in a learned rollout, the learned one, which only the
# integrator moves.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "diagnostics.csv"
learned = has_column(file, "dH_learned")
crowd = systems(file) > 1

set title name . "energy drift"
set xlabel "t" . time_unit
# Where H = 0 at the start the drift is absolute.
start = real(system("awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == \"H\") c = i} " . \
  "NR == 2 {print $c; exit}' " . file))
set ylabel (start == 0 ? "|dH|" : "relative |dH|") . floor_note
set logscale y
set format y "10^{%T}"
set key autotitle columnhead below center horizontal
if (learned) {
  plot first_system(file) using "t":(floored(column("dH"))) linetype 1 title "true energy along the learned flow", \
    first_system(file) using "t":(floored(column("dH_learned"))) linetype 2 title "learned energy"
} else {
  if (crowd) {
    plot hundred_systems(file) using "t":(floored(column("dH"))) linecolor rgb faint linewidth 0.6 title "other systems", \
      first_system(file) using "t":(floored(column("dH"))) linetype 1 title "first system"
  } else {
    plot first_system(file) using "t":(floored(column("dH"))) linetype 1 notitle
  }
}
