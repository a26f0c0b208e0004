"""One push as a channel needs it: its patents with their reasons, its links, and where it can go."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Demand, Enterprise, Patent, Push, PushItem, PushSending
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.bounces import MAIL, reach
from matchhub.services.pushes.links import token_of


@dataclass(frozen=True, slots=True)
class OutgoingItem:
    """One patent of a message with its score and the reasons as sent."""

    number: str
    title: str
    abstract: str
    score: float
    reasons: tuple[dict[str, object], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everything a message needs to go by one channel.

    ``address`` is ``None`` when there is none to send to, and ``why_not`` is then the code of the words that say why.
    ``fence`` is the number of the claim: ``still_mine`` asks whether it is in force.
    """

    push_id: int
    message_id: str
    address: str | None
    enterprise: str
    contact: str | None
    demand_title: str | None
    link: str
    off_link: str
    model: str
    items: tuple[OutgoingItem, ...]
    channel: str = MAIL
    fence: int = 0
    why_not: str = ""
    again: str = ""  # what was tried together before is alike here, and goes together again; empty for a first try


def outgoing_of(unit: Unit, push: Push, row: PushSending, bounced: frozenset[str], mailbox: str | None) -> Outgoing:
    """The push as it goes now; an address that was corrected since it was planned is noted with it."""
    firm = unit.session.get(Enterprise, push.enterprise_id)
    demand = unit.session.get(Demand, push.demand_id) if push.demand_id is not None else None
    assert firm is not None
    token = token_of(unit.secret, push.message_id)
    reached = reach((push.recipient_email, demand.contact_email if demand else None, firm.contact_email), bounced)
    if reached.address and reached.address != push.recipient_email:
        push.recipient_email = reached.address  # corrected since it was planned
    if mailbox is not None and (own := reach((mailbox,), bounced)).address:
        reached = own  # named by the recipient itself
    pairs = unit.session.execute(
        select(PushItem, Patent).join(Patent, Patent.id == PushItem.patent_id).where(PushItem.push_id == push.id)
    )
    items = tuple(
        OutgoingItem(
            patent.application_number or patent.publication_number or "",
            patent.title or "",
            patent.abstract or "",
            item.score,
            tuple(item.reasons),
            tuple(item.warnings),
        )
        for item, patent in pairs
    )
    return Outgoing(
        push_id=push.id,
        message_id=push.message_id,
        address=reached.address,
        enterprise=firm.name,
        contact=demand.contact_name if demand else firm.contact_name,
        demand_title=demand.title if demand else None,
        link=f"{unit.base_url}/p/{token}",
        off_link=f"{unit.base_url}/p/{token}/off",
        model=push.model,
        items=items,
        channel=row.channel,
        fence=row.fence,
        why_not=reached.why_not,
        again="" if row.letter is None else str(row.letter),
    )
