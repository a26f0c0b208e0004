"""What an enterprise (企业) sees of its own: its demands with what they are worth, and what waits in the inbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Enterprise, PlatformEvent, Push, Registration
from matchhub.domain.counting.facts import DemandFacts
from matchhub.domain.demands import DemandAssessment, assess_demand, reconfirmation_due_on
from matchhub.errors import NotFound
from matchhub.services.demands.drafts import DraftView, own_drafts
from matchhub.services.demands.facts import OPEN_STATES, demand_facts_of, reconfirmation_is_due
from matchhub.services.demands.own import own_rows
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.best_scores import best_scores
from matchhub.services.patents.favourites import followed_ids
from matchhub.services.pushes.inbox import is_off
from matchhub.services.records.own_demand import MATCHED_STATES
from matchhub.services.search.saved import own_searches

_MOST = 200


@dataclass(frozen=True, slots=True)
class FirmView:
    """The actor's own enterprise; the contact data are its own, so they are shown in full."""

    id: int
    name: str
    uscc: str | None
    local: bool | None
    local_decided_by: str | None
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None
    industry: str | None = None


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One demand in the list; ``best_score`` 0..1, ``None`` where nothing is matched any more."""

    id: int
    title: str
    state: str
    posted_on: date
    valid_until_on: date | None
    assessment: DemandAssessment
    best_score: float | None
    offers: int
    reconfirm: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The first page: the firm, its demands (open ones first), what waits in the inbox; patents that the account
    follows, its saved searches and how many new records these found."""

    firm: FirmView
    demands: tuple[DemandLine, ...]
    drafts: tuple[DraftView, ...]
    unread: int
    delivered: int
    off: bool
    followed: int
    searches: int
    fresh: int

    @property
    def valid(self) -> int:
        """Open demands that pass all eight tests."""
        return sum(line.assessment.valid for line in self.demands if line.state in OPEN_STATES)

    @property
    def open(self) -> int:
        """Demands that still wait for an answer."""
        return sum(line.state in OPEN_STATES for line in self.demands)


def own_firm(unit: Unit) -> FirmView:
    """The actor's enterprise; ``NotFound("enterprise_not_found")`` when the account has none."""
    unit.require("enterprise.read_own")
    if not unit.actor.proven:
        return _stated_firm(unit)
    firm = unit.session.get(Enterprise, unit.actor.enterprise_id) if unit.actor.enterprise_id else None
    if firm is None:
        raise NotFound("enterprise_not_found")
    return FirmView(
        firm.id,
        firm.name,
        firm.uscc,
        firm.local,
        firm.local_decided_by,
        firm.contact_name,
        firm.contact_phone,
        firm.contact_email,
        firm.industry,
    )


def _stated_firm(unit: Unit) -> FirmView:
    """What an unconfirmed account said of itself: what the base knows of the firm is not for its eyes yet."""
    said = unit.session.execute(
        select(Registration).where(Registration.account_id == (unit.actor.account_id or 0))
    ).scalar()
    if said is None:
        raise NotFound("enterprise_not_found")
    return FirmView(0, said.name, said.uscc, None, "nothing", said.contact_name, said.contact_phone, said.contact_email)


def desk(unit: Unit) -> Desk:
    """The actor's own desk."""
    firm = own_firm(unit)
    chosen = select(Demand).where(own_rows(unit, Demand)).order_by(Demand.id.desc()).limit(_MOST)
    rows = list(unit.session.execute(chosen).scalars())
    facts = demand_facts_of(unit, rows)
    best = best_scores(unit, [row for row in rows if row.state in MATCHED_STATES])
    offers = _offer_counts(unit, rows if unit.actor.proven else [])
    lines = [_line(unit, row, facts[row.id], best.get(row.id), offers[row.id]) for row in rows]
    order = {"returned": 0, "submitted": 1, "verified": 1}
    delivered = [Push.enterprise_id == firm.id, Push.delivered_at.is_not(None)]
    count = select(func.count()).select_from(Push)
    kept = own_searches(unit) if unit.may("search.keep_own") else ()
    return Desk(
        firm=firm,
        drafts=own_drafts(unit),
        demands=tuple(sorted(lines, key=lambda line: order.get(line.state, 2))),
        unread=unit.session.execute(count.where(*delivered, Push.opened_at.is_(None))).scalar_one(),
        delivered=unit.session.execute(count.where(*delivered)).scalar_one(),
        off=is_off(unit, firm.id),
        followed=len(followed_ids(unit)),
        searches=len(kept),
        fresh=sum(each.fresh for each in kept),
    )


def _line(unit: Unit, row: Demand, facts: DemandFacts, best: float | None, offers: int) -> DemandLine:
    due = reconfirmation_due_on(facts, unit.pack.demands, unit.today)
    return DemandLine(
        id=row.id,
        title=row.title,
        state=row.state,
        posted_on=row.posted_on,
        valid_until_on=row.valid_until_on,
        assessment=assess_demand(facts, unit.pack.demands, unit.today),
        best_score=best,
        offers=offers,
        reconfirm=reconfirmation_is_due(unit, row, due),
    )


def _offer_counts(unit: Unit, rows: Iterable[Demand]) -> Counter[int]:
    chosen = select(PlatformEvent.demand_id, func.count()).where(
        PlatformEvent.event == "interest", PlatformEvent.demand_id.in_([row.id for row in rows])
    )
    counted = unit.session.execute(chosen.group_by(PlatformEvent.demand_id))
    return Counter({demand_id: number for demand_id, number in counted if demand_id is not None})
