"""The peers' times beside ours, on the same terms: scikit-learn, sparse_dot_topn, bm25s, tantivy."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bench._peers import ENGINES, copied_lists, established_product, installed, matrix_of, naive, plain, rows_of
from bench._table import Spent, milliseconds, show, spent, times
from bench._usual import words
from recommender import Document, Index, Query
from recommender.product import Rows, best_of_each

NAIVE_LIMIT = 20_000
ENGINE_LIMIT = 100_000
PEER_SINGLES = 50


def _over_segments(index: Index, work: Callable[[sparse.csr_matrix], None], repeats: int) -> Spent:
    """Of all segments together, one copied into memory at a time, since the peers cannot use what is mapped."""
    wall = cpu = 0.0
    for segment in index.segments:
        part = spent(partial(work, plain(segment.postings)), repeats)
        wall, cpu = wall + part.wall, cpu + part.cpu
    return Spent(wall, cpu)


def compare_batch(index: Index, asked: Rows, top: int, threads: int, ours: Spent) -> tuple[str, str]:
    """Goal and peers of the product of all demands."""
    size = index.size
    matrix = matrix_of(asked, len(index.vocabulary))
    # CPU time of one thread, wall time of several
    measure = 1 if threads == 1 else 0
    peers = []
    if installed("sparse_dot_topn"):
        other = _over_segments(index, lambda part: established_product(matrix, [part], top, threads),
                               2 if size <= ENGINE_LIMIT else 1)  # fmt: skip
        peers.append(f"sparse_dot_topn {other}: {times(ours[measure], other[measure])}")
    if size <= NAIVE_LIMIT and threads == 1:
        usual = spent(partial(naive, matrix, plain(index.segments[0].postings).T.tocsr(), top), 2)
        peers.append(f"scikit-learn {usual}: {times(ours.cpu, usual.cpu)}")
    if threads == 1:
        copied = _over_segments(index, partial(copied_lists, asked), 2 if size <= ENGINE_LIMIT else 1)
        peers.append(f"lists copied by SciPy, sums alone {copied}: {times(ours.cpu, copied.cpu)}")
    return ("1.2 x sparse_dot_topn at most" if size < 1_000_000 else "0.5 x sparse_dot_topn at most"), ", ".join(peers)


def compare_single(index: Index, asked: Rows, top: int, ours: float) -> None:
    """One demand at a time on the same terms; ``ours`` is our median in milliseconds."""
    size = index.size
    if size > ENGINE_LIMIT:
        return
    by_patent = sparse.vstack([plain(segment.postings).T.tocsr() for segment in index.segments], format="csr")
    matrix = matrix_of(asked, len(index.vocabulary))[:PEER_SINGLES]
    few = size <= NAIVE_LIMIT
    usual = milliseconds(lambda row: naive(matrix[row], by_patent, top), list(range(5 if few else 2)), few)
    _line(size, "scikit-learn", usual, ours, "30 times as fast at least")
    if installed("sparse_dot_topn"):
        postings = [plain(segment.postings) for segment in index.segments]
        each = [plain(matrix[row]) for row in range(PEER_SINGLES)]
        other = milliseconds(lambda row: established_product(row, postings, top, 1), each)
        _line(size, "sparse_dot_topn", other, ours)
    terms, asked_terms = rows_of(by_patent), rows_of(matrix)
    for name, engine in ENGINES.items():
        if installed(name):
            started = time.process_time()
            search = engine(terms, top)
            build = time.process_time() - started
            _line(size, f"{name} (its index of the cut terms: CPU {build:.1f} s)",
                  milliseconds(search, asked_terms), ours)  # fmt: skip


def _line(size: int, name: str, peer: tuple[float, float], ours: float, goal: str = "") -> None:
    beside = f"{name} {peer[0]:.1f} / {peer[1]:.1f} ms: {times(ours, peer[0])}"
    show(size, "its search alone, terms known", f"{ours:.1f} ms", goal, beside)


def words_only(documents: list[Document], queries: list[Query], top: int) -> None:
    """The product alone on what everyone would index: TF-IDF of words, as scikit-learn makes it."""
    vectorizer = TfidfVectorizer(analyzer=words)
    by_patent = vectorizer.fit_transform(f"{one.title}\n{one.abstract}" for one in documents)
    by_demand = vectorizer.transform(f"{one.title}\n{one.text}" for one in queries)
    matrix = plain(by_demand.astype(np.float32))
    postings = plain(by_patent.astype(np.float32).T.tocsr())
    matrix.sort_indices()
    asked = Rows(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)
    usual = spent(partial(naive, by_demand, by_patent, top), 2)
    for threads in (1, 2):
        ours = spent(partial(best_of_each, asked, postings, top, None, threads), 5)
        measure = 1 if threads == 1 else 0
        peers = [f"scikit-learn {usual}: {times(ours[measure], usual[measure])}"]
        if installed("sparse_dot_topn"):
            other = spent(partial(established_product, matrix, [postings], top, threads), 3)
            peers.append(f"sparse_dot_topn {other}: {times(ours[measure], other[measure])}")
        show(len(documents), f"words only: product and top {top} of {len(queries)} demands, {threads} thread(s)",
             str(ours), "15 times as fast as scikit-learn", ", ".join(peers))  # fmt: skip
