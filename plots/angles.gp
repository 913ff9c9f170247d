# SPDX-License-Identifier: GPL-3.0-or-later
# The share of test images that are wrong against the angle by which they are turned, with Wilson's 95 % interval.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
set title name . "error against the angle of the images, 95 % interval"
set xlabel "angle [°]"
set ylabel "error [%]"
set xrange [0:360]
set yrange [0:*]
set xtics 45
set key autotitle columnhead
unset key
# The last angle is the first one again.
turns = "< awk -F, 'NR == 2 {first = $0} {print} END {sub(/^[^,]*/, \"360\", first); print first}' angles.csv"
percent(name) = 100 * column(name)
plot turns using "angle":(percent("error_low")):(percent("error_high")) with filledcurves linecolor rgb word(pales, 1), \
  "" using "angle":(percent("error")) with linespoints linetype 1 pointtype 7 pointsize 0.5
