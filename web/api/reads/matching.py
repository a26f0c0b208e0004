"""What matching finds: of a text, of a demand, of a patent; the words it knows and what answers taught it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from matchhub.errors import Refusal
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching import directions, fitting_firms, refining
from matchhub.services.matching.calibration import ScoreTable, newest_labelled, table_of_answers
from matchhub.services.matching.learned import LearnedView, learned_views
from matchhub.services.matching.precision import CurvePoint, precision_curve
from matchhub.services.matching.results import Answer, match_demand, match_text
from matchhub.services.matching.thesaurus import EntryView, Meaning, entry_views, find_meanings
from matchhub.services.patents.rows import PatentRow
from web.api.operations import Room

_matching = Room("matching")
ROOMS = (_matching,)
Top = Annotated[int, Field(ge=1, le=100)]


@_matching.get("/match", "patent.browse")
def match(unit: Unit, text: str, title: str = "", top: Top = 20) -> Answer:
    """The patents that fit a text best, each with its reasons. Nothing is kept."""
    if not text.strip():
        raise Refusal("field_required")
    return match_text(unit, text[:20_000], title[:500], top)


@_matching.get("/demands/<int:demand_id>/matches", "match.read_any")
def matches(unit: Unit, demand_id: int, top: Top = 20) -> Answer:
    """The patents that fit a demand best, each with its reasons."""
    return match_demand(unit, demand_id, top)


@_matching.get("/demands/<int:demand_id>/words", "demand.refine", "matching.demand_words")
def demand_words(unit: Unit, demand_id: int) -> refining.Refining:
    """The words chosen for a demand, words to add, its best matches."""
    return refining.refining(unit, demand_id)


@_matching.get("/demands/<int:demand_id>/experts", "expert.suggest")
def experts_for_demand(unit: Unit, demand_id: int) -> tuple[directions.Fit, ...]:
    """Experts who may help with a demand."""
    return directions.experts_for_demand(unit, demand_id)


@_matching.get("/demands/<int:demand_id>/agencies", "expert.suggest")
def agencies_for_demand(unit: Unit, demand_id: int) -> tuple[directions.Fit, ...]:
    """Agencies that may help with a demand."""
    return directions.agencies_for_demand(unit, demand_id)


@_matching.get("/patents/<int:patent_id>/similar", "patent.browse", "matching.similar")
def similar(unit: Unit, patent_id: int) -> tuple[tuple[PatentRow, float], ...]:
    """Patents like this one, each with its score."""
    return directions.similar_patents(unit, patent_id)


@_matching.get("/patents/<int:patent_id>/firms", "firm.fit", "matching.firms")
def firms(unit: Unit, patent_id: int) -> fitting_firms.FittingFirms:
    """The local firms that a patent fits best, and why."""
    return fitting_firms.fitting_firms(unit, patent_id)


@_matching.get("/patents/<int:patent_id>/demands", "match.read_any")
def demands_for_patent(unit: Unit, patent_id: int) -> tuple[directions.Fit, ...]:
    """Open demands that a patent fits."""
    return directions.demands_for_patent(unit, patent_id)


@_matching.get("/patents/<int:patent_id>/enterprises", "match.read_any")
def enterprises_for_patent(unit: Unit, patent_id: int) -> tuple[directions.Fit, ...]:
    """Enterprises whose profile speaks of a patent."""
    return directions.enterprises_for_patent(unit, patent_id)


@_matching.get("/experts/<int:expert_id>/demands", "match.read_any", "matching.expert_demands")
def demands_for_expert(unit: Unit, expert_id: int) -> tuple[directions.Fit, ...]:
    """Open demands that an expert may help with."""
    return directions.demands_for_expert(unit, expert_id)


@_matching.get("/precision", "precision.read", "matching.precision")
def precision(unit: Unit) -> tuple[CurvePoint, ...]:
    """Precision at five by month, from the enterprises' coded answers."""
    return precision_curve(unit)


@_matching.get("/calibration", "calibration.read", "matching.calibration")
def calibration(unit: Unit) -> Sequence[ScoreTable]:
    """The tables score -> precision, from answers and from the labelled set."""
    return [table for table in (newest_labelled(unit), table_of_answers(unit)) if table is not None]


@_matching.get("/learned", "learned.read", "matching.learned")
def learned(unit: Unit) -> tuple[LearnedView, ...]:
    """The learned words, with the matches they came from."""
    return learned_views(unit)


@_matching.get("/thesaurus", "thesaurus.read", "matching.thesaurus")
def thesaurus(unit: Unit) -> list[EntryView]:
    """The operator's own entries in use."""
    return entry_views(unit)


@_matching.get("/thesaurus/meanings", "thesaurus.read")
def meanings(unit: Unit, word: str = "") -> list[Meaning]:
    """What the whole thesaurus knows of a word."""
    return find_meanings(unit, word)
