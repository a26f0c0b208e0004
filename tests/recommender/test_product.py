"""The product that keeps the best: exactly what a dense product and a full sort would keep."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recommender import product
from recommender.product import Rows, best_of_each


def rows_of(matrix: sparse.csr_matrix) -> Rows:
    matrix.sort_indices()
    return Rows(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)


def random_case(demands: int, terms: int, documents: int, seed: int = 0) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    draw = np.random.default_rng(seed)
    asked = sparse.random(demands, terms, 0.2, "csr", np.float32, draw)
    asked.data -= np.float32(0.1)
    # few different weights, so that many documents tie
    postings = sparse.random(terms, documents, 0.1, "csr", np.float32, draw)
    postings.data = np.round(postings.data, 1)
    return asked, postings


def expected(
    asked: sparse.csr_matrix, postings: sparse.csr_matrix, top: int, allowed: np.ndarray | None = None
) -> list[tuple[int, int, float]]:
    table = np.round(asked.toarray().astype(np.float64) @ postings.toarray(), 6)
    if allowed is not None:
        table[:, ~allowed] = 0
    found = []
    for row, values in enumerate(table):
        order = sorted(np.flatnonzero(values > 0).tolist(), key=lambda place: (-values[place], place))
        found += [(row, place, float(values[place])) for place in order[:top]]
    return found


def found(best: product.Best) -> list[tuple[int, int, object]]:
    places = zip(best.rows.tolist(), best.places.tolist(), strict=True)
    return [(row, place, pytest.approx(value, abs=1.5e-6))
            for (row, place), value in zip(places, best.values.tolist(), strict=True)]  # fmt: skip


@pytest.mark.parametrize("documents", [1, 4, 5, 6, 159, 160, 161, 3001])
@pytest.mark.parametrize("top", [1, 5, 20])
def test_the_best_are_those_of_a_dense_product_and_a_full_sort(documents: int, top: int) -> None:
    asked, postings = random_case(9, 60, documents)
    assert expected(asked, postings, top) == found(best_of_each(rows_of(asked), postings, top))


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, postings = random_case(150, 60, 900)
    once = best_of_each(rows_of(asked), postings, 7)
    monkeypatch.setattr(product, "_CELLS", 7 * 900)
    for threads in (1, 2, 5):
        for column, same in zip(best_of_each(rows_of(asked), postings, 7, threads=threads), once, strict=True):
            np.testing.assert_array_equal(column, same)


def test_only_allowed_documents_are_kept() -> None:
    asked, postings = random_case(9, 60, 700)
    allowed = np.random.default_rng(1).random(700) < 0.1
    assert expected(asked, postings, 20, allowed) == found(best_of_each(rows_of(asked), postings, 20, allowed))


def test_equal_values_stand_in_the_order_of_the_documents() -> None:
    postings = sparse.csr_matrix(np.ones((1, 500), dtype=np.float32))
    best = best_of_each(rows_of(sparse.csr_matrix(np.ones((1, 1), dtype=np.float32))), postings, 5)
    assert best.places.tolist() == [0, 1, 2, 3, 4]


def test_a_term_asked_twice_counts_twice_and_neighbouring_lists_stay_apart() -> None:
    postings = sparse.csr_matrix(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1]], dtype=np.float32))
    twice = Rows(np.array([0, 2, 5]), np.array([1, 1, 0, 2, 3]), np.array([1, 1, 3, 9, 1], dtype=np.float32))
    assert found(best_of_each(twice, postings, 3)) == [(0, 1, 2.0), (1, 0, 3.0), (1, 2, 1.0)]


def test_nothing_asked_and_nothing_held_is_nothing_found() -> None:
    nothing = Rows(np.zeros(3, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
    assert found(best_of_each(nothing, sparse.csr_matrix((4, 3), dtype=np.float32), 5)) == []
    asked, _ = random_case(2, 10, 1)
    assert found(best_of_each(rows_of(asked), sparse.csr_matrix((10, 0), dtype=np.float32), 5)) == []
