"""What happened to a record, in order of time: one kind of line for every kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    DealEvent,
    DealParty,
    DealPatent,
    DealPayment,
    DemandEvent,
    EnterpriseCategory,
    EnterpriseName,
    PartyExistence,
    PatentEncumbrance,
    PatentStatus,
    PlatformEvent,
    Push,
    PushAnswer,
    PushDelivery,
    PushItem,
)
from matchhub.services.kernel.privacy import mask_addresses
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line: on a day (or at a moment), ``event`` is a key of the word group ``group``."""

    group: str
    event: str
    on: date | None = None
    at: datetime | None = None
    until_on: date | None = None
    number: str = ""
    text: str = ""
    yuan: Decimal | None = None
    evidence_id: int | None = None
    withdrawn: bool = False
    sent_text: str = ""  # the letter as sent


def timeline(unit: Unit, kind: str, record_id: int) -> tuple[TimelineEntry, ...]:
    """Everything dated that hangs on a record, the oldest first; nothing for kinds that have no life of their own."""
    found = _SOURCES[kind](unit, record_id) if kind in _SOURCES else ()
    return tuple(sorted(found, key=lambda each: _order(unit, each)))


def _order(unit: Unit, entry: TimelineEntry) -> tuple[date, float]:
    """Sort key: day, then moment."""
    day = entry.on or (unit.day_of(entry.at) if entry.at else date.max)
    return day, entry.at.timestamp() if entry.at else 0.0


def _all(unit: Unit, table: Any, column: Any, key: int) -> Iterator[Any]:
    yield from unit.session.execute(select(table).where(column == key).order_by(table.id)).scalars()


def _of_patent(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    for row in _all(unit, PatentStatus, PatentStatus.patent_id, key):
        yield TimelineEntry(
            "validity", row.validity, on=row.as_of_on, text=row.wording, withdrawn=bool(row.withdrawn_at)
        )
    for row in _all(unit, PatentEncumbrance, PatentEncumbrance.patent_id, key):
        yield TimelineEntry(
            "encumbrance",
            row.encumbrance_type,
            on=None if row.ended else row.from_on or row.as_of_on,
            until_on=row.as_of_on if row.ended else row.to_on,
            number=row.register_event,
            withdrawn=bool(row.withdrawn_at),
        )


def _of_enterprise(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    for row in _all(unit, EnterpriseCategory, EnterpriseCategory.enterprise_id, key):
        yield TimelineEntry(
            "category",
            row.category,
            on=row.valid_from_on,
            until_on=row.valid_to_on,
            number=row.certificate_number or "",
            text=row.official_list or "",
            withdrawn=bool(row.withdrawn_at),
        )

    for row in _all(unit, PartyExistence, PartyExistence.enterprise_id, key):
        yield TimelineEntry("existence", row.state, on=row.as_of_on, text=row.wording, withdrawn=bool(row.withdrawn_at))
    for row in _all(unit, EnterpriseName, EnterpriseName.enterprise_id, key):
        yield TimelineEntry("record_field", "former_names", text=row.name, withdrawn=bool(row.withdrawn_at))


def _of_agency(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    for row in _all(unit, PartyExistence, PartyExistence.agency_id, key):
        yield TimelineEntry("existence", row.state, on=row.as_of_on, text=row.wording, withdrawn=bool(row.withdrawn_at))


def _of_demand(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    for row in _all(unit, DemandEvent, DemandEvent.demand_id, key):
        yield TimelineEntry("demand_step", row.state, on=row.occurred_on, at=row.recorded_at, text=row.note or "")


def _of_push(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    push = unit.session.get(Push, key)
    assert push is not None
    yield TimelineEntry("push_event", "planned", at=push.recorded_at)
    for row in _all(unit, PushDelivery, PushDelivery.push_id, key):
        said = mask_addresses(row.reply)
        entry = TimelineEntry("push_event", row.outcome, at=row.recorded_at, number=row.channel, text=said)
        yield replace(entry, sent_text=row.sent_text or "")
    if push.opened_at:
        yield TimelineEntry("push_event", "opened", at=push.opened_at)
    answers = select(PushAnswer).join(PushItem, PushItem.id == PushAnswer.item_id).where(PushItem.push_id == key)
    for answer in unit.session.execute(answers.order_by(PushAnswer.id)).scalars():
        yield TimelineEntry("push_answer", answer.code, at=answer.recorded_at, text=answer.note or "")
    if push.withdrawn_at:
        yield TimelineEntry("push_event", "withdrawn", at=push.withdrawn_at, text=push.withdrawn_reason or "")


def events_of_deal(unit: Unit, key: int) -> tuple[TimelineEntry, ...]:
    """The events and payments of a deal alone, the oldest first."""
    return tuple(sorted(_events_of_deal(unit, key), key=lambda each: _order(unit, each)))


def _of_deal(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    yield from _events_of_deal(unit, key)
    yield from _before_deal(unit, key)


def _events_of_deal(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    for row in _all(unit, DealEvent, DealEvent.deal_id, key):
        yield TimelineEntry(
            "deal_event",
            row.event,
            on=row.occurred_on,
            number=row.number or "",
            evidence_id=row.evidence_id,
            withdrawn=bool(row.withdrawn_at),
        )
    for row in _all(unit, DealPayment, DealPayment.deal_id, key):
        yield TimelineEntry(
            "deal_event",
            "paid" if row.amount_yuan >= 0 else "refunded",
            on=row.paid_on,
            number=row.proof or "",
            yuan=abs(row.amount_yuan),
            evidence_id=row.evidence_id,
            withdrawn=bool(row.withdrawn_at),
        )


def _before_deal(unit: Unit, key: int) -> Iterator[TimelineEntry]:
    """The chain that shows whether the deal came through the platform: pushes, answers, views and contacts."""
    buyers = select(DealParty.enterprise_id).where(DealParty.deal_id == key, DealParty.role == "buyer")
    patents = select(DealPatent.patent_id).where(DealPatent.deal_id == key)
    touched = select(PlatformEvent).where(PlatformEvent.patent_id.in_(patents), PlatformEvent.enterprise_id.in_(buyers))
    for row in unit.session.execute(touched.order_by(PlatformEvent.id)).scalars():
        yield TimelineEntry("platform_event", row.event, at=row.occurred_at)
    sent = (
        select(PushItem.id, Push.delivered_at, PushItem.score, Push.model)
        .join(Push, Push.id == PushItem.push_id)
        .where(PushItem.patent_id.in_(patents), Push.enterprise_id.in_(buyers), Push.delivered_at.is_not(None))
    )
    rows = unit.session.execute(sent).all()
    for _, delivered_at, score, model in rows:
        yield TimelineEntry("platform_event", "push", at=delivered_at, number=model, text=f"{score:.2f}")
    answers = select(PushAnswer).where(PushAnswer.item_id.in_([row[0] for row in rows])).order_by(PushAnswer.id)
    for answer in unit.session.execute(answers).scalars():
        yield TimelineEntry("push_answer", answer.code, at=answer.recorded_at, text=answer.note or "")


_SOURCES: dict[str, Callable[[Unit, int], Iterator[TimelineEntry]]] = {
    "patents": _of_patent,
    "enterprises": _of_enterprise,
    "agencies": _of_agency,
    "demands": _of_demand,
    "pushes": _of_push,
    "deals": _of_deal,
}
