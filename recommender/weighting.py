"""From counted terms to weights: BM25F term saturation over title and abstract, scikit-learn's IDF over the whole base.

``saturated(d, t) = x / (k1 + x)`` with ``x = sum over fields of weight * tf / (1 - b + b * length / mean length)``
lies in 0..1, so the share of a demand's own term weight that a patent covers lies in 0..1 as well. Source: Robertson,
Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommender.counting import count_terms
from recommender.records import Document
from recommender.settings import Settings
from recommender.text import Array, Tokenizer, normalise_all

Floats = npt.NDArray[np.float32]
Fields = tuple[str, str, bool]
"""Title (or the clause that serves as one) and abstract of a document, and whether it has a title of its own."""
_OPENING = re.compile(
    r"^\W*(?:(?:本|该)?(?:发明|实用新型|申请|技术方案|公开|设计)(?:属于|涉及)[^。；;，,]*[。；;，,]\s*)?"
    r"(?:(?:本|该)(?:发明|实用新型|申请|技术方案|公开|设计))?(?:公开|提供|涉及|揭示|揭露)?了?(?:一种|一类)?"
)
_CLAUSE = re.compile(r"[，,。；;:：]")
_LONGEST_OPENING = 40
LEAST_IDF = 0.1


@dataclass(frozen=True)
class Counted:
    """A chunk of n documents: sorted ``keys`` (v,) of its terms and ``postings`` (v, n), saturated weights in 0..1."""

    keys: Array
    postings: sparse.csr_matrix


def opening_clause(abstract: str) -> str:
    """The first clause of an abstract, at most 40 characters, which serves as title where a patent has none.

    Formulas of patents at its beginning, such as 本发明公开了一种, are left out.
    """
    rest = abstract[_OPENING.match(abstract).end() :]  # type: ignore[union-attr]  # every part is optional
    return _CLAUSE.split(rest, maxsplit=1)[0][:_LONGEST_OPENING]


def all_fields(documents: Sequence[Document]) -> list[Fields]:
    """The normalised title (or what serves as one) and abstract of each document, and whether it has a title."""
    titles = normalise_all([document.title for document in documents])
    abstracts = normalise_all([document.abstract for document in documents])
    return [
        (title.strip() or opening_clause(abstract), abstract, bool(title.strip()))
        for title, abstract in zip(titles, abstracts, strict=True)
    ]


def mean_lengths(texts: Sequence[Fields]) -> tuple[float, float]:
    """Mean number of characters of the non-empty titles and abstracts; 1 where there is none."""
    means = []
    for column in range(2):
        lengths = [len(fields[column]) for fields in texts if fields[column]]  # type: ignore[arg-type]
        means.append(sum(lengths) / len(lengths) if lengths else 1.0)
    return means[0], means[1]


def _factors(texts: Sequence[str], mean: float, b: float, weights: Floats | float) -> Floats:
    """What one occurrence in each text (n,) counts: the weight of the field, less in a text longer than ``mean``."""
    lengths = np.fromiter(map(len, texts), dtype=np.float32, count=len(texts))
    return (weights / (1 - b + b * lengths / np.float32(mean))).astype(np.float32)


def count_chunk(
    texts: Sequence[Fields], means: tuple[float, float], settings: Settings, tokenizer: Tokenizer
) -> Counted:
    """Saturated weights of ``all_fields`` over the vocabulary of this chunk; ``means`` are mean lengths."""
    titled = np.array([has_title for *_, has_title in texts], dtype=bool)
    weights = np.where(titled, settings.title_weight, settings.clause_weight).astype(np.float32)
    factors = np.empty(2 * len(texts), dtype=np.float32)
    factors[0::2] = _factors([title for title, *_ in texts], means[0], settings.title_b, weights)
    factors[1::2] = _factors([abstract for _, abstract, _ in texts], means[1], settings.abstract_b, 1.0)
    found = count_terms([text for title, abstract, _ in texts for text in (title, abstract)], tokenizer)
    values = found.counts.astype(np.float32) * factors[found.texts]
    documents = (found.texts >> 1).astype(np.int32)
    ends = np.cumsum(np.bincount(found.terms, minlength=len(found.keys)))
    postings = sparse.csr_matrix(
        (values, documents, np.concatenate(([0], ends)).astype(np.int32)), shape=(len(found.keys), len(texts))
    )
    # a term that occurs in both fields of a document has two neighbouring entries until here
    postings.sum_duplicates()
    postings.data /= postings.data + np.float32(settings.k1)
    return Counted(found.keys, postings)


def onto_vocabulary(counted: Counted, keys: Array) -> sparse.csr_matrix:
    """The postings of a chunk with the rows of the vocabulary ``keys`` (v,) of an index; unknown terms are dropped."""
    postings, places = counted.postings, np.searchsorted(keys, counted.keys)
    places[places == len(keys)] = 0
    known = np.flatnonzero(keys[places] == counted.keys) if len(keys) else np.zeros(0, dtype=np.int64)
    if len(known) < len(places):
        postings, places = postings[known], places[known]
    ends = np.zeros(len(keys) + 1, dtype=np.int32)
    ends[places + 1] = np.diff(postings.indptr)
    return sparse.csr_matrix(
        (postings.data, postings.indices, np.cumsum(ends, dtype=np.int32)), shape=(len(keys), postings.shape[1])
    )


def document_weights(postings: sparse.csr_matrix, idf: Floats) -> Floats:
    """The weight of each document (n,): the sum of its saturated term weights (v, n) times their IDF (v,)."""
    return np.asarray(postings.T @ idf, dtype=np.float32)


def pivoted(postings: sparse.csr_matrix, weights: Floats, mean_weight: float, power: float) -> sparse.csr_matrix:
    """The postings (v, n) with every document divided by (its weight / mean weight) to the ``power``.

    ``weights`` (n,) are the document weights. This is the pivoted unique normalisation of Singhal, Buckley and Mitra
    (SIGIR 1996), with the worth of the terms in place of their number. A document without terms stays as it is.
    """
    factor = np.where(weights > 0, np.maximum(weights, 1e-6) / np.float32(mean_weight), 1) ** np.float32(-power)
    data = postings.data * factor.astype(np.float32)[postings.indices]
    return sparse.csr_matrix((data, postings.indices, postings.indptr), shape=postings.shape)


def inverse_document_frequencies(document_counts: npt.NDArray[np.int64], documents: int) -> Floats:
    """IDF (v,) of terms found in ``document_counts`` (v,) of ``documents``: ln((1 + n) / (1 + df)) + 0.1.

    scikit-learn's smooth IDF (``TfidfTransformer``) with 0.1 in place of its constant 1. So a term of every
    document weighs next to nothing, as in BM25, and a base of one document can still be searched.
    """
    return (np.log((1.0 + documents) / (1.0 + document_counts)) + LEAST_IDF).astype(np.float32)
