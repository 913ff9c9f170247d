# SPDX-License-Identifier: GPL-3.0-or-later
# How far forecasts are from what was measured: the learned law's, and dashed those of fitted Kepler ellipses, or where there are none
# the measured distance itself.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "forecast.csv"
bodies = system("awk -F, 'NR > 1 && !seen[$2]++ {print $2}' " . file)
body(k) = "< awk -F, 'NR == 1 || $2 == \"" . word(bodies, k) . "\"' " . file
positive(x) = x > 0 ? x : NaN
has_orbits = system("head -n 1 " . file . " | grep -c kepler_error") + 0
other = has_orbits ? "kepler_error" : "distance"

set title name . "distance of forecasts from measured places"
set xlabel "t" . time_unit
set ylabel "distance" . length_unit
set logscale y
set format y "10^{%T}"
set key outside right
plot for [k = 1:words(bodies)] body(k) using "t":(positive(column("error"))) linetype k title word(bodies, k), \
  for [k = 1:words(bodies)] body(k) using "t":(positive(column(other))) linetype k dashtype 2 linewidth 1 \
    title word(bodies, k) . (has_orbits ? ", Kepler" : ", measured distance")
