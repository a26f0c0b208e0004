"""Recording deals (交易): a contract with its parties, patents, dated events and payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPatent, DealPayment
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import DealRecord, Row
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.revisions import (
    Change,
    Outcome,
    State,
    news,
    provenance,
    remark,
    spoken,
    to_json,
    write_revisions,
)
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import EnterpriseLinks, link_enterprises, link_patents

COLUMNS = ("contract_number", "deal_type", "signed_on", "amount_yuan", "contract_register_number")


class DealRecorder:
    """Takes chunks of deal rows; several rows of one contract number are one deal with several patents."""

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``; each record must be a ``DealRecord``."""
        records = [row.record for row in rows if isinstance(row.record, DealRecord)]
        patents = link_patents(self.unit, [number for each in records for number in each.application_numbers])
        pairs = [(each.seller_uscc, each.seller_name) for each in records]
        pairs += [(each.buyer_uscc, each.buyer_name) for each in records]
        links = link_enterprises(self.unit, pairs)
        return [self._take(row, record, patents, links) for row, record in zip(rows, records, strict=True)]

    def _take(self, row: Row, record: DealRecord, patents: dict[str, int], links: EnterpriseLinks) -> Outcome:
        missing = [number for number in record.application_numbers if number not in patents]
        if missing or not record.application_numbers:
            problem = remark(row, "patent_unknown", "", "、".join(missing), "review")
            return Outcome(row, "review", problems=[problem])
        key = identity(record)
        deal = self.unit.session.execute(select(Deal).where(_is_deal(key, record))).scalar()
        fresh = deal is None
        if deal is None:
            deal = Deal(
                identity_key=key, deal_type=record.deal_type or "transfer", demo=self.demo, updated_at=self.unit.now
            )
            self._stamp(deal, row)
            self.unit.session.add(deal)
        new = self._learn(deal, record, row.source.file in self.repeated)
        if fresh:
            new["deal_type"] = deal.deal_type  # given above, so nothing was learned; the past must know it all the same
        self.unit.session.flush()
        new |= self._parties(deal, record, links)
        new |= self._patents(deal, record, patents)
        new |= self._dated(deal, record, row)
        if not fresh and not new:
            return Outcome(row, "unchanged", deal.id)
        deal.updated_at = self.unit.now
        self.unit.session.flush()
        write_revisions(self.unit, "deals", self.batch_id, [Change(deal.id, row.source.line, new)])
        return Outcome(row, "created" if fresh else "updated", deal.id)

    def _stamp(self, thing: Any, row: Row) -> None:
        for name, value in provenance(self.unit, self.batch_id, row.source.line).items():
            setattr(thing, name, value)

    def _learn(self, deal: Deal, record: DealRecord, repeated: bool) -> State:
        new = news({name: getattr(deal, name) for name in COLUMNS}, spoken(record, COLUMNS), repeated)
        for name, value in new.items():
            setattr(deal, name, value)
        return new

    def _parties(self, deal: Deal, record: DealRecord, links: EnterpriseLinks) -> State:
        known = set(
            self.unit.session.execute(select(DealParty.role, DealParty.name_key).where(DealParty.deal_id == deal.id))
        )
        new: State = {}
        for role, name, uscc in (
            ("seller", record.seller_name, record.seller_uscc),
            ("buyer", record.buyer_name, record.buyer_uscc),
        ):
            firm = links.find(uscc, name)
            shown = name or (firm.name if firm else uscc)
            if not shown or (role, normalise_name(shown)) in known:
                continue
            party = DealParty(deal_id=deal.id, role=role, name=shown, name_key=normalise_name(shown), uscc=uscc)
            party.enterprise_id = firm.id if firm else None
            party.uscc = uscc or (firm.uscc if firm else None)
            self.unit.session.add(party)
            new[role] = shown
        return new

    def _patents(self, deal: Deal, record: DealRecord, patents: dict[str, int]) -> State:
        known = set(
            self.unit.session.execute(select(DealPatent.patent_id).where(DealPatent.deal_id == deal.id)).scalars()
        )
        ids = list(dict.fromkeys(patents[number] for number in record.application_numbers))
        fresh = [key for key in ids if key not in known]
        self.unit.session.add_all([DealPatent(deal_id=deal.id, patent_id=key) for key in fresh])
        return {"patents": fresh} if fresh else {}

    def _dated(self, deal: Deal, record: DealRecord, row: Row) -> State:
        events = [("signed", record.signed_on, record.contract_number)]
        events.append((record.register_event or _event_of(record), record.registered_on, record.register_number))
        known = set(
            self.unit.session.execute(
                select(DealEvent.event, DealEvent.occurred_on).where(DealEvent.deal_id == deal.id)
            )
        )
        new: State = {}
        for event, day, number in events:
            if day is not None and (event, day) not in known:
                step = DealEvent(deal_id=deal.id, event=event, occurred_on=day, number=number)
                self._stamp(step, row)
                self.unit.session.add(step)
                new[event] = day
        return new | self._payment(deal, record, row)

    def _payment(self, deal: Deal, record: DealRecord, row: Row) -> State:
        if record.paid_on is None or record.paid_yuan is None:
            return {}
        same = select(DealPayment.id).where(
            DealPayment.deal_id == deal.id,
            DealPayment.paid_on == record.paid_on,
            DealPayment.amount_yuan == record.paid_yuan,
        )
        if self.unit.session.execute(same).first():
            return {}
        payment = DealPayment(
            deal_id=deal.id, paid_on=record.paid_on, amount_yuan=record.paid_yuan, proof=record.payment_proof
        )
        self._stamp(payment, row)
        self.unit.session.add(payment)
        return {"paid": to_json([record.paid_on, record.paid_yuan])}


def identity(record: DealRecord) -> str:
    """Contract number, else parties, patents and day: what makes a deal recognisable when it comes again."""
    if record.contract_number:
        return digest("deal", record.contract_number)
    seller, buyer = record.seller_uscc or record.seller_name, record.buyer_uscc or record.buyer_name
    return digest("deal", seller, buyer, *sorted(record.application_numbers), record.signed_on)


def _is_deal(key: str, record: DealRecord) -> Any:
    if record.contract_number:
        return or_(Deal.identity_key == key, Deal.contract_number == record.contract_number)
    return Deal.identity_key == key


def _event_of(record: DealRecord) -> str:
    return "TR01" if record.deal_type in (None, "transfer", "contribution") else "EE01"
