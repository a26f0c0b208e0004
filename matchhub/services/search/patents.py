"""Searching patents (专利): public data of the register and the gazette, no contact data."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select

from matchhub.db.tables import Patent, PatentHolder
from matchhub.services.kernel.paging import holds_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.rows import SHOWN, PatentRow, patent_rows
from matchhub.services.search.narrowing import PatentFilters, narrowed


def ids(unit: Unit, filters: PatentFilters) -> Select[int]:
    """Patents of the base, the newest first."""
    statement = narrowed(unit, select(Patent.id).where(Patent.withdrawn_at.is_(None)), filters)
    newest = func.coalesce(Patent.granted_on, Patent.published_on, Patent.filed_on)
    return statement.order_by(newest.desc().nulls_last(), Patent.id.desc())


def rows(unit: Unit, wanted: Sequence[int]) -> list[PatentRow]:
    """Rows of a list, in the order asked."""
    found = {row.id: row for row in unit.session.execute(select(*SHOWN).where(Patent.id.in_(wanted)))}
    return patent_rows(unit, [found[key] for key in wanted if key in found])


def speaks(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    """Patents whose title and abstract, or a holder's name, hold all words."""
    named = select(PatentHolder.patent_id).where(holds_words(unit, words, PatentHolder.name))
    return or_(holds_words(unit, words, Patent.title, Patent.abstract), Patent.id.in_(named))


ORDERS = {
    "newest": (Patent.filed_on.desc().nulls_last(), Patent.id.desc()),
    "oldest": (Patent.filed_on.asc().nulls_last(), Patent.id),
    "name": (Patent.title.asc().nulls_last(), Patent.id),
}
