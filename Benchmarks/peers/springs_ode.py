# SPDX-License-Identifier: GPL-3.0-or-later
"""General ODE solvers on the spring ensemble, float64: milliseconds per trajectory of 500 points, and the error.

Rows: dop853 (scipy, one system at a time, the first --scipy of them), diffrax_dopri8 and diffrax_tsit5 (jit, vmap over
1 and over all systems, output by dense interpolation), jax_rk4 (3/8 rule, one step of 5/499 per point, vmap). Further
fields: `tolerance` (rtol = atol, none for fixed steps), `max_error` and `rms_error` of the 24 state components against
the exact solution over all systems of the row, and the median number of right-hand sides (`evaluations`) or of accepted
and rejected steps (`steps`). Compare at equal error, not at equal tolerance.
"""

import argparse

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
import scipy
from scipy.integrate import solve_ivp

import springs
from springs import END, POINTS, STEP, TIMES
from timing import emit, measure, summary


def field(t, z, sysp):
    """dz/dt [24] of one system, sysp [6, 2]: the same formula as springs.field."""
    m, k = sysp[:, :1], sysp[:, 1:]
    q, p = z.reshape(2, len(m), -1)
    force = -2 * k * (k.sum() * q - (k * q).sum(0))
    return jnp.concatenate([(p / m).ravel(), force.ravel()])


def adaptive(solver, tolerance, z0, sysp):
    """States [500, 24] and the number of steps of one trajectory."""
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(field), solver, 0.0, END, None, z0, sysp, max_steps=65536,
        saveat=diffrax.SaveAt(ts=jnp.asarray(TIMES)),
        stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance))
    return solution.ys, solution.stats["num_steps"]


def rk4(z0, sysp):
    """States [500, 24] and the number of steps of one trajectory."""
    def step(z, _):
        z = springs.rk4_step(lambda x: field(0.0, x, sysp), z, STEP)
        return z, z
    return jnp.concatenate([z0[None], jax.lax.scan(step, z0, length=POINTS - 1)[1]]), POINTS - 1


def dop853(z0, sysp, tolerance):
    m, k = sysp[:, :1], sysp[:, 1:]
    total, inverse = k.sum(), 1 / m

    def rhs(t, z):
        q, p = z.reshape(2, len(m), -1)
        return np.concatenate([(p * inverse).ravel(), (-2 * k * (total * q - (k * q).sum(0))).ravel()])
    return solve_ivp(rhs, (0, END), z0, method="DOP853", rtol=tolerance, atol=tolerance, t_eval=TIMES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", help="folder of start_z.npy and start_sysp.npy (default: drawn by --seed)")
    parser.add_argument("--systems", type=int, default=1000, help="size of the large batch (default: %(default)s)")
    parser.add_argument("--scipy", type=int, default=40, help="systems for scipy (default: %(default)s)")
    parser.add_argument("--tolerances", type=float, nargs="+", default=[1e-9], help="rtol = atol (default: 1e-9)")
    parser.add_argument("--reps", type=int, default=5, help="repetitions of each batch (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    jax.config.update("jax_enable_x64", True)
    z0, sysp = springs.starts(args.starts, args.systems, args.seed)

    def errors(z):
        return springs.errors(np.asarray(z), z0[:len(z)], sysp[:len(z)])

    for tolerance in args.tolerances:
        samples, solutions = [], []
        dop853(z0[0], sysp[0], tolerance)
        for i in range(min(args.scipy, args.systems)):
            samples += measure(lambda: solutions.append(dop853(z0[i], sysp[i], tolerance)), 1, warmup=0)
        emit("dop853", batch=1, **summary(samples), tolerance=tolerance, **errors([s.y.T for s in solutions]),
             evaluations=float(np.median([s.nfev for s in solutions])), peer=f"scipy {scipy.__version__}")

    def report(row, solve, **fields):
        for batch in (1, args.systems):
            call = jax.jit(jax.vmap(solve))
            z, steps = call(z0[:batch], sysp[:batch])
            samples = measure(lambda: jax.block_until_ready(call(z0[:batch], sysp[:batch])), args.reps, warmup=0)
            emit(row, batch=batch, **summary([s / batch for s in samples]), **fields, **errors(z),
                 steps=float(np.median(steps)))

    for tolerance in args.tolerances:
        for name, solver in (("dopri8", diffrax.Dopri8()), ("tsit5", diffrax.Tsit5())):
            report(f"diffrax_{name}", lambda z, s: adaptive(solver, tolerance, z, s), tolerance=tolerance,
                   peer=f"diffrax {diffrax.__version__}")
    report("jax_rk4", rk4, peer=f"jax {jax.__version__}")
