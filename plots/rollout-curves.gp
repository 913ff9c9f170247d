# SPDX-License-Identifier: GPL-3.0-or-later
# How the rollouts of many systems leave the truth, between what a small error of the start would do and what knowing
# nothing would.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
panel_width = 880
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "rollout_curves.csv"
# The start agrees exactly and has no place on a logarithmic axis; nor have the methods that make no error.
positive(name) = column(name) > 0 ? column(name) : NaN

set title name . "rollouts of unseen systems"
set xlabel "t" . time_unit
set ylabel "mean squared error of the state"
set logscale y
set format y "10^{%T}"
set key autotitle columnhead outside right center Left reverse spacing 1.5 width -2
# Methods may err far less than anything that is learned: the axis ends a decade below that.
least = system("awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i; next} " . \
  "{n = split(\"mse_median floor_mse\", k, \" \"); for (j = 1; j <= n; j++) {v = $c[k[j]]; if (v > 0 && (!m || v < m)) m = v}} END {print (m ? m : 1)}' " . file)
set yrange [real(least) / 10:*]
plot file using "t":(positive("free_flight_mse")) linetype 7 linecolor rgb "#999999" dashtype 3 title "free flight", \
  "" using "t":(positive("hold_mse")) linetype 7 linecolor rgb "#999999" dashtype 2 title "nothing moves", \
  "" using "t":(positive("mse_median")):(positive("mse")) with filledcurves linecolor rgb "#0072B2" fillstyle transparent solid 0.12 noborder notitle, \
  "" using "t":(positive("mse")) linetype 1 linewidth 1 title "learned, mean", \
  "" using "t":(positive("mse_median")) linetype 1 linewidth 2.2 title "learned, median", \
  "" using "t":(positive("method_mse")) linetype 3 title "true law, same method", \
  "" using "t":(positive("floor_mse")) linetype 2 title "true law, start off by 10^{-4}" enhanced
