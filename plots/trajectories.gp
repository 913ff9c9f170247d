# SPDX-License-Identifier: GPL-3.0-or-later
# The paths of the first system's bodies in the plane; three dimensions are seen along z.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "trajectory.csv"
bodies = int(system("awk -F, 'NR == 2 {s = $1; f = $2} NR > 1 {if ($1 != s || $2 != f) exit; n++} END {print n + 0}' " . file))
body(i) = system(sprintf("awk -F, 'NR == %d {print $4; exit}' %s", i + 1, file))
spatial = has_column(file, "z")

set title name . "trajectories" . (spatial ? ", seen along z" : "")
set xlabel "x" . length_unit
set ylabel "y" . length_unit
set size ratio -1
set key outside right top title "body (dot: start)"
set offsets graph 0.04, graph 0.04, graph 0.04, graph 0.04
set key autotitle columnhead
data = first_system(file)
plot for [i = 1:bodies] data every bodies::(i - 1) using "x":"y" linetype i title body(i), \
  for [i = 1:bodies] data every bodies::(i - 1)::(i - 1) using "x":"y" with points linetype i \
    pointtype 7 pointsize 0.9 notitle
