"""What an institution (机构) sees: its own patents, the published demands they fit, and who asked about them.

A patent is its own when the organisation's name is the owner's, or the applicant's where no owner is named. Of a demand
it sees title and matter once the operator has verified it; never the firm, never contact data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Patent, PlatformEvent
from matchhub.services.demands.confidentiality import sight_of
from matchhub.services.demands.public import SHOWN_STATE, offered_demand
from matchhub.services.kernel.paging import PAGE_SIZE, Page
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.own_scores import Pair, own_scores
from matchhub.services.matching.shown import MatchView, match_of_pair, without_words
from matchhub.services.patents.holders import own_organisation, own_patent, own_patent_ids
from matchhub.services.patents.rows import PatentRow, patent_rows


@dataclass(frozen=True, slots=True)
class DemandBrief:
    """What an institution may know of a demand: the matter, not the firm."""

    id: int
    title: str
    text: str
    object: str | None
    aim: str | None
    targets: str | None
    technical_field: str | None
    cooperation_form: str | None
    posted_on: date
    valid_until_on: date | None


@dataclass(frozen=True, slots=True)
class FittingDemand:
    """A demand with the own patents that fit it, best first."""

    demand: DemandBrief
    best: float
    patents: tuple[tuple[PatentRow, float], ...]
    offered: bool


@dataclass(frozen=True, slots=True)
class OwnPatent:
    """An own patent with the best score among today's demands and how many it fits."""

    patent: PatentRow
    best: float | None
    demands: int


@dataclass(frozen=True, slots=True)
class PairView:
    """An own patent with one demand and why."""

    demand: DemandBrief
    match: MatchView
    offered: bool


@dataclass(frozen=True, slots=True)
class Request:
    """An enterprise asked for contact about an own patent; ``demand_title`` where the demand is published."""

    patent_id: int
    title: str
    demand_id: int | None
    demand_title: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """The first page of an institution."""

    name: str
    patents: int
    in_force: int
    fitting: int
    offers: int
    best: tuple[FittingDemand, ...]
    requests: tuple[Request, ...]


def desk(unit: Unit, most: int = 5) -> Desk:
    """The actor's own desk."""
    own = own_patent_ids(unit)
    scores = own_scores(unit, own)
    return Desk(
        name=own_organisation(unit).name,
        patents=len(own),
        in_force=sum(row.validity == "in_force" for row in _rows(unit, own)),
        fitting=len(scores),
        offers=len(_offered(unit, own)),
        best=_fitting(unit, own, scores, _ranked(scores)[:most]),
        requests=_requests(unit, own),
    )


def own_patents(unit: Unit, number: int = 1) -> Page[OwnPatent]:
    """Own patents, those that fit today's demands best first."""
    own = own_patent_ids(unit)
    fits: dict[int, list[float]] = {}
    for pairs in own_scores(unit, own).values():
        for patent_id, score in pairs:
            fits.setdefault(patent_id, []).append(score)
    ordered = sorted(own, key=lambda key: (-max(fits.get(key, [0.0])), -key))
    page = _page(ordered, number)
    rows = {row.id: row for row in _rows(unit, page.items)}
    items = [OwnPatent(rows[key], max(fits.get(key, ()), default=None), len(fits.get(key, ()))) for key in page.items]
    return Page(items, page.total, page.number)


def fitting_demands(unit: Unit, number: int = 1) -> Page[FittingDemand]:
    """Published demands that own patents fit, the best first."""
    own = own_patent_ids(unit)
    scores = own_scores(unit, own)
    page = _page(_ranked(scores), number)
    return Page(_fitting(unit, own, scores, page.items), page.total, page.number)


def demands_for_patent(unit: Unit, patent_id: int, most: int = 20) -> tuple[PairView, ...]:
    """The published demands that one own patent fits best, with reasons."""
    own_patent(unit, patent_id)
    own = own_patent_ids(unit)
    found = [(key, dict(pairs).get(patent_id, 0.0)) for key, pairs in own_scores(unit, own).items()]
    best = sorted((pair for pair in found if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))[:most]
    offered = _offered(unit, own)
    return tuple(_pair(unit, demand_id, patent_id, offered) for demand_id, _ in best)


