"""Small indexes that put what was found in order and find what is near: one per kind of record and installation.

They live in memory. What changed since is added; much of it, or many additions, makes the index anew. A record that an
index has not seen yet is found all the same: the words themselves are looked for in the tables.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, func, select

from matchhub.db.tables import Agency, Demand, Enterprise, Expert, Offer, Patent, Revision
from matchhub.services.kernel.once import once
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.thesaurus import with_own_words
from recommender import Document, Matcher, add_documents, build_index

Texts = Literal["offers", "demand_titles", "demands", "enterprises", "experts", "agencies"]
_REBUILD_SHARE = 0.2  # with more than this share changed, frozen document frequencies would mislead
_MOST_SEGMENTS = 12
_KEPT = 48


@dataclass(frozen=True, slots=True)
class _Made:
    """A matcher and the last revision that its index has seen."""

    seen: int
    matcher: Matcher


_made: dict[tuple[str, Texts], _Made] = {}
_making = threading.Lock()


def word_matcher(unit: Unit, texts: Texts) -> Matcher:
    """The matcher over one sort of texts, as fresh as the base, under the operator's thesaurus."""
    key = (f"{unit.session.get_bind().engine.url}|{unit.home}", texts)
    newest = once(unit, "newest revision", lambda: unit.session.execute(select(func.max(Revision.id))).scalar() or 0)
    with _making:
        held = _made.pop(key, None)
        if held is None or held.seen > newest:  # a restored base knows less
            held = _Made(newest, Matcher(build_index(_documents(unit, texts, None))))
        elif held.seen < newest:
            held = _Made(newest, _brought_up(unit, texts, held))
        _made[key] = held
        while len(_made) > _KEPT:
            _made.pop(next(iter(_made)))
    return with_own_words(unit, held.matcher)


def _brought_up(unit: Unit, texts: Texts, held: _Made) -> Matcher:
    newer = select(Revision.record_id).where(Revision.id > held.seen, Revision.kind == _SOURCES[texts][0])
    changed = sorted(set(unit.session.execute(newer).scalars()))
    if not changed:
        return held.matcher
    index = held.matcher.index
    if len(changed) > _REBUILD_SHARE * max(len(index), 1) or len(index.segments) >= _MOST_SEGMENTS:
        return Matcher(build_index(_documents(unit, texts, None)))
    return Matcher(add_documents(index, _documents(unit, texts, changed)))


def _documents(unit: Unit, texts: Texts, ids: Sequence[int] | None) -> Iterator[Document]:
    _, statement, column, read = _SOURCES[texts]
    for part in [None] if ids is None else parts(ids):
        for row in unit.session.execute(statement if part is None else statement.where(column.in_(part))):
            title, text = read(row)
            yield Document(str(row.id), title, text)


def _joined(said: Iterable[str | None]) -> str:
    return "\n".join(part for part in said if part)


def _chosen(*columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns).order_by(columns[0])


Source = tuple[str, Select[*tuple[Any, ...]], Any, Callable[[Any], tuple[str, str]]]
# Kind of its revisions, what is read of a record, its key, and the text as (title, rest).
_SOURCES: dict[Texts, Source] = {
    "offers": (
        "offers",
        _chosen(Offer.id, Patent.title, Patent.abstract, Offer.holder_name, Offer.industry).join(
            Patent, Patent.id == Offer.patent_id
        ),
        Offer.id,
        lambda row: (row.title or "", _joined((row.abstract, row.holder_name, row.industry))),
    ),
    "demand_titles": (  # what everybody may read of a demand: an order made from its text would tell of it
        "demands",
        _chosen(Demand.id, Demand.title, Demand.technical_field),
        Demand.id,
        lambda row: (row.title, row.technical_field or ""),
    ),
    "demands": (
        "demands",
        _chosen(
            Demand.id, Demand.title, Demand.technical_field, Demand.text, Demand.object, Demand.aim, Demand.targets
        ),
        Demand.id,
        lambda row: (row.title, _joined((row.technical_field, row.text, row.object, row.aim, row.targets))),
    ),
    "enterprises": (
        "enterprises",
        _chosen(Enterprise.id, Enterprise.name, Enterprise.industry, Enterprise.business_scope, Enterprise.address),
        Enterprise.id,
        lambda row: (_joined((row.name, row.industry)), _joined((row.business_scope, row.address))),
    ),
    "experts": (
        "experts",
        _chosen(Expert.id, Expert.name, Expert.organisation, Expert.field, Expert.title, Expert.qualification),
        Expert.id,
        lambda row: (_joined((row.field, row.name)), _joined((row.organisation, row.title, row.qualification))),
    ),
    "agencies": (
        "agencies",
        _chosen(Agency.id, Agency.name, Agency.service_types),
        Agency.id,
        lambda row: (row.name, " ".join(row.service_types or ())),
    ),
}
