"""Refining one demand: the words chosen for it, words offered from the base, and whether it has a good match yet."""

from __future__ import annotations

from dataclasses import dataclass

from matchhub.errors import Conflict
from matchhub.services.demands.facts import OPEN_STATES
from matchhub.services.demands.posting import own_demand
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import ask
from matchhub.services.matching.refinements import ChosenWord, add_word, chosen_words, remove_word
from matchhub.services.matching.results import is_good
from matchhub.services.matching.shown import MatchView, matches_of_demand
from matchhub.services.matching.store import current_matcher
from recommender import ANSWER_FLOOR, suggest_terms

OFFERED = 8
_REFINABLE = (*OPEN_STATES, "returned")


@dataclass(frozen=True, slots=True)
class OfferedWord:
    """A word to add; ``source`` is thesaurus (``because``: the demand's own word for it) or patents."""

    word: str
    source: str
    because: str


@dataclass(frozen=True, slots=True)
class Refining:
    """One demand as whoever refines it sees it. ``open``: it is still matched and may be refined."""

    demand_id: int
    title: str
    open: bool
    chosen: tuple[ChosenWord, ...]
    offered: tuple[OfferedWord, ...]
    best: tuple[MatchView, ...]
    good: bool
    floor: float


def refining(unit: Unit, demand_id: int, top: int = 5) -> Refining:
    """One demand; ``NotFound("demand_not_found")`` for anybody who may not see all of it."""
    unit.require("demand.refine")
    demand = own_demand(unit, demand_id)
    live = demand.state in _REFINABLE
    best = matches_of_demand(unit, demand, top) if live else ()
    offered = suggest_terms(current_matcher(unit), ask(unit, [demand]).queries[0], OFFERED) if live else ()
    return Refining(
        demand_id=demand.id,
        title=demand.title,
        open=live,
        chosen=chosen_words(unit, demand),
        offered=tuple(
            OfferedWord(each.word, each.source, each.because if each.source == "thesaurus" else "") for each in offered
        ),
        best=best,
        good=is_good(best[0].score if best else None),
        floor=ANSWER_FLOOR,
    )


def refine(unit: Unit, demand_id: int, word: str, origin: str = "typed") -> int:
    """Add a word to an own demand (the operator: to any); every later answer and run asks for it.

    Raises ``Conflict("demand_moved_on")`` for one that is no longer matched, and what ``add_word`` raises.
    """
    unit.require("demand.refine")
    demand = own_demand(unit, demand_id)
    if demand.state not in _REFINABLE:
        raise Conflict("demand_moved_on", state=demand.state)
    return add_word(unit, demand, word, origin)


def unrefine(unit: Unit, demand_id: int, refinement_id: int) -> None:
    """Take a chosen word back."""
    unit.require("demand.refine")
    remove_word(unit, own_demand(unit, demand_id), refinement_id)
