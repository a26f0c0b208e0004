"""Matching the other ways: from a patent to demands, enterprises and like patents, from a demand to experts and
agencies, from an expert to demands.

A demand's score with a patent is the same number in both directions. Scores of enterprises, experts and agencies only
order them: no labelled set says what they mean.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Agency, Demand, Enterprise, Expert, Match, Patent, PatentHolder
from matchhub.errors import NotFound
from matchhub.services.demands.posting import own_demand
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import Asked, ask
from matchhub.services.matching.feedback import done_with
from matchhub.services.matching.profiles import profile_matcher
from matchhub.services.matching.results import ReasonView
from matchhub.services.matching.runs import latest_run, open_demands
from matchhub.services.matching.store import current_matcher
from matchhub.services.patents.rows import PatentRow, patent_rows
from recommender import Hit, Matcher, Query

_SHORTLIST = 80


@dataclass(frozen=True, slots=True)
class Fit:
    """One record that fits: ``kind`` is demands, enterprises, experts or agencies, ``line`` what to see at once."""

    kind: str
    id: int
    name: str
    line: str
    score: float
    reasons: tuple[ReasonView, ...]


def demands_for_patent(unit: Unit, patent_id: int, top: int = 10) -> tuple[Fit, ...]:
    """Open demands that a patent fits, with the very scores and reasons that these demands show for it.

    Demands of its own holders, and of enterprises that are done with it, are left out.
    """
    unit.require("match.read_any")
    matcher = current_matcher(unit)
    if str(patent_id) not in matcher.index:
        raise NotFound("patent_not_in_base", id=patent_id)
    demands = {demand.id: demand for demand in open_demands(unit)}
    near = [demands[key] for key in _shortlist(unit, matcher, patent_id, demands) if key in demands]
    asked = ask(unit, near)
    asked = replace(asked, queries=tuple(q for q in asked.queries if str(patent_id) not in asked.unwanted(q.id)))
    worth = {key: lesson.worth for key, lesson in asked.lessons.items() if lesson.worth}
    found = matcher.match(asked.queries, 1, matcher.index.mask([str(patent_id)]), feedback=worth)
    best = sorted(((score, int(key)) for key, _, score in found), key=lambda pair: (-pair[0], pair[1]))[:top]
    names = _names(unit, Enterprise, [demands[key].enterprise_id for _, key in best])
    return tuple(_fit_of_demand(matcher, asked, demands[key], patent_id, names) for _, key in best)


def _shortlist(unit: Unit, matcher: Matcher, patent_id: int, demands: Collection[int]) -> list[int]:
    """Demands worth scoring: those that resemble the patent, and those for which the latest run found it."""
    document = matcher.index.document(str(patent_id))
    small = profile_matcher(unit, "demands")
    allowed = small.index.mask(str(key) for key in demands)
    near = small.match([Query("", document.title, document.abstract)], _SHORTLIST, allowed)
    run = latest_run(unit)
    known = select(Match.demand_id).where(Match.run_id == (run.id if run else 0), Match.patent_id == patent_id)
    stored = unit.session.execute(known.order_by(Match.score.desc(), Match.demand_id).limit(_SHORTLIST)).scalars()
    return list(dict.fromkeys([*(int(key) for _, key, _ in near), *stored]))


def _fit_of_demand(matcher: Matcher, asked: Asked, demand: Demand, patent_id: int, names: dict[int, str]) -> Fit:
    hit = asked.only(str(demand.id)).explain(matcher, [str(patent_id)])[0]
    return Fit("demands", demand.id, demand.title, names.get(demand.enterprise_id, ""), hit.score, _reasons(hit))


def enterprises_for_patent(unit: Unit, patent_id: int, top: int = 10) -> tuple[Fit, ...]:
    """Enterprises whose business scope, own patents and demands speak of what a patent is about.

    Its holders, and enterprises that answered that they are done with it, are left out.
    """
    unit.require("match.read_any")
    query = _patent_query(unit, patent_id)
    holders = select(PatentHolder.name_key).where(PatentHolder.patent_id == patent_id)
    own = select(Enterprise.id).where(Enterprise.name_key.in_(holders))
    gone = set(unit.session.execute(own).scalars())
    gone |= {firm for firm, patent in done_with(unit) if patent == patent_id}
    hits = _search(unit, "enterprises", query, top, gone)
    rows = {row.id: row for row in _living(unit, Enterprise, hits)}
    return tuple(
        Fit("enterprises", row.id, row.name, row.industry or row.region or "", hit.score, _reasons(hit))
        for hit, row in _paired(hits, rows)
    )


def similar_patents(unit: Unit, patent_id: int, top: int = 6) -> tuple[tuple[PatentRow, float], ...]:
    """Patents like this one, the most alike first; public."""
    query = _patent_query(unit, patent_id)
    matcher = current_matcher(unit)
    found = [(int(key), score) for _, key, score in matcher.match([query], top + 1) if key != str(patent_id)][:top]
    chosen = select(Patent).where(Patent.id.in_([key for key, _ in found]), Patent.withdrawn_at.is_(None))
    rows = {row.id: row for row in patent_rows(unit, list(unit.session.execute(chosen).scalars()))}
    return tuple((rows[key], score) for key, score in found if key in rows)


def experts_for_demand(unit: Unit, demand_id: int, top: int = 5) -> tuple[Fit, ...]:
    """Experts whose field and patents speak of a demand; an enterprise sees only those who consented (PIPL 13)."""
    asked = ask(unit, [_own(unit, demand_id)])
    unseen: set[int] = set()
    if not unit.may("expert.read_any"):
        unseen = set(unit.session.execute(select(Expert.id).where(Expert.consent_on.is_(None))).scalars())
    hits = _search(unit, "experts", asked.queries[0], top, unseen)
    rows = {row.id: row for row in _living(unit, Expert, hits)}
    lines = {
        key: " · ".join(part for part in (row.organisation, row.title, row.field) if part) for key, row in rows.items()
    }
    return tuple(
        Fit("experts", row.id, row.name, lines[row.id], hit.score, _reasons(hit)) for hit, row in _paired(hits, rows)
    )


def agencies_for_demand(unit: Unit, demand_id: int, top: int = 5) -> tuple[Fit, ...]:
    """Agencies whose patents and services speak of a demand."""
    asked = ask(unit, [_own(unit, demand_id)])
    hits = _search(unit, "agencies", asked.queries[0], top)
    rows = {row.id: row for row in _living(unit, Agency, hits)}
    return tuple(
        Fit("agencies", row.id, row.name, "、".join(row.service_types or ()), hit.score, _reasons(hit))
        for hit, row in _paired(hits, rows)
    )


def demands_for_expert(unit: Unit, expert_id: int, top: int = 10) -> tuple[Fit, ...]:
    """Open demands that an expert may help with."""
    unit.require("match.read_any")
    matcher = profile_matcher(unit, "experts")
    if unit.session.get(Expert, expert_id) is None or str(expert_id) not in matcher.index:
        raise NotFound("expert_not_found", id=expert_id)
    document = matcher.index.document(str(expert_id))
    demands = {demand.id: demand for demand in open_demands(unit)}
    small = profile_matcher(unit, "demands")
    query = Query("", document.title, document.abstract)
    hits = small.search(query, top, small.index.mask(str(key) for key in demands))
    names = _names(unit, Enterprise, [demands[int(hit.document_id)].enterprise_id for hit in hits])
    return tuple(
        Fit("demands", demand.id, demand.title, names.get(demand.enterprise_id, ""), hit.score, _reasons(hit))
        for hit, demand in _paired(hits, demands)
    )


def _own(unit: Unit, demand_id: int) -> Demand:
    unit.require("expert.suggest", "match.read_any")
    return own_demand(unit, demand_id)


def _patent_query(unit: Unit, patent_id: int) -> Query:
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None:
        raise NotFound("patent_not_in_base", id=patent_id)
    return Query("", patent.title or "", patent.abstract or "")


def _search(unit: Unit, kind: Any, query: Query, top: int, without: Collection[int] = ()) -> list[Hit]:
    matcher = profile_matcher(unit, kind)
    allowed = ~matcher.index.mask(str(key) for key in without) if without else None
    return matcher.search(query, top, allowed)


def _living(unit: Unit, table: Any, hits: Sequence[Hit]) -> list[Any]:
    chosen = select(table).where(table.id.in_([int(hit.document_id) for hit in hits]), table.withdrawn_at.is_(None))
    return list(unit.session.execute(chosen).scalars())


def _paired(hits: Sequence[Hit], rows: dict[int, Any]) -> list[tuple[Hit, Any]]:
    return [(hit, rows[int(hit.document_id)]) for hit in hits if int(hit.document_id) in rows]


def _names(unit: Unit, table: Any, ids: Sequence[int]) -> dict[int, str]:
    return dict(unit.session.execute(select(table.id, table.name).where(table.id.in_(set(ids)))).all())


def _reasons(hit: Hit) -> tuple[ReasonView, ...]:
    return tuple(ReasonView(r.feature, r.weight, r.demand_text, r.patent_text) for r in hit.reasons)
