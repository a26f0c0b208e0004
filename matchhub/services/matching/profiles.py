"""Small indexes over demands, enterprises, experts and agencies, so that matching works in every direction.

They live in memory, one per installation and kind. What changed since is added; much of it, or changed patents (which
stand in every profile), makes the index anew.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, func, select

from matchhub.db.tables import Agency, Demand, Enterprise, Expert, Patent, PatentHolder, Revision
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.store import current_matcher
from recommender import Document, Matcher, add_documents, build_index
from recommender.text import normalise
from recommender.thesaurus import Thesaurus

Kind = Literal["demands", "enterprises", "scopes", "experts", "agencies"]
_TITLES = 60  # titles of patents read per profile, the newest first
_REBUILD_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class _Made:
    """A matcher over such an index, and the last revision of each kind of record that the index has seen."""

    seen: dict[str, int]
    matcher: Matcher


_made: dict[tuple[str, Kind], _Made] = {}
_making = threading.Lock()
# Whose changes a profile may show, besides its own kind.
_READS: dict[Kind, tuple[str, ...]] = {
    "demands": ("demands",),
    "enterprises": ("enterprises", "demands", "patents"),
    "scopes": ("enterprises",),
    "experts": ("experts", "patents"),
    "agencies": ("agencies", "patents"),
}


def profile_matcher(unit: Unit, kind: Kind) -> Matcher:
    """The matcher over the records of one kind, as fresh as the base."""
    key = (f"{unit.session.get_bind().engine.url}|{unit.home}", kind)
    thesaurus = current_matcher(unit).thesaurus
    seen = _last_revisions(unit, _READS[kind])
    with _making:
        held = _made.get(key)
        if held is not None and held.seen == seen and held.matcher.thesaurus is thesaurus:
            return held.matcher
        matcher = _brought_up(unit, kind, held, seen, thesaurus)
        _made[key] = _Made(seen, matcher)
        return matcher


def _brought_up(unit: Unit, kind: Kind, held: _Made | None, seen: dict[str, int], thesaurus: Thesaurus) -> Matcher:
    make = _DOCUMENTS[kind]
    if held is not None and held.matcher.thesaurus is thesaurus and held.seen.get("patents") == seen.get("patents"):
        changed = _changed(unit, kind, held.seen)
        if len(changed) <= _REBUILD_SHARE * max(len(held.matcher.index), 1):
            documents = make(unit, thesaurus, sorted(changed))
            return Matcher(add_documents(held.matcher.index, documents), thesaurus)
    return Matcher(build_index(make(unit, thesaurus, None)), thesaurus)


def _last_revisions(unit: Unit, kinds: Sequence[str]) -> dict[str, int]:
    newest = select(Revision.kind, func.max(Revision.id)).where(Revision.kind.in_(kinds)).group_by(Revision.kind)
    return dict(unit.session.execute(newest).all())


def _changed(unit: Unit, kind: Kind, seen: dict[str, int]) -> set[int]:
    def since(which: str) -> set[int]:
        newer = select(Revision.record_id).where(Revision.kind == which, Revision.id > seen.get(which, 0))
        return set(unit.session.execute(newer).scalars())

    changed = since(kind)
    if kind == "enterprises" and (demands := since("demands")):
        for part in parts(sorted(demands)):
            changed |= set(unit.session.execute(select(Demand.enterprise_id).where(Demand.id.in_(part))).scalars())
    return changed


def _rows(unit: Unit, statement: Select[*tuple[Any, ...]], column: Any, ids: Sequence[int] | None) -> Iterator[Any]:
    for part in [None] if ids is None else parts(ids):
        yield from unit.session.execute(statement if part is None else statement.where(column.in_(part)))


def _demands(unit: Unit, thesaurus: Thesaurus, ids: Sequence[int] | None) -> Iterator[Document]:
    """Demands in their own words and in the patent words that the thesaurus knows for them."""
    for (row,) in _rows(unit, select(Demand).order_by(Demand.id), Demand.id, ids):
        said = (row.text, row.object, row.aim, row.targets, row.technical_field)
        text = "\n".join(part for part in said if part)
        found = thesaurus.matches(normalise(f"{row.title}\n{text}"))
        words = dict.fromkeys(target for each in found for target, _ in each.targets)
        yield Document(str(row.id), row.title, "\n".join((text, " ".join(words))))


def _enterprises(unit: Unit, thesaurus: Thesaurus, ids: Sequence[int] | None) -> Iterator[Document]:
    """Enterprises by business scope (经营范围), trade, titles of their own patents and of their demands."""
    chosen = select(Enterprise).where(Enterprise.withdrawn_at.is_(None)).order_by(Enterprise.id)
    owned = _titles_by_holder(unit)
    asked: dict[int, list[str]] = defaultdict(list)
    titles: Select[*tuple[Any, ...]] = select(Demand.enterprise_id, Demand.title).order_by(Demand.id.desc())
    for enterprise_id, title in _rows(unit, titles, Demand.enterprise_id, ids):
        asked[enterprise_id].append(title)
    for (row,) in _rows(unit, chosen, Enterprise.id, ids):
        parts_of = (row.business_scope or "", *owned.get(row.name_key, ())[:_TITLES], *asked[row.id][:_TITLES])
        yield Document(str(row.id), f"{row.name} {row.industry or ''}", "\n".join(part for part in parts_of if part))


def _scopes(unit: Unit, thesaurus: Thesaurus, ids: Sequence[int] | None) -> Iterator[Document]:
    """Enterprises by name, trade and business scope alone: nothing in it that is not public."""
    columns = (Enterprise.id, Enterprise.name, Enterprise.industry, Enterprise.business_scope)
    chosen = select(*columns).where(Enterprise.withdrawn_at.is_(None)).order_by(Enterprise.id)
    for key, name, industry, scope in _rows(unit, chosen, Enterprise.id, ids):
        yield Document(str(key), f"{name} {industry or ''}", scope or "")


def _experts(unit: Unit, thesaurus: Thesaurus, ids: Sequence[int] | None) -> Iterator[Document]:
    """Experts by field (研究方向), qualification and the patents of their organisation that name them as inventor."""
    chosen = select(Expert).where(Expert.withdrawn_at.is_(None)).order_by(Expert.id)
    experts = [row for (row,) in _rows(unit, chosen, Expert.id, ids)]
    invented = _titles_by_inventor(unit, {normalise_name(row.name) for row in experts})
    for row in experts:
        titles = invented.get((normalise_name(row.name), normalise_name(row.organisation)), ())
        abstract = "\n".join(part for part in (row.qualification, row.title, *titles[:_TITLES]) if part)
        yield Document(str(row.id), row.field or "", abstract)


def _agencies(unit: Unit, thesaurus: Thesaurus, ids: Sequence[int] | None) -> Iterator[Document]:
    """Agencies by their services and the titles of the patents they handled."""
    handled: dict[str, list[str]] = defaultdict(list)
    titles = select(Patent.agency_name, Patent.title).where(Patent.agency_name.is_not(None), Patent.title.is_not(None))
    for name, title in unit.session.execute(titles.order_by(Patent.id.desc())):
        mine = handled[normalise_name(name or "")]
        if len(mine) < 4 * _TITLES:
            mine.append(title or "")
    chosen = select(Agency).where(Agency.withdrawn_at.is_(None)).order_by(Agency.id)
    for (row,) in _rows(unit, chosen, Agency.id, ids):
        yield Document(str(row.id), " ".join(row.service_types or ()), "\n".join(handled.get(row.name_key, ())))


def _titles_by_holder(unit: Unit) -> dict[str, list[str]]:
    chosen = (
        select(PatentHolder.name_key, Patent.title)
        .join(Patent, Patent.id == PatentHolder.patent_id)
        .where(PatentHolder.role.in_(("owner", "applicant")), Patent.withdrawn_at.is_(None), Patent.title.is_not(None))
        .where(PatentHolder.name_key.in_(select(Enterprise.name_key)))
        .order_by(Patent.id.desc())
    )
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, title in unit.session.execute(chosen):
        found[name][title or ""] = None
    return {name: list(titles) for name, titles in found.items()}


def _titles_by_inventor(unit: Unit, names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Titles by (inventor, holder), both normalised."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for part in parts(sorted(names)):
        inventor = select(PatentHolder.patent_id, PatentHolder.name_key).where(PatentHolder.role == "inventor")
        people = inventor.where(PatentHolder.name_key.in_(part)).subquery()
        chosen = (
            select(people.c.name_key, PatentHolder.name_key, Patent.title)
            .join(PatentHolder, PatentHolder.patent_id == people.c.patent_id)
            .join(Patent, Patent.id == people.c.patent_id)
            .where(PatentHolder.role.in_(("owner", "applicant")), Patent.title.is_not(None))
            .order_by(Patent.id.desc())
        )
        for person, holder, title in unit.session.execute(chosen):
            found[person, holder].append(title)
    return found


_DOCUMENTS: dict[Kind, Callable[[Unit, Thesaurus, Sequence[int] | None], Iterator[Document]]] = {
    "demands": _demands,
    "enterprises": _enterprises,
    "scopes": _scopes,
    "experts": _experts,
    "agencies": _agencies,
}
