# SPDX-License-Identifier: GPL-3.0-or-later
# What the network costs against the number of bodies and of systems: time and the most memory held, and the
# exponents of the powers of n that fit best, printed too.
#   gnuplot -c plots/cost.gp OUTPUT cost.csv
# where cost.csv is what scripts/cost.sh makes.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
panel_width = 1200
panel_height = 430
file = ARG2
call style ARG1 "" "" "" ""
array rows[3] = ["train_step_size", "grad_H_size", "train_step_batch"]
array labels[2] = ["training step", "forces"]
array counts[3] = ["bodies", "bodies", "batch"]
data(i) = "< awk -F, 'NR == 1 || $1 == \"" . rows[i] . "\"' '" . file . "'"
first(i, name) = real(system("awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i} $1 == \"" . rows[i] . \
  "\" {print $c[\"" . name . "\"]; exit}' '" . file . "'"))

# The slopes of straight lines in the logarithms, by least squares.
set print "-"
array time[3]
array memory[3]
do for [i = 1:3] {
  stats data(i) using (log(column(counts[i]))):(log(column("ms_median"))) name "time" nooutput
  time[i] = time_slope
  stats data(i) using (log(column(counts[i]))):(log(column("peak_mib"))) name "memory" nooutput
  memory[i] = memory_slope
  print sprintf("%-16s  time ~ %s^%.2f, memory ~ %s^%.2f", rows[i], counts[i], time[i], counts[i], memory[i])
}
label(what, exponent) = sprintf("%s ∝ n^{%.2f}", what, exponent)

set logscale xy
set format y "10^{%T}"
set key enhanced top left autotitle columnhead
set style data linespoints
set multiplot layout 1,3 margins 0.065,0.985,0.14,0.9 spacing 0.075,0
set xtics (6, 12, 24, 48, 96)
set xrange [5:115]
set xlabel "bodies n"
set title sprintf("time of a batch of %d and %d", first(1, "batch"), first(2, "batch"))
set ylabel "ms"
plot for [i = 1:2] data(i) using (column("bodies")):"ms_median" linetype i pointtype 7 pointsize 0.6 title label(labels[i], time[i])
set title "most memory held"
set ylabel "MiB"
plot for [i = 1:2] data(i) using (column("bodies")):"peak_mib" linetype i pointtype 7 pointsize 0.6 title label(labels[i], memory[i])
set title sprintf("training steps of %d bodies", first(3, "bodies"))
set xtics (8, 16, 40, 80, 200, 400)
set xrange [6:530]
set xlabel "batch n"
set ylabel "ms, MiB"
plot data(3) using (column("batch")):"ms_median" linetype 1 pointtype 7 pointsize 0.6 title label("time", time[3]), \
  data(3) using (column("batch")):"peak_mib" linetype 3 pointtype 7 pointsize 0.6 title label("memory", memory[3])
unset multiplot
