# SPDX-License-Identifier: GPL-3.0-or-later
# How far linear and angular momentum have moved, on scales that do not vanish when the totals do.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "diagnostics.csv"
crowd = systems(file) > 1

set title name . "momentum drift" . (crowd ? ", first system" : "")
set xlabel "t" . time_unit
set ylabel "relative drift" . floor_note
set logscale y
set format y "10^{%T}"
set key autotitle columnhead below center horizontal
plot first_system(file) using "t":(floored(column("dP"))) linetype 1 title "dP, linear momentum", \
  first_system(file) using "t":(floored(column("dL"))) linetype 2 title "dL, angular momentum"
