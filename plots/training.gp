# SPDX-License-Identifier: GPL-3.0-or-later
# The loss on what the network is fitted to and on what it has never seen.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
set title name . "training"
set xlabel "epoch"
set ylabel "loss (mean squared error)"
set logscale y
set format y "10^{%T}"
# No ticks between whole epochs.
epochs = int(system("awk -F, 'NR > 1 && $1 > n {n = $1} END {print n + 0}' training.csv"))
if (epochs < 12) set xtics 1
set key autotitle columnhead
plot "training.csv" using "epoch":"train_mse" with linespoints linetype 1 pointtype 7 pointsize 0.5 title "training", \
  "" using "epoch":"val_mse" with linespoints linetype 2 pointtype 5 pointsize 0.5 title "validation"
