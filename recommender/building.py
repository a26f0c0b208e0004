"""Building an index: count in chunks (on several processes when asked), one vocabulary, then segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommender.index import Index, last_of_each_id
from recommender.records import Document
from recommender.segment import Segment
from recommender.settings import Settings
from recommender.text import Array, Tokenizer, jieba_words
from recommender.thesaurus import Thesaurus, shipped
from recommender.weighting import (
    Counted,
    Floats,
    all_fields,
    count_chunk,
    inverse_document_frequencies,
    masses,
    mean_lengths,
    onto_vocabulary,
    pivoted,
)

CHUNK = 5_000
LARGEST_SEGMENT = 125_000


def _count(job: tuple[list[tuple[str, str]], tuple[float, float], Settings, Tokenizer]) -> Counted:
    return count_chunk(*job)


def count_texts(
    texts: Sequence[tuple[str, str]],
    means: tuple[float, float],
    settings: Settings,
    tokenizer: Tokenizer = jieba_words,
    workers: int = 1,
) -> list[Counted]:
    """Saturated weights of (title, abstract) pairs in chunks of ``CHUNK``, on ``workers`` processes."""
    jobs = [(list(texts[start : start + CHUNK]), means, settings, tokenizer) for start in range(0, len(texts), CHUNK)]
    if workers <= 1 or len(jobs) == 1:
        return [_count(job) for job in jobs]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_count, jobs))


def merged_vocabulary(parts: Sequence[tuple[Array, npt.NDArray[np.int64]]]) -> tuple[Array, npt.NDArray[np.int64]]:
    """All terms (v,) sorted, and in how many documents each stands, from the sorted terms and counts of parts."""
    keys = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *(part[0] for part in parts)]))
    keys = keys[np.flatnonzero(np.diff(keys, prepend=keys[:1] - np.uint64(1)))]
    frequencies = np.zeros(len(keys), dtype=np.int64)
    for own, counts in parts:
        frequencies[np.searchsorted(keys, own)] += counts
    return keys, frequencies


def document_counts(chunk: Counted) -> tuple[Array, npt.NDArray[np.int64]]:
    """A chunk's terms and in how many of its documents each stands."""
    return chunk.keys, np.diff(chunk.postings.indptr).astype(np.int64)


def chunk_masses(chunk: Counted, keys: Array, idf: Floats) -> Floats:
    """``weighting.masses`` of a chunk under the whole base's ``idf`` of ``keys``."""
    return masses(chunk.postings, idf[np.searchsorted(keys, chunk.keys)])


def segments_of(
    documents: Sequence[Document],
    counted: Iterable[Counted],
    mass: Sequence[Floats],
    keys: Array,
    mean_mass: float,
    settings: Settings,
) -> tuple[Segment, ...]:
    """Counted chunks of ``documents`` (in order, ``CHUNK`` each) as segments over the whole base's vocabulary.

    Chunks are taken one by one, so that an iterator which lets them go keeps the memory of one segment only.
    """
    segments = []
    step = LARGEST_SEGMENT // CHUNK
    chunks = iter(counted)
    for first in range(0, len(mass), step):
        parts = [
            pivoted(onto_vocabulary(chunk, keys), own, mean_mass, settings.mass_power)
            for own, chunk in zip(mass[first : first + step], chunks, strict=False)
        ]
        here = documents[first * CHUNK : (first + step) * CHUNK]
        postings = parts[0] if len(parts) == 1 else sparse.hstack(parts, format="csr")
        del parts
        segments.append(Segment.of(here, postings))
    return tuple(segments)


def _let_go(counted: list[Counted]) -> Iterator[Counted]:
    counted.reverse()
    while counted:
        yield counted.pop()


def build_index(
    documents: Iterable[Document],
    settings: Settings | None = None,
    thesaurus: Thesaurus | None = None,
    tokenizer: Tokenizer = jieba_words,
    workers: int = 1,
) -> Index:
    """Count, weigh and invert ``documents``; the last one of each id wins. ``workers`` processes share the counting."""
    settings = settings or Settings()
    kept = last_of_each_id(documents)
    texts = all_fields(kept)
    means = mean_lengths(texts)
    counted = count_texts(texts, means, settings, tokenizer, workers)
    del texts
    keys, frequencies = merged_vocabulary([document_counts(chunk) for chunk in counted])
    idf = inverse_document_frequencies(frequencies, len(kept))
    mass = [chunk_masses(chunk, keys, idf) for chunk in counted]
    mean_mass = float(np.concatenate(mass).mean()) if mass else 1.0
    segments = segments_of(kept, _let_go(counted), mass, keys, mean_mass, settings)
    thesaurus = shipped() if thesaurus is None else thesaurus
    return Index(settings, thesaurus, keys, idf, len(kept), means, mean_mass, segments, tokenizer)
