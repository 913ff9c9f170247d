#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The measured pendulum of Schmidt and Lipson (Science 324, 2009) as a trajectory.csv:
#
#   scripts/pendulum-to-csv.sh FOLDER > pendulum.csv
#
# FOLDER holds real_pend_h_1.txt: the number of the trial, the time in seconds, the angle in radians and the angular velocity. The
# angle becomes the place on a line of a bob of mass 1, so that energies are per moment of inertia; the pivot is another body there.
set -eu
file=${1:?the folder with real_pend_h_1.txt}/real_pend_h_1.txt
awk '
  NR == 1 { print "system,step,t,body,m,x,px"; next }
  NF >= 4 {
    printf "0,%d,%.17g,pivot,1,0,0\n", step, $2
    printf "0,%d,%.17g,bob,1,%.17g,%.17g\n", step++, $2, $3, $4
  }' "$file"
