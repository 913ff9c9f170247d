# SPDX-License-Identifier: GPL-3.0-or-later
# Test error against the number of training systems: medians over the seeds, with bars from the least to the largest, and for the
# published springs what others have reported (published-springs.csv, with its sources). One panel per law.
folder = system("dirname '" . ARG0 . "'")
file = "study_summary.csv"
# Names stand in commands, so that only those which a study can have are taken from a file.
is_name = "$1 ~ /^[-_A-Za-z0-9]*$/ && $2 ~ /^[-_A-Za-z0-9]+$/"
fields = "awk -F, 'NR > 1 && " . is_name . " && !seen[$1]++ {print $1 == \"\" ? \"-\" : $1}' " . file
laws = system(fields)
panels = words(laws)
columns = panels > 3 ? 3 : panels
rows = (panels + columns - 1) / columns
panel_width = panels > 1 ? 480 * columns : 900
panel_height = panels > 1 ? 420 * rows : 560
style = folder . "/style.gp"
call style ARG1 ARG2 ARG3 ARG4 ARG5

set xlabel "training systems"
set ylabel "mean squared error of a chunk"
set logscale xy
set format y "10^{%T}"
set format x "%g"
set offsets graph 0.06, graph 0.06, 0, 0
set key samplen 1.2
if (panels > 1) set multiplot layout rows, columns
published = folder . "/published-springs.csv"
do for [p = 1:panels] {
  law = word(laws, p)
  key = law eq "-" ? "" : law
  set title (law eq "-" ? name . "data efficiency" : law)
  models = system("awk -F, -v law='" . key . "' 'NR > 1 && " . is_name . " && $1 == law && !seen[$2]++ {print $2}' " . file)
  rows_of(model) = "< awk -F, -v law='" . key . "' -v model='" . model . "' 'NR > 1 && $1 == law && $2 == model' " . file
  is_published = law eq "springs" || (law eq "-" && ARG2 eq "springs")
  if (is_published) {
    set key below
    plot for [k = 1:words(models)] rows_of(word(models, k)) using 3:6:7:8 with yerrorlines linetype k pointtype 7 pointsize 0.7 title word(models, k), \
      "< grep -F '),' '" . published . "' | grep -v re-run | grep HLieConv" using 3:4 with linespoints linecolor rgb "#888888" dashtype 2 pointtype 4 pointsize 0.6 title "HLieConv-T(2), published", \
      "< grep re-run, '" . published . "'" using 3:4 with linespoints linecolor rgb "#888888" dashtype 3 pointtype 6 pointsize 0.6 title "HLieConv-T(2), re-run by others", \
      "< grep LieTransformer-T '" . published . "'" using 3:4 with linespoints linecolor rgb "#888888" dashtype 4 pointtype 8 pointsize 0.6 title "LieTransformer-T(2), published", \
      "< grep ',FC,' '" . published . "'" using 3:4 with linespoints linecolor rgb "#bbbbbb" dashtype 5 pointtype 10 pointsize 0.6 title "perceptron, published", \
      "< grep 'graph network' '" . published . "'" using 3:4 with linespoints linecolor rgb "#bbbbbb" dashtype 6 pointtype 12 pointsize 0.6 title "graph network, published"
  } else {
    set key inside vertical top right
    plot for [k = 1:words(models)] rows_of(word(models, k)) using 3:6:7:8 with yerrorlines linetype k pointtype 7 pointsize 0.7 title word(models, k)
  }
}
if (panels > 1) unset multiplot
