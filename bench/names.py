"""Near-same names of the real register: the short list beside comparing all pairs with the same measure.

    python -m bench.names [SIZE] [--threshold 90]

Reads the names of ``enterprises/quanzhou_register.csv`` under ``MATCHHUB_SHARED`` in place. Peer: rapidfuzz's ``cdist``
of all cores with the same ratio and its own cutoff, which is what one would write. Recall is the share of the peer's
pairs that ours finds. Then the whole import, where every firm comes without its code (USCC), so that all of them must
be compared: all into an empty base, and one more. CPU seconds, the least of some runs; on a busy machine only ratios
within one run mean something.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from rapidfuzz import fuzz, process

from bench._table import spent
from matchhub.domain.parties import core_name
from matchhub.domain.records import EnterpriseRecord, Row, Source
from matchhub.policy import load_pack
from matchhub.services.imports import batch
from matchhub.services.imports.similar import find_similar
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import DEFAULT_POLICY, Settings
from recommender import near_names

SHARED = Path(os.environ.get("MATCHHUB_SHARED", Path(__file__).parents[2] / "shared"))
REGISTER = SHARED / "data" / "enterprises" / "quanzhou_register.csv"
RUNS = 5
BLOCK = 1000


def register(size: int | None) -> list[str]:
    """The first ``size`` names of the register (all when None)."""
    with REGISTER.open(encoding="utf-8-sig", newline="") as stream:
        return [row["企业名称"] for row in csv.DictReader(stream)][:size]


def all_pairs(cores: list[str], threshold: float) -> set[tuple[int, int]]:
    """The peer: every core against every later one."""
    found: set[tuple[int, int]] = set()
    for start in range(0, len(cores), BLOCK):
        block = cores[start : start + BLOCK]
        ratios = process.cdist(
            block, cores[start:], scorer=fuzz.ratio, score_cutoff=threshold, dtype=np.float64, workers=1
        )
        found |= {
            (start + int(row), start + int(column)) for row, column in np.argwhere(ratios >= threshold) if row < column
        }
    return found


class Timed:
    """``find_similar`` with the CPU seconds of its last call."""

    seconds = 0.0

    def __call__(self, *arguments: Any) -> int:
        begun = time.process_time()
        found = find_similar(*arguments)
        self.seconds = time.process_time() - begun
        return found


def show(step: str, value: str) -> None:
    """One line for people."""
    print(f"{step:<58}{value}", flush=True)


def imported(runtime: Runtime, names: list[str], timed: Timed) -> tuple[float, float, int]:
    """CPU seconds of an import and of its comparing, and how many pairs were queued."""
    rows = [Row(record.source, record) for record in map(_firm, range(len(names)), names)]
    begun = time.process_time()
    with runtime.unit() as unit:
        result = batch.import_rows(unit, "enterprises", rows)
    assert result.sums["created"] == len(names), result.sums
    return time.process_time() - begun, timed.seconds, result.similar


def _firm(place: int, name: str) -> EnterpriseRecord:
    return EnterpriseRecord(Source("register.csv", place + 2), name=name)


def bench_import(names: list[str]) -> None:
    """All names into an empty base, then single ones that resemble one that stands there."""
    timed, place = Timed(), load_pack(DEFAULT_POLICY).local
    clocked = patch.object(batch, "find_similar", timed)  # only the clock is put in between
    with tempfile.TemporaryDirectory() as home, clocked:
        runtime, _ = open_runtime(Settings(Path(home), f"sqlite:///{home}/matchhub.db", "bench"))
        whole, comparing, pairs = imported(runtime, names, timed)
        show(
            f"import of {len(names):,} new names",
            f"CPU {whole:.2f} s, of which comparing {comparing:.2f} s, {pairs:,} pairs",
        )
        some = names[:: max(1, len(names) // 20)]
        singles = [imported(runtime, [f"{core_name(name, place)}新厂"], timed) for name in some]
        runtime.close()
    middle = sorted(each[1] for each in singles)[len(singles) // 2]
    rest = sorted(each[0] - each[1] for each in singles)[len(singles) // 2]
    show(
        f"one new name into {len(names):,}, median of {len(singles)}",
        f"CPU {1000 * middle:.0f} ms comparing, {1000 * rest:.0f} ms the rest of the import",
    )


def timed_run(work: Callable[[], Any], runs: int) -> tuple[Any, float]:
    """The answer and the least CPU seconds."""
    kept: list[Any] = []
    seconds = spent(lambda: kept.append(work()), runs).cpu
    return kept[-1], seconds


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; returns 1 where the real data are absent."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench names", description=__doc__)
    parser.add_argument("size", type=int, nargs="?")
    parser.add_argument("--threshold", type=float, default=90.0)
    chosen = parser.parse_args(arguments)
    if not REGISTER.is_file():
        print(f"real data not found at {SHARED}; set MATCHHUB_SHARED", file=sys.stderr)
        return 1
    names, place = register(chosen.size), load_pack(DEFAULT_POLICY).local
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}")
    print(f"{len(names):,} names, threshold {chosen.threshold:g}")
    cores, cutting = timed_run(lambda: [core_name(name, place) for name in names], RUNS)
    found, ours = timed_run(lambda: near_names(cores, chosen.threshold), RUNS)
    every, peer = timed_run(lambda: all_pairs(cores, chosen.threshold), 1)
    ours_pairs = {(pair.first, pair.second) for pair in found}
    recall = len(ours_pairs & every) / len(every) if every else 1.0
    show("names to cores", f"CPU {cutting:.2f} s")
    show("near-same cores, short list and rapidfuzz", f"CPU {ours:.2f} s, {len(ours_pairs):,} pairs")
    show("near-same cores, all pairs by rapidfuzz", f"CPU {peer:.2f} s, {len(every):,} pairs")
    show("recall, pairs that all pairs have not", f"{recall:.4f}, {len(ours_pairs - every)}")
    show(
        "all pairs / short list; with cutting cores in both",
        f"{peer / ours:.0f} x; {(peer + cutting) / (ours + cutting):.0f} x",
    )
    bench_import(names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
