"""The table of measurements: times of this machine, each row with its goal and with what stands beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

HEADER = "| patents | step | ours | goal | beside it |\n|---|---|---|---|---|"
rows: list[str] = []


class Spent(NamedTuple):
    """Seconds of wall clock and of CPU (all threads of the process)."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s (CPU {self.cpu:.2f} s)"


def show(size: int, step: str, ours: str, goal: str = "", beside: str = "") -> None:
    """One line of the table."""
    rows.append(f"| {size:,} | {step} | {ours} | {goal} | {beside} |")
    print(rows[-1], flush=True)


def write_into(document: Path, name: str, lines: str) -> None:
    """Put what a benchmark printed between its two marks in a document, ``<!-- NAME: begin -->`` and ``… end -->``."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = document.read_text("utf-8")
    document.write_text(f"{text.split(begin)[0]}{begin}\n{lines}\n{end}{text.split(end)[1]}", "utf-8")


def spent(work: Callable[[], Any], repeats: int = 3) -> Spent:
    """The shortest wall time and the least CPU time of some runs."""
    best = Spent(float("inf"), float("inf"))
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        best = Spent(min(best.wall, time.perf_counter() - wall), min(best.cpu, time.process_time() - cpu))
    return best


def milliseconds(work: Callable[[Any], Any], asked: list[Any], warm: bool = True) -> tuple[float, float]:
    """Median and 99th percentile of the CPU milliseconds of ``work`` for each of ``asked``, after one ``warm`` call."""
    times = []
    for one in asked:
        if warm:
            work(one)
        started = time.process_time()
        work(one)
        times.append(1000 * (time.process_time() - started))
    middle, high = np.percentile(times, [50, 99])
    return float(middle), float(high)


def times(ours: float, other: float) -> str:
    """How ours compares: which part of the other's time it takes."""
    ratio = ours / other if other else float("inf")
    return f"ours 1/{1 / ratio:.0f} of it" if ratio < 0.1 else f"ours {ratio:.2f} of it"
