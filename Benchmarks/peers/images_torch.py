# SPDX-License-Identifier: GPL-3.0-or-later
"""The published LieConv network on images in PyTorch: one training step, in float32, on all cores.

All images share their pixels' places, and so their neighbours and the kernels' values, which are evaluated once for a
batch, as ours are; the sum over neighbours is one batched product over the output points, whose columns are images and
channels. Activations lie as [point, image, channel], so that neighbours are gathered row by row. The neighbours are drawn
by chance: what they are makes no difference to the time.
"""

import argparse

import torch
from torch import nn
from torch.nn.functional import cross_entropy, silu

from timing import emit, measure, summary

COUNTS = (648, 441, 300, 204, 139, 95, 65)
CHANNELS = (128, 155, 187, 227, 275, 334, 404)
NEIGHBOURS, FUNCTIONS, CLASSES = 25, 16, 10


class Norm(nn.BatchNorm1d):
    """Batch normalisation of the last axis, then swish."""

    def forward(self, x):
        return silu(super().forward(x.reshape(-1, x.shape[-1])).view(x.shape))


class Block(nn.Module):
    def __init__(self, n, m, channels, out):
        super().__init__()
        narrow, wide = channels // 4, out // 4
        self.norms = nn.ModuleList([Norm(channels), Norm(narrow), Norm(wide)])
        self.down, self.up = nn.Linear(channels, narrow), nn.Linear(wide, out)
        self.mix = nn.Linear(FUNCTIONS * narrow, wide)
        sizes = (2, 32, 32, FUNCTIONS)
        self.kernel = nn.Sequential(*[layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), Norm(b))])
        kept = torch.randperm(n)[:m]
        self.register_buffer("kept", kept)
        self.register_buffer("neighbours", torch.stack([torch.randperm(n)[:NEIGHBOURS] for _ in range(m)]))
        self.register_buffer("pairs", torch.randn(m, NEIGHBOURS, 2))

    def forward(self, x):
        n, batch, channels = x.shape
        m = len(self.kept)
        u = self.norms[1](self.down(self.norms[0](x)))                          # [n, B, c]
        w = self.kernel(self.pairs)                                             # [m, k, 16]
        near = u.view(n, -1).index_select(0, self.neighbours.view(-1)).view(m, NEIGHBOURS, -1)   # [m, k, B c]
        sums = torch.bmm(w.transpose(1, 2), near).view(m, FUNCTIONS, batch, -1) # [m, 16, B, c]
        e = self.mix(sums.transpose(1, 2).reshape(m, batch, -1) / NEIGHBOURS)
        y = self.up(self.norms[2](e))
        return torch.cat([y[..., :channels] + x.index_select(0, self.kept), y[..., channels:]], -1)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(1, CHANNELS[0])
        self.blocks = nn.Sequential(*map(Block, COUNTS, COUNTS[1:], CHANNELS, CHANNELS[1:]))
        self.norm, self.readout = Norm(CHANNELS[-1]), nn.Linear(CHANNELS[-1], CLASSES)

    def forward(self, images):
        return self.readout(self.norm(self.blocks(self.embed(images.T[..., None]))).mean(0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batches", type=int, nargs="+", default=[25, 32], help="images of a step (default: 25 and 32)")
    parser.add_argument("--reps", type=int, default=10, help="repetitions (default: %(default)s)")
    args = parser.parse_args()
    torch.manual_seed(0)
    network = Network()
    count = sum(p.numel() for p in network.parameters())
    assert count == 588_645, f"{count} parameters"
    for batch in args.batches:
        images, labels = torch.randn(batch, COUNTS[0]), torch.arange(batch) % CLASSES
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

        def step():
            optimizer.zero_grad()
            loss = cross_entropy(network(images), labels)
            loss.backward()
            optimizer.step()
            return loss.item()
        emit("images_step", batch=batch, **summary(measure(step, args.reps)), peer=f"torch {torch.__version__}")
