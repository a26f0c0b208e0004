"""What else could find the best patents for a demand: established libraries on the same terms, where installed.

Each peer gets the terms already cut (numbers of our vocabulary) and answers without reasons, so its figures leave out
what ours hold: reading the demand, the thesaurus and the reasons. The development group installs ``bm25s``, ``tantivy``
and ``sparse-dot-topn``; ``jieba`` is compared where somebody installed it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.metrics.pairwise import cosine_similarity

from recommender.product import Rows

Search = Callable[[Sequence[int]], Any]
"""The best patents for one demand given as numbers of terms."""


def installed(name: str) -> bool:
    """Whether a library can be imported."""
    return importlib.util.find_spec(name) is not None


def naive(matrix: sparse.csr_matrix, weights: sparse.csr_matrix, top: int) -> None:
    """What everyone writes: all similarities as a dense table, then a full sort; ``weights`` (n, v) by patent."""
    np.argsort(-cosine_similarity(matrix, weights), axis=1)[:, :top]


def plain(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """In memory with 32-bit places, as sparse_dot_topn wants it."""
    places = np.array(matrix.indices, dtype=np.int32), np.array(matrix.indptr, dtype=np.int32)
    return sparse.csr_matrix((np.array(matrix.data), *places), shape=matrix.shape)


def matrix_of(asked: Rows, terms: int) -> sparse.csr_matrix:
    """The same demands (q, ``terms``) as a matrix with 32-bit places."""
    places = asked.columns.astype(np.int32), asked.ends.astype(np.int32)
    return sparse.csr_matrix((asked.weights, *places), shape=(len(asked), terms))


def established_product(matrix: sparse.csr_matrix, postings: list[sparse.csr_matrix], top: int, threads: int) -> None:
    """sparse_dot_topn's product over the same matrices."""
    from sparse_dot_topn import sp_matmul_topn

    for part in postings:
        sp_matmul_topn(matrix, part, top, sort=True, n_threads=threads)


def copied_lists(asked: Rows, postings: sparse.csr_matrix) -> None:
    """The sums alone, by copying the posting lists of each demand into a matrix of their own."""
    for row in range(len(asked)):
        one = asked.one(row)
        postings[one.columns].T @ one.weights


def rows_of(matrix: sparse.csr_matrix) -> list[list[int]]:
    """The numbers of the terms of each row."""
    return [part.tolist() for part in np.split(matrix.indices, matrix.indptr[1:-1])]


def bm25s_search(patents: list[list[int]], top: int) -> Search:
    """An index of bm25s (Lucene's BM25) and its search."""
    import bm25s

    names = {str(term): term for term in sorted({term for row in patents for term in row})}
    dense = {term: place for place, term in enumerate(names.values())}
    index = bm25s.BM25()
    index.index(([[dense[term] for term in row] for row in patents], {name: dense[names[name]] for name in names}),
                create_empty_token=False, show_progress=False)  # fmt: skip

    def search(terms: Sequence[int]) -> Any:
        asked = [[str(term) for term in terms if term in dense]]
        return index.retrieve(asked, k=top, show_progress=False, n_threads=0)

    return search


def tantivy_search(patents: list[list[int]], top: int) -> Search:
    """An index of tantivy (BM25) in memory over the terms as words, and its search."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for row in patents:
        document = tantivy.Document()
        document.add_text("terms", " ".join(map(str, row)))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(terms: Sequence[int]) -> Any:
        wanted = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", str(term))) for term in terms]
        return searcher.search(tantivy.Query.boolean_query(wanted), top)

    return search


ENGINES: dict[str, Callable[[list[list[int]], int], Search]] = {"bm25s": bm25s_search, "tantivy": tantivy_search}
