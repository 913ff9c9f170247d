# SPDX-License-Identifier: GPL-3.0-or-later
"""Our rows and the peers' in turn, and how many times longer the peers take.

Machines drift and other programs come and go, so that only what ran within the same minutes is compared: each pass runs
every row of ours and then the same row of its peers, and gives one ratio of the medians, peer / ours. Printed are the
median and the range of the ratios over the passes: a JSON line for each on the standard output, and at the end a table
in Markdown on the standard error. Rates of ours (`gflops`: what they count stands in MatrixProducts.swift and
GravityRows.swift) are divided by the largest that OpenBLAS reached in any product of the same pass. `errors` are the
largest of ours and of the peer's.

Ours run on all cores, and so do JAX, PyTorch and OpenBLAS; SciPy and REBOUND have one thread.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


class Runner:
    """Runs programs without OpenBLAS' settings and reads their JSON lines."""

    def __init__(self, args):
        self.args = args
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
        self.env["PYTHONDONTWRITEBYTECODE"] = "1"

    def lines(self, command):
        print("  " + " ".join(pathlib.Path(word).name if "/" in word else word for word in command), file=sys.stderr)
        done = subprocess.run(command, env=self.env, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"compare: {' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def ours(self, *rows):
        return self.lines([self.args.ours, "--seconds", str(self.args.seconds), *rows])

    def peer(self, program, *options):
        return self.lines([sys.executable, str(HERE / program), *options])

    def network(self, program, row, reps):
        options = ["--data", self.args.data, "--rows", row, "--reps", str(reps)]
        if "torch" in program:
            options += ["--weights", self.args.weights]
        return self.peer(program, "bench", *options)


def milliseconds(line):
    return line["ms_median"]


class Results:
    """What the passes gave, by the names of what is compared."""

    def __init__(self):
        self.ratios, self.fractions = {}, {}

    def compare(self, ours, peers, value=milliseconds, theirs=milliseconds):
        """Enters the ratio of each line of ours and each of the peers', in milliseconds."""
        for our in ours:
            for peer in peers:
                name = peer["peer"].split("+")[0] + ("" if our["row"].startswith(peer["row"]) else f", {peer['row']}")
                key = our["row"], our["batch"], name
                self.ratios.setdefault(key, []).append({
                    "ours_ms": value(our), "peer_ms": theirs(peer), "ratio": theirs(peer) / value(our),
                    "errors": [line.get("max_error", line.get("max_energy_error")) for line in (our, peer)]})

    def limit(self, our, products, row, threads):
        """Enters the rate of a line of ours as a fraction of the machine's best product `row`."""
        best = max(product["gflops_max"] for product in matching(products, row, threads=threads))
        key = our["row"], our["batch"], our["bodies"], f"{row}, threads: {threads}"
        self.fractions.setdefault(key, []).append({
            "gflops": our["gflops"], "limit_gflops": best, "fraction": our["gflops"] / best})


def matching(lines, row, **fields):
    return [line for line in lines if line["row"] == row and all(line.get(k) == v for k, v in fields.items())]


def network(row, reps, *more):
    """A row of the network, in JAX and in PyTorch; `more` are rows of ours to be set beside the same of theirs."""
    def job(run, results):
        ours = run.ours(row, *more)
        for program in ("hlieconv_jax.py", "hlieconv_torch.py"):
            for peer in run.network(program, row, reps):
                results.compare([line for line in ours if line["batch"] == peer["batch"]], [peer])
    return job


def images(run, results):
    """A training step of the published network on images, in PyTorch."""
    ours = run.ours("images_step")
    for peer in run.peer("images_torch.py"):
        results.compare([line for line in ours if line["batch"] == peer["batch"]], [peer])


def springs(run, results):
    """Spring data: by the rule of the published data, or another at equal error, and by adaptive methods at equal tolerance.

    All start from the same systems, which ours draw. Errors are those of the first 1000, dop853's of the first 40.
    """
    starts = ["--starts", run.args.data]
    ours = run.ours("springs_rk4", "springs_nystrom", "springs_rk8pd", *starts)
    peers = run.peer("springs_ode.py", "--reps", "1", *starts) + run.peer("springs_torch.py", *starts)
    batch = max(peer["batch"] for peer in matching(peers, "jax_rk4"))
    results.compare(matching(ours, "springs_rk4") + matching(ours, "springs_nystrom"),
                    matching(peers, "jax_rk4", batch=batch) + matching(peers, "torch_rk4"))
    results.compare(matching(ours, "springs_rk8pd"),
                    matching(peers, "dop853") + matching(peers, "diffrax_dopri8", batch=batch))


def molecules(run, results):
    """Training steps on molecules, by energies and forces and by energies alone, in PyTorch."""
    ours = run.ours("molecules_step", "molecules_energy_step")
    for peer in run.peer("molecules_torch.py"):
        same = [line for line in matching(ours, peer["row"]) if line["batch"] == peer["batch"]]
        assert all(line["parameters"] == peer["parameters"] for line in same), "the networks are not the same"
        results.compare(same, [peer])


def properties(run, results):
    """A training step of the published network on molecules, in PyTorch."""
    ours = run.ours("properties_step")
    for peer in run.peer("properties_torch.py"):
        same = [line for line in ours if line["batch"] == peer["batch"]]
        assert all(line["parameters"] == peer["parameters"] for line in same), "the networks are not the same"
        results.compare(same, [peer])


def gravity(run, results):
    """One step of the outer Solar System, as long as REBOUND's."""
    ours, peers = run.ours("outer_solar_system_verlet"), run.peer("nbody_rebound.py")
    results.compare(ours, matching(peers, "leapfrog", step_days=40),
                    lambda line: line["ns_per_step"] * 1e-6, lambda line: line["us_per_step"] * 1e-3)


def limits(run, results):
    """Rates of ours beside the products of OpenBLAS before and after them; that of a single system, whose force both
    cores share, beside those of one thread and of both."""
    products = run.peer("gemm.py", "--rounds", "1", "--reps", "10")
    ours = run.ours("train_step", "grad_H", "direct_sum")
    products += run.peer("gemm.py", "--rounds", "1", "--reps", "10")
    for line in ours:
        product = "dgemm" if line["row"] == "direct_sum" else "sgemm"
        if line["row"] == "grad_H" and line["batch"] == 1:
            results.limit(line, products, product, 1)
        results.limit(line, products, product, 2)


JOBS = {"grad_H": network("grad_H", 10), "train_step": network("train_step", 3, "train_step_nystrom"),
        "rollout_500": network("rollout_500", 1, "rollout_500_float64"), "images": images, "molecules": molecules,
        "properties": properties, "springs": springs, "gravity": gravity, "limits": limits}


def spread(samples, name):
    values = [sample[name] for sample in samples]
    return statistics.median(values), min(values), max(values)


def short(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def report(results):
    """Prints a JSON line for each thing compared, then the tables."""
    table, heads = [], ["row", "batch", "peer", "ours, ms", "peer, ms", "peer / ours", "range", "errors"]
    for (row, batch, peer), samples in results.ratios.items():
        ratio, low, high = spread(samples, "ratio")
        ours, theirs = spread(samples, "ours_ms")[0], spread(samples, "peer_ms")[0]
        errors = samples[-1]["errors"]
        emit(row, batch=batch, peer=peer, ours_ms=ours, peer_ms=theirs, ratio_median=ratio, ratio_min=low,
             ratio_max=high, passes=len(samples), our_error=errors[0], peer_error=errors[1])
        shown = "" if None in errors else " and ".join(f"{e:.1e}" for e in errors)
        table.append([row, batch, peer, short(ours), short(theirs), short(ratio), f"{short(low)}–{short(high)}", shown])
    print_table(heads, table)

    table, heads = [], ["row", "batch", "bodies", "limit", "ours, GFLOP/s", "limit, GFLOP/s", "fraction", "range"]
    for (row, batch, bodies, limit), samples in results.fractions.items():
        fraction, low, high = spread(samples, "fraction")
        ours, best = spread(samples, "gflops")[0], spread(samples, "limit_gflops")[0]
        emit(row, batch=batch, bodies=bodies, limit=limit, gflops=ours, limit_gflops=best, fraction_median=fraction,
             fraction_min=low, fraction_max=high, passes=len(samples))
        table.append([row, batch, bodies, limit, short(ours), short(best), short(fraction),
                      f"{short(low)}–{short(high)}"])
    print_table(heads, table)


def print_table(heads, rows):
    if rows:
        lines = [heads, ["---"] * len(heads), *rows]
        print("\n" + "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in lines), file=sys.stderr)


def emit(row, **fields):
    rounded = {k: float(f"{v:.6g}") if isinstance(v, float) else v for k, v in fields.items() if v is not None}
    print(json.dumps({"row": row, **rounded}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, help="our program of benchmarks")
    parser.add_argument("--data", required=True, help="folder that springs.py wrote")
    parser.add_argument("--weights", required=True, help="file that hlieconv_jax.py dump wrote")
    parser.add_argument("--passes", type=int, default=5, help="turns of all programs (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=3, help="for each of our lines (default: %(default)s)")
    parser.add_argument("--jobs", nargs="*", choices=JOBS, help="what to compare (default: all)")
    args = parser.parse_args()
    if args.passes < 1:
        parser.error("--passes: at least 1")
    results = Results()
    for turn in range(args.passes):
        print(f"pass {turn + 1} of {args.passes}", file=sys.stderr)
        for name in args.jobs or JOBS:
            JOBS[name](Runner(args), results)
    report(results)
