# SPDX-License-Identifier: GPL-3.0-or-later
"""The spring ensemble of the LieConv paper (Finzi, Stanton, Izmailov, Wilson 2020), in numpy and float64.

n bodies in d dimensions, each pair joined by a spring of rest length zero and strength k_i k_j:

    H(q, p) = sum_i |p_i|^2 / 2 m_i  +  sum_{i<j} k_i k_j |q_i - q_j|^2

    m ~ U(0.1, 3.1)   k ~ U(0, 5)   q ~ N(0, 0.4^2)   p ~ N(0, 0.6^2)   t = linspace(0, 5, 500)

All quantities are dimensionless. Arrays are float64 in C order:

    z     [..., 2 n d]  state: q_1x, q_1y, ..., q_nx, q_ny, then p in the same order
    sysp  [..., n, 2]   parameters of each body: m, k
    t     [...]         times

    springs.py write   writes {train,val,test}_{z,t,sysp}.npy and full_{z,t,sysp}.npy
    springs.py check   error and order of the Runge-Kutta rule against the exact solution
"""

import argparse
import pathlib

import numpy as np

from timing import emit

END, POINTS, CHUNK = 5.0, 500, 5
TIMES = np.linspace(0, END, POINTS)
STEP = END / (POINTS - 1)
SPLITS = ("train", "val", "test", "full")


def sample(rng, systems, bodies=6, dim=2, centre="systems"):
    """Draws initial states z0 [N, 2nd] and parameters sysp [N, n, 2].

    centre="particles" takes from p its mean over the bodies: every system has total momentum zero.
    centre="systems" takes from p its mean over the N systems, as the published data set does:
    the total momentum of a system stays random.
    """
    m = rng.uniform(0.1, 3.1, (systems, bodies))
    k = rng.uniform(0, 5, (systems, bodies))
    q = rng.normal(0, 0.4, (systems, bodies, dim))
    p = rng.normal(0, 0.6, (systems, bodies, dim))
    p -= p.mean({"systems": 0, "particles": 1}[centre], keepdims=True)
    return np.stack([q, p], 1).reshape(systems, -1), np.stack([m, k], -1)


def split(z, bodies):
    """z [..., 2nd] -> q [..., n, d], p [..., n, d]; any array library."""
    z = z.reshape(*z.shape[:-1], 2, bodies, -1)
    return z[..., 0, :, :], z[..., 1, :, :]


def join(q, p):
    """q, p [..., n, d] -> z [..., 2nd]."""
    return np.stack([q, p], -3).reshape(*q.shape[:-2], -1)


def energy(z, sysp):
    """H [...] of z [..., 2nd]; sysp [..., n, 2] must broadcast against the states."""
    m, k = sysp[..., 0], sysp[..., 1]
    q, p = split(z, m.shape[-1])
    distance2 = ((q[..., :, None, :] - q[..., None, :, :]) ** 2).sum(-1)
    potential = (k[..., :, None] * k[..., None, :] * distance2).sum((-1, -2)) / 2
    return ((p**2).sum(-1) / (2 * m)).sum(-1) + potential


def field(z, sysp):
    """dz/dt [..., 2nd]: dq_i/dt = p_i / m_i,  dp_i/dt = -2 k_i sum_j k_j (q_i - q_j)."""
    m, k = sysp[..., 0, None], sysp[..., 1, None]
    q, p = split(z, m.shape[-2])
    force = -2 * k * (k.sum(-2, keepdims=True) * q - (k * q).sum(-2, keepdims=True))
    return join(p / m, force)


def rk4_step(f, z, h):
    """One step of Kutta's 3/8 rule (order 4) for dz/dt = f(z); any array library."""
    a = f(z)
    b = f(z + h * a / 3)
    c = f(z + h * (b - a / 3))
    d = f(z + h * (a - b + c))
    return z + h * (a + 3 * (b + c) + d) / 8


