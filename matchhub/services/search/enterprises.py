"""Enterprises (企业): searched by the desk alone; contact data are neither shown nor looked through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select

from matchhub.db.tables import Enterprise, EnterpriseCategory
from matchhub.services.kernel.paging import holds, holds_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.search.word_index import word_matcher
from recommender import Matcher

LOCAL = {"yes": True, "no": False, "open": None}


@dataclass(frozen=True, slots=True)
class EnterpriseFilters:
    """Narrows a list of enterprises: a word of the trade, a township (a word of region or address), a category key of
    the rule pack, and ``local``: yes, no, or open (not decided)."""

    industry: str = ""
    place: str = ""
    category: str = ""
    local: str = ""


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """One enterprise; ``categories`` are keys of the rule pack."""

    id: int
    name: str
    uscc: str
    industry: str
    place: str
    local: bool | None
    categories: tuple[str, ...]


def ids(unit: Unit, filters: EnterpriseFilters) -> Select[int]:
    """Enterprises that stand, by name."""
    chosen = select(Enterprise.id).where(Enterprise.withdrawn_at.is_(None)).order_by(Enterprise.name, Enterprise.id)
    if filters.industry.strip():
        trade = filters.industry.strip()
        chosen = chosen.where(holds_words(unit, [trade], Enterprise.industry, Enterprise.business_scope))
    if place := filters.place.strip():
        chosen = chosen.where(or_(holds(unit, Enterprise.region, place), holds(unit, Enterprise.address, place)))
    if filters.category:
        held = select(EnterpriseCategory.enterprise_id).where(
            EnterpriseCategory.category == filters.category, EnterpriseCategory.withdrawn_at.is_(None)
        )
        chosen = chosen.where(Enterprise.id.in_(held))
    return chosen.where(Enterprise.local.is_(LOCAL[filters.local])) if filters.local in LOCAL else chosen


def speaks(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    """Enterprises whose name, code, trade, business scope or place hold all words."""
    matter = (Enterprise.industry, Enterprise.business_scope, Enterprise.region, Enterprise.address)
    return holds_words(unit, words, Enterprise.name, Enterprise.uscc, *matter)


def matcher(unit: Unit) -> Matcher:
    """The matcher over enterprises."""
    return word_matcher(unit, "enterprises")


def rows(unit: Unit, wanted: Sequence[int]) -> list[EnterpriseRow]:
    """Rows of a list, in the order asked."""
    found = {row.id: row for row in unit.session.execute(select(Enterprise).where(Enterprise.id.in_(wanted))).scalars()}
    categories: dict[int, list[str]] = defaultdict(list)
    chosen = select(EnterpriseCategory.enterprise_id, EnterpriseCategory.category).order_by(EnterpriseCategory.id)
    chosen = chosen.where(EnterpriseCategory.enterprise_id.in_(wanted), EnterpriseCategory.withdrawn_at.is_(None))
    for key, category in unit.session.execute(chosen):
        if category not in categories[key]:
            categories[key].append(category)
    return [
        EnterpriseRow(
            id=firm.id,
            name=firm.name,
            uscc=firm.uscc or "",
            industry=firm.industry or "",
            place=firm.region or firm.address or "",
            local=firm.local,
            categories=tuple(categories[firm.id]),
        )
        for firm in (found[key] for key in wanted if key in found)
    ]


ORDERS = {
    "name": (Enterprise.name, Enterprise.id),
    "newest": (Enterprise.recorded_at.desc(), Enterprise.id.desc()),
}
