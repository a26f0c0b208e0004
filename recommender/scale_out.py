"""Matching on a dask.distributed cluster: the index is cut into shards, and every worker scores its own documents.

Document frequencies and means are those of the whole base, so each shard is an ordinary ``Matcher`` over a part of the
documents and the merged answer equals the one of a single process. Shards stay in the memory of the workers. Needs the
extra ``scale``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from recommender.building import (
    chunk_weights,
    count_texts,
    document_counts,
    latest_of_each_id,
    merged_vocabulary,
    segments_of,
)
from recommender.demand import whole_text
from recommender.feedback import Feedback
from recommender.index import Index
from recommender.judging import LOOKED_AT, prose_of, short_demands
from recommender.matcher import Matcher
from recommender.ranking import joined_tables
from recommender.records import Document, MatchTable, Query
from recommender.settings import Settings
from recommender.text import Array, normalise
from recommender.thesaurus import Thesaurus, shipped
from recommender.weighting import Counted, Floats, all_fields, inverse_document_frequencies, mean_lengths

if TYPE_CHECKING:
    from distributed import Client

Future = Any


@dataclass(frozen=True)
class _Base:
    """What every worker must know of the whole base to weigh its own documents."""

    settings: Settings
    keys: Array
    idf: Floats
    documents: int
    means: tuple[float, float]

    def index(self, segments: tuple[Any, ...], mean_weight: float) -> Index:
        """An index of these segments under the statistics of the whole base."""
        return Index(self.settings, self.keys, self.idf, self.documents, self.means, mean_weight, segments)


@dataclass(frozen=True)
class ShardedMatcher:
    """Futures of the matchers of all shards, in the order of the documents; ``model`` is named as in one process."""

    client: Client
    shards: tuple[Future, ...]
    model: str
    size: int

    @classmethod
    def build(
        cls,
        client: Client,
        documents: Iterable[Document],
        shards: int = 2,
        settings: Settings | None = None,
        thesaurus: Thesaurus | None = None,
    ) -> ShardedMatcher:
        """Build ``shards`` indexes on the cluster: count everywhere, merge the vocabulary here, weigh everywhere."""
        settings, thesaurus = settings or Settings(), shipped() if thesaurus is None else thesaurus
        kept = latest_of_each_id(documents)
        means = mean_lengths(all_fields(kept))
        size = max(1, -(-len(kept) // shards))
        parts = client.scatter([kept[first : first + size] for first in range(0, len(kept), size)], hash=False)
        counted = [client.submit(_count, part, means, settings, pure=False) for part in parts]
        merged = merged_vocabulary(client.gather([client.submit(_counts, one, pure=False) for one in counted]))
        base = _Base(settings, merged[0], inverse_document_frequencies(merged[1], len(kept)), len(kept), means)
        sent, book = client.scatter([base, thesaurus], broadcast=True, hash=False)
        weights = [client.submit(_weights, one, sent, pure=False) for one in counted]
        every = [chunk for shard in client.gather(weights) for chunk in shard]
        mean_weight = float(np.concatenate(every).mean()) if every else 1.0
        built = [
            client.submit(_shard, part, one, own, sent, mean_weight, book, pure=False)
            for part, one, own in zip(parts, counted, weights, strict=True)
        ]
        return cls(client, tuple(built), Matcher(base.index((), mean_weight), thesaurus).model, len(kept))

    def __len__(self) -> int:
        """How many documents can be found."""
        return self.size

    def match(
        self, queries: Sequence[Query], top: int = 20, feedback: Mapping[str, Feedback] | None = None
    ) -> MatchTable:
        """The best ``top`` documents of all shards for each demand, as ``Matcher.match`` gives them."""
        if not queries:
            return MatchTable()
        asked = self.client.scatter(list(queries), broadcast=True, hash=False)
        short = short_demands([normalise(whole_text(query)) for query in queries], prose_of(queries))
        depth = max(top, LOOKED_AT) if short.any() else top
        tables = [self.client.submit(_match, shard, asked, depth, feedback, pure=False) for shard in self.shards]
        return _best_of(self.client.gather(tables), queries, np.where(short, depth, top), top)


def _best_of(
    tables: Sequence[MatchTable], queries: Sequence[Query], depths: npt.NDArray[np.int64], top: int
) -> MatchTable:
    """One table from those of the shards; equal scores are taken in the order of the shards. ``depths`` (queries,):
    how many documents of each demand one process would judge."""
    every = joined_tables(tables)
    row_of = {query.id: row for row, query in enumerate(queries)}
    rows = np.array([row_of[name] for name in every.query_ids], dtype=np.int64)
    # those that cover most are chosen first, as one process does; then the best score comes first
    order = np.lexsort((np.arange(len(rows)), -every.coverage, rows))
    starts = np.searchsorted(rows[order], rows[order], side="left")
    order = order[np.arange(len(order)) - starts < depths[rows[order]]]
    order = order[np.lexsort((np.arange(len(order)), -every.scores[order], rows[order]))]
    order = order[np.arange(len(order)) - np.searchsorted(rows[order], rows[order]) < top]
    return MatchTable(
        [every.query_ids[place] for place in order],
        [every.document_ids[place] for place in order],
        every.scores[order],
        every.coverage[order],
    )


# The functions below run on the workers.


def _match(shard: Matcher, queries: list[Query], top: int, feedback: Mapping[str, Feedback] | None) -> MatchTable:
    return shard.match(queries, top, threads=1, feedback=feedback)


def _count(documents: list[Document], means: tuple[float, float], settings: Settings) -> list[Counted]:
    return count_texts(all_fields(documents), means, settings)


def _counts(counted: list[Counted]) -> tuple[Array, Any]:
    return merged_vocabulary([document_counts(chunk) for chunk in counted])


def _weights(counted: list[Counted], base: _Base) -> list[Floats]:
    return [chunk_weights(chunk, base.keys, base.idf) for chunk in counted]


def _shard(
    documents: list[Document],
    counted: list[Counted],
    weights: list[Floats],
    base: _Base,
    mean_weight: float,
    thesaurus: Thesaurus,
) -> Matcher:
    segments = segments_of(documents, counted, weights, base.keys, mean_weight, base.settings)
    return Matcher(base.index(segments, mean_weight), thesaurus)
