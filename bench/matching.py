"""How fast the matcher is, each figure beside the usual ways in the same run.

    python -m bench.matching [SIZE ...] [--markdown FILE]

Sizes are numbers of patents (10000 and 100000 when none is given; 1000000 takes some minutes and 10 GB). Texts are
the real ones under ``MATCHHUB_SHARED``; larger bases are made by joining halves of two abstracts. Demands are made
from the keyword set. CPU seconds are those of the whole process, so they say little where several threads wait.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from bench._peers import ENGINES, established_product, installed, matrix_of, naive, plain, rows_of
from bench.quality import keyword_set, read_a01
from recommender import Document, Index, Query, build_index, ranking
from recommender.product import Rows, best_of_each

DEMANDS = 1000
TOP = 20
NAIVE_LIMIT = 20_000
ENGINE_LIMIT = 100_000
SINGLES = 300
PEER_SINGLES = 50
JIEBA_SAMPLE = 1000
HEADER = "| patents | step | ours | beside it |\n|---|---|---|---|"
rows: list[str] = []


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


def spent(work: Callable[[], Any], repeats: int = 3) -> tuple[float, float]:
    """The shortest wall time and the least CPU time of some runs, in seconds."""
    best = (float("inf"), float("inf"))
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        best = min(best[0], time.perf_counter() - wall), min(best[1], time.process_time() - cpu)
    return best


def show(size: int, step: str, value: str, peer: str = "") -> None:
    """One line of the table."""
    rows.append(f"| {size:,} | {step} | {value} | {peer} |")
    print(rows[-1], flush=True)


def both(times: tuple[float, float]) -> str:
    """Wall and CPU time for people."""
    return f"{times[0]:.2f} s (CPU {times[1]:.2f} s)"


def milliseconds(work: Callable[[Any], Any], asked: list[Any]) -> tuple[float, float]:
    """Median and 99th percentile of the CPU milliseconds of ``work`` for each of ``asked``, after one warm round."""
    times = []
    for one in asked:
        work(one)
        started = time.process_time()
        work(one)
        times.append(1000 * (time.process_time() - started))
    middle, high = np.percentile(times, [50, 99])
    return float(middle), float(high)


def bench_build(size: int) -> Index:
    """Text to index; on a sample also with jieba's own cutter in place of rjieba's."""
    documents = list(patents(size))
    characters = sum(len(document.title) + len(document.abstract) for document in documents)
    workers = 1 if size < 50_000 else 2
    wall, cpu = time.perf_counter(), time.process_time()
    index = build_index(documents, workers=workers)
    took = time.perf_counter() - wall, time.process_time() - cpu
    peer = f"{characters / took[0] / 1e6:.2f} M characters/s"
    if workers == 1 and installed("jieba"):
        import jieba

        jieba.initialize()
        sample = documents[:JIEBA_SAMPLE]
        ours = spent(lambda: build_index(sample))[1]
        other = spent(lambda: build_index(sample, tokenizer=jieba.lcut), 1)[1]
        peer += f"; of {len(sample):,} patents CPU {ours:.2f} s, with jieba {other:.2f} s (1/{other / ours:.1f})"
    value = both(took) if workers == 1 else f"{took[0]:.1f} s"
    show(size, f"text to index, {workers} process(es)", value, peer)
    return index


def bench_batch(index: Index, queries: list[Query]) -> None:
    """Top 20 of all demands at once against the peers on the same matrices."""
    size = index.size
    show(size, f"{len(queries)} demands, text to top {TOP}, 2 threads", both(spent(lambda: index.match(queries, TOP))))
    reading = spent(lambda: _read(index, queries))
    show(size, f"of which reading {len(queries)} demands", both(reading))
    asked = _read(index, queries)
    matrix = matrix_of(asked, len(index.vocabulary))
    postings = [plain(segment.postings) for segment in index.segments]
    for threads in (1, 2):
        ours, peers = spent(partial(_products, asked, postings, threads)), []
        # CPU time of one thread, wall time of several
        measure = 1 if threads == 1 else 0
        if installed("sparse_dot_topn"):
            other = spent(partial(established_product, matrix, postings, TOP, threads), 2)
            peers.append(f"sparse_dot_topn {both(other)}: {ours[measure] / other[measure]:.2f} x")
        if size <= NAIVE_LIMIT and threads == 1:
            usual = spent(partial(naive, matrix, postings[0].T.tocsr(), TOP), 1)
            peers.append(f"scikit-learn {both(usual)}: 1/{usual[1] / ours[1]:.1f}")
        show(size, f"product and top {TOP}, {threads} thread(s)", both(ours), ", ".join(peers))


def _read(index: Index, queries: list[Query]) -> Rows:
    return ranking.read(index, queries).rows()


def _products(asked: Rows, postings: list[sparse.csr_matrix], threads: int) -> None:
    for part in postings:
        best_of_each(asked, part, TOP, None, threads)


def bench_single(index: Index, queries: list[Query]) -> None:
    """One demand, text to explained result; and its search alone against that of others on the same terms."""
    middle, high = milliseconds(lambda query: index.search(query, TOP), queries[:SINGLES])
    show(index.size, "one demand with reasons, CPU p50 / p99", f"{middle:.1f} / {high:.1f} ms")
    terms_of = [ranking.understand(index, query) for query in queries[:SINGLES]]
    middle, high = milliseconds(lambda terms: ranking.search(index, terms, TOP, None), terms_of)
    show(index.size, "the same, terms known, no reasons", f"{middle:.1f} / {high:.1f} ms")
    if index.size > ENGINE_LIMIT:
        return
    by_patent = sparse.vstack([segment.postings.T.tocsr() for segment in index.segments], format="csr")
    matrix = matrix_of(_read(index, queries[:PEER_SINGLES]), len(index.vocabulary))
    usual = milliseconds(lambda row: naive(matrix[row], by_patent, TOP), list(range(5)))
    _beside(index.size, "scikit-learn", usual, middle)
    if installed("sparse_dot_topn"):
        postings = [plain(segment.postings) for segment in index.segments]
        asked = [plain(matrix[row]) for row in range(PEER_SINGLES)]
        other = milliseconds(lambda row: established_product(row, postings, TOP, 1), asked)
        _beside(index.size, "sparse_dot_topn", other, middle)
    terms, asked_terms = rows_of(by_patent), rows_of(matrix)
    for name, engine in ENGINES.items():
        if installed(name):
            started = time.process_time()
            search = engine(terms, TOP)
            build = time.process_time() - started
            _beside(index.size, f"{name} (index of the cut terms: CPU {build:.1f} s)",
                    milliseconds(search, asked_terms), middle)  # fmt: skip


def _beside(size: int, name: str, peer: tuple[float, float], ours: float) -> None:
    ratio = f"ours 1/{peer[0] / ours:.1f} of it" if peer[0] >= ours else f"ours {ours / peer[0]:.1f} x"
    show(size, "the same, terms known, no reasons", "", f"{name} {peer[0]:.1f} / {peer[1]:.1f} ms: {ratio}")


def bench_size(size: int) -> None:
    """All lines of one size."""
    index = bench_build(size)
    queries = demands(DEMANDS)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        index.save(folder)
        del index
        on_disk = sum(path.stat().st_size for path in folder.iterdir())
        opening = spent(lambda: Index.open(folder))[0]
        opened = Index.open(folder)
        terms = sum(segment.postings.nnz for segment in opened.segments) / size
        held = f"{on_disk / 1e6:.0f} MB on disk, {terms:.0f} terms a patent, {len(opened.vocabulary):,} in all"
        show(size, "open the index", f"{1000 * opening:.1f} ms", held)
        bench_batch(opened, queries)
        fresh = [Document(f"n{number}", one.title, one.abstract) for number, one in enumerate(patents(1000))]
        show(size, "add 1,000 patents", both(spent(lambda: opened.add(fresh))))
        ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        bench_single(opened, queries)
    show(size, "peak memory of the process so far, before the engines", f"{ours:.1f} GB")


def document(sizes: list[int]) -> str:
    """The page docs/benchmarks.md."""
    load = " / ".join(f"{value:.1f}" for value in os.getloadavg())
    command = " ".join(["python -m bench.matching", *map(str, sizes), "--markdown docs/benchmarks.md"])
    return (
        f"# Benchmarks of matching\n\nWritten by `{command}` on {datetime.now(UTC).date()}: Python"
        f" {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load average at the end {load}"
        f" (1, 5, 15 minutes; {os.cpu_count()} or less when nothing else runs).\n\nOn a busy machine only ratios within"
        f" one line mean something. The matcher's index holds words and characters; a demand asks for some 60 terms,"
        f" words of the thesaurus included.\n\n{HEADER}\n" + "\n".join(rows) + "\n"
    )


def main(arguments: list[str]) -> None:
    """Run all sizes asked for and write the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", metavar="SIZE")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    sizes = chosen.sizes or [10_000, 100_000]
    print(HEADER)
    for size in sizes:
        bench_size(size)
    if chosen.markdown:
        chosen.markdown.write_text(document(sizes), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
