"""Recording deals (交易) row by row: a contract with its parties, patents, dated events and payments.

A row meets the same rules as an act on a page (``domain.deals``, ``domain.deal_signing``). One that a rule forbids is
held for a person with the rule's code, and nothing of it is recorded; what a file cannot be asked for, and what only
warns, is recorded and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPatent, DealPayment
from matchhub.domain.deals import Finding, Payment
from matchhub.domain.official_numbers import number_key, same_number
from matchhub.domain.records import DealRecord, Problem, Row
from matchhub.services.deals.checks import number_of_others
from matchhub.services.deals.correcting import apply_correction, changes_told
from matchhub.services.deals.events import add_event_row
from matchhub.services.deals.numbers import contracts_of, sides_said
from matchhub.services.deals.rows import RowNews, findings_on_row, given_step, new_parties, new_patents
from matchhub.services.deals.telling import tell_parties
from matchhub.services.evidence.vouchers import Vouchers
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.event_log import append_event
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
# Findings on a file's row that are told and do not hold it. A payment without its voucher is a claim, and the count
# says so; whoever types one is asked for the proof instead.
_TOLD = frozenset({"payment_unproven", "deal_register_event_wrong", "deal_paid_before_signing"})


class DealRecorder:
    """Takes chunks of deal rows; several rows of one contract number and parties are one deal with several patents.

    A row with the number of a contract of other parties waits for a person (``contract_number_of_others``): one that a
    person accepts (``by_hand``) or types as ``another_contract`` is a deal of its own.

    ``typed``: somebody typed the row into a form. Then a missing proof is refused, and other values for a known
    contract are refused rather than taken as a correction. ``blocked`` holds what stood against the last row.
    """

    by_hand = False  # a person accepts the rows: what only a person can decide holds them no longer

    def __init__(
        self,
        unit: Unit,
        batch_id: int | None,
        demo: bool = False,
        repeated: frozenset[str] = frozenset(),
        *,
        typed: bool = False,
        another_contract: bool = False,
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated, self.typed = unit, batch_id, demo, repeated, typed
        self.blocked: tuple[Finding, ...] = ()
        self.another_contract = another_contract
        self._vouchers: Vouchers | None = None

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
            return Outcome(row, "review", problems=[remark(row, "patent_unknown", "", "、".join(missing), "review")])
        deal, other = self._deal_of(record, links)
        ids = [patents[number] for number in record.application_numbers]
        if deal is None and other is not None and not (self.by_hand or self.another_contract):
            self.blocked = (number_of_others(record.contract_number or "", other.id, "blocks"),)
            return Outcome(row, "review", problems=[_problem(row, each, "review") for each in self.blocked])
        fresh = self._news(row, record, deal, ids, links)
        found = _by_code(findings_on_row(self.unit, deal, fresh))
        if (
            fresh.payment is not None
            and record.payment_proof
            and not self._known_vouchers().is_free(record.payment_proof)
        ):
            found["voucher_in_use"] = Finding("blocks", "voucher_in_use", {"voucher": record.payment_proof})
        if self.typed and fresh.corrected:
            found["deal_known_otherwise"] = Finding("blocks", "deal_known_otherwise", {"id": deal.id if deal else None})
        told = [each for each in found.values() if each.code in _TOLD and not (self.typed and each.level == "blocks")]
        self.blocked = tuple(each for each in found.values() if each.level == "blocks" and each not in told)
        if self.blocked:
            return Outcome(row, "review", problems=[_problem(row, each, "review") for each in self.blocked])
        problems = [_problem(row, each, "warning") for each in told]
        return self._write(row, record, deal, fresh, problems)

    def _known_vouchers(self) -> Vouchers:
        """The vouchers on record, read when the first payment comes."""
        self._vouchers = self._vouchers or Vouchers(self.unit)
        return self._vouchers

    def _deal_of(self, record: DealRecord, links: EnterpriseLinks) -> tuple[Deal | None, Deal | None]:
        """The deal that a row speaks of; else the deal of other parties that bears its contract number, if any does.

        A row that names no parties and fits several contracts speaks of none of them: a person decides.
        """
        if not record.contract_number:
            known = self.unit.session.execute(select(Deal).where(Deal.identity_key == identity(record))).scalar()
            return known, None
        firms = (links.find(record.seller_uscc, record.seller_name), links.find(record.buyer_uscc, record.buyer_name))
        sides = sides_said(record, *(firm.id if firm else None for firm in firms))
        same, others = contracts_of(self.unit, record.contract_number, sides)
        if len(same) == 1:
            return same[0], None
        return None, next(iter((*same, *others)), None)

    def _news(
        self, row: Row, record: DealRecord, deal: Deal | None, patents: list[int], links: EnterpriseLinks
    ) -> RowNews:
        """What the row adds to what is on record. A file read before fills gaps only."""
        known = {} if deal is None else {name: getattr(deal, name) for name in COLUMNS}
        new = news(known, spoken(record, COLUMNS), row.source.file in self.repeated)
        for name in ("contract_number", "contract_register_number"):
            if same_number(known.get(name), str(new.get(name) or "")):
                del new[name]  # written in another way, it is the same number
        if deal is None:
            new.setdefault("deal_type", "transfer")
        corrected = {name: value for name, value in new.items() if known.get(name) not in (None, "")}
        kind = str(new.get("deal_type") or known.get("deal_type"))
        return RowNews(
            values={name: value for name, value in new.items() if name not in corrected},
            corrected=corrected,
            parties=tuple(new_parties(self.unit, deal, record, links)),
            patents=new_patents(self.unit, deal, patents),
            step=given_step(record, self._events(deal), self.unit.pack.deals.register_events[kind]),
            payment=self._payment(deal, record),
            refund=self._refund(deal, record),
        )

    def _events(self, deal: Deal | None) -> set[Any]:
        if deal is None:
            return set()
        chosen = select(DealEvent.event, DealEvent.occurred_on).where(DealEvent.deal_id == deal.id)
        return {tuple(each) for each in self.unit.session.execute(chosen)}

    def _payment(self, deal: Deal | None, record: DealRecord) -> Payment | None:
        if record.paid_on is None or record.paid_yuan is None:
            return None
        if self._is_known(deal, record.paid_on, record.paid_yuan):
            return None
        return Payment(record.paid_on, record.paid_yuan, proven=bool((record.payment_proof or "").strip()))

    def _refund(self, deal: Deal | None, record: DealRecord) -> Payment | None:
        if record.refunded_on is None or not record.refunded_yuan:
            return None
        if self._is_known(deal, record.refunded_on, -record.refunded_yuan):
            return None
        return Payment(record.refunded_on, record.refunded_yuan, proven=True)

    def _is_known(self, deal: Deal | None, on: date, yuan: Decimal) -> bool:
        """Whether a payment of this day and amount is on record; a refund is below zero."""
        if deal is None:
            return False
        same = select(DealPayment.id).where(
            DealPayment.deal_id == deal.id, DealPayment.paid_on == on, DealPayment.amount_yuan == yuan
        )
        return self.unit.session.execute(same).first() is not None

    def _write(
        self, row: Row, record: DealRecord, known: Deal | None, fresh: RowNews, problems: list[Problem]
    ) -> Outcome:
        deal = known or self._new_deal(row, record, fresh)
        said: State = dict(fresh.values)
        for name, value in fresh.values.items():
            setattr(deal, name, value)
        self.unit.session.flush()
        if fresh.corrected:
            said |= self._correct(row, deal, fresh.corrected)
            problems = [*problems, *_corrections(row, said["corrected_from"], fresh.corrected)]
        said |= self._add_parts(deal, fresh, known is not None)
        said |= self._add_dated(row, record, deal, fresh)
        if known is not None and not said:
            return Outcome(row, "unchanged", deal.id, problems)
        deal.updated_at = self.unit.now
        self.unit.session.flush()
        write_revisions(self.unit, "deals", self.batch_id, [Change(deal.id, row.source.line, said)])
        self._tell(deal, known is None, fresh, said)
        return Outcome(row, "created" if known is None else "updated", deal.id, problems)

    def _tell(self, deal: Deal, new: bool, fresh: RowNews, said: State) -> None:
        """The parties are told once a row: of what it changes before what it adds."""
        if new or "signed_on" in fresh.values:
            told: State = {"number": deal.contract_number, "on": deal.signed_on, "yuan": deal.amount_yuan}
            tell_parties(self.unit, deal, "signed", **told)
        elif fresh.corrected or fresh.values or fresh.parties or fresh.patents:
            before = {**dict.fromkeys(fresh.values), **said.get("corrected_from", {})}
            changes = changes_told(before, {**fresh.values, **fresh.corrected})
            changes += [[each.role, None, each.name] for each in fresh.parties]
            changes += [["patents", None, len(fresh.patents)]] if fresh.patents else []
            tell_parties(self.unit, deal, "changed", changes=changes)
        elif fresh.payment is not None:
            tell_parties(self.unit, deal, "paid", on=fresh.payment.on, yuan=fresh.payment.yuan)
        elif fresh.refund is not None:
            tell_parties(self.unit, deal, "refunded", on=fresh.refund.on, yuan=fresh.refund.yuan)
        elif fresh.step is not None:
            tell_parties(self.unit, deal, fresh.step.to, on=fresh.step.on, number=fresh.step.number)

    def _new_deal(self, row: Row, record: DealRecord, fresh: RowNews) -> Deal:
        deal = Deal(
            identity_key=identity(record),
            deal_type=fresh.values["deal_type"],
            demo=self.demo,
            updated_at=self.unit.now,
        )
        self._stamp(deal, row)
        self.unit.session.add(deal)
        return deal

    def _correct(self, row: Row, deal: Deal, corrected: State) -> State:
        source = row.source
        reason = f"{source.file}:{source.line}" if source.file else "form"
        return apply_correction(self.unit, deal, corrected, reason, self.batch_id, source.line)

    def _stamp(self, thing: Any, row: Row) -> None:
        for name, value in provenance(self.unit, self.batch_id, row.source.line).items():
            setattr(thing, name, value)

    def _add_parts(self, deal: Deal, fresh: RowNews, known: bool) -> State:
        new: State = {}
        if known and (fresh.parties or fresh.patents):
            parties = [f"{each.role}:{each.name}" for each in fresh.parties]
            append_event(self.unit, "deal.extended", "deals", deal.id, parties=parties, patents=list(fresh.patents))
        for each in fresh.parties:
            party = DealParty(deal_id=deal.id, role=each.role, name=each.name, name_key=each.name_key, uscc=each.uscc)
            party.enterprise_id = each.enterprise_id
            self.unit.session.add(party)
            new[each.role] = each.name
        self.unit.session.add_all([DealPatent(deal_id=deal.id, patent_id=key) for key in fresh.patents])
        return new | ({"patents": list(fresh.patents)} if fresh.patents else {})

    def _add_dated(self, row: Row, record: DealRecord, deal: Deal, fresh: RowNews) -> State:
        """The signing where the row brings it, the register's entry and the payment, each with its own day."""
        new: State = {}
        signed_on = fresh.values.get("signed_on")
        step = fresh.step
        events = [("signed", signed_on, deal.contract_number)] if signed_on is not None else []
        events += [(step.event or "", step.on, step.number or None)] if step is not None else []
        for event, day, number in events:
            add_event_row(self.unit, deal, event, day, number, batch_id=self.batch_id, line=row.source.line)
            new[event] = day
        if fresh.payment is not None:
            paid = DealPayment(deal_id=deal.id, paid_on=fresh.payment.on, amount_yuan=fresh.payment.yuan)
            paid.proof = record.payment_proof
            self._stamp(paid, row)
            self.unit.session.add(paid)
            if record.payment_proof:
                self._known_vouchers().take(record.payment_proof, "deals", deal.id)
            new["paid"] = to_json([fresh.payment.on, fresh.payment.yuan])
        if fresh.refund is not None:
            back = DealPayment(deal_id=deal.id, paid_on=fresh.refund.on, amount_yuan=-fresh.refund.yuan)
            back.proof = record.refund_proof
            self._stamp(back, row)
            self.unit.session.add(back)
            new["refunded"] = to_json([fresh.refund.on, fresh.refund.yuan])
        return new


def identity(record: DealRecord) -> str:
    """Contract number and parties, else parties, patents and day: by what a deal is known when it comes again."""
    if record.contract_number:
        names = (record.seller_name or record.seller_uscc, record.buyer_name or record.buyer_uscc)
        return digest("deal", number_key(record.contract_number), *names)
    seller, buyer = record.seller_uscc or record.seller_name, record.buyer_uscc or record.buyer_name
    return digest("deal", seller, buyer, *sorted(record.application_numbers), record.signed_on)


def _by_code(found: Sequence[Finding]) -> dict[str, Finding]:
    """One finding of each code: two rules may see the same fault."""
    first: dict[str, Finding] = {}
    for each in found:
        first.setdefault(each.code, each)
    return first


def _problem(row: Row, finding: Finding, severity: Any) -> Problem:
    value = "，".join(str(each) for each in finding.data.values() if each is not None)
    return remark(row, finding.code, "", value, severity)


def _corrections(row: Row, before: State, after: State) -> list[Problem]:
    """Each value of a known contract that the row corrected, with what stood before."""
    return [
        remark(row, "deal_corrected", name, f"{was} → {to_json(after[name])}", "warning")
        for name, was in before.items()
    ]
