"""How fast the matcher is, each figure beside the usual ways in the same run.

    python -m bench.matching [SIZE ...] [--markdown FILE]

Sizes are numbers of patents (10000 and 100000 when none is given). Texts are the real ones under ``MATCHHUB_SHARED``;
larger bases are made by joining halves of two abstracts. Demands are made from the keyword set. Each index is built by
a process of its own and opened from disk, so peak memory tells building and matching apart.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from bench._comparison import compare_batch, compare_single, words_only
from bench._peers import installed
from bench._table import HEADER, Spent, milliseconds, rows, show, spent
from bench.quality import keyword_set, read_a01
from recommender import Document, Index, Matcher, Query, add_documents, build_index, open_index, ranking, save_index
from recommender.product import Rows, best_of_each

DEMANDS = 1000
TOP = 20
SINGLES = 300
JIEBA_SAMPLE = 1000
PROCESSES_SAMPLE = 20_000
TWO_PROCESSES = 50_000
_batch: dict[int, float] = {}
_single: dict[int, float] = {}


def patents(count: int, seed: int = 1) -> Iterator[Document]:
    """``count`` patents: the real ones first, then new ones made of two halves."""
    real = [*read_a01(), *keyword_set()[0]]
    draw = random.Random(seed)
    for number in range(count):
        if number < len(real):
            yield Document(f"p{number}", real[number].title, real[number].abstract)
            continue
        one, two = draw.choice(real), draw.choice(real)
        half = len(one.abstract) // 2
        yield Document(f"p{number}", one.title, one.abstract[:half] + two.abstract[len(two.abstract) // 2 :])


def demands(count: int) -> list[Query]:
    """Demands of two sentences made of keyword lists."""
    lists = keyword_set()[1]
    made = []
    for number in range(count):
        one, two = lists[number % len(lists)].keywords, lists[(number * 7 + 3) % len(lists)].keywords
        made.append(Query(f"d{number}", "".join(one[:3]), f"需要{'、'.join(one)}，最好{'和'.join(two)}。"))
    return made


class Built(NamedTuple):
    """What building took: times, characters read, peak memory in GB (of the largest process)."""

    took: Spent
    characters: int
    peak: float


def _build(size: int, workers: int, folder: Path) -> Built:
    documents = list(patents(size))
    characters = sum(len(document.title) + len(document.abstract) for document in documents)
    wall = time.perf_counter()
    before = sum(os.times()[:4])
    index = build_index(documents, workers=workers)
    took = Spent(time.perf_counter() - wall, sum(os.times()[:4]) - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    save_index(index, folder)
    return Built(took, characters, peak / 1e6)


def bench_build(size: int, folder: Path) -> None:
    """Text to index; on a sample also with jieba's own cutter in place of rjieba's."""
    workers = 1 if size < TWO_PROCESSES else 2
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        built = apart.submit(_build, size, workers, folder).result()
    goal = {10_000: "under 5 s", 1_000_000: "under 200 s"}.get(size, "")
    speed = f"{built.characters / built.took.wall / 1e6:.2f} M characters/s; peak memory {built.peak:.1f} GB"
    show(size, f"text to index, {workers} process(es)", str(built.took), goal, speed)


def bench_jieba() -> None:
    """The same pipeline with jieba's own cutter."""
    import jieba

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    sample = list(patents(JIEBA_SAMPLE))
    ours = spent(lambda: build_index(sample), 5)
    other = spent(lambda: build_index(sample, tokenizer=jieba.lcut), 1)
    beside = f"with jieba {other}: {other.cpu / ours.cpu:.1f} times ours"
    show(len(sample), "text to index, 1 process(es)", str(ours), "8 times as fast as with jieba", beside)


def bench_processes() -> None:
    """The same patents counted by one process and by two."""
    sample = list(patents(PROCESSES_SAMPLE))
    one, two = (spent(partial(build_index, sample, workers=workers), 1).wall for workers in (1, 2))
    show(len(sample), "text to index, 2 processes", f"{two:.2f} s", "1.6 times as fast as 1 process",
         f"1 process {one:.2f} s: {one / two:.1f} times 2 processes (wall time)")  # fmt: skip


def bench_batch(matcher: Matcher, queries: list[Query]) -> Rows:
    """Top 20 of all demands at once."""
    index, size = matcher.index, matcher.index.size
    repeats = 3 if size <= 100_000 else 1
    step = f"{len(queries)} demands, text to top {TOP}"
    show(size, f"{step}, 2 threads", str(spent(lambda: matcher.match(queries, TOP, threads=2), repeats)),
         "under 1 s" if size <= 10_000 else "")  # fmt: skip
    show(size, f"of which reading {len(queries)} demands", str(spent(lambda: matcher.read(queries).rows())))
    asked = matcher.read(queries).rows()
    for threads in (1, 2):
        ours = spent(partial(_products, asked, index, threads), repeats)
        if threads == 1:
            _batch[size] = ours.cpu
        goal, beside = compare_batch(index, asked, TOP, threads, ours)
        show(size, f"product and top {TOP}, {threads} thread(s)", str(ours), goal, beside)
    return asked


