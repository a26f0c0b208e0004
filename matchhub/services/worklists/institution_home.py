"""What an institution (机构) sees: its own patents, the published demands they fit, and who asked about them.

A patent is its own when the organisation's name is the owner's, or the applicant's where no owner is named. Of a demand
it sees title and matter once the operator has verified it; never the firm, never contact data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Patent, PlatformEvent
from matchhub.services.demands.confidentiality import readable_among, sight_of
from matchhub.services.demands.public import SHOWN_STATE, offered_demand, shown_demands
from matchhub.services.kernel.paging import Page, page_of, typed_words
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.own_scores import Pair, own_scores
from matchhub.services.matching.shown import MatchView, matches_of_pairs, without_words
from matchhub.services.patents.holders import own_organisation, own_patent, own_patent_ids
from matchhub.services.patents.page import validities_of
from matchhub.services.patents.rows import PatentRow, rows_of


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


FITS = ("one", "several")
INTEREST = ("open", "told")
SORTS = ("fit", "newest", "ends_first")


@dataclass(frozen=True, slots=True)
class DemandFilters:
    """What the list of fitting demands is asked for; an empty text asks nothing, an unknown key finds nothing."""

    words: str = ""
    field: str = ""
    fit: str = ""
    interest: str = ""
    sort: str = "fit"


@dataclass(frozen=True, slots=True)
class FittingDemands:
    """A page of fitting demands, and the technical fields that can be filtered by, with counts."""

    page: Page[FittingDemand]
    fields: tuple[tuple[str, int], ...]


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
        in_force=sum(validity == "in_force" for validity in validities_of(unit, own).values()),
        fitting=len(scores),
        offers=len(_offered(unit, own)),
        best=_fitting(unit, own, scores, _ranked(scores)[:most]),
        requests=_requests(unit, own),
    )


def fitting_demands(unit: Unit, number: int = 1, filters: DemandFilters = DemandFilters()) -> FittingDemands:
    """Published demands that own patents fit, as filtered; unless asked otherwise the best first."""
    own = own_patent_ids(unit)
    scores = own_scores(unit, own)
    every = {row.id: row for part in parts(sorted(scores)) for row in shown_demands(unit, part)}
    readable = readable_among(unit, every.values())
    offered = {demand_id for demand_id, _ in _offered(unit, own)}
    found = [
        row.id
        for row in sorted(every.values(), key=lambda row: _order(row, scores[row.id], filters.sort))
        if _meets(row, row.id in readable, row.id in offered, len(scores[row.id]), filters)
    ]
    page = page_of(found, number, list)
    items = _fitting(unit, own, scores, page.items)
    fields = Counter(row.technical_field for row in every.values() if row.technical_field)
    return FittingDemands(Page(items, page.total, page.number), tuple(sorted(fields.items())))


def _order(row: Demand, pairs: tuple[Pair, ...], sort: str) -> tuple[Any, ...]:
    """By what a list of demands is ordered: best fit, newest, or the term that ends first."""
    if sort == "newest":
        return (-row.posted_on.toordinal(), row.id)
    if sort == "ends_first":
        return (row.valid_until_on or date.max, row.id)
    return (-pairs[0][1], row.id)


def _meets(row: Demand, readable: bool, offered: bool, patents: int, asked: DemandFilters) -> bool:
    """Whether a demand is one that was asked for; of one that may not be read yet the title alone is searched."""
    said = (row.title, row.technical_field, *((row.text, row.object, row.aim, row.targets) if readable else ()))
    text = " ".join(each or "" for each in said).casefold()
    return (
        all(word.casefold() in text for word in typed_words(asked.words))
        and asked.field in ("", row.technical_field)
        and asked.fit in ("", "several" if patents > 1 else "one")
        and asked.interest in ("", "told" if offered else "open")
    )


def demands_for_patent(unit: Unit, patent_id: int, most: int = 10) -> tuple[PairView, ...]:
    """The published demands that one own patent fits best, with reasons."""
    own_patent(unit, patent_id)
    own = own_patent_ids(unit)
    found = [(key, dict(pairs).get(patent_id, 0.0)) for key, pairs in own_scores(unit, own).items()]
    best = sorted((pair for pair in found if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))[:most]
    offered = _offered(unit, own)
    chosen = select(Demand).where(Demand.id.in_([key for key, _ in best]))
    demands = {row.id: row for row in unit.session.execute(chosen).scalars()}
    return _pairs(unit, [(demands[key], patent_id) for key, _ in best], offered)


def patents_for_demand(unit: Unit, demand_id: int, most: int = 10) -> tuple[DemandBrief, tuple[PairView, ...]]:
    """One published demand with the own patents that fit it, with reasons."""
    demand = offered_demand(unit, demand_id)
    own = own_patent_ids(unit)
    pairs = own_scores(unit, own).get(demand.id, ())[:most]
    offered = _offered(unit, own)
    shown = _pairs(unit, [(demand, patent_id) for patent_id, _ in pairs], offered)
    return _brief(demand, sight_of(unit, demand) == "full"), shown


def _ranked(scores: dict[int, tuple[Pair, ...]]) -> list[int]:
    return sorted(scores, key=lambda key: (-scores[key][0][1], key))


def _fitting(
    unit: Unit, own: frozenset[int], scores: dict[int, tuple[Pair, ...]], chosen: Sequence[int]
) -> tuple[FittingDemand, ...]:
    rows = {row.id: row for row in rows_of(unit, {key for each in chosen for key, _ in scores[each][:3]})}
    offered = {demand_id for demand_id, _ in _offered(unit, own)}
    demands = {row.id: row for row in unit.session.execute(select(Demand).where(Demand.id.in_(chosen))).scalars()}
    readable = readable_among(unit, demands.values())
    return tuple(
        FittingDemand(
            demand=_brief(demands[key], key in readable),
            best=scores[key][0][1],
            patents=tuple((rows[patent_id], score) for patent_id, score in scores[key][:3]),
            offered=key in offered,
        )
        for key in chosen
    )


def _pairs(
    unit: Unit, pairs: Sequence[tuple[Demand, int]], offered: frozenset[tuple[int | None, int]]
) -> tuple[PairView, ...]:
    readable = readable_among(unit, {demand.id: demand for demand, _ in pairs}.values())
    found = []
    for (demand, patent_id), match in zip(pairs, matches_of_pairs(unit, pairs), strict=True):
        may_read = demand.id in readable
        told = match if may_read else without_words(match)
        found.append(PairView(_brief(demand, may_read), told, (demand.id, patent_id) in offered))
    return tuple(found)


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
        .order_by(func.min(PlatformEvent.occurred_at).desc(), PlatformEvent.patent_id, Demand.id)
    )
    found = (row for row in unit.session.execute(chosen) if row[0] in own)
    return tuple(Request(row[0], row[1] or "", row[2], row[3], row[4]) for row in islice(found, most))


def _brief(demand: Demand, full: bool) -> DemandBrief:
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
