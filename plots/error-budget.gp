# SPDX-License-Identifier: GPL-3.0-or-later
# What methods err by against what they cost: positions, energies and angular momenta on Kepler's ellipse, our own methods by their steps, GSL's
# by their tolerances.
#   gnuplot -c plots/error-budget.gp OUTPUT budget.csv
# where budget.csv is what scripts/error-budget.sh makes.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
panel_width = 1500
panel_height = 560
file = ARG2
call style ARG1 "" "" "" ""
chosen = "$1 == \"kepler\" && (($5 == \"step\" && $2 !~ /^gsl/) || ($5 == \"tolerance\" && $2 ~ /^gsl/)) && $11 != \"\""
methods = system("awk -F, 'NR > 1 && " . chosen . " && !seen[$2]++ {print $2}' " . file)
# One method, by growing cost; errors of zero and of more than the orbit have no place.
rows(k) = "< awk -F, '" . chosen . " && $2 == \"" . word(methods, k) . "\"' " . file . " | sort -t, -k11,11g"
error(column_number) = column(column_number) > 0 && column(column_number) < 3 ? column(column_number) : NaN
dash(k) = strstrt(word(methods, k), "gsl") == 1 ? 2 : 1

set logscale xy
set format x "10^{%T}"
set format y "10^{%T}"
set xlabel "force evaluations in ten revolutions"
set style data linespoints
set pointsize 0.7
set multiplot
set key off
set lmargin at screen 0.05
set rmargin at screen 0.28
set title "largest position error"
plot for [k = 1:words(methods)] rows(k) using 11:(error(10)) linetype k dashtype dash(k) pointtype k
set lmargin at screen 0.335
set rmargin at screen 0.565
set title "largest relative drift of the energy"
plot for [k = 1:words(methods)] rows(k) using 11:(error(7)) linetype k dashtype dash(k) pointtype k
set lmargin at screen 0.62
set rmargin at screen 0.85
set key at screen 0.99, screen 0.93 top right maxcols 1 spacing 1.0 font ",10"
set title "largest drift of the angular momentum"
plot for [k = 1:words(methods)] rows(k) using 11:(error(9)) linetype k dashtype dash(k) pointtype k title word(methods, k)
unset multiplot
