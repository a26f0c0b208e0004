"""Building an index: count in chunks (on several processes when asked), one vocabulary, then segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    count_chunk,
    fields,
    inverse_document_frequencies,
    masses,
    mean_lengths,
    onto_vocabulary,
    pivoted,
)

CHUNK = 5_000
LARGEST_SEGMENT = 250_000


def _count(job: tuple[list[tuple[str, str]], tuple[float, float], Settings, Tokenizer]) -> Counted:
    return count_chunk(*job)


def _counted(
    texts: Sequence[tuple[str, str]], means: tuple[float, float], settings: Settings, tokenizer: Tokenizer, workers: int
) -> list[Counted]:
    jobs = [(list(texts[start : start + CHUNK]), means, settings, tokenizer) for start in range(0, len(texts), CHUNK)]
    if workers <= 1 or len(jobs) == 1:
        return [_count(job) for job in jobs]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_count, jobs))


def _vocabulary(chunks: Sequence[Counted]) -> tuple[Array, npt.NDArray[np.int64]]:
    """All terms (v,) sorted, and in how many documents each stands."""
    keys = np.unique(np.concatenate([chunk.keys for chunk in chunks])) if chunks else np.zeros(0, dtype=np.uint64)
    frequencies = np.zeros(len(keys), dtype=np.int64)
    for chunk in chunks:
        counts = np.bincount(chunk.weights.indices, minlength=len(chunk.keys))
        frequencies[np.searchsorted(keys, chunk.keys)] += counts
    return keys, frequencies


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
    texts = [fields(document) for document in kept]
    means = mean_lengths(texts)
    counted = _counted(texts, means, settings, tokenizer, workers)
    keys, frequencies = _vocabulary(counted)
    idf = inverse_document_frequencies(frequencies, len(kept))
    mass = [masses(chunk.weights, idf[np.searchsorted(keys, chunk.keys)]) for chunk in counted]
    mean_mass = float(np.concatenate(mass).mean()) if mass else 1.0
    segments = []
    step = LARGEST_SEGMENT // CHUNK
    for first in range(0, len(counted), step):
        rows = [
            pivoted(onto_vocabulary(chunk, keys), own, mean_mass, settings.mass_power)
            for chunk, own in zip(counted[first : first + step], mass[first : first + step], strict=True)
        ]
        documents_here = kept[first * CHUNK : (first + step) * CHUNK]
        segments.append(Segment.of(documents_here, sparse.vstack(rows, format="csr")))
    thesaurus = shipped() if thesaurus is None else thesaurus
    return Index(settings, thesaurus, keys, idf, len(kept), means, mean_mass, tuple(segments), tokenizer)
