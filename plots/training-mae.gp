# SPDX-License-Identifier: GPL-3.0-or-later
# The mean absolute error of a property of molecules, in its own unit, of those the network is fitted to and of those it has never seen.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
set title name . "training"
set xlabel "epoch"
set ylabel "mean absolute error"
set logscale y
# No ticks between whole epochs.
epochs = int(system("awk -F, 'NR > 1 && $1 > n {n = $1} END {print n + 0}' training.csv"))
if (epochs < 12) set xtics 1
set key autotitle columnhead
plot "training.csv" using "epoch":"train_mae" with linespoints linetype 1 pointtype 7 pointsize 0.5 title "training", \
  "" using "epoch":"val_mae" with linespoints linetype 2 pointtype 5 pointsize 0.5 title "validation"
