"""The search index of the base: kept in the home, brought up to date from the database, opened once a process.

The index is a derived thing: whatever is missing, damaged or of another version is built again from the patents.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import Patent, PatentClass, Revision
from matchhub.services.kernel.locks import held
from matchhub.services.kernel.once import once
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.bond import bond_of, differing_documents, is_bound
from matchhub.services.matching.cluster import ClusterRanker, on_cluster
from matchhub.services.matching.faults import refusing
from matchhub.services.matching.thesaurus import with_own_words
from recommender import Document, Index, IndexFault, Matcher, add_documents, build_index, open_index, save_index
from recommender.scale_build import build_on_cluster

_REBUILD_SHARE = 0.2  # with more than this share changed, frozen document frequencies would mislead
_opened: dict[Path, tuple[tuple[int, int, str], Matcher]] = {}
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Freshness:
    """What the index covers: ``revision`` is the last change of a patent it has seen, ``patents`` how many it holds."""

    revision: int
    patents: int
    model: str


def folder(home: Path) -> Path:
    """Where the index of this home is kept."""
    return home / "index" / "patents"


@refusing()
def refresh_index(unit: Unit) -> Matcher:
    """Bring the index up to date with the patents of the base; the matcher over it, under the operator's thesaurus.

    Reads the database only.
    """
    return with_own_words(unit, _refreshed(unit))


def _refreshed(unit: Unit) -> Matcher:
    place = folder(unit.home)
    place.parent.mkdir(parents=True, exist_ok=True)
    last = _last_revision(unit)
    state = _state(place)
    if state.get("revision") == last and is_bound(unit, state) and (matcher := _open(place, unit.dask)) is not None:
        return matcher
    with held(place.parent / "lock"):
        state = _state(place)
        matcher = _open(place, unit.dask) if is_bound(unit, state) else None
        if matcher is not None and state.get("revision") == last:
            return matcher
        index = _brought_up(unit, None if matcher is None else matcher.index, state.get("revision", 0))
        matcher = Matcher(index)
        named = {"revision": last, "patents": len(index), "model": matcher.model}
        _write_state(place, named | bond_of(unit, last))
    return _open(place, unit.dask) or matcher


@refusing()
def current_matcher(unit: Unit) -> Matcher:
    """The matcher over the index as it is, under the operator's thesaurus, for an answer right now.

    An index that is missing, empty or another base's is brought up to date first. A reading unit sees one state of the
    base and asks for it once.
    """
    return once(unit, "matcher", lambda: _current(unit))


def _current(unit: Unit) -> Matcher:
    own = _own(unit)
    return with_own_words(unit, own if own is not None and len(own.index) else _refreshed(unit))


@refusing()
def ready_matcher(unit: Unit) -> Matcher | None:
    """As ``current_matcher``, but ``None`` when there is no index yet, so that a visitor never waits for a build."""
    return once(unit, "ready matcher", lambda: _ready(unit))


def _ready(unit: Unit) -> Matcher | None:
    matcher = _own(unit)
    return None if matcher is None else with_own_words(unit, matcher)


def drop_index(home: Path) -> None:
    """Forget the index, so that the next question builds it again: it may hold what was never committed."""
    place = folder(home)
    with _opening:
        _opened.pop(place, None)
    _state_file(place).unlink(missing_ok=True)


def freshness(unit: Unit) -> tuple[Freshness | None, int]:
    """What the index covers (``None``: no index) and the last patent revision of the base."""
    state = _state(folder(unit.home))
    known = Freshness(state["revision"], state["patents"], state["model"]) if is_bound(unit, state) else None
    return known, _last_revision(unit)


def differing_sample(unit: Unit) -> list[int]:
    """Patents of a sample of the base that the index holds otherwise than the base does; none without an index."""
    matcher = _own(unit)
    if matcher is None:
        return []
    held = select(Patent.id).where(Patent.withdrawn_at.is_(None))
    return differing_documents(unit, matcher.index, unit.session.execute(held).scalars())


def index_fault(unit: Unit) -> str:
    """The sentence's code for what is wrong with the index: ``doctor_index_stale`` (missing, behind, or unusable) or
    ``doctor_index_differs`` (it holds other than the base does); "" for none, and for a base without patents."""
    known, last = freshness(unit)
    if last == 0:
        return ""
    if known is None or known.revision != last or _own(unit) is None:
        return "doctor_index_stale"
    return "doctor_index_differs" if differing_sample(unit) else ""


def _brought_up(unit: Unit, index: Index | None, revision: int) -> Index:
    """The index of the base as it is, saved."""
    place = folder(unit.home)
    if index is not None and revision:
        changed = _changed_since(unit, revision)
        if len(changed) <= _REBUILD_SHARE * max(len(index), 1):
            gone = [str(key) for key in _withdrawn(unit, changed)]
            index = add_documents(index.remove(gone), _documents(unit, sorted(changed)))
            save_index(index, place)
            return index
    if unit.dask and on_cluster(unit.dask, lambda cluster: build_on_cluster(cluster, _documents(unit, None), place)):
        return open_index(place)
    index = build_index(_documents(unit, None))
    save_index(index, place)
    return index


def _changed_since(unit: Unit, revision: int) -> set[int]:
    newer = select(Revision.record_id).where(Revision.kind == "patents", Revision.id > revision)
    return set(unit.session.execute(newer).scalars())


def _withdrawn(unit: Unit, ids: Iterable[int]) -> list[int]:
    chosen = select(Patent.id).where(Patent.withdrawn_at.is_not(None))
    wanted = set(ids)
    return [key for key in unit.session.execute(chosen).scalars() if key in wanted]


def _documents(unit: Unit, ids: Sequence[int] | None) -> Iterator[Document]:
    columns = select(Patent.id, Patent.title, Patent.abstract).where(Patent.withdrawn_at.is_(None)).order_by(Patent.id)
    symbols = select(PatentClass.patent_id, PatentClass.symbol).where(PatentClass.scheme == "ipc")
    symbols = symbols.order_by(PatentClass.patent_id, PatentClass.position)
    for part in [None] if ids is None else parts(ids):
        chosen, classes = columns, symbols
        if part is not None:
            chosen, classes = columns.where(Patent.id.in_(part)), symbols.where(PatentClass.patent_id.in_(part))
        ipc: dict[int, list[str]] = defaultdict(list)
        for patent_id, symbol in unit.session.execute(classes):
            ipc[patent_id].append(symbol)
        for patent_id, title, abstract in unit.session.execute(chosen):
            yield Document(str(patent_id), title or "", abstract or "", tuple(ipc.get(patent_id, ())))


def _last_revision(unit: Unit) -> int:
    newest = select(func.max(Revision.id)).where(Revision.kind == "patents")
    return unit.session.execute(newest).scalar() or 0


def _state(place: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(_state_file(place).read_text("utf-8"))
        return state
    except (FileNotFoundError, ValueError):
        return {}


def _write_state(place: Path, state: dict[str, Any]) -> None:
    part = _state_file(place).with_suffix(".part")
    part.write_text(json.dumps(state), "utf-8")
    part.replace(_state_file(place))


def _state_file(place: Path) -> Path:
    return place.with_name(place.name + ".json")


def _own(unit: Unit) -> Matcher | None:
    """The matcher over the saved index if that was made from this base."""
    place = folder(unit.home)
    return _open(place, unit.dask) if is_bound(unit, _state(place)) else None


def _open(place: Path, dask: str) -> Matcher | None:
    """A matcher over the saved index, mapped once a process and again when it changed; ``None`` if it is unusable.

    ``dask``: address of the cluster that ranks for it, or "".
    """
    try:
        stamp = _state_file(place).stat()
    except FileNotFoundError:
        return None
    key = (stamp.st_mtime_ns, stamp.st_ino, dask)
    with _opening:
        known = _opened.get(place)
        if known is None or known[0] != key:
            try:
                known = (key, Matcher(open_index(place), ranker=ClusterRanker(dask, place) if dask else None))
            except IndexFault:
                return None
            _opened[place] = known
        return known[1]
