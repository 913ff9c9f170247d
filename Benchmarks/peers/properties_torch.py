# SPDX-License-Identifier: GPL-3.0-or-later
"""The published LieConv network on molecules in PyTorch: one training step on a property, in float32, on all cores.

21,315,553 parameters, T(3), all atoms neighbours of all. Molecules of 9 to 27 atoms, 18 on average, are made up; what they cost does not
depend on where atoms are. Dense layers and batch normalisation run over the atoms, and the pairs, that there are; only the sum over the
neighbours is a batched product of molecules that are filled up to the largest.
"""

import argparse

import torch
from torch import nn
from torch.nn.functional import l1_loss, silu

from timing import emit, measure, summary

WIDTH, LAYERS, INPUTS, FUNCTIONS = 1536, 6, 15, 16
BATCHES = (25, 100)


def sizes(batch):
    """Numbers of atoms, the same as in the row that this is set beside."""
    return torch.tensor([9 + 3 * (i % 7) for i in range(batch)])


class Norm(nn.BatchNorm1d):
    """Batch normalisation, then swish."""

    def forward(self, x):
        return silu(super().forward(x))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        narrow = WIDTH // 4
        self.norms = nn.ModuleList([Norm(WIDTH), Norm(narrow), Norm(narrow)])
        self.down, self.up = nn.Linear(WIDTH, narrow), nn.Linear(narrow, WIDTH)
        self.mix = nn.Linear(FUNCTIONS * narrow, narrow)
        widths = (3, 32, 32, FUNCTIONS)
        self.kernel = nn.Sequential(*[layer for a, b in zip(widths, widths[1:]) for layer in (nn.Linear(a, b), Norm(b))])

    def forward(self, x, pairs, shape, atoms, couples, share):
        narrow = WIDTH // 4
        B, n = shape
        u = x.new_zeros(B, n, narrow)
        u[atoms] = self.norms[1](self.down(self.norms[0](x)))
        w = x.new_zeros(B, n, n, FUNCTIONS)                                     # [B, i, j, 16]
        w[couples] = self.kernel(pairs)
        sums = torch.bmm(w.transpose(2, 3).reshape(B, n * FUNCTIONS, n), u)     # [B, i 16, c]
        e = self.mix(sums.view(B, n, -1)[atoms] * share)
        return x + self.up(self.norms[2](e))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(INPUTS, WIDTH)
        self.blocks = nn.ModuleList([Block() for _ in range(LAYERS)])
        self.norm, self.readout = Norm(WIDTH), nn.Linear(WIDTH, 1)

    def forward(self, features, positions, count):
        n = int(count.max())
        mask = torch.arange(n) < count[:, None]
        mask2 = mask[:, :, None] & mask[:, None]
        atoms, couples = mask.nonzero(as_tuple=True), mask2.nonzero(as_tuple=True)
        pairs = (positions[:, :, None] - positions[:, None])[couples]
        share = (1 / count)[:, None].expand(mask.shape)[atoms][:, None]
        x = self.embed(features[atoms])
        for block in self.blocks:
            x = block(x, pairs, mask.shape, atoms, couples, share)
        y = x.new_zeros(*mask.shape, WIDTH)
        y[atoms] = self.norm(x)
        return self.readout(y.sum(1) / count[:, None])[:, 0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=5, help="repetitions (default: %(default)s)")
    args = parser.parse_args()
    torch.manual_seed(0)
    network = Network()
    parameters = sum(p.numel() for p in network.parameters())
    for batch in BATCHES:
        count = sizes(batch)
        n = int(count.max())
        features, positions, target = torch.randn(batch, n, INPUTS), torch.randn(batch, n, 3), torch.randn(batch)
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

        def step():
            optimizer.zero_grad()
            loss = l1_loss(network(features, positions, count), target)
            loss.backward()
            optimizer.step()
            return loss.item()
        emit("properties_step", batch=batch, **summary(measure(step, args.reps)), peer=f"torch {torch.__version__}",
             parameters=parameters)
