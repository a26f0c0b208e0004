"""Searching patents (专利): public data of the register and the gazette, no contact data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from matchhub.db.tables import Offer, Patent, PatentAlias, PatentClass, PatentHolder
from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number
from matchhub.errors import Refusal
from matchhub.services.catalogue.narrowing import PatentFilters, narrowed
from matchhub.services.catalogue.paging import holds_words
from matchhub.services.catalogue.patent_page import HolderView, holders_of, newest_statuses, standing_offer
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


def ids(unit: Unit, filters: PatentFilters) -> Select[int]:
    """Patents of the base, the newest first."""
    statement = narrowed(unit, select(Patent.id).where(Patent.withdrawn_at.is_(None)), filters)
    newest = func.coalesce(Patent.granted_on, Patent.published_on, Patent.filed_on)
    return statement.order_by(newest.desc().nulls_last(), Patent.id.desc())


def rows(unit: Unit, wanted: Sequence[int]) -> list[PatentRow]:
    """Rows of a list, in the order asked."""
    found = {row.id: row for row in unit.session.execute(select(Patent).where(Patent.id.in_(wanted))).scalars()}
    return patent_rows(unit, [found[key] for key in wanted if key in found])


def number_in(query: str) -> str | None:
    """The application or publication number that was typed, in its canonical form."""
    for read in (normalise_application_number, normalise_publication_number):
        try:
            return read(query)
        except Refusal:
            continue
    return None


def has_number(number: str) -> ColumnElement[bool]:
    """Patents that bear a number, also as an alias."""
    alias = exists().where(PatentAlias.patent_id == Patent.id, PatentAlias.value == number)
    return or_(Patent.application_number == number, Patent.publication_number == number, alias)


def speaks(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    """Patents whose title and abstract, or a holder's name, hold all words."""
    named = select(PatentHolder.patent_id).where(holds_words(unit, words, PatentHolder.name))
    return or_(holds_words(unit, words, Patent.title, Patent.abstract), Patent.id.in_(named))


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
