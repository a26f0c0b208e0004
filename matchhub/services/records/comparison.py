"""Up to four patents (专利) side by side: their public data, what is offered, and how they fit an own demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from matchhub.db.tables import Demand
from matchhub.domain.calendar import months_after
from matchhub.domain.validity import ENDED, ended_on
from matchhub.errors import NotFound
from matchhub.services.demands.facts import OPEN_STATES
from matchhub.services.demands.own import own_rows
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import ask
from matchhub.services.matching.results import views
from matchhub.services.matching.shown import MatchView, shown
from matchhub.services.matching.store import current_matcher
from matchhub.services.patents.offers import PublicPatentOffer, public_offers
from matchhub.services.patents.page import PatentView, patent_view
from matchhub.services.search import offers as open_licences
from matchhub.services.search.offers import OfferRow
from recommender import Hit, Query

MOST_COMPARED = 4
_MOST_DEMANDS = 20


@dataclass(frozen=True, slots=True)
class OwnDemand:
    """An open demand of the actor's firm that patents can be compared for."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class ComparedPatent:
    """One patent of the comparison. ``ends_on``: first day without protection, ``months_left``: whole months until then
    (``None`` where the day is not known or the right has ended); ``match`` is its fit to the demand compared for."""

    patent: PatentView
    ends_on: date | None
    months_left: int | None
    offer: PublicPatentOffer | None
    licences: tuple[OfferRow, ...]
    match: MatchView | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The patents in the order asked; ``unknown``: how many of those asked the base does not hold; ``left_over``:
    whether more were asked than are shown. ``demand`` is the own demand they are compared for."""

    patents: tuple[ComparedPatent, ...]
    unknown: int
    left_over: bool
    demands: tuple[OwnDemand, ...]
    demand: OwnDemand | None


def compare_patents(unit: Unit, patent_ids: Sequence[int], demand_id: int | None = None) -> Comparison:
    """The first four of some patents. Without ``demand_id`` the own open demand that one of them fits best is taken;
    the number of a demand that is not the actor's own, or not open, is as good as none."""
    unit.require("patent.browse")
    asked = list(dict.fromkeys(patent_ids))[:MOST_COMPARED]
    found = [view for key in asked if (view := _view(unit, key)) is not None]
    demands = _own_demands(unit) if found else []
    offers = public_offers(unit, [view.id for view in found])
    rows = open_licences.rows(unit, [number for view in found for number in view.offer_ids])
    chosen, fits = _fits(unit, demands, [view.id for view in found], demand_id)
    return Comparison(
        patents=tuple(
            ComparedPatent(
                patent=view,
                ends_on=_ends_on(view),
                months_left=_months_left(unit.today, view),
                offer=offers.get(view.id),
                licences=tuple(row for row in rows if row.patent_id == view.id),
                match=fits.get(view.id),
            )
            for view in found
        ),
        unknown=len(asked) - len(found),
        left_over=len(set(patent_ids)) > MOST_COMPARED,
        demands=tuple(OwnDemand(row.id, row.title) for row in demands),
        demand=None if chosen is None else OwnDemand(chosen.id, chosen.title),
    )


def _view(unit: Unit, patent_id: int) -> PatentView | None:
    try:
        return patent_view(unit, patent_id)
    except NotFound:
        return None


def _ends_on(view: PatentView) -> date | None:
    return ended_on(view.application_number, view.filed_on, view.expires_on)


def _months_left(today: date, view: PatentView) -> int | None:
    ends_on = _ends_on(view)
    if view.validity in ENDED or ends_on is None or ends_on <= today:
        return None
    months = (ends_on.year - today.year) * 12 + ends_on.month - today.month
    return months if months_after(today, months) <= ends_on else months - 1


def _own_demands(unit: Unit) -> list[Demand]:
    """The newest open demands of the actor's firm; none for who has no demands of its own."""
    if not unit.may("demand.read_own"):
        return []
    chosen = select(Demand).where(own_rows(unit, Demand), Demand.state.in_(OPEN_STATES))
    return list(unit.session.execute(chosen.order_by(Demand.id.desc()).limit(_MOST_DEMANDS)).scalars())


def _fits(
    unit: Unit, demands: Sequence[Demand], ids: Sequence[int], demand_id: int | None
) -> tuple[Demand | None, dict[int, MatchView]]:
    """The demand that is compared for, and by patent how it fits; patents that the index lacks are left out."""
    wanted = [row for row in demands if row.id == demand_id] or list(demands)
    if not wanted:
        return None, {}
    matcher, asked = current_matcher(unit), ask(unit, wanted)
    held = [str(key) for key in ids if str(key) in matcher.index]
    found = list(zip(asked.queries, asked.explain_each(matcher, [held for _ in asked.queries]), strict=True))
    query, hits = max(found, key=_best_score)
    (chosen,) = [row for row in wanted if str(row.id) == query.id]
    fits = shown(unit, query, views(unit, hits, query))
    return chosen, {each.patent.id: each for each in fits}


def _best_score(pair: tuple[Query, list[Hit]]) -> float:
    return max((hit.score for hit in pair[1]), default=0.0)
