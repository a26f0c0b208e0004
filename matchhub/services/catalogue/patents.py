"""Searching patents (专利): public data of the register and the gazette, no contact data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import Offer, Patent, PatentAlias, PatentClass, PatentHolder, PatentStatus
from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number
from matchhub.errors import Refusal
from matchhub.services.catalogue.paging import Page, holds, holds_words, paged_by_id, typed_words
from matchhub.services.catalogue.patent_page import HolderView, holders_of, newest_statuses, standing_offer
from matchhub.services.unit import Unit

_HOLDERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PatentFilters:
    """Narrows a search; an empty value narrows nothing. ``ipc`` is the beginning of a symbol."""

    patent_type: str = ""
    validity: str = ""
    ipc: str = ""
    holder: str = ""
    offered: bool = False


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


def search_patents(
    unit: Unit, query: str = "", page: int = 1, filters: PatentFilters = PatentFilters()
) -> Page[PatentRow]:
    """Patents whose number is ``query``, or whose title, abstract or holders hold all its words; newest first."""
    statement = select(Patent.id).where(Patent.withdrawn_at.is_(None))
    number = _number_in(query)
    if number:
        statement = statement.where(_has_number(number))
    elif words := typed_words(query):
        statement = statement.where(_speaks_of(unit, words))
    statement = _narrowed(unit, statement, filters)
    newest = func.coalesce(Patent.granted_on, Patent.published_on, Patent.filed_on)
    statement = statement.order_by(newest.desc().nulls_last(), Patent.id.desc())
    return paged_by_id(unit, statement, page, lambda ids: _rows_of(unit, ids))


def _rows_of(unit: Unit, ids: Sequence[int]) -> list[PatentRow]:
    found = {row.id: row for row in unit.session.execute(select(Patent).where(Patent.id.in_(ids))).scalars()}
    return patent_rows(unit, [found[number] for number in ids])


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
    named = select(PatentHolder.patent_id).where(holds_words(unit, words, PatentHolder.name))
    return or_(holds_words(unit, words, Patent.title, Patent.abstract), Patent.id.in_(named))


def _narrowed(unit: Unit, statement: Select[*tuple[Any, ...]], filters: PatentFilters) -> Select[Any]:
    if filters.patent_type:
        statement = statement.where(Patent.patent_type == filters.patent_type)
    if filters.validity:
        statement = statement.where(_newest_validity() == filters.validity)
    if filters.ipc:
        symbol = PatentClass.symbol.startswith(filters.ipc.strip().upper(), autoescape=True)
        statement = statement.where(Patent.id.in_(select(PatentClass.patent_id).where(symbol)))
    if filters.holder:
        named = holds(unit, PatentHolder.name, filters.holder.strip())
        statement = statement.where(Patent.id.in_(select(PatentHolder.patent_id).where(named)))
    if filters.offered:
        statement = statement.where(exists().where(Offer.patent_id == Patent.id, *standing_offer(unit)))
    return statement


def _newest_validity() -> Any:
    newest = aliased(PatentStatus)
    said = (
        select(newest.validity)
        .where(newest.patent_id == Patent.id, newest.withdrawn_at.is_(None))
        .order_by(newest.as_of_on.desc(), newest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(said, "unknown")


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
