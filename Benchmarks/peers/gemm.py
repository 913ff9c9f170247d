# SPDX-License-Identifier: GPL-3.0-or-later
"""Matrix products of numpy's OpenBLAS, in GFLOP/s (2 m n k operations): C [m, n] = A [m, k] B [k, n].

One process for each setting, --rounds times in turn, since OpenBLAS reads its settings when it is loaded:
OPENBLAS_CORETYPE unset ("auto") and SkylakeX (AVX-512 kernels; needs a processor that has them), on 1 and 2 threads.
OPENBLAS_ variables of the calling shell are dropped. `core` is the kernel set that OpenBLAS reports, and the figures
are over all repetitions of all rounds.
"""

import argparse
import json
import os
import re
import subprocess
import sys

SHAPES = ((1200, 384, 384), (1200, 1536, 96), (2048, 2048, 2048))      # m, k, n


def child(reps):
    """Prints {"<type> <m> <k> <n>": [milliseconds]} for this process's settings."""
    import numpy as np

    from timing import measure

    rng, found = np.random.default_rng(0), {}
    for m, k, n in SHAPES:
        for row, dtype in (("sgemm", np.float32), ("dgemm", np.float64)):
            a, b = rng.normal(size=(m, k)).astype(dtype), rng.normal(size=(k, n)).astype(dtype)
            c = np.empty((m, n), dtype)
            found[f"{row} {m} {k} {n}"] = measure(lambda: np.matmul(a, b, out=c), reps, warmup=3)
    print(json.dumps(found))


def spawn(coretype, threads, reps):
    """Kernel set and milliseconds of one child process; None where it dies."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    env |= {"OPENBLAS_NUM_THREADS": str(threads), "OPENBLAS_VERBOSE": "2"}
    if coretype != "auto":
        env["OPENBLAS_CORETYPE"] = coretype
    command = [sys.executable, __file__, "--child", "--reps", str(reps)]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{coretype}, {threads} threads: exit status {done.returncode}\n{done.stderr}", file=sys.stderr)
        return None
    core = re.search(r"Core: (\w+)", done.stderr + done.stdout)
    return core.group(1) if core else "unknown", json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=20, help="products per shape and round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of all settings (default: %(default)s)")
    parser.add_argument("--coretypes", nargs="+", default=["auto", "SkylakeX"], help="default: auto SkylakeX")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.reps)
        sys.exit()

    from timing import emit, summary

    settings, cores, samples = [(c, t) for c in args.coretypes for t in (1, 2)], {}, {}
    for _ in range(args.rounds):
        for setting in settings:
            if (result := spawn(*setting, args.reps)) is not None:
                cores[setting] = result[0]
                for key, milliseconds in result[1].items():
                    samples.setdefault((key, setting), []).extend(milliseconds)
    for (key, (coretype, threads)), milliseconds in sorted(samples.items()):
        row, m, k, n = key.split()
        operations = 2 * int(m) * int(k) * int(n)
        emit(row, shape=[int(m), int(k), int(n)], coretype=coretype, core=cores[coretype, threads], threads=threads,
             **summary([operations / (ms * 1e6) for ms in milliseconds], "gflops"))
