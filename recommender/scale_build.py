"""Building an index on a cluster (``scale_out``): count everywhere, merge one vocabulary here, weigh everywhere.

Documents are laid into the folder that all workers see, in the chunks of ``building``, and the segments are written
there by the workers. Every step is a function of these files, so what a lost worker held is worked out again. The files
are the same, byte for byte, as those that ``building`` and ``index_files`` write in one process.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender import storage
from recommender.building import (
    CHUNK,
    LARGEST_SEGMENT,
    chunk_weights,
    count_texts,
    document_counts,
    latest_of_each_id,
    merged_vocabulary,
    segments_of,
)
from recommender.index import Index
from recommender.index_files import facts_of, segment_prefix
from recommender.records import Document
from recommender.scale_out import Cluster, Future
from recommender.settings import Settings
from recommender.text import Array
from recommender.weighting import Counted, Fields, Floats, all_fields, inverse_document_frequencies

_WORK = "work"
_PER_SEGMENT = LARGEST_SEGMENT // CHUNK
Lengths = tuple[int, int, int, int]


def build_on_cluster(
    cluster: Cluster, documents: Iterable[Document], folder: Path, settings: Settings | None = None
) -> None:
    """Build the index of ``documents`` into ``folder``, which the workers see under the same name.

    Raises ClusterFault; then the folder is as it was.
    """
    settings, kept = settings or Settings(), latest_of_each_id(documents)
    fresh = storage.fresh_folder(folder)
    try:
        index, parts, segments = _built(cluster, kept, fresh, settings)
        shutil.rmtree(fresh / _WORK)
        storage.swap_in(fresh, folder, facts_of(index, segments), parts)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _built(
    cluster: Cluster, kept: Sequence[Document], fresh: Path, settings: Settings
) -> tuple[Index, storage.Parts, int]:
    """An index without its segments, which lie in ``fresh`` by now; all parts written, and how many segments."""
    work = fresh / _WORK
    work.mkdir()
    starts = range(0, len(kept), CHUNK)
    for number, first in enumerate(starts):
        rows = [[one.id, one.title, one.abstract, *one.ipc] for one in kept[first : first + CHUNK]]
        (work / f"{number}.json").write_text(json.dumps(rows), "ascii")
    chunks = range(len(starts))
    means = _means(cluster.gathered([_submit(cluster, one, _lengths, work, one) for one in chunks]))
    counted = [_submit(cluster, one, _count, work, one, means, settings) for one in chunks]
    found = cluster.gathered([_submit(cluster, one, document_counts, counted[one]) for one in chunks])
    keys, frequencies = merged_vocabulary(found)
    idf = inverse_document_frequencies(frequencies, len(kept))
    parts = storage.write_parts(fresh, {"vocabulary": keys, "idf": idf})
    weights = cluster.gathered([_submit(cluster, one, _weights, fresh, counted[one]) for one in chunks])
    mean_weight = float(np.concatenate(weights).mean()) if weights else 1.0
    written = []
    for first in range(0, len(chunks), _PER_SEGMENT):
        own = list(chunks[first : first + _PER_SEGMENT])
        given = [counted[one] for one in own], [weights[one] for one in own]
        name = segment_prefix(first // _PER_SEGMENT)
        written.append(_submit(cluster, first, _segment, fresh, name, own, *given, mean_weight, settings))
    for one in cluster.gathered(written):
        parts |= one
    return Index(settings, keys, idf, len(kept), means, mean_weight, ()), parts, len(written)


def _submit(cluster: Cluster, chunk: int, work: Any, *given: Any) -> Future:
    """All chunks of a segment are counted where that segment is written."""
    return cluster.submit(chunk // _PER_SEGMENT, work, *given)


def _means(found: Sequence[Lengths]) -> tuple[float, float]:
    """As ``weighting.mean_lengths``, from the sums of all chunks."""
    titles, titled, abstracts, told = (sum(column) for column in zip(*found, strict=True)) if found else (0, 0, 0, 0)
    return titles / titled if titled else 1.0, abstracts / told if told else 1.0


# On the workers.


def _documents(work: Path, chunk: int) -> list[Document]:
    rows = json.loads((work / f"{chunk}.json").read_text("ascii"))
    return [Document(row[0], row[1], row[2], tuple(row[3:])) for row in rows]


def _fields(work: Path, chunk: int) -> list[Fields]:
    return all_fields(_documents(work, chunk))


def _lengths(work: Path, chunk: int) -> Lengths:
    """Characters of the titles, how many are not empty, and the same of the abstracts."""
    texts = _fields(work, chunk)
    titles, abstracts = [len(text[0]) for text in texts if text[0]], [len(text[1]) for text in texts if text[1]]
    return sum(titles), len(titles), sum(abstracts), len(abstracts)


def _count(work: Path, chunk: int, means: tuple[float, float], settings: Settings) -> Counted:
    return count_texts(_fields(work, chunk), means, settings)[0]


def _vocabulary(fresh: Path, name: str) -> Array:
    array: Array = np.load(fresh / f"{name}.npy", mmap_mode="r")
    return array


def _weights(fresh: Path, counted: Counted) -> Floats:
    return chunk_weights(counted, np.asarray(_vocabulary(fresh, "vocabulary")), np.asarray(_vocabulary(fresh, "idf")))


def _segment(
    fresh: Path,
    name: str,
    chunks: Sequence[int],
    counted: Sequence[Counted],
    weights: Sequence[Floats],
    mean_weight: float,
    settings: Settings,
) -> storage.Parts:
    """Write one segment, its files named so; what the manifest says of its files."""
    documents = [document for chunk in chunks for document in _documents(fresh / _WORK, chunk)]
    keys = np.asarray(_vocabulary(fresh, "vocabulary"))
    (segment,) = segments_of(documents, counted, weights, keys, mean_weight, settings)
    return storage.write_parts(fresh, segment.arrays(name))
