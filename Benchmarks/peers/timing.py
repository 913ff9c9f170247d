# SPDX-License-Identifier: GPL-3.0-or-later
"""Timing of one call, and the JSON lines that every script prints."""

import json
import statistics
import time


def measure(call, reps, warmup=1):
    """Milliseconds of `reps` calls, after `warmup` calls that do not count (compilation, caches)."""
    for _ in range(warmup):
        call()
    samples = []
    for _ in range(reps):
        start = time.perf_counter()
        call()
        samples.append((time.perf_counter() - start) * 1e3)
    return samples


def summary(samples, name="ms"):
    """Median, extremes and number of samples, keyed `<name>_median`, `<name>_min`, `<name>_max`, `n`."""
    return {
        f"{name}_median": statistics.median(samples),
        f"{name}_min": min(samples),
        f"{name}_max": max(samples),
        "n": len(samples),
    }


def emit(row, **fields):
    """Prints one JSON object on one line; floats keep six significant digits."""
    short = {k: float(f"{v:.6g}") if isinstance(v, float) else v for k, v in fields.items()}
    print(json.dumps({"row": row, **short}), flush=True)
