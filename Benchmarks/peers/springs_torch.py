# SPDX-License-Identifier: GPL-3.0-or-later
"""The published spring data in PyTorch, as the LieConv paper (Finzi, Stanton, Izmailov, Wilson 2020) generates them.

Batches of --chunk systems, float64; dz/dt is the symplectic gradient of H by automatic differentiation, H from all
ordered pairs of bodies; Kutta's 3/8 rule (what torchdiffeq calls rk4) with one step of 5/499 per point, without a graph;
all 500 points kept. Row: torch_rk4, milliseconds per trajectory. `max_error` and `rms_error` are those of the 24 numbers
of a state at all points of the first --errors systems, against the exact solution.
"""

import argparse

import numpy as np
import torch

import springs
from springs import TIMES
from timing import emit, measure, summary


def hamiltonian(z, m, k):
    """H [B] of states z [B, 24], m and k [B, n]."""
    q, p = springs.split(z, m.shape[-1])
    distance = (q[:, :, None] - q[:, None]).norm(dim=-1)                        # [B, i, j]
    potential = (k[:, :, None] * k[:, None] * distance**2).sum((-1, -2)) / 2
    return ((p**2).sum(-1) / m).sum(-1) / 2 + potential


def field(z, m, k):
    """dz/dt [B, 24] = (dH/dp, -dH/dq)."""
    with torch.enable_grad():
        z = z.detach().requires_grad_()
        gradient, = torch.autograd.grad(hamiltonian(z, m, k).sum(), z)
    dq, dp = gradient.chunk(2, -1)
    return torch.cat([dp, -dq], -1)


@torch.no_grad()
def generate(z0, sysp, chunk):
    """States [N, 500, 24] from z0 [N, 24], sysp [N, n, 2]."""
    done = []
    for z, parameters in zip(z0.split(chunk), sysp.split(chunk)):
        m, k = parameters.unbind(-1)
        states = [z]
        for h in np.diff(TIMES):
            states.append(springs.rk4_step(lambda x: field(x, m, k), states[-1], h))
        done.append(torch.stack(states).transpose(1, 0))
    return torch.cat(done)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", help="folder of start_z.npy and start_sysp.npy (default: drawn by --seed)")
    parser.add_argument("--systems", type=int, default=10_000, help="trajectories (default: %(default)s)")
    parser.add_argument("--chunk", type=int, default=5000, help="trajectories at a time (default: %(default)s)")
    parser.add_argument("--errors", type=int, default=1000, help="systems for the errors (default: %(default)s)")
    parser.add_argument("--reps", type=int, default=1, help="repetitions (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    z0, sysp = springs.starts(args.starts, args.systems, args.seed)
    tensors, found = (torch.tensor(z0), torch.tensor(sysp)), []

    def call():
        found[:] = [generate(*tensors, args.chunk)]
    samples = measure(call, args.reps, warmup=0)
    errors = springs.errors(found[0][:args.errors].numpy(), z0[:args.errors], sysp[:args.errors])
    emit("torch_rk4", batch=args.systems, **summary([s / args.systems for s in samples]), **errors,
         peer=f"torch {torch.__version__}")
