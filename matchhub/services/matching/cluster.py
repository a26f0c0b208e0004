"""The cluster of ``MATCHHUB_DASK``: connected when it is first needed, and done without where it fails.

Nobody waits for a cluster that failed: it is tried again a minute later, and until then this process does the work
itself, with the same answers. What failed is logged once and kept for whoever tells it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recommender import Index
from recommender.product import Best, Ints, Rows
from recommender.ranking import best_documents
from recommender.scale_out import Cluster, ClusterFault
from recommender.segment import Mask

log = logging.getLogger("matchhub.cluster")
RETRY_SECONDS = 60.0


@dataclass
class _Link:
    """What this process knows of one cluster."""

    cluster: Cluster | None = None
    fault: ClusterFault | None = None
    again_at: float = 0.0


_links: dict[tuple[int, str], _Link] = {}  # by process too: a connection does not survive a fork
_linking = threading.Lock()


@dataclass(frozen=True, slots=True)
class ClusterState:
    """How the cluster is: ``code`` "" and its ``workers`` where it works, else why not."""

    code: str
    detail: str = ""
    workers: int = 0


def cluster_state(address: str) -> ClusterState:
    """What this process last saw of the cluster; connects where nobody has tried yet."""
    found = _connected(address)
    with _linking:
        fault = _link(address).fault
    if found is None and fault is not None:
        return ClusterState(fault.code, fault.detail)
    return ClusterState("", workers=0 if found is None else len(found.workers))


def on_cluster(address: str, work: Callable[[Cluster], None]) -> bool:
    """Have the cluster do this; false when it could not, and the process must do it itself."""
    cluster = _connected(address)
    if cluster is None:
        return False
    try:
        work(cluster)
    except ClusterFault as fault:
        _give_up(address, cluster, fault)
        return False
    return True


@dataclass(frozen=True, slots=True)
class ClusterRanker:
    """Ranks on the cluster, and here where that fails; ``folder``: of the saved index, seen by all workers."""

    address: str
    folder: Path

    @property
    def width(self) -> int:
        """Blocks of demands asked at once."""
        cluster = _connected(self.address)
        return 0 if cluster is None else cluster.width

    def best_documents(self, index: Index, asked: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints]:
        """As ``recommender.ranking.best_documents``."""
        found: list[tuple[Best, Ints]] = []
        if index.token and on_cluster(
            self.address, lambda cluster: found.append(cluster.best_documents(self.folder, index, asked, top, allowed))
        ):
            return found[0]
        return best_documents(index, asked, top, allowed)


def _link(address: str) -> _Link:
    return _links.setdefault((os.getpid(), address), _Link())


def _connected(address: str) -> Cluster | None:
    with _linking:
        link = _link(address)
        if link.cluster is None and time.monotonic() >= link.again_at:
            try:
                link.cluster, link.fault = Cluster.connect(address), None
            except ClusterFault as fault:
                _note(link, fault)
        return link.cluster


def _give_up(address: str, cluster: Cluster, fault: ClusterFault) -> None:
    with _linking:
        link = _link(address)
        if link.cluster is not cluster:
            return  # another thread did
        link.cluster = None
        _note(link, fault)
    cluster.close()


def _note(link: _Link, fault: ClusterFault) -> None:
    link.fault, link.again_at = fault, time.monotonic() + RETRY_SECONDS
    log.warning("the cluster is done without: %s %s", fault.code, fault.detail)
