"""The index cut into shards on a dask.distributed cluster: the same scoring code on each, one exact answer.

Document frequencies and means are those of the whole base, so a shard is an ordinary ``Index`` over its own patents
and the merged answer equals the in-process one. Shards stay in the workers' memory. Needs the extra ``scale``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.building import chunk_masses, count_texts, document_counts, merged_vocabulary, segments_of
from recommender.feedback import Answers
from recommender.index import Index, last_of_each_id
from recommender.records import Document, MatchTable, Query
from recommender.settings import Settings
from recommender.text import Array
from recommender.thesaurus import Thesaurus, shipped
from recommender.weighting import Counted, Floats, all_fields, inverse_document_frequencies, mean_lengths

if TYPE_CHECKING:
    from distributed import Client

Future = Any


@dataclass(frozen=True)
class ShardedIndex:
    """Futures of the shards' indexes, in the order of the documents; ``model`` is the same as the in-process name."""

    client: Client
    shards: tuple[Future, ...]
    model: str
    size: int

    def __len__(self) -> int:
        return self.size

    def match(
        self, queries: Sequence[Query], top: int = 20, answers: Mapping[str, Answers] | None = None
    ) -> MatchTable:
        """As ``Index.match``: the best ``top`` of all shards for each demand."""
        asked = self.client.scatter(list(queries), broadcast=True, hash=False)
        tables = [self.client.submit(_match, shard, asked, top, answers, pure=False) for shard in self.shards]
        return merged(self.client.gather(tables), queries, top)


def merged(tables: Sequence[MatchTable], queries: Sequence[Query], top: int) -> MatchTable:
    """One table from those of the shards; equal scores stand in the order of the shards."""
    row_of = {query.id: row for row, query in enumerate(queries)}
    names = [name for table in tables for name in table.query_ids]
    documents = [name for table in tables for name in table.document_ids]
    if not names:
        return MatchTable()
    rows = np.array([row_of[name] for name in names])
    scores = np.concatenate([table.scores for table in tables])
    order = np.lexsort((np.arange(len(rows)), -scores, rows))
    starts = np.searchsorted(rows[order], rows[order], side="left")
    order = order[np.arange(len(order)) - starts < top]
    return MatchTable([names[place] for place in order], [documents[place] for place in order], scores[order])


def _match(shard: Index, queries: list[Query], top: int, answers: Mapping[str, Answers] | None) -> MatchTable:
    return shard.match(queries, top, threads=1, answers=answers)


def _count(documents: list[Document], means: tuple[float, float], settings: Settings) -> list[Counted]:
    return count_texts(all_fields(documents), means, settings)


def _counts(counted: list[Counted]) -> tuple[Array, Any]:
    return merged_vocabulary([document_counts(chunk) for chunk in counted])


def _masses(counted: list[Counted], keys: Array, idf: Floats) -> list[Floats]:
    return [chunk_masses(chunk, keys, idf) for chunk in counted]


def _shard(
    documents: list[Document], counted: list[Counted], mass: list[Floats], base: tuple[Any, ...], mean_mass: float
) -> Index:
    settings, thesaurus, keys, idf, size, means = base
    segments = segments_of(documents, counted, mass, keys, mean_mass, settings)
    return Index(settings, thesaurus, keys, idf, size, means, mean_mass, segments)


def build_sharded(
    client: Client,
    documents: Iterable[Document],
    shards: int = 2,
    settings: Settings | None = None,
    thesaurus: Thesaurus | None = None,
) -> ShardedIndex:
    """Build ``shards`` indexes on the cluster: count everywhere, merge the vocabulary here, weigh everywhere."""
    settings, thesaurus = settings or Settings(), shipped() if thesaurus is None else thesaurus
    kept = last_of_each_id(documents)
    means = mean_lengths(all_fields(kept))
    size = max(1, -(-len(kept) // shards))
    parts = client.scatter([kept[first : first + size] for first in range(0, len(kept), size)], hash=False)
    counted = [client.submit(_count, part, means, settings, pure=False) for part in parts]
    keys, frequencies = merged_vocabulary(client.gather([client.submit(_counts, one, pure=False) for one in counted]))
    idf = inverse_document_frequencies(frequencies, len(kept))
    shared = client.scatter((settings, thesaurus, keys, idf, len(kept), means), broadcast=True, hash=False)
    far_keys, far_idf = client.scatter([keys, idf], broadcast=True, hash=False)
    mass = [client.submit(_masses, one, far_keys, far_idf, pure=False) for one in counted]
    every = [chunk for shard in client.gather(mass) for chunk in shard]
    mean_mass = float(np.concatenate(every).mean()) if every else 1.0
    built = [
        client.submit(_shard, part, one, own, shared, mean_mass, pure=False)
        for part, one, own in zip(parts, counted, mass, strict=True)
    ]
    model = Index(settings, thesaurus, keys, idf, len(kept), means, mean_mass, ()).model
    return ShardedIndex(client, tuple(built), model, len(kept))
