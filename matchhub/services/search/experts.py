"""Experts (专家): enterprises see those who consented (PIPL 13), the desk all; nobody sees contact data here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select

from matchhub.db.tables import Expert
from matchhub.services.kernel.paging import holds, holds_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.search.word_index import word_matcher
from recommender import Matcher


@dataclass(frozen=True, slots=True)
class ExpertFilters:
    """Narrows a list of experts by a word of their field (研究方向), of their organisation and of their title."""

    field: str = ""
    organisation: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """One expert, without telephone and e-mail."""

    id: int
    name: str
    organisation: str
    title: str
    field: str
    consented: bool


def ids(unit: Unit, filters: ExpertFilters) -> Select[int]:
    """Experts whom the actor may see, by name."""
    chosen = select(Expert.id).where(Expert.withdrawn_at.is_(None)).order_by(Expert.name, Expert.id)
    if not unit.may("expert.read_any"):
        chosen = chosen.where(Expert.consent_on.is_not(None))
    asked = ((Expert.field, filters.field), (Expert.organisation, filters.organisation), (Expert.title, filters.title))
    for column, word in asked:
        if word.strip():
            chosen = chosen.where(holds(unit, column, word.strip()))
    return chosen


def speaks(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    """Experts whose name, organisation, field, title or qualification hold all words."""
    return holds_words(unit, words, Expert.name, Expert.organisation, Expert.field, Expert.title, Expert.qualification)


def matcher(unit: Unit) -> Matcher:
    """The matcher over experts."""
    return word_matcher(unit, "experts")


def rows(unit: Unit, wanted: Sequence[int]) -> list[ExpertRow]:
    """Rows of a list, in the order asked."""
    found = {row.id: row for row in unit.session.execute(select(Expert).where(Expert.id.in_(wanted))).scalars()}
    return [
        ExpertRow(
            id=expert.id,
            name=expert.name,
            organisation=expert.organisation,
            title=expert.title or "",
            field=expert.field or "",
            consented=expert.consent_on is not None,
        )
        for expert in (found[key] for key in wanted if key in found)
    ]


ORDERS = {"name": (Expert.name, Expert.id), "organisation": (Expert.organisation, Expert.name, Expert.id)}
