# SPDX-License-Identifier: GPL-3.0-or-later
# How fast the rollout leaves the truth: ‖a − b‖ / (‖a‖ + ‖b‖) runs from 0 to 1.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "rollout_error.csv"
crowd = systems(file) > 1
# The start agrees exactly and has no place on a logarithmic axis.
positive(x) = x > 0 ? x : NaN

set title name . "distance between rollout and truth"
set xlabel "t" . time_unit
set ylabel "relative error of the state"
set logscale y
set format y "10^{%T}"
set key autotitle columnhead bottom right
if (crowd) {
  plot hundred_systems(file) using "t":(positive(column("relative_error"))) linecolor rgb faint linewidth 0.6 title "other systems", \
    first_system(file) using "t":(positive(column("relative_error"))) linetype 1 title "first system", \
    first_system(file) using "t":(positive(column("geometric_mean"))) linetype 2 title "its geometric mean so far"
} else {
  plot first_system(file) using "t":(positive(column("relative_error"))) linetype 1 title "error", \
    first_system(file) using "t":(positive(column("geometric_mean"))) linetype 2 title "its geometric mean so far"
}
