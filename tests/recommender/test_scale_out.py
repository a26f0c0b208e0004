"""Two worker processes answer as one process does."""

from __future__ import annotations

import pytest

from recommender import Matcher, Query, ShardedMatcher, build_index
from tests.recommender.factories import DEMAND, many

distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")


def test_a_cluster_of_two_processes_gives_the_in_process_answer() -> None:
    documents = many(60)
    queries = [DEMAND, Query("d2", "", "拉链头装不准"), Query("d3", "", "", ("面料", "起球"))]
    feedback = {"d1": {"m4": -1.0}}
    here = Matcher(build_index(documents))
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True)
    with cluster, distributed.Client(cluster) as client:
        there = ShardedMatcher.build(client, documents, shards=3)
        assert len(there) == len(here.index)
        assert there.model == here.model
        assert list(there.match(queries, 12)) == list(here.match(queries, 12))
        assert there.match(queries, 5, feedback).query_ids == here.match(queries, 5, feedback=feedback).query_ids
        assert len(there.match([Query("none", "", "。，")])) == len(there.match([])) == 0
