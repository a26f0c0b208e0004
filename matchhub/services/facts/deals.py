"""Facts of deals: parties, patents, events, payments, papers and what the platform did before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPatent, DealPayment
from matchhub.domain.counting.chains import PASSES_OWNERSHIP
from matchhub.domain.counting.facts import (
    DealFacts,
    DealPatentFact,
    FormerOwnerFact,
    PaymentFact,
    RecordId,
    RegistrationFact,
)
from matchhub.services.facts.affiliations import Affiliations
from matchhub.services.facts.dealt_patents import holders_ever
from matchhub.services.facts.evidence import evidence_of, payment
from matchhub.services.facts.known import Known
from matchhub.services.facts.pushes import platform_events
from matchhub.services.kernel.history import states
from matchhub.services.kernel.merges import owners_then
from matchhub.services.kernel.unit import Unit

_DEAL = ("contract_number", "deal_type", "signed_on", "amount_yuan", "contract_register_number",
         "affiliation_overruled_by")  # fmt: skip


def party_key(party: DealParty, owners: Mapping[int, int] = MappingProxyType({})) -> RecordId:
    """One id for one party: the enterprise of the base (``owners``: before a later merge), else the normalised name."""
    if party.enterprise_id is None:
        return f"name:{party.name_key}"
    return owners.get(party.id, party.enterprise_id)


def deal_facts(known: Known) -> tuple[DealFacts, ...]:
    """Every deal of the base."""
    builder = _DealBuilder(known)
    rows = known.unit.session.execute(known.moment.limit(select(Deal), Deal)).scalars()
    return _with_former_owners([builder.fact(row) for row in rows], known.affiliations)


def _with_former_owners(deals: list[DealFacts], affiliations: Affiliations) -> tuple[DealFacts, ...]:
    """The deals, each with what binds its buyers to sellers of earlier deals over one of its patents."""
    by_patent: dict[RecordId, list[DealFacts]] = defaultdict(list)
    for deal in deals:
        if deal.signed_on is not None and deal.withdrawn_on is None and deal.deal_type in PASSES_OWNERSHIP:
            for patent in deal.patents:
                by_patent[patent.patent_id].append(deal)
    found = []
    for deal in deals:
        signed = deal.signed_on or date.max
        earlier = {
            past.record_id: past
            for patent in deal.patents
            for past in by_patent[patent.patent_id]
            if past.record_id != deal.record_id and (past.signed_on or date.max) <= signed
        }
        ties = tuple(
            FormerOwnerFact(deal_id=past.record_id, link=links[0])
            for past in earlier.values()
            if not set(past.sellers) & set(deal.buyers) and (links := affiliations.between(past.sellers, deal.buyers))
        )
        found.append(replace(deal, former_owners=ties) if ties else deal)
    return tuple(found)


class _DealBuilder:
    """Loads the rows that hang on deals once, then builds facts one by one."""

    def __init__(self, known: Known) -> None:
        unit, moment = known.unit, known.moment
        self.moment, self.zone, self.affiliations = moment, unit.zone, known.affiliations
        self.states = states(unit, "deals", Deal, _DEAL, moment)
        self.patents, self.statuses = known.patents, known.statuses
        self.said, self.papers = known.said("deals"), evidence_of(unit, "deals", moment)
        self.repeats = known.repeats
        self.words = known.party_words("deals")
        self.seen = platform_events(unit, moment, known.written_back)
        self.owners = owners_then(unit, "deal_parties", moment.known_at)
        self.holders = holders_ever(unit, select(DealPatent.patent_id), moment)
        self.parties = _grouped(unit.session.execute(select(DealParty).order_by(DealParty.id)).scalars())
        self.links = _grouped(unit.session.execute(select(DealPatent).order_by(DealPatent.id)).scalars())
        self.locals = {key: known.local(s).local for key, s in known.enterprises.items()}
        self.events = _grouped(self._known(unit, DealEvent))
        payments = _grouped(self._known(unit, DealPayment))
        self.payments: dict[int, tuple[PaymentFact, ...]] = {
            key: tuple(payment(row, known.files) for row in rows) for key, rows in payments.items()
        }

    def _known(self, unit: Unit, table: Any) -> list[Any]:
        rows = unit.session.execute(self.moment.limit(select(table).order_by(table.id), table)).scalars()
        return [row for row in rows if not self.moment.withdrawn(row)]

    def fact(self, deal: Deal) -> DealFacts:
        """One deal with all that hangs on it."""
        s, moment = self.states[deal.id], self.moment
        key_of = partial(party_key, owners=self.owners)
        sellers = [p for p in self.parties.get(deal.id, ()) if p.role == "seller"]
        buyers = [p for p in self.parties.get(deal.id, ()) if p.role == "buyer"]
        patent_ids = [link.patent_id for link in self.links.get(deal.id, ()) if link.patent_id in self.patents]
        events = self.events.get(deal.id, ())
        cancelled = [event.occurred_on for event in events if event.event == "cancelled"]
        # A deal opened while it was negotiated was recorded as a deal when its signing was entered, by whoever did.
        entry = next((event for event in events if event.event == "signed"), deal)
        return DealFacts(
            record_id=deal.id,
            contract_number=s["contract_number"],
            deal_type=s["deal_type"],
            sellers=tuple(map(key_of, sellers)),
            buyers=tuple(map(key_of, buyers)),
            buyer_local=self._local(buyers),
            signed_on=s["signed_on"],
            amount_yuan=s["amount_yuan"],
            recorded_at=entry.recorded_at,
            patents=tuple(self._patent(key, sellers) for key in patent_ids),
            registrations=tuple(
                RegistrationFact(event=event.event, registered_on=event.occurred_on, number=event.number)
                for event in events
                if event.event in ("TR01", "EE01")
            ),
            payments=self.payments.get(deal.id, ()),
            evidence=self.papers.get(deal.id, ()),
            repeats=self.repeats.get(("deals", deal.id), ()),
            platform_events=tuple(
                fact for key in patent_ids for buyer in buyers for fact in self.seen.get((key, key_of(buyer)), ())
            ),
            confirmations=self.said.get(deal.id, ()),
            party_words=self.words.get(deal.id, ()),
            affiliations=self.affiliations.between(map(key_of, sellers), map(key_of, buyers)),
            unknown_parties=self.affiliations.unknown(map(key_of, (*sellers, *buyers))),
            affiliation_overruled_by=s["affiliation_overruled_by"],
            implemented_on=tuple(event.occurred_on for event in events if event.event == "implemented"),
            contract_register_number=s["contract_register_number"],
            entered_by=entry.recorded_by,
            cancelled_on=min(cancelled, default=None),
            withdrawn_on=moment.withdrawn_on(deal, self.zone),
        )

    def _local(self, buyers: list[DealParty]) -> bool | None:
        """Whether a buyer is local: one is enough; one that nobody has decided about leaves it open."""
        said = [self.locals.get(self.owners.get(each.id, each.enterprise_id or 0)) for each in buyers]
        return True if True in said else (None if None in said or not said else False)

    def _patent(self, patent_id: int, sellers: list[DealParty]) -> DealPatentFact:
        s = self.patents[patent_id]
        holders = self.holders.get(patent_id, frozenset())
        owned = any(seller.name_key in holders for seller in sellers) if holders and sellers else None
        return DealPatentFact(
            patent_id=patent_id,
            application_number=s["application_number"],
            filed_on=s["filed_on"],
            granted_on=s["granted_on"],
            expires_on=s["expires_on"],
            statuses=self.statuses.get(patent_id, ()),
            ipc=s.get("ipc") or (),
            locarno=s.get("locarno") or (),
            owned_by_seller=owned,
        )


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.deal_id].append(row)
    return found
