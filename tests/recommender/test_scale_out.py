"""Two worker processes build and rank as one process does, to the last byte."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from recommender import Matcher, Query, build_index, building, open_index, save_index, scale_build
from recommender.index import Index
from recommender.product import Best, Ints, Rows
from recommender.scale_out import Cluster, ClusterFault
from recommender.segment import Mask
from tests.recommender.factories import DEMAND, many

distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")


@dataclass(frozen=True)
class Elsewhere:
    cluster: Cluster
    folder: Path

    @property
    def width(self) -> int:
        return self.cluster.width

    def best_documents(self, index: Index, asked: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints]:
        return self.cluster.best_documents(self.folder, index, asked, top, allowed)


def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """60 documents as three chunks in two segments."""
    for module in (building, scale_build):
        monkeypatch.setattr(module, "CHUNK", 20)
        monkeypatch.setattr(module, "LARGEST_SEGMENT", 40)
    monkeypatch.setattr(scale_build, "_PER_SEGMENT", 2)


def test_a_cluster_of_two_processes_gives_the_index_and_the_answers_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _small_parts(monkeypatch)
    documents, folder = many(60), tmp_path / "index"
    queries = [DEMAND, Query("d2", "", "拉链头装不准"), Query("d3", "", "", ("面料", "起球"))]
    save_index(build_index(documents), tmp_path / "own")
    local = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True)
    with local:
        cluster = Cluster.connect(local.scheduler_address)
        scale_build.build_on_cluster(cluster, documents, folder)
        own = {file.name: file.read_bytes() for file in (tmp_path / "own").glob("*.npy")}
        assert {file.name: file.read_bytes() for file in folder.glob("*.npy")} == own
        assert sorted(file.name for file in tmp_path.iterdir()) == ["index", "own"]  # nothing left of the work
        here = Matcher(open_index(folder))
        there = Matcher(here.index, ranker=Elsewhere(cluster, folder))
        assert len(here.index.segments) == 2
        allowed, feedback = ["m4", "m17", "m41"], {"d1": {"m4": -1.0}}
        assert list(there.match(queries, 12)) == list(here.match(queries, 12))
        assert list(there.match(queries, 5, allowed)) == list(here.match(queries, 5, allowed))
        assert list(there.match(queries, 5, feedback=feedback)) == list(here.match(queries, 5, feedback=feedback))
        assert there.search(DEMAND, 7) == here.search(DEMAND, 7)
        save_index(build_index(documents[:30]), folder)
        assert there.search(DEMAND, 7) == here.search(DEMAND, 7)  # whoever holds the old files goes on with them
        other = Matcher(replace(here.index, token="none"), ranker=there.ranker)
        with pytest.raises(ClusterFault, match="cluster_folder"):  # other files are not taken for the ones asked for
            other.search(DEMAND)
        cluster.close()
