"""What a cluster gives: building, many demands and one demand in this process and on one and two worker processes.

    python3 run.py bench scale [--patents 100000] [--demands 10000] [--workers 1 2]

Starts a scheduler and worker processes of one thread each on this machine, which share its cores: on N machines each
worker has its own. Texts as in ``bench.matching``. Answers are compared with those of this process; needs the extra
``scale``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.matching import demands, patents
from recommender import Document, Index, Matcher, MatchTable, Query, build_index, open_index, save_index
from recommender.product import Best, Ints, Rows
from recommender.scale_build import build_on_cluster
from recommender.scale_out import Cluster
from recommender.segment import Mask

SINGLES = 50


@dataclass(frozen=True)
class _Elsewhere:
    """The cluster as a ranker that tells every fault."""

    cluster: Cluster
    folder: Path

    @property
    def width(self) -> int:
        return self.cluster.width

    def best_documents(self, index: Index, asked: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints]:
        return self.cluster.best_documents(self.folder, index, asked, top, allowed)


@contextmanager
def _started(workers: int, folder: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        note = folder / "scheduler.json"
        scheduler = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        each = ("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        stack.callback(note.unlink, missing_ok=True)
        for words in (scheduler, *[(*each, "--local-directory", str(folder))] * workers):
            command = [sys.executable, "-m", "dask", *words, "--scheduler-file", str(note)]
            quiet = subprocess.DEVNULL
            process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
            stack.callback(process.wait)
            stack.callback(process.kill)
        yield stack.enter_context(_connected(note, workers))


@contextmanager
def _connected(note: Path, workers: int) -> Iterator[Cluster]:
    while not note.exists():
        time.sleep(0.2)
    time.sleep(0.5)
    address = json.loads(note.read_text("utf-8"))["address"]
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(workers)
    cluster = Cluster.connect(address)
    try:
        yield cluster
    finally:
        cluster.close()


def _took(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _asked(matcher: Matcher, queries: list[Query]) -> tuple[MatchTable, float, float]:
    """All answers, seconds for all, and milliseconds of one demand with reasons (median)."""
    found: list[MatchTable] = []
    seconds = _took(lambda: found.append(matcher.match(queries)))
    single = median(_took(lambda one=one: matcher.search(one)) for one in queries[:SINGLES])  # type: ignore[misc]
    return found[0], seconds, 1000 * single


def _row(where: str, build: float, batch: float, single: float, same: str) -> None:
    print(f"| {where} | {build:.1f} s | {batch:.1f} s | {single:.0f} ms | {same} |", flush=True)


def _measure(documents: list[Document], queries: list[Query], workers: list[int], place: Path) -> bool:
    """Print a row for this process and for each number of workers; whether all gave the same."""
    own: list[Index] = []
    build = _took(lambda: own.append(build_index(documents)))
    save_index(own.pop(), place / "own")
    here, batch, single = _asked(Matcher(open_index(place / "own")), queries)
    _row("this process, all its threads", build, batch, single, "")
    agreed = True
    for number in workers:
        with _started(number, place) as cluster:
            build = _took(lambda: build_on_cluster(cluster, documents, place / "theirs"))
            ranker = _Elsewhere(cluster, place / "theirs")
            found, batch, single = _asked(Matcher(open_index(place / "theirs"), ranker=ranker), queries)
        same = list(found) == list(here)
        agreed = agreed and same
        _row(f"cluster, workers: {number}", build, batch, single, "the same" if same else "DIFFERENT")
    return agreed


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 when an answer of a cluster differed."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench scale", description=__doc__)
    parser.add_argument("--patents", type=int, default=100_000)
    parser.add_argument("--demands", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    chosen = parser.parse_args(arguments)
    documents, queries = list(patents(chosen.patents)), demands(chosen.demands)
    load = os.getloadavg()[0]
    print(f"{chosen.patents:,} patents, {chosen.demands:,} demands, {os.cpu_count()} cores, load before {load:.1f}")
    print("| where | build the index | all demands | one demand | answers |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        return 0 if _measure(documents, queries, chosen.workers, Path(place)) else 1


if __name__ == "__main__":
    sys.exit(main())
