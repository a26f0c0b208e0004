"""Answers to one demand or one text, with reasons, right now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Demand, Patent
from matchhub.errors import NotFound, Refusal
from matchhub.services.matching.store import current_index
from matchhub.services.unit import Unit
from recommender import Hit, Query

MOST = 200


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One summand of a score: which words of the demand met which words of the patent."""

    feature: str
    weight: float
    demand_text: str
    patent_text: str

    def to_json(self) -> dict[str, object]:
        """As the contract words it."""
        return {
            "feature": self.feature,
            "weight": round(self.weight, 6),
            "demand_text": self.demand_text,
            "patent_text": self.patent_text,
        }


@dataclass(frozen=True, slots=True)
class PatentHit:
    """One patent found, with its public data and why."""

    patent_id: int
    number: str
    title: str
    abstract: str
    patent_type: str | None
    score: float
    reasons: tuple[ReasonView, ...]

    def to_json(self) -> dict[str, object]:
        """As the contract words it: patent, title, score, reasons."""
        return {
            "patent": self.number,
            "title": self.title,
            "score": round(self.score, 6),
            "reasons": [reason.to_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The best patents for one demand under one model."""

    model: str
    results: tuple[PatentHit, ...]

    def to_json(self) -> dict[str, object]:
        """As the contract words it."""
        return {"model": self.model, "results": [hit.to_json() for hit in self.results]}


def query_of(demand: Demand) -> Query:
    """What the matcher reads of a demand: all that the enterprise wrote about the matter itself."""
    parts = (demand.text, demand.object, demand.aim, demand.targets, demand.technical_field)
    return Query(str(demand.id), demand.title, "\n".join(dict.fromkeys(part for part in parts if part)))


def match_text(unit: Unit, text: str, title: str = "", top: int = 20) -> Answer:
    """Patents for words just typed; ``Refusal("text_empty")`` when there are none."""
    if not (text.strip() or title.strip()):
        raise Refusal("text_empty")
    return _answer(unit, Query("", title, text), top)


def match_demand(unit: Unit, demand_id: int, top: int = 20) -> Answer:
    """Patents for a demand of the base; ``NotFound`` when there is no such demand."""
    demand = unit.session.get(Demand, demand_id)
    if demand is None:
        raise NotFound("demand_not_found", id=demand_id)
    return _answer(unit, query_of(demand), top)


def explain_pair(unit: Unit, demand_id: int, patent_id: int) -> PatentHit:
    """Score and reasons of one pair now, whatever its rank."""
    demand = unit.session.get(Demand, demand_id)
    index = current_index(unit)
    if demand is None or str(patent_id) not in index:
        raise NotFound("pair_not_found", demand=demand_id, patent=patent_id)
    return views(unit, [index.explain(query_of(demand), str(patent_id))])[0]


def explain_pairs(unit: Unit, demand_id: int, patent_ids: Sequence[int]) -> dict[int, tuple[ReasonView, ...]]:
    """Reasons of several patents for one demand now; patents that the index does not hold are left out."""
    demand = unit.session.get(Demand, demand_id)
    if demand is None:
        raise NotFound("demand_not_found", id=demand_id)
    index = current_index(unit)
    held = [str(key) for key in patent_ids if str(key) in index]
    query = query_of(demand)
    hits = [index.explain(query, key) for key in held]
    return {int(hit.document_id): _reasons(hit) for hit in hits}


def _answer(unit: Unit, query: Query, top: int) -> Answer:
    index = current_index(unit)
    hits = index.search(query, top=max(1, min(top, MOST)))
    return Answer(index.model, tuple(views(unit, hits)))


def views(unit: Unit, hits: Sequence[Hit]) -> list[PatentHit]:
    """Hits with the public data of their patents, in the same order; a patent no longer in the base is left out."""
    ids = [int(hit.document_id) for hit in hits]
    patents = {row.id: row for row in unit.session.execute(select(Patent).where(Patent.id.in_(ids))).scalars()}
    found = [(hit, patents[int(hit.document_id)]) for hit in hits if int(hit.document_id) in patents]
    return [
        PatentHit(
            patent_id=patent.id,
            number=patent.application_number or patent.publication_number or "",
            title=patent.title or "",
            abstract=patent.abstract or "",
            patent_type=patent.patent_type,
            score=hit.score,
            reasons=_reasons(hit),
        )
        for hit, patent in found
    ]


def _reasons(hit: Hit) -> tuple[ReasonView, ...]:
    return tuple(ReasonView(r.feature, r.weight, r.demand_text, r.patent_text) for r in hit.reasons)
