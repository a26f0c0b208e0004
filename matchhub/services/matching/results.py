"""Answers to one demand or one text, with reasons, right now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Demand, Patent
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import Asked, ask, read_to
from matchhub.services.matching.bounds import bounded, cut_at
from matchhub.services.matching.store import current_matcher
from recommender import ANSWER_FLOOR, Hit, Query
from recommender.text import normalise

__all__ = [
    "Answer",
    "PatentHit",
    "ReasonView",
    "explain_pairs",
    "is_good",
    "match_demand",
    "match_text",
    "views",
]
MOST = 200


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One summand of a score: which words of the demand met which words of the patent.

    ``feature`` is one of ``recommender.Reason``, or ``refinement``: a word chosen for the demand stands in the patent.
    """

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
    """One patent found, with its public data and why; ``band`` and ``unmet`` as in ``recommender.Hit``."""

    patent_id: int
    number: str
    title: str
    abstract: str
    patent_type: str | None
    score: float
    reasons: tuple[ReasonView, ...]
    band: str = "weak"
    unmet: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, object]:
        """As the contract words it: patent, title, score, reasons; and the band and what the patent does not say."""
        return {
            "patent": self.number,
            "title": self.title,
            "score": round(self.score, 6),
            "band": self.band,
            "unmet": [{"word": word, "role": role} for word, role in self.unmet],
            "reasons": [reason.to_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The best patents for one demand under one model; ``read_to``: characters read of it, where more was written."""

    model: str
    results: tuple[PatentHit, ...]
    read_to: int = 0

    @property
    def good(self) -> bool:
        """False: no good match yet."""
        return is_good(max((hit.score for hit in self.results), default=0.0))

    def to_json(self) -> dict[str, object]:
        """As the contract words it, and whether there is a good match at all."""
        told = {"read_to": self.read_to} if self.read_to else {}
        return {"model": self.model, "good": self.good, **told, "results": [hit.to_json() for hit in self.results]}


def is_good(best: float | None) -> bool:
    """Whether a demand whose best patent scores ``best`` has a good match, by the recommender's calibrated rule."""
    return best is not None and best >= ANSWER_FLOOR


def match_text(unit: Unit, text: str, title: str = "", top: int = 20) -> Answer:
    """Patents for words just typed; ``Refusal("text_empty")`` when there are none."""
    if not (text.strip() or title.strip()):
        raise Refusal("text_empty")
    query = Query("", title, text)
    return _answer(unit, Asked((bounded(query),), {}), top, cut_at(query))


def match_demand(unit: Unit, demand_id: int, top: int = 20) -> Answer:
    """Patents for a demand of the base; ``NotFound`` when there is no such demand."""
    demand = _demand(unit, demand_id)
    return _answer(unit, ask(unit, [demand]), top, read_to(demand))


def explain_pairs(
    unit: Unit, patents_of: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, int, tuple[ReasonView, ...]]]:
    """Reasons of several patents for each of several demands now, as (demand, patent, reasons).

    Patents that the index does not hold are left out; ``NotFound`` for an unknown demand. The demands are read some
    hundreds at a time: one at a time costs several times as much.
    """
    matcher = current_matcher(unit)
    for part in parts(sorted(patents_of)):
        asked = ask(unit, _demands(unit, part))
        held = matcher.index.places(str(key) for demand in part for key in patents_of[demand])
        wanted = [[str(key) for key in patents_of[int(query.id)] if str(key) in held] for query in asked.queries]
        for query, hits in zip(asked.queries, asked.explain_each(matcher, wanted), strict=True):
            for hit in hits:
                yield int(query.id), int(hit.document_id), _reasons(hit, query)


def _demands(unit: Unit, ids: Sequence[int]) -> list[Demand]:
    found = {row.id: row for row in unit.session.execute(select(Demand).where(Demand.id.in_(ids))).scalars()}
    for key in ids:
        if key not in found:
            raise NotFound("demand_not_found", id=key)
    return [found[key] for key in ids]


def _demand(unit: Unit, demand_id: int) -> Demand:
    demand = unit.session.get(Demand, demand_id)
    if demand is None:
        raise NotFound("demand_not_found", id=demand_id)
    return demand


def _answer(unit: Unit, asked: Asked, top: int, read: int) -> Answer:
    matcher = current_matcher(unit)
    hits = asked.search(matcher, max(1, min(top, MOST)))
    return Answer(matcher.model, tuple(views(unit, hits, asked.queries[0])), read)


def views(unit: Unit, hits: Sequence[Hit], query: Query) -> list[PatentHit]:
    """Hits with the public data of their patents, in the same order; a patent no longer in the base is left out."""
    ids = [int(hit.document_id) for hit in hits]
    patents = {row.id: row for row in unit.session.execute(select(Patent).where(Patent.id.in_(ids))).scalars()}
    return views_of(hits, query, patents)


def views_of(hits: Sequence[Hit], query: Query, patents: Mapping[int, Patent]) -> list[PatentHit]:
    """The same with patents that were read already, by their id."""
    found = [(hit, patents[int(hit.document_id)]) for hit in hits if int(hit.document_id) in patents]
    return [
        PatentHit(
            patent_id=patent.id,
            number=patent.application_number or patent.publication_number or "",
            title=patent.title or "",
            abstract=patent.abstract or "",
            patent_type=patent.patent_type,
            score=hit.score,
            reasons=_reasons(hit, query),
            band=hit.band,
            unmet=hit.unmet,
        )
        for hit, patent in found
    ]


def _reasons(hit: Hit, query: Query) -> tuple[ReasonView, ...]:
    prose = normalise(f"{query.title}\n{query.text}") if query.keywords else ""
    chosen = {word for word in query.keywords if word not in prose}
    return tuple(
        ReasonView(
            "refinement" if r.feature == "word" and r.demand_text in chosen else r.feature,
            r.weight,
            r.demand_text,
            r.patent_text,
        )
        for r in hit.reasons
    )