def patents_for_demand(unit: Unit, demand_id: int, most: int = 10) -> tuple[DemandBrief, tuple[PairView, ...]]:
    """One published demand with the own patents that fit it, with reasons."""
    demand = offered_demand(unit, demand_id)
    own = own_patent_ids(unit)
    pairs = own_scores(unit, own).get(demand.id, ())[:most]
    offered = _offered(unit, own)
    return _brief(unit, demand), tuple(_pair(unit, demand.id, patent_id, offered) for patent_id, _ in pairs)


def _ranked(scores: dict[int, tuple[Pair, ...]]) -> list[int]:
    return sorted(scores, key=lambda key: (-scores[key][0][1], key))


def _page(keys: Sequence[int], number: int) -> Page[int]:
    last = max(1, -(-len(keys) // PAGE_SIZE))
    wanted = max(1, min(number, last))
    return Page(keys[(wanted - 1) * PAGE_SIZE : wanted * PAGE_SIZE], len(keys), wanted)


def _rows(unit: Unit, ids: Iterable[int]) -> list[PatentRow]:
    found: list[PatentRow] = []
    for part in parts(sorted(ids)):
        found += patent_rows(unit, list(unit.session.execute(select(Patent).where(Patent.id.in_(part))).scalars()))
    return found


def _fitting(
    unit: Unit, own: frozenset[int], scores: dict[int, tuple[Pair, ...]], chosen: Sequence[int]
) -> tuple[FittingDemand, ...]:
    rows = {row.id: row for row in _rows(unit, {key for each in chosen for key, _ in scores[each][:3]})}
    offered = {demand_id for demand_id, _ in _offered(unit, own)}
    return tuple(
        FittingDemand(
            demand=_brief(unit, unit.session.get_one(Demand, key)),
            best=scores[key][0][1],
            patents=tuple((rows[patent_id], score) for patent_id, score in scores[key][:3]),
            offered=key in offered,
        )
        for key in chosen
    )


def _pair(unit: Unit, demand_id: int, patent_id: int, offered: frozenset[tuple[int | None, int]]) -> PairView:
    demand = unit.session.get_one(Demand, demand_id)
    match = match_of_pair(unit, demand, patent_id)
    if sight_of(unit, demand) != "full":
        match = without_words(match)
    return PairView(_brief(unit, demand), match, (demand_id, patent_id) in offered)


def _offered(unit: Unit, own: frozenset[int]) -> frozenset[tuple[int | None, int]]:
    chosen = select(PlatformEvent.demand_id, PlatformEvent.patent_id).where(PlatformEvent.event == "interest")
    return frozenset((demand, patent) for demand, patent in unit.session.execute(chosen) if patent in own)


def _requests(unit: Unit, own: frozenset[int], most: int = 20) -> tuple[Request, ...]:
    shown = (Demand.id == PlatformEvent.demand_id) & (Demand.state == SHOWN_STATE)
    chosen = (
        select(PlatformEvent.patent_id, Patent.title, Demand.id, Demand.title, func.min(PlatformEvent.occurred_at))
        .join(Patent, Patent.id == PlatformEvent.patent_id)
        .outerjoin(Demand, shown)
        .where(PlatformEvent.event == "contact")
        .group_by(PlatformEvent.patent_id, Patent.title, Demand.id, Demand.title, PlatformEvent.enterprise_id)
        .order_by(func.min(PlatformEvent.occurred_at).desc())
    )
    found = (row for row in unit.session.execute(chosen) if row[0] in own)
    return tuple(Request(row[0], row[1] or "", row[2], row[3], row[4]) for row in islice(found, most))


def _brief(unit: Unit, demand: Demand) -> DemandBrief:
    full = sight_of(unit, demand) == "full"
    return DemandBrief(
        id=demand.id,
        title=demand.title,
        text=demand.text if full else "",
        object=demand.object if full else None,
        aim=demand.aim if full else None,
        targets=demand.targets if full else None,
        technical_field=demand.technical_field,
        cooperation_form=demand.cooperation_form,
        posted_on=demand.posted_on,
        valid_until_on=demand.valid_until_on,
    )
