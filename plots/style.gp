# SPDX-License-Identifier: GPL-3.0-or-later
# The look that every figure shares, and its arguments. Figures run inside a run directory:
#   cd RUN && gnuplot -c .../plots/energy-drift.gp OUTPUT.svg|OUTPUT.png [NAME [LENGTH TIME MASS]]
# NAME heads the title; LENGTH, TIME and MASS are the units written beside the axes.
output = ARG1
name = strlen(ARG2) ? ARG2 . ": " : ""
unit(label) = strlen(label) ? " [" . label . "]" : ""
length_unit = unit(ARG3)
time_unit = unit(ARG4)
# An energy is mass × length² / time²: named only where all three units are.
energy_unit = strlen(ARG3) * strlen(ARG4) * strlen(ARG5) \
  ? " [" . ARG5 . " " . ARG3 . "² " . ARG4 . "⁻²]" : ""

# A figure of several panels asks for more room before it calls this file.
if (!exists("panel_width")) panel_width = 800
if (!exists("panel_height")) panel_height = 500
if (strlen(output) > 4 && output[strlen(output) - 3:] eq ".png") {
  set terminal pngcairo size 2 * panel_width,2 * panel_height font "DejaVu Sans,11" fontscale 2 linewidth 2 background "white"
} else {
  set terminal svg size panel_width,panel_height font "DejaVu Sans,Helvetica,Arial,sans-serif,13" enhanced background "white"
}
set output output

set datafile separator comma
set border 3 linecolor rgb "#555555"
set tics nomirror out scale 0.6 textcolor rgb "#333333"
set grid linecolor rgb "#dddddd" linewidth 0.6 linetype 1
set key top right noenhanced textcolor rgb "#333333" samplen 1.6 spacing 1.15
set title font ",15" noenhanced textcolor rgb "#111111"
set style data lines

# Okabe & Ito's colours, told apart by every kind of colour vision; yellow is left out on white.
set linetype 1 linecolor rgb "#0072B2" linewidth 1.6
set linetype 2 linecolor rgb "#D55E00" linewidth 1.6
set linetype 3 linecolor rgb "#009E73" linewidth 1.6
set linetype 4 linecolor rgb "#CC79A7" linewidth 1.6
set linetype 5 linecolor rgb "#E69F00" linewidth 1.6
set linetype 6 linecolor rgb "#56B4E9" linewidth 1.6
set linetype 7 linecolor rgb "#000000" linewidth 1.6
# The next seven are the same, dashed.
do for [i = 1:7] {
  set linetype 7 + i linecolor rgb word("#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #000000", i) linewidth 1.6 dashtype (6, 3)
}
set linetype cycle 14
faint = "#c8c8c8"
# The same, lightened, for what lies behind a line of that type.
pales = "#a6cbe2 #f1c39f #a3dacb #eed2e1 #f6dda6 #c5e6f8 #bbbbbb"
pale(i) = word(pales, (i - 1) % 7 + 1)

# A logarithm has no place for the zeros that exact conservation gives: they are drawn at a floor, and the
# axis says so. The start itself, where every drift is zero by definition, is left out.
drift_floor = 1e-17
floored(x) = column("step") == 0 ? NaN : abs(x) > drift_floor ? abs(x) : drift_floor
floor_note = " (0 drawn at 10^{-17})"

# Rows of the first system, and of the first hundred with a blank line between systems; the header stays.
first_system(file) = "< awk -F, 'NR == 2 {s = $1} NR > 1 && $1 != s {exit} {print}' " . file
hundred_systems(file) = "< awk -F, 'NR > 2 && $1 != s {print \"\"; if (++n == 100) exit} {s = $1; print}' " . file
has_column(file, column) = int(system("head -n 1 " . file . " | tr ',' '\\n' | grep -c -x " . column))
systems(file) = int(system("awk -F, 'NR > 1 && $1 != s {n++; s = $1; if (n == 100) exit} END {print n + 0}' " . file))
