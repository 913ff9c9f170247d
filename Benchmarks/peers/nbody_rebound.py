# SPDX-License-Identifier: GPL-3.0-or-later
"""REBOUND on the outer Solar System: Sun with the inner planets, Jupiter, Saturn, Uranus, Neptune, Pluto.

Units: AU, day, solar mass. Initial data of 5 September 1994: Hairer, Lubich, Wanner, Geometric Numerical
Integration, section I.2.3. Rows: ias15 (adaptive; step_days is its first step), whfast (with safe_mode 0 and 1) and
leapfrog. Further fields: `steps` of one run, `us_per_step`, and `max_energy_error`, the largest |E/E0 - 1| at
--samples equal intervals of a separate run.
"""

import argparse
import statistics

import rebound

from timing import emit, measure, summary

G = 2.95912208286e-4    # AU^3 / (solar mass day^2)
YEAR = 365.25           # days
BODIES = (              # mass, position, velocity
    (1.00000597682, (0, 0, 0), (0, 0, 0)),
    (0.000954786104043, (-3.5023653, -3.8169847, -1.5507963), (0.00565429, -0.00412490, -0.00190589)),
    (0.000285583733151, (9.0755314, -3.0458353, -1.6483708), (0.00168318, 0.00483525, 0.00192462)),
    (0.0000437273164546, (8.3101420, -16.2901086, -7.2521278), (0.00354178, 0.00137102, 0.00055029)),
    (0.0000517759138449, (11.4707666, -25.7294829, -10.8169456), (0.00288930, 0.00114527, 0.00039677)),
    (1 / 1.3e8, (-15.5387357, -25.2225594, -3.1902382), (0.00276725, -0.00170702, -0.00136504)),
)
RUNS = (                # integrator, step in days, settings
    ("ias15", 40, {}),
    ("whfast", 40, {"safe_mode": 0}),
    ("whfast", 40, {"safe_mode": 1}),
    ("leapfrog", 40, {}),
    ("leapfrog", 4, {}),
)


def simulation(integrator, step, settings):
    sim = rebound.Simulation()
    sim.G = G
    for m, (x, y, z), (vx, vy, vz) in BODIES:
        sim.add(m=m, x=x, y=y, z=z, vx=vx, vy=vy, vz=vz)
    sim.move_to_com()
    sim.integrator, sim.dt = integrator, step
    for name, value in settings.items():
        setattr(sim.integrator, name, value)
    return sim


def advance(sim, t):
    sim.integrate(t, exact_finish_time=0)
    sim.synchronize()
    return sim


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=float, default=1e4, help="length of a run (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=200, help="energy samples (default: %(default)s)")
    parser.add_argument("--reps", type=int, default=5, help="repetitions of each row (default: %(default)s)")
    args = parser.parse_args()
    end = args.years * YEAR
    for run in RUNS:
        integrator, step, settings = run
        fresh = [simulation(*run) for _ in range(args.reps)]
        waiting = iter(fresh)
        samples = measure(lambda: advance(next(waiting), end), args.reps, warmup=0)
        steps = fresh[0].steps_done
        sim = simulation(*run)
        start = sim.energy()
        worst = max(abs(advance(sim, end * i / args.samples).energy() / start - 1) for i in range(1, args.samples + 1))
        emit(integrator, step_days=step, **settings, years=args.years, **summary(samples), steps=steps,
             us_per_step=statistics.median(samples) * 1e3 / steps, max_energy_error=worst,
             peer=f"rebound {rebound.__version__}")
