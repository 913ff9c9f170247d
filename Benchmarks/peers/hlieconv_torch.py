# SPDX-License-Identifier: GPL-3.0-or-later
"""The network and the rows of hlieconv_jax.py in eager PyTorch: dense layers and one batched matmul per block.

Weights, inputs and expected values come from `hlieconv_jax.py dump`; names and shapes are in its docstring.

    hlieconv_torch.py bench   one JSON line per timing, float32, after asserting the loss of the dump
    hlieconv_torch.py check   compares every array of the dump in float64
"""

import argparse

import numpy as np
import torch
from torch.nn.functional import silu

import springs
from springs import POINTS, STEP
from timing import emit, measure, summary

BATCHES = {"grad_H": (1, 32, 200, 512), "train_step": (32, 200), "rollout_500": (1,)}


def parameters(dump, dtype):
    """Flat dictionary of leaf tensors, W [inputs, outputs], from the `param.` arrays of the dump."""
    names = [key.removeprefix("param.") for key in dump.files if key.startswith("param.")]
    return {name: torch.tensor(dump["param." + name], dtype=dtype).requires_grad_() for name in names}


def dense(P, name, x):
    return torch.nn.functional.linear(x, P[name + ".w"].T, P[name + ".b"])


def hamiltonian(P, z, sysp):
    """H [B] of states z [B, 24] and parameters sysp [B, n, 2]."""
    B, n, _ = sysp.shape
    q, p = springs.split(z, n)
    pair = q[:, :, None] - q[:, None]                                           # [B, i, j, 2]
    h = dense(P, "embed", sysp)
    for b in range(sum(name.endswith("mix.w") for name in P)):
        block = f"blocks.{b}."
        u = silu(dense(P, block + "down", silu(h)))                             # [B, n, c]
        w = pair
        for i in range(3):
            w = silu(dense(P, f"{block}kernel.{i}", w))                         # [B, n, n, mid]
        conv = torch.matmul(u.transpose(1, 2)[:, None], w).reshape(B, n, -1)    # [B, 1, c, n] @ [B, n, n, mid]
        h = h + dense(P, block + "up", silu(dense(P, block + "mix", conv) / n))
    potential = dense(P, "readout", silu(h))[..., 0].mean(1)
    return ((p**2).sum(-1) / (2 * sysp[..., 0])).sum(-1) + potential


def field(P, z, sysp):
    """dz/dt [B, 24] = (dH/dp, -dH/dq); keeps the graph of the derivative where gradients are on."""
    training = torch.is_grad_enabled()
    with torch.enable_grad():
        z = z if z.requires_grad else z.detach().requires_grad_()
        gradient, = torch.autograd.grad(hamiltonian(P, z, sysp).sum(), z, create_graph=training)
    dq, dp = gradient.chunk(2, 1)
    return torch.cat([dp, -dq], 1)


def integrate(P, z0, sysp, points):
    """States [B, points, 24] at intervals of STEP, from z0 [B, 24]."""
    z = [z0]
    for _ in range(points - 1):
        z.append(springs.rk4_step(lambda x: field(P, x, sysp), z[-1], STEP))
    return torch.stack(z, 1)


def loss(P, z, sysp):
    """Mean squared error of the chunks z [B, 5, 24]."""
    return ((integrate(P, z[:, 0], sysp, z.shape[1]) - z) ** 2).mean()


def bench(args, dump):
    P, gain = parameters(dump, torch.float32), float(dump["gain"])
    z, sysp = (torch.tensor(dump[key], dtype=torch.float32) for key in ("z", "sysp"))
    found, wanted = loss(P, z, sysp).item(), float(dump["loss"])
    assert abs(found - wanted) < 1e-5 * wanted, f"loss {found}, the dump has {wanted}"
    P = {name: (tensor.detach() / gain).requires_grad_() for name, tensor in P.items()}    # as in hlieconv_jax.py

    z, _, sysp = springs.load(args.data, "train", max(max(BATCHES[row]) for row in args.rows))
    z, sysp = torch.tensor(z, dtype=torch.float32), torch.tensor(sysp, dtype=torch.float32)

    def report(row, batch, call):
        emit(row, batch=batch, **summary(measure(call, args.reps)), peer=f"torch {torch.__version__}")

    for batch in BATCHES["grad_H"] if "grad_H" in args.rows else ():
        with torch.no_grad():
            z0 = z[:batch, 0].contiguous()
            report("grad_H", batch, lambda: field(P, z0, sysp[:batch]))
    for batch in BATCHES["train_step"] if "train_step" in args.rows else ():
        trained = {name: tensor.detach().clone().requires_grad_() for name, tensor in P.items()}
        optimizer = torch.optim.Adam(trained.values(), lr=1e-3)

        def step():
            optimizer.zero_grad()
            value = loss(trained, z[:batch], sysp[:batch])
            value.backward()
            optimizer.step()
            return value.item()
        report("train_step", batch, step)
    for batch in BATCHES["rollout_500"] if "rollout_500" in args.rows else ():
        with torch.no_grad():
            report("rollout_500", batch, lambda: integrate(P, z[:batch, 0].contiguous(), sysp[:batch], POINTS))


def check(args, dump):
    P = parameters(dump, torch.float64)
    z, sysp = torch.tensor(dump["z"]), torch.tensor(dump["sysp"])
    value = loss(P, z, sysp)
    value.backward()
    P["readout.b"].grad = torch.zeros(1, dtype=torch.float64)    # a constant in V: no gradient reaches it
    found = {f"grad.{name}": tensor.grad for name, tensor in P.items()}
    with torch.no_grad():
        z0 = z[:, 0].contiguous()
        velocity, force = field(P, z0, sysp).chunk(2, 1)
        found |= {"H": hamiltonian(P, z0, sysp), "loss": value, "chunk": integrate(P, z0, sysp, z.shape[1])}
    wanted = {key: dump[key] for key in found}
    wanted["velocity"], wanted["force"] = np.split(dump["zdot"], 2, axis=1)     # each on its own scale
    found |= {"velocity": velocity, "force": force}
    error = {}
    for key, x in found.items():
        scale = np.abs(wanted[key]).max() or 1.0
        error[key] = float(np.abs(x.detach().numpy() - wanted[key]).max() / scale)
    worst = max((key for key in error if key.startswith("grad.")), key=error.get)
    emit("check", arrays=len(error), **{key: error[key] for key in ("H", "velocity", "force", "chunk", "loss", worst)})
    assert max(error.values()) < 1e-10, "the two implementations differ by more than round-off"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("bench", "check"))
    parser.add_argument("--weights", default="weights.npz", help="file that the dump wrote (default: %(default)s)")
    parser.add_argument("--data", default="data", help="folder that springs.py wrote (default: %(default)s)")
    parser.add_argument("--rows", nargs="+", choices=BATCHES, default=list(BATCHES), help="what to time (default: all)")
    parser.add_argument("--reps", type=int, default=10, help="repetitions of each row (default: %(default)s)")
    args = parser.parse_args()
    {"bench": bench, "check": check}[args.command](args, np.load(args.weights))
