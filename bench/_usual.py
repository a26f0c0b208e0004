"""What everyone would write first: the usual rankings that ours is compared with, on the same texts.

Plain scikit-learn, one string a document (title and abstract) and one a demand (title and text), each way in the form
that does best on the graded demands: TF-IDF with 1 + log tf, without punctuation. BM25 is the usual one (Robertson and
Zaragoza 2009) with k1 1.2 and b 0.75.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import rjieba
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from recommender import Document, Query

Rank = Callable[[Sequence[str]], sparse.csr_matrix]
"""Texts of demands to their scores, (demands, documents)."""
Run = dict[str, list[tuple[str, float]]]
K1, B = 1.2, 0.75


def words(text: str) -> list[str]:
    """Words of a Chinese text, without those of white space or punctuation alone."""
    return [word for word in rjieba.cut(text.lower()) if any(character.isalnum() for character in word)]


def characters(text: str) -> list[str]:
    """Single characters and neighbouring pairs that are all letters or digits."""
    runs = "".join(character if character.isalnum() else " " for character in text.lower()).split()
    return [run[place : place + size] for run in runs for size in (1, 2) for place in range(len(run) - size + 1)]


def words_and_characters(text: str) -> list[str]:
    """Both; a word of one or two characters counts once more than its characters, as when two lists are joined."""
    return words(text) + characters(text)


def cosine_of(texts: Sequence[str], analyzer: Callable[[str], list[str]]) -> Rank:
    """TF-IDF cosine as scikit-learn's TfidfVectorizer gives it, with 1 + log tf."""
    vectorizer = TfidfVectorizer(analyzer=analyzer, sublinear_tf=True)
    matrix = vectorizer.fit_transform(texts).T.tocsr()
    return lambda asked: (vectorizer.transform(asked) @ matrix).tocsr()


def bm25_of(texts: Sequence[str], analyzer: Callable[[str], list[str]]) -> Rank:
    """BM25; a term of the demand counts as often as it stands there."""
    vectorizer = CountVectorizer(analyzer=analyzer, dtype=np.float64)
    counts = vectorizer.fit_transform(texts).tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log1p((len(texts) - holding + 0.5) / (holding + 0.5))
    norm = np.repeat(K1 * (1 - B + B * lengths / lengths.mean()), np.diff(counts.indptr))
    counts.data = idf[counts.indices] * counts.data * (K1 + 1) / (counts.data + norm)
    weights = counts.T.tocsr()
    return lambda asked: (vectorizer.transform(asked) @ weights).tocsr()


CHARACTERS = "TF-IDF cosine, characters 1-2"
USUAL: dict[str, Callable[[Sequence[str]], Rank]] = {
    CHARACTERS: lambda texts: cosine_of(texts, characters),
    "TF-IDF cosine, words": lambda texts: cosine_of(texts, words),
    "BM25, words + characters 1-2": lambda texts: bm25_of(texts, words_and_characters),
    "BM25, characters 1-2": lambda texts: bm25_of(texts, characters),
}


def text_of(document: Document) -> str:
    """What the usual way indexes of a patent."""
    return f"{document.title} {document.abstract}"


def rank_usual(name: str, documents: Sequence[Document], queries: Sequence[Query], depth: int) -> Run:
    """The first ``depth`` documents of each query, best first; equal scores stand in the order of the documents."""
    rank = USUAL[name]([text_of(document) for document in documents])
    scores = rank([f"{query.title} {query.text}" for query in queries])
    run: Run = {}
    for place, query in enumerate(queries):
        row = scores[place].toarray().ravel()
        best = np.argsort(-row, kind="stable")[:depth]
        run[query.id] = [(documents[number].id, float(row[number])) for number in best if row[number] > 0]
    return run
