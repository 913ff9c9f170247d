# SPDX-License-Identifier: GPL-3.0-or-later
# Which digits are taken for which: of each digit the share that is predicted as each other one, in percent.
panel_width = 620
panel_height = 560
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
set title name . "images taken for another digit [%]"
set xlabel "predicted"
set ylabel "digit"
set xrange [-0.5:9.5]
set yrange [9.5:-0.5]
set xtics 1 scale 0
set ytics 1 scale 0
unset grid
unset key
set colorbox
set palette defined (0 "white", 1 "#D55E00")
set cbrange [0:*]
# Per cent of the images of the digit; what is right is left out, as it would outshine the rest.
shares = "< awk -F, 'NR > 1 {n[$1] += $3; c[$1, $2] = $3} END {for (i = 0; i < 10; i++) for (j = 0; j < 10; j++) print i \",\" j \",\" (i == j || !n[i] ? 0 : 100 * c[i, j] / n[i])}' confusion.csv"
set datafile separator comma
plot shares using 2:1:3 with image pixels, \
  "" using 2:1:($3 > 0 ? sprintf("%.1f", $3) : "") with labels font ",9"
