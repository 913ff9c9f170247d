# SPDX-License-Identifier: GPL-3.0-or-later
"""HLieConv-T(2) on the spring ensemble in JAX: H(q, p) = sum_i |p_i|^2 / 2 m_i + V(q; m, k), V a LieConv network.

The training loss is the mean squared error over chunks of 5 points that Kutta's 3/8 rule (step 5/499) integrates
through dz/dt = (dH/dp, -dH/dq). float32, but for `dump`, which is float64.

    hlieconv_jax.py bench   one JSON line per timing
    hlieconv_jax.py train   Adam, cosine learning rate; one JSON line per epoch, then test and rollout errors
    hlieconv_jax.py dump    writes what another implementation needs to be checked to round-off

`dump` writes one .npz, all float64. B systems, n = 6 bodies, states of 24 numbers laid out as in springs.py:

    z     [B, 5, 24]   true chunks; z[:, 0] are the initial states        H      [B]         H(z[:, 0])
    sysp  [B, 6, 2]    m, k of each body                                  zdot   [B, 24]     dH/dp, -dH/dq at z[:, 0]
    h     []           step between the points of a chunk                 chunk  [B, 5, 24]  integrated from z[:, 0]
    loss  []           mean of (chunk - z)^2 over all B * 5 * 24 numbers
    gain  []           what the initial parameters were multiplied by
    param.<name>, grad.<name>   each parameter and d loss / d parameter, for these names (blocks b = 0..3):

    embed.w   [2, 384]    embed.b   [384]      per body: (m, k) -> features
    blocks.b.down.w       [384, 96]    .b [96]     per body
    blocks.b.kernel.0.w   [2, 32]      .b [32]     per pair, from q_i - q_j
    blocks.b.kernel.1.w   [32, 32]     .b [32]
    blocks.b.kernel.2.w   [32, 16]     .b [16]
    blocks.b.mix.w        [1536, 96]   .b [96]     per body; row 16 c + m is channel c, kernel output m
    blocks.b.up.w         [96, 384]    .b [384]    per body
    readout.w [384, 1]    readout.b [1]        per body; V is the mean over the bodies

A dense layer is y = x W + b, W stored [inputs, outputs]. The gain makes the forces about 1; at the initial
parameters they are 5e-5, and a wrong force would hide in the rounding of the loss.
"""

import argparse
import functools
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax

import springs
from springs import CHUNK, POINTS, STEP
from timing import emit, measure, summary

WIDTH, BLOCKS, HIDDEN, MID = 384, 4, 32, 16
BATCHES = {"grad_H": (1, 32, 200, 512), "train_step": (32, 200), "rollout_500": (1,)}


def initial_parameters(seed):
    """Flat dictionary of float64 arrays named as above, each entry uniform in +-1/sqrt(inputs)."""
    c, rng = WIDTH // 4, np.random.default_rng(seed)
    shapes = {"embed": (2, WIDTH), "readout": (WIDTH, 1)}
    for b in range(BLOCKS):
        kernel = {f"kernel.{i}": s for i, s in enumerate([(2, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, MID)])}
        layers = {"down": (WIDTH, c), **kernel, "mix": (c * MID, c), "up": (c, WIDTH)}
        shapes |= {f"blocks.{b}.{name}": shape for name, shape in layers.items()}
    params = {}
    for name, (inputs, outputs) in shapes.items():
        bound = inputs**-0.5
        params[name + ".w"] = rng.uniform(-bound, bound, (inputs, outputs))
        params[name + ".b"] = rng.uniform(-bound, bound, outputs)
    return params


def dense(P, name, x):
    return x @ P[name + ".w"] + P[name + ".b"]


def potential(P, q, sysp):
    """V [B] of positions q [B, n, 2] and parameters sysp [B, n, 2]; every body is every body's neighbour."""
    B, n, _ = q.shape
    pair = q[:, :, None] - q[:, None]                                   # [B, i, j, 2]: log(u_j^-1 u_i) in T(2)
    h = dense(P, "embed", sysp)
    for b in range(BLOCKS):
        block = f"blocks.{b}."
        u = jax.nn.silu(dense(P, block + "down", jax.nn.silu(h)))       # [B, n, c]
        w = pair
        for i in range(3):
            w = jax.nn.silu(dense(P, f"{block}kernel.{i}", w))          # [B, n, n, mid]
        conv = jnp.einsum("bjc,bijm->bicm", u, w).reshape(B, n, -1)
        conv = dense(P, block + "mix", conv) / n                        # mean over the neighbours, bias included
        h = h + dense(P, block + "up", jax.nn.silu(conv))
    return dense(P, "readout", jax.nn.silu(h))[..., 0].mean(1)


def hamiltonian(P, z, sysp):
    """H [B] of states z [B, 24]."""
    q, p = springs.split(z, sysp.shape[1])
    return ((p**2).sum(-1) / (2 * sysp[..., 0])).sum(-1) + potential(P, q, sysp)


def field(P, z, sysp):
    """dz/dt [B, 24] = (dH/dp, -dH/dq)."""
    dq, dp = jnp.split(jax.grad(lambda x: hamiltonian(P, x, sysp).sum())(z), 2, axis=1)
    return jnp.concatenate([dp, -dq], 1)


def integrate(P, z0, sysp, points, f=field):
    """States [B, points, 24] at intervals of STEP, from z0 [B, 24]."""
    def step(z, _):
        z = springs.rk4_step(lambda x: f(P, x, sysp), z, STEP)
        return z, z
    later = jax.lax.scan(step, z0, length=points - 1)[1]
    return jnp.concatenate([z0[None], later]).swapaxes(0, 1)