def rk4(z0, sysp, t=TIMES):
    """States [N, T, 2nd] on the grid t [T], one step of the 3/8 rule per interval, from z0 [N, 2nd]."""
    z = np.empty((len(z0), len(t), z0.shape[-1]))
    z[:, 0] = z0
    for i, h in enumerate(np.diff(t)):
        z[:, i + 1] = rk4_step(lambda x: field(x, sysp), z[:, i], h)
    return z


def exact(z0, sysp, t=TIMES):
    """The exact states [N, T, 2nd] at the times t [T], from z0 [N, 2nd].

    With y = M^(1/2) q the motion is y'' = -S y, S = 2 M^(-1/2) L M^(-1/2), L the weighted Laplacian;
    each eigenvector of S with eigenvalue w^2 moves as y(t) = y(0) cos wt + y'(0) sin(wt)/w.
    """
    m, k = sysp[..., 0], sysp[..., 1]
    q, p = split(z0, m.shape[-1])
    root = np.sqrt(m)[..., None]                                                # [N, n, 1]
    pair = k[:, :, None] * k[:, None, :]
    laplacian = np.eye(m.shape[-1]) * pair.sum(-1)[:, :, None] - pair
    w2, modes = np.linalg.eigh(2 * laplacian / (root * root.swapaxes(1, 2)))
    w2[:, 0] = 0                                                                # the centre of mass is free
    w = np.sqrt(w2)[:, None, :, None]                                           # [N, 1, n, 1]
    back = modes.swapaxes(1, 2)
    y, v = (back @ (root * q))[:, None], (back @ (p / root))[:, None]           # [N, 1, n, d]
    tt = t[None, :, None, None]
    cos, sin_w = np.cos(w * tt), tt * np.sinc(w * tt / np.pi)                   # sinc: no 0/0 at w = 0
    yt, vt = y * cos + v * sin_w, v * cos - y * w**2 * sin_w                    # [N, T, n, d]
    return join((modes[:, None] @ yt) / root[:, None], (modes[:, None] @ vt) * root[:, None])


