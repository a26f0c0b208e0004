"""Further words for a demand (补充关键词): offered from the base, chosen by a person, asked for by every later run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Demand, DemandRefinement
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from recommender.text import normalise

LONGEST = 30
MOST = 20


@dataclass(frozen=True, slots=True)
class ChosenWord:
    """A word chosen for a demand; ``origin`` is suggested or typed."""

    id: int
    word: str
    origin: str


def words_of(unit: Unit, demand_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The words chosen for each of these demands, in the order they were chosen; demands without any are left out."""
    found: dict[int, list[str]] = defaultdict(list)
    chosen = select(DemandRefinement.demand_id, DemandRefinement.word).where(DemandRefinement.withdrawn_at.is_(None))
    for part in parts(sorted(demand_ids)):
        rows = chosen.where(DemandRefinement.demand_id.in_(part)).order_by(DemandRefinement.id)
        for demand_id, word in unit.session.execute(rows):
            found[demand_id].append(word)
    return {key: tuple(words) for key, words in found.items()}


def chosen_words(unit: Unit, demand: Demand) -> tuple[ChosenWord, ...]:
    """The words of one demand as a page shows them."""
    return tuple(ChosenWord(row.id, row.word, row.origin) for row in _living(unit, demand))


def add_word(unit: Unit, demand: Demand, word: str, origin: str = "typed") -> int:
    """Add one word; returns its number.

    Raises ``Refusal("refinement_word_invalid")`` for an empty or overlong one, ``Conflict("refinement_word_known")``
    when the demand has it already, ``Refusal("refinement_words_many")`` beyond ``MOST``.
    """
    unit.require("demand.refine")
    plain = " ".join(normalise(word).split())
    if not plain or len(plain) > LONGEST or not any(char.isalnum() for char in plain):
        raise Refusal("refinement_word_invalid", most=LONGEST)
    known = _living(unit, demand)
    if any(row.word == plain for row in known):
        raise Conflict("refinement_word_known", word=plain)
    if len(known) >= MOST:
        raise Refusal("refinement_words_many", most=MOST)
    row = DemandRefinement(
        demand_id=demand.id,
        word=plain,
        origin="suggested" if origin == "suggested" else "typed",
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    _touch(unit, demand)
    append_event(unit, "demand.word_added", "demands", demand.id, refinement=row.id)
    return row.id


def remove_word(unit: Unit, demand: Demand, refinement_id: int) -> None:
    """Withdraw one word; ``NotFound("refinement_not_found")`` when the demand has none of that number."""
    unit.require("demand.refine")
    row = next((row for row in _living(unit, demand) if row.id == refinement_id), None)
    if row is None:
        raise NotFound("refinement_not_found", id=refinement_id)
    row.withdrawn_at, row.withdrawn_reason = unit.now, "removed"
    _touch(unit, demand)
    append_event(unit, "demand.word_removed", "demands", demand.id, refinement=row.id)


def _living(unit: Unit, demand: Demand) -> list[DemandRefinement]:
    chosen = select(DemandRefinement).where(
        DemandRefinement.demand_id == demand.id, DemandRefinement.withdrawn_at.is_(None)
    )
    return list(unit.session.execute(chosen.order_by(DemandRefinement.id)).scalars())


def _touch(unit: Unit, demand: Demand) -> None:
    """What the demand asks for has changed, so scores kept under its last change are asked again."""
    demand.updated_at = unit.now
    unit.session.flush()