def loss(P, z, sysp):
    """Mean squared error of the chunks z [B, 5, 24].

    The reverse pass computes each field again instead of storing it, the fastest of the variants tried on a CPU.
    """
    return ((integrate(P, z[:, 0], sysp, z.shape[1], jax.checkpoint(field)) - z) ** 2).mean()


def training_step(optimizer):
    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def step(P, state, z, sysp):
        value, gradient = jax.value_and_grad(loss)(P, z, sysp)
        updates, state = optimizer.update(gradient, state, P)
        return optax.apply_updates(P, updates), state, value
    return step


def float32(tree):
    return jax.tree.map(lambda x: jnp.asarray(x, jnp.float32), tree)


def bench(args):
    P = float32(initial_parameters(args.seed))
    z, _, sysp = springs.load(args.data, "train", max(max(BATCHES[row]) for row in args.rows))
    z, sysp = float32((z, sysp))

    def report(row, batch, call):
        samples = measure(lambda: jax.block_until_ready(call()), args.reps)
        emit(row, batch=batch, **summary(samples), peer=f"jax {jax.__version__}")

    for batch in BATCHES["grad_H"] if "grad_H" in args.rows else ():
        gradient = jax.jit(field)
        report("grad_H", batch, lambda: gradient(P, z[:batch, 0], sysp[:batch]))
    for batch in BATCHES["train_step"] if "train_step" in args.rows else ():
        optimizer = optax.adam(1e-3)
        step, state = training_step(optimizer), [jax.tree.map(jnp.copy, P), optimizer.init(P)]
        zb, sb = z[:batch], sysp[:batch]

        def call():
            *state[:], value = step(*state, zb, sb)
            return value
        report("train_step", batch, call)
    for batch in BATCHES["rollout_500"] if "rollout_500" in args.rows else ():
        rollout = jax.jit(functools.partial(integrate, points=POINTS))
        report("rollout_500", batch, lambda: rollout(P, z[:batch, 0], sysp[:batch]))


def train(args):
    z, _, sysp = float32(springs.load(args.data, "train", args.systems))
    batch = min(args.batch, args.systems)
    per_epoch = args.systems // batch
    optimizer = optax.adam(optax.cosine_decay_schedule(1e-3, args.epochs * per_epoch, alpha=1e-3))
    P = float32(initial_parameters(args.seed))
    state, step, evaluate = optimizer.init(P), training_step(optimizer), jax.jit(loss)

    def mean_loss(name):
        z, _, sysp = float32(springs.load(args.data, name))
        starts = range(0, len(z), 200)
        parts = [float(evaluate(P, z[i:i + 200], sysp[i:i + 200])) for i in starts]
        return float(np.average(parts, weights=[len(z[i:i + 200]) for i in starts]))

    emit("epoch", epoch=0, val_mse=mean_loss("val"))
    rng, wall = np.random.default_rng(args.seed), 0.0
    for epoch in range(1, args.epochs + 1):
        losses, start = [], time.perf_counter()
        for index in rng.permutation(args.systems)[:per_epoch * batch].reshape(per_epoch, batch):
            P, state, value = step(P, state, z[index], sysp[index])
            losses.append(float(value))
        wall += time.perf_counter() - start         # the first epoch includes the compilation
        emit("epoch", epoch=epoch, step=epoch * per_epoch, train_mse=float(np.mean(losses)), val_mse=mean_loss("val"),
             wall_s=wall)
    true, _, sysp = springs.load(args.data, "full")
    rollout = jax.jit(functools.partial(integrate, points=POINTS))
    errors = springs.rollout_errors(np.float64(rollout(P, *float32((true[:, 0], sysp)))), true, sysp)
    emit("final", test_mse=mean_loss("test"), systems=len(true), **errors)


def dump(args):
    jax.config.update("jax_enable_x64", True)
    rng = np.random.default_rng(args.seed)
    z0, sysp = springs.sample(rng, args.systems)
    z, _ = springs.chunks(rng, z0, sysp)
    P = {name: args.gain * x for name, x in initial_parameters(args.seed).items()}
    value, gradient = jax.jit(jax.value_and_grad(loss))(P, z, sysp)
    expected = {
        "H": jax.jit(hamiltonian)(P, z[:, 0], sysp),
        "zdot": jax.jit(field)(P, z[:, 0], sysp),
        "chunk": jax.jit(functools.partial(integrate, points=CHUNK))(P, z[:, 0], sysp),
        "loss": value,
    }
    named = {f"param.{k}": v for k, v in P.items()} | {f"grad.{k}": v for k, v in gradient.items()}
    np.savez(args.weights, z=z, sysp=sysp, h=STEP, gain=args.gain, **expected, **named)
    force = float(np.sqrt((expected["zdot"][:, z.shape[2] // 2:] ** 2).mean()))
    emit("dump", systems=len(z), parameters=sum(v.size for v in P.values()), loss=float(value), rms_force=force)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for function in (bench, train, dump):
        command = commands.add_parser(function.__name__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
        command.set_defaults(function=function)
        command.add_argument("--seed", type=int, default=0, help="of the initial parameters")
        if function is not dump:
            command.add_argument("--data", default="data", help="folder that springs.py wrote")
        if function is bench:
            command.add_argument("--rows", nargs="+", choices=BATCHES, default=list(BATCHES), help="what to time")
            command.add_argument("--reps", type=int, default=10, help="repetitions of each row")
        if function is train:
            command.add_argument("--epochs", type=int, default=10)
            command.add_argument("--systems", type=int, default=3000, help="training systems")
            command.add_argument("--batch", type=int, default=200)
        if function is dump:
            command.add_argument("--systems", type=int, default=8, help="batch of the check")
            command.add_argument("--gain", type=float, default=2.5, help="factor on the initial parameters")
            command.add_argument("--weights", default="weights.npz", help="file to write")
    args = parser.parse_args()
    args.function(args)
