"""Ranking on a dask.distributed cluster whose workers open the saved index from a folder that all of them see.

The segments of an index are its shards. Every worker maps the whole index and is asked for its own segments again and
again, so that their pages stay in its memory; demands are read and judged where they are asked, and what comes back is
put together exactly as in one process, so that the answer is the same to the last digit. Needs the extra ``scale``.
"""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommender.index import Index
from recommender.index_files import open_index
from recommender.product import Best, Ints, Rows
from recommender.ranking import best_of_parts, best_of_segment, masks_of
from recommender.records import IndexFault
from recommender.segment import Mask

if TYPE_CHECKING:
    from distributed import Client

Future = Any
CONNECTING, STEP, PATIENCE = 5.0, 2.0, 300.0  # seconds: to connect, between two looks, without any progress
_AGREE = ("distributed", "numpy", "scipy", "rjieba", "opencc")  # what a number or a word may hang on


class ClusterFault(Exception):
    """Why a cluster cannot be worked with: ``code`` (``cluster_not_installed``, ``cluster_unreachable``,
    ``cluster_without_workers``, ``cluster_other_version``, ``cluster_folder``, ``cluster_failed``) and a detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(code, detail)


@dataclass(frozen=True)
class Cluster:
    """A connection to a scheduler whose workers were found to be of this very version, and its ``workers``."""

    client: Client
    workers: tuple[str, ...]
    width: int

    @classmethod
    def connect(cls, address: str, patience: float = CONNECTING) -> Cluster:
        """Connect and compare versions. Raises ClusterFault."""
        try:
            from distributed import Client
        except ImportError as missing:
            raise ClusterFault("cluster_not_installed") from missing
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # who asks is told, once and in words
        try:
            client = Client(address, timeout=patience, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as fault:
            raise ClusterFault("cluster_unreachable", address) from fault
        try:
            threads = _checked(client)
        except BaseException:
            client.close(timeout=1)
            raise
        return cls(client, tuple(sorted(threads)), 2 * sum(threads.values()))

    def close(self) -> None:
        """Let go of the scheduler, also of one that no longer answers."""
        self.client.close(timeout=1)

    def best_documents(
        self, folder: Path, index: Index, asked: Rows, top: int, allowed: Mask | None
    ) -> tuple[Best, Ints]:
        """As ``ranking.best_documents``, each segment on its worker; ``index`` was opened from ``folder``, which the
        workers see under the same name. Raises ClusterFault."""
        masks = masks_of(index, allowed)
        jobs = [
            self.submit(number, _rank, str(folder), index.token, number, mask, asked, top)
            for number, mask in enumerate(masks)
        ]
        return best_of_parts(self.gathered(jobs), top)

    def submit(self, shard: int, work: Any, *given: Any) -> Future:
        """Have the worker of this shard do ``work``; another one does it where that worker is lost."""
        own = self.workers[shard % len(self.workers)]
        try:
            return self.client.submit(work, *given, workers=[own], allow_other_workers=True, pure=False)
        except Exception as fault:
            raise ClusterFault("cluster_failed", _words(fault)) from fault

    def gathered(self, futures: Sequence[Future]) -> list[Any]:
        """The results, in order. Raises ClusterFault when one fails, nobody is left to work or nothing moves."""
        try:
            return self._gathered(futures)
        except ClusterFault:
            self._forget(futures)
            raise
        except IndexFault as fault:
            self._forget(futures)
            raise ClusterFault("cluster_folder", fault.code) from fault
        except Exception as fault:  # of a task, of the connection, of a killed worker: the one who asked goes on alone
            self._forget(futures)
            raise ClusterFault("cluster_failed", _words(fault)) from fault

    def _gathered(self, futures: Sequence[Future]) -> list[Any]:
        from distributed import wait

        done, moved = 0, time.monotonic()
        while True:
            try:
                with self.client.as_current():
                    wait(list(futures), timeout=STEP)
                return list(self.client.gather(list(futures)))
            except TimeoutError:
                now = sum(one.done() for one in futures)
                if now > done:
                    done, moved = now, time.monotonic()
                if self.client.status != "running":
                    raise ClusterFault("cluster_unreachable", str(self.client.status)) from None
                if not self.client.nthreads():
                    raise ClusterFault("cluster_without_workers") from None
                if time.monotonic() - moved > PATIENCE:
                    raise ClusterFault("cluster_failed", "stalled") from None

    def _forget(self, futures: Sequence[Future]) -> None:
        for one in futures:
            one.release()


def _checked(client: Client) -> dict[str, int]:
    """Threads of each worker, once scheduler and workers are known to be of our version."""
    try:
        threads: dict[str, int] = client.nthreads()
        if not threads:
            raise ClusterFault("cluster_without_workers")
        versions: Any = client.get_versions()
        scheduler = versions["scheduler"]["packages"]["distributed"]
        found = client.run(identity, on_error="return")
    except OSError as fault:
        raise ClusterFault("cluster_unreachable", _words(fault)) from fault
    if scheduler != version("distributed"):
        raise ClusterFault("cluster_other_version", f"scheduler: distributed {scheduler}")
    for worker, its in found.items():
        if its != identity():
            raise ClusterFault("cluster_other_version", f"{worker}: {_difference(its)}")
    return threads


@cache
def identity() -> dict[str, str]:
    """What must agree for two processes to give the same numbers: Python, libraries, and this package's files."""
    own = sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".txt", ".toml", ".tsv"):
            own.update(file.name.encode() + b"\0" + file.read_bytes())
    found = {"python": ".".join(platform.python_version_tuple()[:2]), "recommender": own.hexdigest()[:16]}
    return found | {name: version(name) for name in _AGREE}


def _difference(its: object) -> str:
    if not isinstance(its, dict):
        return _words(its)
    return ", ".join(f"{name} {its.get(name)}" for name, own in identity().items() if its.get(name) != own)


def _words(fault: object) -> str:
    return f"{type(fault).__name__}: {fault}"[:200]


# On the workers.

_held: dict[str, Index] = {}


def _opened(folder: str, token: str) -> Index:
    """The index as this worker holds it; opened again when other files lie in the folder."""
    index = _held.get(folder)
    if index is None or index.token != token:
        index = open_index(folder)
        if index.token != token:
            raise IndexFault("index_version", token)
        _held[folder] = index
    return index


def _rank(folder: str, token: str, number: int, allowed: Mask | None, asked: Rows, top: int) -> Best:
    return best_of_segment(_opened(folder, token).segments[number], allowed, asked, top)
