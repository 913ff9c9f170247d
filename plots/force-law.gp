# SPDX-License-Identifier: GPL-3.0-or-later
# The force between two bodies along their distance: the learned one on the true one, below it the error, behind both
# the distances of the training data.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
panel_width = 1000
panel_height = 660
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "force_law.csv"
pairs = int(system("awk -F, '$1 == \"force\" && $2 > n {n = $2} END {print n + 0}' " . file))
shown = pairs > 7 ? 7 : pairs
data(i) = "< awk -F, 'NR == 1 || ($1 == \"force\" && $2 == " . i . ")' " . file
bodies(i) = system("awk -F, '$1 == \"force\" && $2 == " . i . " {print $3; exit}' " . file)
distances = "< awk -F, 'NR == 1 || $1 == \"distances\"' " . file
has_truth = int(system("awk -F, '$1 == \"force\" && $6 != \"\" {n++} END {print n + 0}' " . file))
# Heights of the axis: the forces beyond the nearest thirtieth of the training distances, as some have a pole at zero.
limits = system("awk -F, 'FNR == NR {if ($1 == \"distances\") {s += $7; if (s < 0.03) near = $4}; next} " . \
  "$1 == \"force\" && $2 <= " . shown . " && $4 >= near {for (c = 5; c <= 6; c++) {if ($c < lo) lo = $c; if ($c > hi) hi = $c}} " . \
  "END {pad = 0.06 * (hi - lo); print lo - pad, hi + pad}' " . file . " " . file)
# The size of each pair's force: the root mean square over the curve, weighted as the training distances are.
size(i) = real(system("awk -F, 'FNR == NR {if ($1 == \"distances\") {share[++n] = $7; at[n] = $4}; next} " . \
  "$1 == \"force\" && $2 == " . i . " && $6 != \"\" {k = int($4 / (2 * at[1])) + 1; if (k > n) k = n; s += share[k] * $6 * $6; w += share[k]} " . \
  "END {print (s > 0 ? sqrt(s / w) : 1)}' " . file . " " . file))
array sizes[shown > 0 ? shown : 1]
do for [i = 1:shown] { sizes[i] = size(i) }
stats distances using (column("share")) nooutput
top = STATS_max

set key autotitle columnhead
set autoscale xfixmax
set xrange [0:*]
set multiplot
set lmargin at screen 0.095
set rmargin at screen 0.655
set y2range [0:3.2 * top]
unset y2tics

set bmargin at screen has_truth ? 0.4 : 0.11
set tmargin at screen 0.93
set title name . "force between two bodies"
set ylabel "force, negative where they attract"
if (has_truth) { set format x "" } else { set xlabel "distance r" . length_unit }
set yrange [real(word(limits, 1)):real(word(limits, 2))]
set xzeroaxis linecolor rgb "#999999" linewidth 0.8
set key at screen 0.67, screen 0.935 left top Left reverse noenhanced samplen 2 spacing 1.35
plot distances using "r":"share" axes x1y2 with filledcurves y2=0 linecolor rgb "#eaeaea" fillstyle solid title "distances in training", \
  NaN linetype 7 linewidth 6 linecolor rgb pale(7) title (has_truth ? "true law, wide" : ""), \
  NaN linetype 7 title "learned law", \
  for [i = 1:(has_truth ? shown : 0)] data(i) using "r":"force_true" linetype i linewidth 6 linecolor rgb pale(i) notitle, \
  for [i = 1:shown] data(i) using "r":"force_learned" linetype i linewidth 1.6 title bodies(i)
if (has_truth) {
  set bmargin at screen 0.11
  set tmargin at screen 0.36
  unset title
  unset key
  set format x "%g"
  set xlabel "distance r" . length_unit
  set ylabel "relative error"
  set yrange [*:*]
  set logscale y
  set format y "10^{%T}"
  plot distances using "r":"share" axes x1y2 with filledcurves y2=0 linecolor rgb "#eaeaea" fillstyle solid notitle, \
    for [i = 1:shown] data(i) using "r":(abs(column("force_learned") - column("force_true")) / sizes[i]) linetype i linewidth 1.4 notitle
}
unset multiplot
