# SPDX-License-Identifier: GPL-3.0-or-later
# The learned energy beside the true one along the same rollout. A potential is known up to a constant, so
# both are drawn as changes since the start.
style = system("dirname '" . ARG0 . "'") . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5
file = "diagnostics.csv"
data = first_system(file)
start(column) = real(system("awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == \"" . column . \
  "\") c = i} NR == 2 {print $c; exit}' " . file))
H0 = start("H")
learned0 = start("H_learned")

set title name . "learned and true energy"
set xlabel "t" . time_unit
set ylabel "change since the start" . energy_unit
set key autotitle columnhead below center horizontal
plot data using "t":(column("H") - H0) linetype 1 title "true H", \
  data using "t":(column("H_learned") - learned0) linetype 2 title "learned H"
