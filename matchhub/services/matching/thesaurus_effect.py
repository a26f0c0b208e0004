"""What an entry of the thesaurus would do, shown before it is saved: the best patents with and without it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Demand, Patent
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import Asked, ask
from matchhub.services.matching.runs import open_demands
from matchhub.services.matching.store import current_matcher
from matchhub.services.matching.thesaurus import OwnEntry, fitted, learned_words, living_entries, own_entry
from recommender import Matcher, Query
from recommender.text import normalise

SHOWN = 8


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One patent with its place (1-based, ``None``: not among the first) and score without and with the entry."""

    patent_id: int
    title: str
    rank_without: int | None
    score_without: float
    rank_with: int | None
    score_with: float

    @property
    def change(self) -> float:
        """How much the entry adds to the score."""
        return self.score_with - self.score_without


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry does to one text. ``saying``: how many open demands say the plain word."""

    asked: str
    demand_id: int | None
    said: bool
    saying: int
    model_without: str
    model_with: str
    rows: tuple[EffectRow, ...]


def effect_of_adding(unit: Unit, entry: OwnEntry, demand_id: int | None = None, text: str = "") -> Effect:
    """The effect of an entry not in use yet, on a demand, on a typed text, or on the newest open demand that says it.

    Raises ``NotFound("demand_not_found")`` and ``Refusal("thesaurus_nothing_to_try")`` when no open demand says it.
    """
    unit.require("thesaurus.edit")
    now = [own_entry(row) for row in living_entries(unit)]
    return _effect(unit, entry, now, [*now, entry], demand_id, text)


def effect_of_withdrawing(unit: Unit, entry_id: int, demand_id: int | None = None, text: str = "") -> Effect:
    """The effect of an entry in use, against a thesaurus without it; raises as ``effect_of_adding`` does."""
    unit.require("thesaurus.edit")
    rows = living_entries(unit)
    found = next((row for row in rows if row.id == entry_id), None)
    if found is None:
        raise NotFound("thesaurus_entry_not_found", id=entry_id)
    rest = [own_entry(row) for row in rows if row is not found]
    return _effect(unit, own_entry(found), rest, [own_entry(row) for row in rows], demand_id, text)


def _effect(
    unit: Unit, entry: OwnEntry, without: list[OwnEntry], with_it: list[OwnEntry], demand_id: int | None, text: str
) -> Effect:
    saying = [row for row in open_demands(unit) if entry.plain in normalise(_whole(row))]
    demand = _chosen(unit, saying, demand_id, text)
    asked = Asked((Query("", "", text),), {}) if demand is None else ask(unit, [demand])
    base = current_matcher(unit)
    learned = learned_words(unit)
    before, after = fitted(base, without, learned), fitted(base, with_it, learned)
    whole = normalise("\n".join((asked.queries[0].title, asked.queries[0].text)))
    return Effect(
        asked=text if demand is None else demand.title,
        demand_id=None if demand is None else demand.id,
        said=entry.plain in whole,
        saying=len(saying),
        model_without=before.model,
        model_with=after.model,
        rows=tuple(_rows(unit, asked, before, after)),
    )


def _whole(demand: Demand) -> str:
    return "\n".join(part for part in (demand.title, demand.text, demand.object, demand.aim, demand.targets) if part)


def _chosen(unit: Unit, saying: list[Demand], demand_id: int | None, text: str) -> Demand | None:
    if demand_id is not None:
        demand = unit.session.get(Demand, demand_id)
        if demand is None:
            raise NotFound("demand_not_found", id=demand_id)
        return demand
    if text.strip():
        return None
    if not saying:
        raise Refusal("thesaurus_nothing_to_try")
    return saying[-1]


def _rows(unit: Unit, asked: Asked, before: Matcher, after: Matcher) -> list[EffectRow]:
    places = [
        {hit.document_id: rank for rank, hit in enumerate(asked.search(each, SHOWN), 1)} for each in (before, after)
    ]
    ids = list(dict.fromkeys([*places[1], *places[0]]))
    scores = [[hit.score for hit in asked.explain(each, ids)] for each in (before, after)]
    chosen = select(Patent.id, Patent.title).where(Patent.id.in_([int(key) for key in ids]))
    titles = {str(key): title or "" for key, title in unit.session.execute(chosen)}
    return [
        EffectRow(int(key), titles.get(key, ""), places[0].get(key), without, places[1].get(key), with_it)
        for key, without, with_it in zip(ids, *scores, strict=True)
    ]
