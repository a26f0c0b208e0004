"""Addresses that bounced: no letter goes there until the operator lifts it, while everything else goes on.

A bounce belongs to an address of a channel, never to a firm: a corrected address is another one and tried at once, and
the firm's inbox goes on. Who switched pushes off is another matter (``Suppression``) and nobody else's to lift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import BouncedAddress, Enterprise, Push
from matchhub.domain.addresses import address_key, read_addresses
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.paging import Orders, Page, Sought, holds, paged
from matchhub.services.kernel.unit import Unit

MAIL = "mail"  # the key of e-mail among the channels


@dataclass(frozen=True, slots=True)
class BouncedView:
    """One bounced address with what its server said; the enterprise is that of the push that found it out."""

    id: int
    channel: str
    address: str
    reply: str
    at: datetime
    enterprise_id: int | None
    enterprise: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a letter can go; else ``why_not``, a code of the words."""

    address: str | None
    why_not: str = ""


def bounced_keys(unit: Unit, channel: str = MAIL) -> frozenset[str]:
    """Every address of the channel that no letter goes to."""
    chosen = select(BouncedAddress.email).where(
        BouncedAddress.channel == channel, BouncedAddress.withdrawn_at.is_(None)
    )
    return frozenset(unit.session.execute(chosen).scalars())


def reach(fields: tuple[str | None, ...], bounced: frozenset[str]) -> Reached:
    """The first usable address of the fields, in their order, that has not bounced."""
    seen = [read_addresses(field) for field in fields]
    usable = [each for found in seen for each in found.usable]
    for each in usable:
        if each.key not in bounced:
            return Reached(each.address)
    if usable:
        return Reached(None, "address_bounced")
    return Reached(None, "address_unusable" if any(found.unusable for found in seen) else "address_missing")


def note_bounce(unit: Unit, channel: str, address: str, reply: str, push_id: int | None = None) -> None:
    """Put on record that the address's own server refuses it; once, however often it is said."""
    key = address_key(address) if channel == MAIL else address
    if key in bounced_keys(unit, channel):
        return
    by = unit.actor.account_id
    row = BouncedAddress(
        channel=channel, email=key, push_id=push_id, reply=reply[:500], recorded_at=unit.now, recorded_by=by
    )
    unit.session.add(row)
    append_event(unit, "address.bounced", "pushes", push_id, channel=channel)


ORDERS = Orders(
    BouncedAddress.id,
    {"firm": Enterprise.name, "address": BouncedAddress.email, "at": BouncedAddress.recorded_at},
)


def list_bounced(unit: Unit, page: int | Sought = 1, query: str = "") -> Page[BouncedView]:
    """Addresses that bounced and were not lifted, the newest first; ``query``: of the address or the enterprise."""
    unit.require("address.read_bounced")
    chosen = (
        select(BouncedAddress, Enterprise.id, Enterprise.name)
        .outerjoin(Push, Push.id == BouncedAddress.push_id)
        .outerjoin(Enterprise, Enterprise.id == Push.enterprise_id)
        .where(BouncedAddress.withdrawn_at.is_(None))
        .order_by(BouncedAddress.id.desc())
    )
    if query:
        chosen = chosen.where(holds(unit, BouncedAddress.email, query) | holds(unit, Enterprise.name, query))
    return paged(unit, chosen, page, _bounced, orders=ORDERS)


def _bounced(rows: Sequence[Any]) -> list[BouncedView]:
    return [
        BouncedView(row.id, row.channel, row.email, row.reply, row.recorded_at, firm, name or "")
        for row, firm, name in rows
    ]


def lift_bounce(unit: Unit, bounce_id: int, reason: str) -> None:
    """Letters may go to the address again, for a reason; what failed meanwhile is not sent after."""
    unit.require("address.lift_bounce")
    row = unit.session.get(BouncedAddress, bounce_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound(id=bounce_id)
    if not reason.strip():
        raise Refusal("lift_reason_missing")
    row.withdrawn_at, row.withdrawn_reason = unit.now, reason.strip()
    append_event(unit, "address.lifted", "pushes", row.push_id, channel=row.channel)
