"""How holders answer who asked them, and what agencies brought about, as known at a moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from matchhub.db.tables import (
    Agency,
    Deal,
    DealAgency,
    Enterprise,
    Organisation,
    PatentHolder,
    Thread,
    ThreadGuest,
    ThreadMessage,
)
from matchhub.domain.statistics import Asking
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit
from matchhub.services.statistics.asking import Asked

HOLDER_SIDE = "holder"
NAMED = "n"
"""What the key of a holder without an account begins with; after it comes the name on its patent in normal form."""


@dataclass(frozen=True, slots=True)
class Holders:
    """The conversations in which holders were asked; names by the key of a holder."""

    askings: tuple[Asking, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class AgencyResult:
    """What one agency brought about: deals added up, what was agreed in them, and conversations it was asked to."""

    id: int
    name: str
    deals: int
    yuan: Decimal
    invited: int


def holders(unit: Unit, asked: Asked) -> Holders:
    """Conversations opened by somebody else than the holder, in the days looked at.

    The answer is the holder's first message, or its agreement to exchange contact data, whichever came first.
    """
    moment = Moment(asked.question.known_at)
    said = _first_words(unit, moment)
    names = _names_on_patents(unit)
    organisations = dict(unit.session.execute(select(Organisation.id, Organisation.name)).all())
    chosen = select(
        Thread.id, Thread.organisation_id, Thread.patent_id, Thread.recorded_at, Thread.holder_agreed_at
    ).where(Thread.opened_by_side != HOLDER_SIDE)
    found, named = [], {}
    for thread, organisation, patent, opened_at, agreed_at in unit.session.execute(moment.limit(chosen, Thread)):
        asked_on = unit.day_of(opened_at)
        if asked_on > asked.question.as_of or not asked.span.holds(asked_on):
            continue
        key, name = _holder(organisation, organisations, names.get(patent))
        named[key] = name
        agreed = agreed_at if agreed_at and not _later(agreed_at, moment) else None
        first = min((at for at in (said.get(thread), agreed) if at is not None), default=None)
        answered_on = unit.day_of(first) if first else None
        late = answered_on is not None and answered_on > asked.question.as_of
        found.append(Asking(thread, key, asked_on, None if late else answered_on))
    return Holders(tuple(found), named)


def _later(at: datetime, moment: Moment) -> bool:
    return moment.known_at is not None and at > moment.known_at


def _holder(organisation: int | None, known: dict[int, str], named: tuple[str, str] | None) -> tuple[str, str]:
    if organisation is not None:
        return str(organisation), known.get(organisation, "")
    key, name = named or ("", "")
    return NAMED + key, name


def _first_words(unit: Unit, moment: Moment) -> dict[int, datetime]:
    chosen = select(ThreadMessage.thread_id, func.min(ThreadMessage.recorded_at))
    chosen = chosen.where(ThreadMessage.side == HOLDER_SIDE).group_by(ThreadMessage.thread_id)
    return dict(unit.session.execute(moment.limit(chosen, ThreadMessage)).all())


def _names_on_patents(unit: Unit) -> dict[int, tuple[str, str]]:
    """The first owner, else the first applicant, of each patent that somebody asked for: (key, name)."""
    about = select(Thread.patent_id).where(Thread.organisation_id.is_(None))
    chosen = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name_key, PatentHolder.name)
    found: dict[int, tuple[bool, str, str]] = {}
    rows = chosen.where(PatentHolder.patent_id.in_(about), PatentHolder.role != "inventor")
    for patent, role, key, name in unit.session.execute(rows.order_by(PatentHolder.position, PatentHolder.id)):
        if patent not in found or (role == "owner" and not found[patent][0]):
            found[patent] = role == "owner", key, name
    return {patent: (key, name) for patent, (_, key, name) in found.items()}


def agency_deals(unit: Unit, asked: Asked, counted: Collection[int]) -> dict[int, list[int]]:
    """By agency those of the deals that it brought about."""
    moment = Moment(asked.question.known_at)
    chosen = moment.limit(select(DealAgency.agency_id, DealAgency.deal_id, DealAgency.withdrawn_at), DealAgency)
    wanted: set[int] = set(counted)
    found: dict[int, list[int]] = {}
    for row in unit.session.execute(chosen.order_by(DealAgency.id)):
        if not moment.withdrawn(row) and row.deal_id in wanted:
            listed = found.setdefault(row.agency_id, [])
            if row.deal_id not in listed:
                listed.append(row.deal_id)
    return found


def agency_threads(unit: Unit, asked: Asked) -> dict[int, list[tuple[int, date]]]:
    """By agency the conversations it was asked to join, in the days looked at: (thread, day)."""
    moment = Moment(asked.question.known_at)
    chosen = select(ThreadGuest.agency_id, ThreadGuest.thread_id, ThreadGuest.recorded_at, ThreadGuest.withdrawn_at)
    found: dict[int, list[tuple[int, date]]] = {}
    for row in unit.session.execute(moment.limit(chosen.where(ThreadGuest.agency_id.is_not(None)), ThreadGuest)):
        day = unit.day_of(row.recorded_at)
        if not moment.withdrawn(row) and day <= asked.question.as_of and asked.span.holds(day):
            found.setdefault(row.agency_id, []).append((row.thread_id, day))
    return found


def agencies(unit: Unit, asked: Asked, counted: Collection[int]) -> tuple[AgencyResult, ...]:
    """Agencies that brought something about or were asked to, those with the most deals first."""
    deals, threads = agency_deals(unit, asked, counted), agency_threads(unit, asked)
    wanted = select(Deal.id, Deal.amount_yuan).where(Deal.id.in_(select(DealAgency.deal_id)))
    yuan = {key: amount or Decimal(0) for key, amount in unit.session.execute(wanted)}
    names = dict(unit.session.execute(select(Agency.id, Agency.name)).all()) if deals or threads else {}
    found = [
        AgencyResult(
            key,
            names.get(key, ""),
            len(deals.get(key, ())),
            sum((yuan.get(deal, Decimal(0)) for deal in deals.get(key, ())), Decimal(0)),
            len(threads.get(key, ())),
        )
        for key in {*deals, *threads}
    ]
    return tuple(sorted(found, key=lambda each: (-each.deals, -each.yuan, each.name)))


def firms_of_threads(unit: Unit) -> dict[int, tuple[int, int, str]]:
    """Of every conversation its patent, its enterprise and that one's name."""
    chosen = select(Thread.id, Thread.patent_id, Thread.enterprise_id, Enterprise.name)
    rows = unit.session.execute(chosen.join(Enterprise, Enterprise.id == Thread.enterprise_id))
    return {key: (patent, firm, name) for key, patent, firm, name in rows}
