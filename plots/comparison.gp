# SPDX-License-Identifier: GPL-3.0-or-later
# Three runs of one system side by side: the truth, the learned law, a learned law without the symmetry.
#   gnuplot -c plots/comparison.gp OUTPUT TRUTH MODEL CONTROL
# where the last three are run directories.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
runs = ARG2 . " " . ARG3 . " " . ARG4
panel_width = 1200
panel_height = 430
call style ARG1 "" "" "" ""
array labels[3] = ["truth", "learned, T(2)", "learned, no symmetry"]
array columns[3] = ["dH", "dP", "dL"]
array titles[3] = ["energy", "linear momentum", "angular momentum"]
data(i) = first_system(word(runs, i) . "/diagnostics.csv")

set xlabel "t"
set logscale y
set format y "10^{%T}"
set key autotitle columnhead
set yrange [3e-18:3]
set ytics 1e-16, 1e4
# A key by hand, below all panels: gnuplot's own belongs to one of them.
do for [i = 1:3] {
  set label i "━━ " . labels[i] at screen 0.13 + 0.2 * i, screen 0.055 center textcolor linetype i
}
set multiplot layout 1,3 margins 0.075,0.985,0.24,0.88 spacing 0.055,0
do for [panel = 1:3] {
  set title titles[panel]
  if (panel == 1) { set ylabel "relative drift" . floor_note } else { unset ylabel }
  if (panel == 2) { unset label }
  plot for [i = 1:3] data(i) using "t":(floored(column(columns[panel]))) linetype i notitle
}
unset multiplot
