"""Two worker processes answer as one process does."""

from __future__ import annotations

import pytest

from recommender import Query, build_index
from recommender.scale_out import build_sharded, merged
from tests.recommender.factories import DEMAND, many

distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")


def test_a_cluster_of_two_processes_gives_the_in_process_answer() -> None:
    documents = many(60)
    queries = [DEMAND, Query("d2", "", "拉链头装不准"), Query("d3", "", "", ("面料", "起球"))]
    answers = {"d1": {"m4": -1.0}}
    here = build_index(documents)
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True)
    with cluster, distributed.Client(cluster) as client:
        there = build_sharded(client, documents, shards=3)
        assert len(there) == len(here)
        assert there.model == here.model
        assert list(there.match(queries, 12)) == list(here.match(queries, 12))
        assert there.match(queries, 5, answers).query_ids == here.match(queries, 5, answers=answers).query_ids


def test_nothing_found_anywhere_merges_to_nothing() -> None:
    assert list(merged([], [DEMAND], 5)) == []
