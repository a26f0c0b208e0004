"""Building an index and adding documents to one: count in chunks, merge one vocabulary, weigh, cut into segments.

Counting is the slow part and can be shared by several processes. ``scale_out`` uses the same steps on a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommender.index import Index
from recommender.records import Document
from recommender.segment import Segment
from recommender.settings import Settings
from recommender.text import Array, Tokenizer, jieba_words
from recommender.weighting import (
    Counted,
    Fields,
    Floats,
    all_fields,
    count_chunk,
    document_weights,
    inverse_document_frequencies,
    mean_lengths,
    onto_vocabulary,
    pivoted,
)

CHUNK = 5_000
LARGEST_SEGMENT = 125_000


def latest_of_each_id(documents: Iterable[Document]) -> list[Document]:
    """The documents in the order their ids first occur; of several with the same id the last one."""
    return list({document.id: document for document in documents}.values())


def _count(job: tuple[list[Fields], tuple[float, float], Settings, Tokenizer]) -> Counted:
    return count_chunk(*job)


def count_texts(
    texts: Sequence[Fields],
    means: tuple[float, float],
    settings: Settings,
    tokenizer: Tokenizer = jieba_words,
    workers: int = 1,
) -> list[Counted]:
    """Saturated weights of ``all_fields`` in chunks of ``CHUNK``, counted by ``workers`` processes."""
    jobs = [(list(texts[start : start + CHUNK]), means, settings, tokenizer) for start in range(0, len(texts), CHUNK)]
    if workers <= 1 or len(jobs) == 1:
        return [_count(job) for job in jobs]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_count, jobs))


def merged_vocabulary(parts: Sequence[tuple[Array, npt.NDArray[np.int64]]]) -> tuple[Array, npt.NDArray[np.int64]]:
    """All terms (v,), sorted, and in how many documents each occurs, from the sorted terms and counts of parts."""
    keys = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *(part[0] for part in parts)]))
    keys = keys[np.flatnonzero(np.diff(keys, prepend=keys[:1] - np.uint64(1)))]
    frequencies = np.zeros(len(keys), dtype=np.int64)
    for own, counts in parts:
        frequencies[np.searchsorted(keys, own)] += counts
    return keys, frequencies


def document_counts(chunk: Counted) -> tuple[Array, npt.NDArray[np.int64]]:
    """The terms of a chunk and in how many of its documents each occurs."""
    return chunk.keys, np.diff(chunk.postings.indptr).astype(np.int64)


def chunk_weights(chunk: Counted, keys: Array, idf: Floats) -> Floats:
    """Document weights of a chunk under the ``idf`` (v,) of the whole base for the terms ``keys`` (v,)."""
    return document_weights(chunk.postings, idf[np.searchsorted(keys, chunk.keys)])


def segments_of(
    documents: Sequence[Document],
    counted: Iterable[Counted],
    weights: Sequence[Floats],
    keys: Array,
    mean_weight: float,
    settings: Settings,
) -> tuple[Segment, ...]:
    """Counted chunks of ``documents`` (in order, ``CHUNK`` each) as segments over the vocabulary of the whole base.

    ``weights`` holds the document weights of each chunk. Chunks are taken one by one: an iterator that drops each chunk
    it has given keeps the memory of one segment only.
    """
    segments = []
    step = LARGEST_SEGMENT // CHUNK
    chunks = iter(counted)
    for first in range(0, len(weights), step):
        parts = [
            pivoted(onto_vocabulary(chunk, keys), own, mean_weight, settings.document_weight_power)
            for own, chunk in zip(weights[first : first + step], chunks, strict=False)
        ]
        here = documents[first * CHUNK : (first + step) * CHUNK]
        postings = parts[0] if len(parts) == 1 else sparse.hstack(parts, format="csr")
        del parts
        segments.append(Segment.of(here, postings))
    return tuple(segments)


def _dropping(counted: list[Counted]) -> Iterator[Counted]:
    """The chunks in order; each one leaves the list when it is given, so that its memory can be freed."""
    counted.reverse()
    while counted:
        yield counted.pop()


def build_index(
    documents: Iterable[Document],
    settings: Settings | None = None,
    tokenizer: Tokenizer = jieba_words,
    workers: int = 1,
) -> Index:
    """Count, weigh and invert ``documents``; the last one of each id wins. ``workers`` processes share the counting."""
    settings = settings or Settings()
    kept = latest_of_each_id(documents)
    texts = all_fields(kept)
    means = mean_lengths(texts)
    counted = count_texts(texts, means, settings, tokenizer, workers)
    del texts
    keys, frequencies = merged_vocabulary([document_counts(chunk) for chunk in counted])
    idf = inverse_document_frequencies(frequencies, len(kept))
    weights = [chunk_weights(chunk, keys, idf) for chunk in counted]
    mean_weight = float(np.concatenate(weights).mean()) if weights else 1.0
    segments = segments_of(kept, _dropping(counted), weights, keys, mean_weight, settings)
    return Index(settings, keys, idf, len(kept), means, mean_weight, segments, tokenizer)


def add_documents(index: Index, documents: Iterable[Document]) -> Index:
    """The index with ``documents`` as a new segment, searchable at once; one with an id already held replaces it.

    Document frequencies and vocabulary stay those of the build, so terms that are new to the base are not found until
    the next build. Without documents the same index is returned.
    """
    fresh = latest_of_each_id(documents)
    if not fresh:
        return index
    kept = index.remove([document.id for document in fresh])
    counted = count_chunk(all_fields(fresh), index.mean_lengths, index.settings, index.tokenizer)
    postings = onto_vocabulary(counted, index.vocabulary)
    weights = document_weights(postings, index.idf)
    postings = pivoted(postings, weights, index.mean_weight, index.settings.document_weight_power)
    return replace(kept, segments=(*kept.segments, Segment.of(fresh, postings)), token="")
