"""One push as a channel needs it: its patents with their reasons, its links, and where it can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Demand, Enterprise, Offer, Patent, Push, PushItem, PushSending
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.offers import PublicPatentOffer, patent_offer_of_patent
from matchhub.services.patents.page import holders_of, running_offer, validities
from matchhub.services.pushes.bounces import MAIL, reach
from matchhub.services.pushes.links import token_of


@dataclass(frozen=True, slots=True)
class OpenLicence:
    """The fee of an open licence as declared; ``percent`` of net sales or profit."""

    fee_method: str | None
    fee_yuan: Decimal | None
    percent: Decimal | None
    fee_text: str


@dataclass(frozen=True, slots=True)
class OutgoingItem:
    """One patent of a message with its score and the reasons as sent, and what its page says of it today.

    ``terms`` is what its holder published: how it may be had, for how much; ``open_licence`` the declaration that can
    be accepted today; ``None`` where there is none.
    """

    number: str
    title: str
    abstract: str
    score: float
    reasons: tuple[dict[str, object], ...]
    warnings: tuple[str, ...]
    item_id: int = 0
    holders: tuple[str, ...] = ()
    kind: str | None = None
    validity: str = "unknown"
    terms: PublicPatentOffer | None = None
    open_licence: OpenLicence | None = None


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
    city: str = ""
    again: str = ""  # what was tried together before is alike here, and goes together again; empty for a first try


def outgoing_item(
    unit: Unit,
    patent: Patent,
    score: float,
    reasons: Sequence[dict[str, object]],
    warnings: Sequence[str],
    item_id: int = 0,
) -> OutgoingItem:
    """One patent as a letter shows it; ``item_id`` 0 where it is in no push yet."""
    named = holders_of(unit, [patent.id]).get(patent.id, [])
    owners = [each.name for each in named if each.role == "owner"]
    return OutgoingItem(
        number=patent.application_number or patent.publication_number or "",
        title=patent.title or "",
        abstract=patent.abstract or "",
        score=score,
        reasons=tuple(reasons),
        warnings=tuple(warnings),
        item_id=item_id,
        holders=tuple(owners or [each.name for each in named if each.role == "applicant"]),
        kind=patent.patent_type,
        validity=validities(unit, [patent])[patent.id],
        terms=patent_offer_of_patent(unit, patent.id),
        open_licence=_open_licence(unit, patent.id),
    )


def _open_licence(unit: Unit, patent_id: int) -> OpenLicence | None:
    chosen = select(Offer).where(Offer.patent_id == patent_id, *running_offer(unit)).order_by(Offer.id.desc())
    row = unit.session.execute(chosen.limit(1)).scalar()
    if row is None:
        return None
    return OpenLicence(row.fee_method, row.fee_yuan, row.royalty_percent, row.fee_text or "")


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
        outgoing_item(unit, patent, item.score, item.reasons, item.warnings, item.id) for item, patent in pairs
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
        city=unit.pack.local.name_zh,
        again="" if row.letter is None else str(row.letter),
    )