def _products(asked: Rows, index: Index, threads: int) -> None:
    for segment in index.segments:
        best_of_each(asked, segment.postings, TOP, None, threads)


def bench_single(matcher: Matcher, queries: list[Query]) -> None:
    """One demand, text to explained result; and its search alone."""
    size = matcher.index.size
    middle, high = milliseconds(lambda query: matcher.search(query, TOP), queries[:SINGLES])
    goal = f"p99 {10 if size <= 100_000 else 50} ms at most"
    show(size, "one demand with reasons, CPU p50 / p99", f"{middle:.1f} / {high:.1f} ms", goal)
    terms_of = [matcher.query_terms(query) for query in queries[:SINGLES]]
    middle, high = milliseconds(lambda terms: ranking.best_places(matcher.index, terms, TOP), terms_of)
    _single[size] = middle
    show(size, "its search alone, terms known", f"{middle:.1f} / {high:.1f} ms")


def bench_size(size: int) -> None:
    """All lines of one size: ours first, so that the peers' memory is not ours."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        bench_build(size, folder)
        queries = demands(DEMANDS)
        on_disk = sum(path.stat().st_size for path in folder.iterdir())
        opening = spent(lambda: open_index(folder)).wall
        index = open_index(folder)
        terms = sum(segment.postings.nnz for segment in index.segments) / size
        held = f"{on_disk / 1e6:.0f} MB on disk, {terms:.0f} terms a patent, {len(index.vocabulary):,} in all"
        show(size, "open the index", f"{1000 * opening:.1f} ms", "50 ms at most", held)
        fresh = [Document(f"n{number}", one.title, one.abstract) for number, one in enumerate(patents(1000))]
        show(size, "add 1,000 patents", str(spent(lambda: add_documents(index, fresh), 5)), "0.2 s at most")
        matcher = Matcher(index)
        bench_single(matcher, queries)
        matcher.match(queries, TOP)
        _show_memory(size)
        asked = bench_batch(matcher, queries)
        compare_single(index, asked, TOP, _single[size])


def _show_memory(size: int) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    own = [int(line.split()[1]) / 1e6 for line in lines if line.startswith("RssAnon")]
    mapped = f"the process's own: {own[0]:.1f} GB, the rest is the index as mapped from disk" if own else ""
    show(size, "peak memory of matching", f"{peak:.1f} GB", "under 2.5 GB" if size == 1_000_000 else "", mapped)


def bench_growth() -> None:
    """The exponent of growth between the sizes of this run."""
    sizes = sorted(_batch)
    for small, large in pairwise(sizes):
        span = math.log(large / small)
        each = [math.log(table[large] / table[small]) / span for table in (_batch, _single)]
        show(large, f"growth since {small:,}: exponent of the product, of one search", f"{each[0]:.2f}, {each[1]:.2f}",
             "about 1")  # fmt: skip


def document(sizes: list[int]) -> str:
    """The page docs/benchmarks.md."""
    load = " / ".join(f"{value:.1f}" for value in os.getloadavg())
    command = " ".join(["python -m bench.matching", *map(str, sizes), "--markdown docs/benchmarks.md"])
    return (
        f"# Benchmarks of matching\n\nWritten by `{command}` on {datetime.now(UTC).date()}: Python"
        f" {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load average at the end {load}"
        f" (1, 5, 15 minutes; {os.cpu_count()} or less when nothing else runs).\n\nOn a busy machine only ratios within"
        " one line mean something, those of one thread most. The matcher's index holds words and characters; a demand"
        " asks for some 80 terms, words of the thesaurus included. The peers get the same terms and weights as matrices"
        " and give no reasons. Ratios of one thread are of CPU time, of two"
        f" threads and two processes of wall time.\n\n{HEADER}\n" + "\n".join(rows) + "\n"
    )


def main(arguments: list[str]) -> None:
    """Run all sizes asked for and write the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", metavar="SIZE")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    sizes = chosen.sizes or [10_000, 100_000]
    print(HEADER)
    if installed("jieba"):
        bench_jieba()
    if max(sizes) >= TWO_PROCESSES:
        bench_processes()
    words_only(list(patents(10_000)), demands(DEMANDS), TOP)
    for size in sizes:
        bench_size(size)
    bench_growth()
    if chosen.markdown:
        chosen.markdown.write_text(document(sizes), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
