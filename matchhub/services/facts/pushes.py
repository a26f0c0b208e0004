"""Facts of pushes, and of everything the platform itself saw of a patent and an enterprise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import (
    Account,
    Demand,
    Organisation,
    PlatformEvent,
    Push,
    PushAnswer,
    PushDelivery,
    PushItem,
    Suppression,
)
from matchhub.domain.counting.facts import PlatformEventFact, PushFacts, PushItemFact, RecordId
from matchhub.services.facts.clocks import WrittenBack
from matchhub.services.facts.known import Known
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.merges import owners_then
from matchhub.services.kernel.unit import Unit

_SEEN = ("push_deliveries", "push_answers", "platform_events")


def deliveries(unit: Unit, moment: Moment) -> dict[int, datetime]:
    """First successful delivery of every push, as recorded; a letter written to a folder is none."""
    return _first(unit, moment, "delivered")


def _first(unit: Unit, moment: Moment, outcome: str) -> dict[int, datetime]:
    chosen = select(PushDelivery).where(PushDelivery.outcome == outcome).order_by(PushDelivery.id)
    found: dict[int, datetime] = {}
    for row in unit.session.execute(moment.limit(chosen, PushDelivery)).scalars():
        found.setdefault(row.push_id, row.recorded_at)
    return found


def accepted(unit: Unit, moment: Moment, left_out: Container[int] = ()) -> dict[int, datetime]:
    """Of every push when a server first took it, or the inbox of an enterprise that had an account by then.

    Bases of earlier versions hold letters that were written to a folder and called delivered. ``left_out``: attempts
    at delivery that prove no moment.
    """
    opened: dict[int, datetime] = {}
    accounts = select(Organisation.enterprise_id, func.min(Account.created_at)).join(
        Account, Account.organisation_id == Organisation.id
    )
    for firm, at in unit.session.execute(accounts.group_by(Organisation.enterprise_id)):
        if firm is not None:
            opened[firm] = at
    chosen = select(PushDelivery, Push.enterprise_id).join(Push, Push.id == PushDelivery.push_id)
    chosen = chosen.where(PushDelivery.outcome == "delivered", PushDelivery.channel.not_in(("file", "none")))
    found: dict[int, datetime] = {}
    for row, firm in unit.session.execute(moment.limit(chosen.order_by(PushDelivery.id), PushDelivery)):
        if row.id in left_out:
            continue
        if row.channel != "inbox" or (firm in opened and opened[firm] <= row.recorded_at):
            found.setdefault(row.push_id, row.recorded_at)
    return found


def push_facts(known: Known) -> tuple[PushFacts, ...]:
    """Every push of the base."""
    unit, moment = known.unit, known.moment
    said, delivered, taken = known.said("pushes"), deliveries(unit, moment), accepted(unit, moment)
    written = _first(unit, moment, "written")
    owners = {key: owner for key, owner in unit.session.execute(select(Demand.id, Demand.enterprise_id))}  # noqa: C416
    owners |= owners_then(unit, "demands", moment.known_at)
    pushes = unit.session.execute(moment.limit(select(Push).order_by(Push.id), Push)).scalars().all()
    items: dict[int, list[PushItemFact]] = defaultdict(list)
    by_id = {push.id: push for push in pushes}
    then = owners_then(unit, "pushes", moment.known_at)
    for item in unit.session.execute(select(PushItem).order_by(PushItem.push_id, PushItem.position)).scalars():
        if (push := by_id.get(item.push_id)) is not None:
            items[push.id].append(_item(item, push, then.get(push.id, push.enterprise_id), owners))
    off = _suppressions(unit, moment)
    return tuple(
        PushFacts(
            record_id=push.id,
            enterprise_id=then.get(push.id, push.enterprise_id),
            delivered_at=delivered.get(push.id),
            accepted=push.id in taken,
            written=push.id in written,
            suppressed=_was_off(off.get(then.get(push.id, push.enterprise_id), ()), delivered.get(push.id)),
            items=tuple(items.get(push.id, ())),
            confirmations=said.get(push.id, ()),
            withdrawn_on=moment.withdrawn_on(push, unit.zone),
        )
        for push in pushes
    )


def _item(item: PushItem, push: Push, enterprise_id: int, owners: dict[int, int]) -> PushItemFact:
    return PushItemFact(
        patent_id=item.patent_id,
        score=item.score,
        model=push.model,
        explained=bool(item.reasons),
        demand_id=push.demand_id,
        demand_enterprise_id=owners.get(push.demand_id) if push.demand_id is not None else None,
        profile_enterprise_id=enterprise_id if push.demand_id is None else None,
        by_hand=push.hand_reason is not None,
    )


def _suppressions(unit: Unit, moment: Moment) -> dict[int, list[Suppression]]:
    found: dict[int, list[Suppression]] = defaultdict(list)
    then = owners_then(unit, "suppressions", moment.known_at)
    for row in unit.session.execute(moment.limit(select(Suppression), Suppression)).scalars():
        found[then.get(row.id, row.enterprise_id)].append(row)
    return found


def _was_off(rows: Any, at: datetime | None) -> bool:
    return at is not None and any(
        row.recorded_at <= at and (row.withdrawn_at is None or row.withdrawn_at > at) for row in rows
    )


def platform_events(
    unit: Unit, moment: Moment, written_back: WrittenBack
) -> dict[tuple[int, RecordId], list[PlatformEventFact]]:
    """What the platform saw, by (patent, enterprise): deliveries and answers of pushes, views, interest, contacts.

    What was written while the clock was set back proves no order of event and contract and is left out.
    """
    found: dict[tuple[int, RecordId], list[PlatformEventFact]] = defaultdict(list)

    def note(kind: Any, patent_id: int, party_id: int, at: datetime) -> None:
        found[patent_id, party_id].append(PlatformEventFact(kind=kind, patent_id=patent_id, party_id=party_id, at=at))

    sent, answered, touching = (written_back.get(name, {}) for name in _SEEN)
    delivered = accepted(unit, moment, sent)  # nobody has seen a letter in a folder
    pairs = select(Push.id, Push.enterprise_id, PushItem.id, PushItem.patent_id).join(PushItem)
    of_item = {}
    pushed, touched = (owners_then(unit, name, moment.known_at) for name in ("pushes", "platform_events"))
    for push_id, enterprise_id, item_id, patent_id in unit.session.execute(pairs.order_by(PushItem.id)):
        of_item[item_id] = (patent_id, pushed.get(push_id, enterprise_id))
        if push_id in delivered:
            note("push", *of_item[item_id], delivered[push_id])
    for answer in unit.session.execute(moment.limit(select(PushAnswer), PushAnswer)).scalars():
        if answer.id not in answered:
            note("answer", *of_item[answer.item_id], answer.recorded_at)
    for event in unit.session.execute(moment.limit(select(PlatformEvent), PlatformEvent)).scalars():
        if event.id in touching:
            continue
        note(event.event, event.patent_id, touched.get(event.id, event.enterprise_id), event.occurred_at)
    return found
