# SPDX-License-Identifier: GPL-3.0-or-later
"""Training steps of the network of scenarios/training/ethanol.yaml in eager PyTorch: a batch of molecules of nine atoms, by energies
and forces (`molecules_step`) and by energies alone (`molecules_energy_step`), float32, on all cores.

LieConv on squared distances, told asinh(d/c) of them and both ends too; the forces are -dV/dq, through which the loss is
differentiated. Molecules are made up; what they cost does not depend on where atoms are.
"""

import argparse

import torch
from torch.nn.functional import silu

from timing import emit, measure, summary

ATOMS, ELEMENTS, WIDTH, LAYERS, SCALES = 9, 3, 128, 3, (1, 0.3, 0.1, 0.03)
BATCHES = (10, 100)


def parameters():
    """Flat dictionary of leaf tensors, W [outputs, inputs]."""
    shapes = {"embed": (ELEMENTS, WIDTH)}
    for b in range(LAYERS):
        kernel = (1 + len(SCALES) + ELEMENTS, 32, 32, 16)
        shapes |= {f"{b}.kernel.{i}": kernel[i:i + 2] for i in range(3)}
        shapes |= {f"{b}.down": (WIDTH, WIDTH // 4), f"{b}.mix": (16 * WIDTH // 4, WIDTH // 4), f"{b}.up": (WIDTH // 4, WIDTH)}
    shapes["readout"] = (WIDTH, 1)
    P = {}
    for name, (inputs, outputs) in shapes.items():
        bound = inputs**-0.5
        P[name + ".w"] = torch.empty(outputs, inputs).uniform_(-bound, bound).requires_grad_()
        P[name + ".b"] = torch.empty(outputs).uniform_(-bound, bound).requires_grad_()
    return P


def potential(P, q, f):
    """V [B] of positions q [B, n, 3] and features f [B, n, elements]."""
    def dense(name, x):
        return torch.nn.functional.linear(x, P[name + ".w"], P[name + ".b"])
    q = q - q.mean(1, keepdim=True)
    B, n, _ = q.shape
    d = ((q[:, :, None] - q[:, None]) ** 2).sum(-1, keepdim=True)
    ends = (f[:, :, None] + f[:, None]) * 0.5**0.5
    pair = torch.cat([d] + [torch.asinh(d / c) for c in SCALES] + [ends], -1)
    h = dense("embed", f)
    for b in range(LAYERS):
        u = silu(dense(f"{b}.down", silu(h)))
        w = pair
        for i in range(3):
            w = silu(dense(f"{b}.kernel.{i}", w))
        conv = torch.matmul(u.transpose(1, 2)[:, None], w).reshape(B, n, -1)
        h = h + dense(f"{b}.up", silu(dense(f"{b}.mix", conv) / n))
    return dense("readout", silu(h))[..., 0].sum(1)


def main(args):
    torch.manual_seed(0)
    for batch in BATCHES:
        q, force = torch.randn(batch, ATOMS, 3), torch.randn(batch, ATOMS, 3)
        f = torch.nn.functional.one_hot(torch.arange(ATOMS) % ELEMENTS, ELEMENTS).float().repeat(batch, 1, 1)
        energy = torch.randn(batch)
        for row in ("molecules_step", "molecules_energy_step"):
            P = parameters()
            optimizer = torch.optim.Adam(P.values(), lr=1e-3)

            def step():
                optimizer.zero_grad()
                x = q.clone().requires_grad_()
                V = potential(P, x, f)
                value = (((V - energy) / ATOMS) ** 2).mean()
                if row == "molecules_step":
                    gradient, = torch.autograd.grad(V.sum(), x, create_graph=True)
                    value = value + ((gradient + force) ** 2).mean()
                value.backward()
                optimizer.step()
                return value.item()
            emit(row, batch=batch, **summary(measure(step, args.reps)), peer=f"torch {torch.__version__}",
                 parameters=sum(tensor.numel() for tensor in P.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=20, help="repetitions of each row (default: %(default)s)")
    main(parser.parse_args())
