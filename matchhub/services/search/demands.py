"""Demands (技术需求) as each role may look for them.

Everybody sees title and field of verified demands; an institution finds those whose text is open to institutions by
their text too; an enterprise sees its own in full besides; the desk all. A filter or a
word that would tell of what is hidden (text, budget, firm) works only for those who may read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from matchhub.db.tables import Demand, Enterprise
from matchhub.services.demands.confidentiality import listed
from matchhub.services.demands.own import is_own, own_rows
from matchhub.services.demands.public import PUBLIC_STATES, DemandPublic
from matchhub.services.kernel.paging import holds, holds_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.search.word_index import word_matcher
from matchhub.services.trades.figures import demands_of_trade
from recommender import Matcher

STATES = ("submitted", "returned", "verified", "solved", "withdrawn")
_TITLE = (Demand.title, Demand.technical_field)
_WHOLE = (*_TITLE, Demand.text, Demand.object, Demand.aim, Demand.targets)


@dataclass(frozen=True, slots=True)
class DemandFilters:
    """Narrows a list of demands; an empty value narrows nothing.

    ``year`` is that of posting. Only for the desk: ``form`` a word of the way of cooperation, ``least_yuan`` the
    smallest budget, ``industry`` a word of the trade of its enterprise.
    """

    field: str = ""
    state: str = ""
    year: int | None = None
    trade: str = ""
    form: str = ""
    least_yuan: Decimal | None = None
    industry: str = ""


def sees_all(unit: Unit) -> bool:
    """Whether the actor reads every demand in full."""
    return unit.may("demand.read_any")


def ids(unit: Unit, filters: DemandFilters) -> Select[int]:
    """Demands that the actor may know of, the newest first."""
    chosen = select(Demand.id).order_by(Demand.posted_on.desc(), Demand.id.desc())
    if not sees_all(unit):
        chosen = chosen.where(or_(_own(unit), and_(Demand.state.in_(PUBLIC_STATES), listed(unit))))
    return chosen.where(*_narrowed(unit, filters))


def _own(unit: Unit) -> ColumnElement[bool]:
    return own_rows(unit, Demand) if unit.may("demand.read_own") else false()


def _narrowed(unit: Unit, filters: DemandFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.field.strip():
        conditions.append(holds(unit, Demand.technical_field, filters.field.strip()))
    if filters.state in STATES:
        conditions.append(Demand.state == filters.state)
    if filters.year is not None:
        conditions.append(Demand.posted_on.between(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    if filters.trade:
        conditions.append(demands_of_trade(unit, filters.trade))
    if not sees_all(unit):
        return conditions
    if filters.form.strip():
        conditions.append(holds(unit, Demand.cooperation_form, filters.form.strip()))
    if filters.least_yuan is not None:
        conditions.append(Demand.budget_yuan >= filters.least_yuan)
    if filters.industry.strip():
        firms = select(Enterprise.id).where(holds(unit, Enterprise.industry, filters.industry.strip()))
        conditions.append(Demand.enterprise_id.in_(firms))
    return conditions


def speaks(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    """Demands that hold all words in what the actor may read of them."""
    if sees_all(unit):
        named = select(Enterprise.id).where(holds_words(unit, words, Enterprise.name))
        return or_(holds_words(unit, words, *_WHOLE), Demand.enterprise_id.in_(named))
    return or_(holds_words(unit, words, *_TITLE), and_(_readable(unit), holds_words(unit, words, *_WHOLE)))


def _readable(unit: Unit) -> ColumnElement[bool]:
    """Demands whose text the actor may read without being admitted to it (``meeting.confidentiality.sight_of``)."""
    return Demand.confidentiality == "title" if unit.may("demand.read_published") else _own(unit)


def matcher(unit: Unit) -> Matcher:
    """The matcher over what the actor may read of every demand."""
    return word_matcher(unit, "demands" if sees_all(unit) else "demand_titles")


def rows(unit: Unit, wanted: Sequence[int]) -> list[DemandPublic]:
    """Rows of a list, in the order asked."""
    chosen = select(Demand, Enterprise.name).join(Enterprise, Enterprise.id == Demand.enterprise_id)
    found = {demand.id: (demand, name) for demand, name in unit.session.execute(chosen.where(Demand.id.in_(wanted)))}
    return [_row(unit, *found[key]) for key in wanted if key in found]


def _row(unit: Unit, demand: Demand, enterprise_name: str) -> DemandPublic:
    mine = unit.may("demand.read_own") and is_own(unit, demand)
    return DemandPublic(
        id=demand.id,
        title=demand.title,
        technical_field=demand.technical_field or "",
        posted_on=demand.posted_on,
        valid_until_on=demand.valid_until_on,
        state=demand.state,
        mine=mine,
        enterprise_name=enterprise_name if mine or sees_all(unit) else "",
    )


ORDERS = {
    "newest": (Demand.posted_on.desc(), Demand.id.desc()),
    "oldest": (Demand.posted_on.asc(), Demand.id),
    "ending": (Demand.valid_until_on.asc().nulls_last(), Demand.id),
}