def chunks(rng, z0, sysp, t=TIMES, length=CHUNK, block=500):
    """One random chunk of each trajectory: z [N, length, 2nd] and t [N, length].

    The grid is cut into T/length chunks that do not overlap; `block` trajectories are held at a time.
    """
    first = length * rng.integers(0, len(t) // length, len(z0))
    index = first[:, None] + np.arange(length)
    cut = [np.take_along_axis(rk4(z0[b:b + block], sysp[b:b + block], t), index[b:b + block, :, None], 1)
           for b in range(0, len(z0), block)]
    return np.concatenate(cut), t[index]


def rollout_errors(predicted, true, sysp):
    """Errors of predicted states [N, T, 2nd] against the true ones: means over systems unless named otherwise.

    state_mse over all points, mse_100 at the 100th step, drift of the true energy (median over the systems of the
    largest |H/H0 - 1|), and the largest drifts of momentum and angular momentum relative to sum|p_i|, sum|q_i x p_i|
    at t = 0. The true total momenta are constant, so a drift is an error.
    """
    q, p = split(predicted, sysp.shape[-2])
    spin = q[..., 0] * p[..., 1] - q[..., 1] * p[..., 0]                        # two dimensions
    H, P, L = energy(predicted, sysp[:, None]), p.sum(-2), spin.sum(-1)
    dP = np.linalg.norm(P - P[:, :1], axis=-1) / np.linalg.norm(p[:, :1], axis=-1).sum(-1)
    dL = np.abs(L - L[:, :1]) / np.abs(spin[:, :1]).sum(-1)
    mse = ((predicted - true) ** 2).mean(-1)
    return {
        "state_mse": float(mse.mean()),
        "mse_100": float(mse[:, 100].mean()),
        "energy_drift": float(np.median(np.abs(H / H[:, :1] - 1).max(1))),
        "momentum_drift": float(dP.max()),
        "angular_drift": float(dL.max()),
    }


def errors(found, z0, sysp):
    """The largest and the root mean square error of states found [N, T, 2nd] at TIMES against the exact ones."""
    difference = found - exact(z0, sysp)
    return {"max_error": float(np.abs(difference).max()), "rms_error": float(np.sqrt((difference**2).mean()))}


def starts(folder, systems, seed):
    """z0 [N, 2nd] and sysp [N, n, 2] to start from: those that `folder` holds, or drawn by `seed` where it is None.

    The folder is what our program of benchmarks writes with --starts: start_z.npy and start_sysp.npy.
    """
    if folder is None:
        return sample(np.random.default_rng(seed), systems)
    z0, sysp = (np.load(pathlib.Path(folder) / f"start_{key}.npy")[:systems] for key in ("z", "sysp"))
    if len(z0) < systems:
        raise SystemExit(f"{folder} holds {len(z0)} starts, {systems} are wanted")
    return z0, sysp


def save(folder, name, **arrays):
    """Writes <folder>/<name>_<key>.npy for each array."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for key, array in arrays.items():
        np.save(folder / f"{name}_{key}.npy", array)


def load(folder, name, systems=None):
    """z, t, sysp of one split, cut to the first `systems`; "full" has t [500], the others t [N, 5]."""
    path = pathlib.Path(folder) / f"{name}_z.npy"
    if not path.exists():
        raise SystemExit(f"{path} is missing: run `python springs.py write --data {folder}` first")
    z, t, sysp = (np.load(path.with_name(f"{name}_{key}.npy")) for key in ("z", "t", "sysp"))
    if systems is not None and len(z) < systems:
        raise SystemExit(f"{path} holds {len(z)} systems, {systems} are wanted")
    return z[:systems], t if name == "full" else t[:systems], sysp[:systems]


def write(args):
    for stream, name in enumerate(SPLITS):      # each split has its own random stream and its own systems
        rng, systems = np.random.default_rng([args.seed, stream]), getattr(args, name)
        z0, sysp = sample(rng, systems, args.bodies, args.dim, args.centre)
        z, t = (rk4(z0, sysp), TIMES) if name == "full" else chunks(rng, z0, sysp)
        save(args.data, name, z=z, t=t, sysp=sysp)
        emit("write", split=name, z=z.shape, t=t.shape, sysp=sysp.shape, centre=args.centre, seed=args.seed)


def check(args):
    z0, sysp = sample(np.random.default_rng(args.seed), args.full, args.bodies, args.dim, args.centre)
    true = exact(z0, sysp)
    H = energy(true, sysp[:, None])
    emit("exact", systems=len(z0), max_energy_drift=float(np.abs(H / H[:, :1] - 1).max()))
    for refine in (1, 2, 4):                    # the error falls by 16 at each halving
        z = rk4(z0, sysp, np.linspace(0, END, refine * (POINTS - 1) + 1))[:, ::refine]
        H = energy(z, sysp[:, None])
        emit("rk4", systems=len(z0), step=STEP / refine, max_error=float(np.abs(z - true).max()),
             rms_error=float(np.sqrt(((z - true) ** 2).mean())), max_energy_drift=float(np.abs(H / H[:, :1] - 1).max()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("write", "check"))
    parser.add_argument("--data", default="data", help="folder of the .npy files (default: %(default)s)")
    parser.add_argument("--train", type=int, default=3000, help="systems (default: %(default)s)")
    parser.add_argument("--val", type=int, default=200)
    parser.add_argument("--test", type=int, default=2000)
    parser.add_argument("--full", type=int, default=50, help="whole trajectories (default: %(default)s)")
    parser.add_argument("--bodies", type=int, default=6)
    parser.add_argument("--dim", type=int, default=2)
    parser.add_argument("--centre", choices=("systems", "particles"), default="systems")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    {"write": write, "check": check}[args.command](args)
