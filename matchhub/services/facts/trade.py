"""Facts of pushes, deals, open-licence declarations and licences."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    Deal,
    DealEvent,
    DealParty,
    DealPatent,
    DealPayment,
    Demand,
    Licence,
    Offer,
    PlatformEvent,
    Push,
    PushAnswer,
    PushDelivery,
    PushItem,
    Suppression,
)
from matchhub.domain.counting.facts import (
    DealFacts,
    DealPatentFact,
    EvidenceFact,
    LicenceFacts,
    OfferFacts,
    PaymentFact,
    PlatformEventFact,
    PushFacts,
    PushItemFact,
    RecordId,
    RegistrationFact,
    StatusFact,
)
from matchhub.domain.parties import normalise_name
from matchhub.services.facts.affiliations import Affiliations
from matchhub.services.facts.base import enterprise_states, patent_states, statuses
from matchhub.services.facts.evidence import evidence_by_id, evidence_of, payment
from matchhub.services.facts.history import Moment, State, confirmations, states
from matchhub.services.unit import Unit


def deliveries(unit: Unit, moment: Moment) -> dict[int, datetime]:
    """First successful delivery of every push, as recorded."""
    chosen = select(PushDelivery).where(PushDelivery.outcome == "delivered").order_by(PushDelivery.id)
    found: dict[int, datetime] = {}
    for row in unit.session.execute(moment.limit(chosen, PushDelivery)).scalars():
        found.setdefault(row.push_id, row.recorded_at)
    return found


def push_facts(unit: Unit, moment: Moment) -> tuple[PushFacts, ...]:
    """Every push of the base."""
    said, delivered = confirmations(unit, "pushes", moment), deliveries(unit, moment)
    owners = dict(unit.session.execute(select(Demand.id, Demand.enterprise_id)).tuples().all())
    pushes = unit.session.execute(moment.limit(select(Push).order_by(Push.id), Push)).scalars().all()
    items: dict[int, list[PushItemFact]] = defaultdict(list)
    by_id = {push.id: push for push in pushes}
    for item in unit.session.execute(select(PushItem).order_by(PushItem.push_id, PushItem.position)).scalars():
        if (push := by_id.get(item.push_id)) is not None:
            items[push.id].append(_item(item, push, owners))
    off = _suppressions(unit, moment)
    return tuple(
        PushFacts(
            record_id=push.id,
            enterprise_id=push.enterprise_id,
            delivered_at=delivered.get(push.id),
            suppressed=_was_off(off.get(push.enterprise_id, ()), delivered.get(push.id)),
            items=tuple(items.get(push.id, ())),
            confirmations=said.get(push.id, ()),
            withdrawn_on=moment.withdrawn_on(push),
        )
        for push in pushes
    )


def _item(item: PushItem, push: Push, owners: dict[int, int]) -> PushItemFact:
    return PushItemFact(
        patent_id=item.patent_id,
        score=item.score,
        model=push.model,
        explained=bool(item.reasons),
        demand_id=push.demand_id,
        demand_enterprise_id=owners.get(push.demand_id) if push.demand_id is not None else None,
        profile_enterprise_id=push.enterprise_id if push.demand_id is None else None,
    )


def _suppressions(unit: Unit, moment: Moment) -> dict[int, list[Suppression]]:
    found: dict[int, list[Suppression]] = defaultdict(list)
    for row in unit.session.execute(moment.limit(select(Suppression), Suppression)).scalars():
        found[row.enterprise_id].append(row)
    return found


def _was_off(rows: Any, at: datetime | None) -> bool:
    return at is not None and any(
        row.recorded_at <= at and (row.withdrawn_at is None or row.withdrawn_at > at) for row in rows
    )


def platform_events(unit: Unit, moment: Moment) -> dict[tuple[int, RecordId], list[PlatformEventFact]]:
    """What the platform saw, by (patent, enterprise): deliveries and answers of pushes, views, interest, contacts."""
    found: dict[tuple[int, RecordId], list[PlatformEventFact]] = defaultdict(list)

    def note(kind: Any, patent_id: int, party_id: int, at: datetime) -> None:
        found[patent_id, party_id].append(PlatformEventFact(kind=kind, patent_id=patent_id, party_id=party_id, at=at))

    delivered = deliveries(unit, moment)
    pairs = select(Push.id, Push.enterprise_id, PushItem.id, PushItem.patent_id).join(PushItem)
    of_item = {}
    for push_id, enterprise_id, item_id, patent_id in unit.session.execute(pairs.order_by(PushItem.id)):
        of_item[item_id] = (patent_id, enterprise_id)
        if push_id in delivered:
            note("push", patent_id, enterprise_id, delivered[push_id])
    for answer in unit.session.execute(moment.limit(select(PushAnswer), PushAnswer)).scalars():
        note("answer", *of_item[answer.item_id], answer.recorded_at)
    for event in unit.session.execute(moment.limit(select(PlatformEvent), PlatformEvent)).scalars():
        note(event.event, event.patent_id, event.enterprise_id, event.occurred_at)
    return found


def party_key(party: DealParty) -> RecordId:
    """One id for one party: the enterprise of the base, else the normalised name."""
    return party.enterprise_id if party.enterprise_id is not None else f"name:{party.name_key}"


def deal_facts(unit: Unit, moment: Moment) -> tuple[DealFacts, ...]:
    """Every deal of the base."""
    builder = _DealBuilder(unit, moment)
    return tuple(builder.fact(row) for row in unit.session.execute(moment.limit(select(Deal), Deal)).scalars())


class _DealBuilder:
    """Loads the rows that hang on deals once, then builds facts one by one."""

    def __init__(self, unit: Unit, moment: Moment) -> None:
        self.moment = moment
        self.states = states(
            unit, "deals", Deal, ("contract_number", "deal_type", "signed_on", "contract_register_number"), moment
        )
        self.patents, self.statuses = patent_states(unit, moment), statuses(unit, moment)
        self.said, self.papers = confirmations(unit, "deals", moment), evidence_of(unit, "deals", moment)
        files = evidence_by_id(unit, moment)
        self.seen = platform_events(unit, moment)
        self.affiliations = Affiliations(unit, moment)
        self.parties = _grouped(unit.session.execute(select(DealParty).order_by(DealParty.id)).scalars())
        self.links = _grouped(unit.session.execute(select(DealPatent).order_by(DealPatent.id)).scalars())
        self.events = _grouped(self._known(unit, DealEvent))
        payments = _grouped(self._known(unit, DealPayment))
        self.payments: dict[int, tuple[PaymentFact, ...]] = {
            key: tuple(payment(row, files) for row in rows) for key, rows in payments.items()
        }

    def _known(self, unit: Unit, table: Any) -> list[Any]:
        rows = unit.session.execute(self.moment.limit(select(table).order_by(table.id), table)).scalars()
        return [row for row in rows if not self.moment.withdrawn(row)]

    def fact(self, deal: Deal) -> DealFacts:
        """One deal with all that hangs on it."""
        s, moment = self.states[deal.id], self.moment
        sellers = [p for p in self.parties.get(deal.id, ()) if p.role == "seller"]
        buyers = [p for p in self.parties.get(deal.id, ()) if p.role == "buyer"]
        patent_ids = [link.patent_id for link in self.links.get(deal.id, ()) if link.patent_id in self.patents]
        events = self.events.get(deal.id, ())
        cancelled = [event.occurred_on for event in events if event.event == "cancelled"]
        overruled = deal.affiliation_overruled_by
        return DealFacts(
            record_id=deal.id,
            contract_number=s["contract_number"],
            deal_type=s["deal_type"],
            sellers=tuple(map(party_key, sellers)),
            buyers=tuple(map(party_key, buyers)),
            signed_on=s["signed_on"],
            recorded_at=deal.recorded_at,
            patents=tuple(self._patent(key, sellers) for key in patent_ids),
            registrations=tuple(
                RegistrationFact(event=event.event, registered_on=event.occurred_on, number=event.number)
                for event in events
                if event.event in ("TR01", "EE01")
            ),
            payments=self.payments.get(deal.id, ()),
            evidence=self.papers.get(deal.id, ()),
            platform_events=tuple(
                fact for key in patent_ids for buyer in buyers for fact in self.seen.get((key, party_key(buyer)), ())
            ),
            confirmations=self.said.get(deal.id, ()),
            affiliations=self.affiliations.between(map(party_key, sellers), map(party_key, buyers)),
            affiliation_overruled_by=overruled,
            contract_register_number=s["contract_register_number"],
            entered_by=deal.recorded_by,
            cancelled_on=min(cancelled, default=None),
            withdrawn_on=moment.withdrawn_on(deal),
        )

    def _patent(self, patent_id: int, sellers: list[DealParty]) -> DealPatentFact:
        s = self.patents[patent_id]
        holders = {normalise_name(name) for name in (*(s.get("owners") or ()), *(s.get("applicants") or ()))}
        owned = any(seller.name_key in holders for seller in sellers) if holders and sellers else None
        return DealPatentFact(
            patent_id=patent_id,
            application_number=s["application_number"],
            granted_on=s["granted_on"],
            expires_on=s["expires_on"],
            statuses=self.statuses.get(patent_id, ()),
            owned_by_seller=owned,
        )


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.deal_id].append(row)
    return found


_OFFER = (
    "patent_id",
    "regime",
    "platform",
    "announcement_number",
    "declared_on",
    "valid_from_on",
    "valid_to_on",
    "industry",
    "industry_reason",
    "ended_on",
)


def offer_facts(unit: Unit, moment: Moment) -> tuple[OfferFacts, ...]:
    """Every open-licence declaration of the base."""
    patents, known = patent_states(unit, moment), statuses(unit, moment)
    said = confirmations(unit, "offers", moment)
    return tuple(
        _offer_fact(key, s, patents.get(s["patent_id"], {}), known.get(s["patent_id"], ()), said.get(key, ()))
        for key, s in states(unit, "offers", Offer, _OFFER, moment).items()
    )


def _offer_fact(key: int, s: State, patent: State, known: tuple[StatusFact, ...], said: Any) -> OfferFacts:
    return OfferFacts(
        record_id=key,
        patent_id=s["patent_id"],
        application_number=patent.get("application_number"),
        regime=s["regime"],
        platform=s["platform"],
        announcement_number=s["announcement_number"],
        published_on=s["declared_on"],
        industry=s["industry"],
        industry_reason=s["industry_reason"],
        granted_on=patent.get("granted_on"),
        expires_on=patent.get("expires_on"),
        statuses=known,
        declaration_withdrawn_on=s["ended_on"],
        confirmations=said,
        withdrawn_on=s["withdrawn_on"],
    )


_LICENCE = (
    "patent_id",
    "offer_id",
    "enterprise_id",
    "licensee_name",
    "licensee_uscc",
    "licensor_name",
    "notified_on",
    "reached_on",
    "paid_on",
    "paid_yuan",
    "payment_proof",
    "filing_number",
    "filed_on",
)


def licence_facts(unit: Unit, moment: Moment) -> tuple[LicenceFacts, ...]:
    """Every open licence of the base."""
    patents, firms = patent_states(unit, moment), enterprise_states(unit, moment)
    offers = states(unit, "offers", Offer, _OFFER, moment)
    files, said = evidence_by_id(unit, moment), confirmations(unit, "licences", moment)
    affiliations = Affiliations(unit, moment)
    known = states(unit, "licences", Licence, _LICENCE, moment)
    rows = unit.session.execute(moment.limit(select(Licence), Licence)).scalars()
    return tuple(
        _licence_fact(row, known[row.id], patents, firms, offers, files, affiliations, said.get(row.id, ()))
        for row in rows
    )


def _licence_fact(
    row: Licence,
    s: State,
    patents: dict[int, State],
    firms: dict[int, State],
    offers: dict[int, State],
    files: dict[int, EvidenceFact],
    affiliations: Affiliations,
    said: Any,
) -> LicenceFacts:
    firm, offer = firms.get(s["enterprise_id"] or 0, {}), offers.get(s["offer_id"] or 0, {})
    licensor: RecordId | None = f"name:{normalise_name(s['licensor_name'])}" if s["licensor_name"] else None
    licensee: RecordId = s["enterprise_id"] or f"name:{normalise_name(s['licensee_name'] or '')}"
    paid = _licence_payment(row, s, files)
    ends = [day for day in (offer.get("valid_to_on"), offer.get("ended_on")) if day]
    return LicenceFacts(
        record_id=row.id,
        patent_id=s["patent_id"],
        application_number=patents.get(s["patent_id"], {}).get("application_number"),
        licensor_id=licensor,
        licensee_id=licensee,
        licensee_uscc=s["licensee_uscc"] or firm.get("uscc"),
        licensee_local=firm.get("local"),
        local_decided_by=firm.get("local_decided_by"),
        offer_id=s["offer_id"],
        offer_from_on=offer.get("valid_from_on") or offer.get("declared_on"),
        offer_to_on=min(ends, default=None),
        notified_on=s["notified_on"],
        reached_on=s["reached_on"],
        recorded_at=row.recorded_at,
        payments=paid,
        filed_on=s["filed_on"],
        filing_number=s["filing_number"],
        affiliations=affiliations.between([licensor] if licensor else [], [licensee]),
        affiliation_overruled_by=row.affiliation_overruled_by,
        confirmations=said,
        terminated_on=row.terminated_on,
        withdrawn_on=s["withdrawn_on"],
    )


def _licence_payment(row: Licence, s: State, files: dict[int, EvidenceFact]) -> tuple[PaymentFact, ...]:
    if s["paid_on"] is None:
        return ()
    proof = files.get(row.payment_evidence_id) if row.payment_evidence_id is not None else None
    fact = PaymentFact(
        paid_on=s["paid_on"],
        amount_yuan=s["paid_yuan"],
        evidence=proof,
        voucher=s["payment_proof"],
        recorded_at=row.recorded_at,
    )
    return (fact,)
