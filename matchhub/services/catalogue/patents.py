"""Searching patents (专利): public data of the register and the gazette, no contact data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from matchhub.db.tables import Offer, Patent, PatentAlias, PatentClass, PatentHolder
from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number
from matchhub.errors import Refusal
from matchhub.services.catalogue.narrowing import EVERYTHING, PatentFilters, narrowed
from matchhub.services.catalogue.paging import Page, holds_words, page_of, paged_by_id, typed_words
from matchhub.services.catalogue.patent_page import HolderView, holders_of, newest_statuses, standing_offer
from matchhub.services.matching.free_search import by_relevance, near_ids
from matchhub.services.matching.store import ready_index
from matchhub.services.unit import Unit

_HOLDERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PatentRow:
    """One patent in a list."""

    id: int
    number: str
    title: str
    abstract: str
    patent_type: str | None
    validity: str
    holders: tuple[str, ...]
    main_class: str
    day: date | None
    offered: bool


def search_patents(unit: Unit, query: str = "", page: int = 1, filters: PatentFilters = EVERYTHING) -> Page[PatentRow]:
    """Patents whose number is ``query``, or whose title, abstract or holders hold all its words.

    Those that say most of the words come first, by the matcher's index (before there is one: the newest). Where no
    patent holds them all, the page shows what comes ``near``. Without words the newest come first.
    """
    statement = narrowed(unit, select(Patent.id).where(Patent.withdrawn_at.is_(None)), filters)
    newest = func.coalesce(Patent.granted_on, Patent.published_on, Patent.filed_on)
    ordered = statement.order_by(newest.desc().nulls_last(), Patent.id.desc())
    number, words = _number_in(query), typed_words(query)
    if number or not words:
        found = ordered.where(_has_number(number)) if number else ordered
        return paged_by_id(unit, found, page, lambda ids: _rows_of(unit, ids))
    ids, near = list(unit.session.execute(ordered.where(_speaks_of(unit, words))).scalars()), False
    if (index := ready_index(unit)) is not None:
        near = not ids
        allowed = None if filters == EVERYTHING else unit.session.execute(statement).scalars()
        ids = near_ids(index, words, allowed) if near else by_relevance(index, words, ids)
    return replace(page_of(ids, page, lambda part: _rows_of(unit, part)), near=near and bool(ids))


def _rows_of(unit: Unit, ids: Sequence[int]) -> list[PatentRow]:
    found = {row.id: row for row in unit.session.execute(select(Patent).where(Patent.id.in_(ids))).scalars()}
    return patent_rows(unit, [found[number] for number in ids if number in found])


def _number_in(query: str) -> str | None:
    for read in (normalise_application_number, normalise_publication_number):
        try:
            return read(query)
        except Refusal:
            continue
    return None


def _has_number(number: str) -> ColumnElement[bool]:
    alias = exists().where(PatentAlias.patent_id == Patent.id, PatentAlias.value == number)
    return or_(Patent.application_number == number, Patent.publication_number == number, alias)


def _speaks_of(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    return or_(holds_words(unit, words, Patent.title, Patent.abstract), Patent.id.in_(_named(unit, words)))


def _named(unit: Unit, words: Sequence[str]) -> Select[int]:
    return select(PatentHolder.patent_id).where(holds_words(unit, words, PatentHolder.name))


def patent_rows(unit: Unit, patents: Sequence[Patent]) -> list[PatentRow]:
    """Rows of a list, with what hangs on each patent fetched in one go per table."""
    ids = [patent.id for patent in patents]
    statuses = newest_statuses(unit, ids)
    holders = holders_of(unit, ids)
    main = select(PatentClass.patent_id, PatentClass.symbol).where(PatentClass.patent_id.in_(ids))
    main = main.where(PatentClass.position == 0).order_by(PatentClass.scheme.desc())
    classes = {row.patent_id: row.symbol for row in unit.session.execute(main)}
    offers = select(Offer.patent_id).where(Offer.patent_id.in_(ids), *standing_offer(unit))
    offered = set(unit.session.execute(offers).scalars())
    return [
        PatentRow(
            id=patent.id,
            number=patent.application_number or patent.publication_number or "",
            title=patent.title or "",
            abstract=patent.abstract or "",
            patent_type=patent.patent_type,
            validity=statuses[patent.id].validity if patent.id in statuses else "unknown",
            holders=_holding(holders.get(patent.id, ())),
            main_class=classes.get(patent.id, ""),
            day=patent.granted_on or patent.published_on or patent.filed_on,
            offered=patent.id in offered,
        )
        for patent in patents
    ]


def _holding(holders: Iterable[HolderView]) -> tuple[str, ...]:
    owners = [each.name for each in holders if each.role == "owner"]
    applicants = [each.name for each in holders if each.role == "applicant"]
    return tuple((owners or applicants)[:_HOLDERS_SHOWN])
