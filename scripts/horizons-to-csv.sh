#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The table of the Sun and the outer planets from JPL Horizons as a trajectory.csv:
#
#   scripts/horizons-to-csv.sh FOLDER > outer.csv
#
# FOLDER holds outer_barycentric_50d.csv.gz (jd_tdb, then x,y,z,vx,vy,vz of every body in AU and AU/day) and
# constants_and_initial_states.json with their GM in AU^3/day^2. Time becomes the calendar year, 1900 + (JD - 2415020.5)/365.25,
# and masses GM in AU^3/year^2, so that G = 1.
set -eu
folder=${1:?the folder with outer_barycentric_50d.csv.gz and constants_and_initial_states.json}
masses=$(tr -d ' \n' < "$folder/constants_and_initial_states.json" |
  sed 's/.*"model_GM":\[\([^]]*\)\].*/\1/')
gzip -dc "$folder/outer_barycentric_50d.csv.gz" | awk -F, -v masses="$masses" '
  NR == 1 {
    year = 365.25
    split(masses, m, ",")
    bodies = (NF - 1) / 6
    for (i = 1; i <= bodies; i++) {
      name[i] = $(6 * i - 4)
      sub(/_x$/, "", name[i])
      m[i] *= year * year
    }
    print "system,step,t,body,m,x,y,z,px,py,pz"
    next
  }
  {
    for (i = 1; i <= bodies; i++) {
      k = 6 * i - 4
      p = m[i] * year
      printf "0,%d,%.17g,%s,%.17g,%s,%s,%s,%.17g,%.17g,%.17g\n", NR - 2, 1900 + ($1 - 2415020.5) / year, name[i], m[i], \
        $k, $(k + 1), $(k + 2), p * $(k + 3), p * $(k + 4), p * $(k + 5)
    }
  }'
