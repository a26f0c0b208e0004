"""How fast the matcher is, each figure beside the usual way in the same run: ``python -m bench.matching [SIZE ...]``.

Sizes are numbers of patents (10000 and 100000 when none is given; 1000000 takes some minutes and 10 GB). Texts are
the real ones under ``MATCHHUB_SHARED``; larger bases are made by joining halves of two abstracts. Demands are made
from the keyword set. Every peer works on the same weights: only the product and the choice of the best differ.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.metrics.pairwise import cosine_similarity
from sp_matmul_rs import sp_matmul_topn

from bench.quality import keyword_set, read_a01
from recommender import Document, Index, Query, build_index
from recommender.ranking import query_matrix

DEMANDS = 1000
TOP = 20
NAIVE_LIMIT = 20_000
SINGLES = 300


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


def seconds(work: Callable[[], Any], repeats: int = 3) -> float:
    """The shortest of some runs."""
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def show(size: int, step: str, value: str, peer: str = "") -> None:
    """One line of the table."""
    print(f"| {size:,} | {step} | {value} | {peer} |", flush=True)


def naive(matrix: sparse.csr_matrix, weights: sparse.csr_matrix) -> None:
    """What everyone writes: all similarities as a dense table, then a full sort."""
    np.argsort(-cosine_similarity(matrix, weights), axis=1)[:, :TOP]


def plain(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """In memory with 32-bit places, as sparse_dot_topn wants it."""
    places = np.array(matrix.indices, dtype=np.int32), np.array(matrix.indptr, dtype=np.int32)
    return sparse.csr_matrix((np.array(matrix.data), *places), shape=matrix.shape)


def peer_products(matrix: sparse.csr_matrix, postings: list[sparse.csr_matrix], threads: int) -> float | None:
    """Seconds of sparse_dot_topn on the same matrices; None where it is not installed."""
    try:
        from sparse_dot_topn import sp_matmul_topn as established
    except ImportError:
        return None
    return seconds(lambda: [established(matrix, part, TOP, sort=True, n_threads=threads) for part in postings], 2)


def bench_batch(index: Index, queries: list[Query]) -> None:
    """Top 20 of all demands at once against the peers on the same matrices."""
    size = index.size
    whole = seconds(lambda: index.match(queries, TOP))
    show(size, f"{len(queries)} demands, text to top {TOP}, 2 threads", f"{whole:.2f} s")
    matrix = plain(query_matrix(index, queries, {}))
    postings = [plain(segment.postings) for segment in index.segments]
    for threads in (1, 2):
        ours = seconds(partial(_products, matrix, postings, threads))
        other = peer_products(matrix, postings, threads)
        peers = [f"sparse_dot_topn {other:.2f} s ({ours / other:.2f} x)" if other else "sparse_dot_topn not installed"]
        if size <= NAIVE_LIMIT and threads == 1:
            usual = seconds(partial(naive, matrix, postings[0].T.tocsr()), 1)
            peers.append(f"scikit-learn {usual:.2f} s (1/{usual / ours:.0f})")
        show(size, f"product and top {TOP}, {threads} thread(s)", f"{ours:.3f} s", ", ".join(peers))


def _products(matrix: sparse.csr_matrix, postings: list[sparse.csr_matrix], threads: int) -> None:
    for part in postings:
        sp_matmul_topn(matrix, part, TOP, sort=True, n_threads=threads)


def bench_single(index: Index, queries: list[Query]) -> None:
    """One demand, text to explained result."""
    times = []
    for query in queries[:SINGLES]:
        started = time.perf_counter()
        index.search(query, TOP)
        times.append(1000 * (time.perf_counter() - started))
    middle, high = np.percentile(times, [50, 99])
    peer = ""
    if index.size <= 10 * NAIVE_LIMIT:
        by_document = sparse.vstack([segment.postings.T.tocsr() for segment in index.segments], format="csr")
        one = query_matrix(index, queries[:1], {})
        other = 1000 * seconds(partial(naive, one, by_document))
        peer = f"scikit-learn without reasons {other:.0f} ms (1/{other / middle:.0f})"
    show(index.size, "one demand with reasons, p50 / p99", f"{middle:.1f} / {high:.1f} ms", peer)


def bench_size(size: int) -> None:
    """All lines of one size."""
    documents = list(patents(size))
    characters = sum(len(document.title) + len(document.abstract) for document in documents)
    started = time.perf_counter()
    index = build_index(documents, workers=1 if size < 50_000 else 2)
    took = time.perf_counter() - started
    workers = 1 if size < 50_000 else 2
    show(
        size, f"text to index, {workers} process(es)", f"{took:.1f} s", f"{characters / took / 1e6:.2f} M characters/s"
    )
    del documents
    queries = demands(DEMANDS)
    index.search(queries[0])
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index")
        bytes_on_disk = sum(path.stat().st_size for path in (Path(folder) / "index").iterdir())
        show(
            size,
            "open the index",
            f"{1000 * seconds(lambda: Index.open(Path(folder) / 'index')):.1f} ms",
            f"{bytes_on_disk / 1e6:.0f} MB on disk",
        )
        opened = Index.open(Path(folder) / "index")
        del index
        bench_batch(opened, queries)
        bench_single(opened, queries)
        fresh = [Document(f"n{number}", one.title, one.abstract) for number, one in enumerate(patents(1000))]
        show(size, "add 1,000 patents", f"{seconds(lambda: opened.add(fresh)):.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    show(size, "peak memory of the process so far, peers included", f"{peak:.1f} GB")


def main(arguments: list[str]) -> None:
    """Run all sizes asked for."""
    print("| patents | step | ours | beside it |\n|---|---|---|---|")
    for size in [int(argument) for argument in arguments] or [10_000, 100_000]:
        bench_size(size)


if __name__ == "__main__":
    main(sys.argv[1:])
