"""Payments under a deal (付款), one or several, each with its proof, and what went back of them (退款)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import DealPayment
from matchhub.domain.deals import Finding, Payment, check_payment, check_refund
from matchhub.errors import Conflict
from matchhub.services.deals.access import deal_of, deal_to_enter, require_own_evidence, standing_rows
from matchhub.services.deals.checks import refuse_blocked
from matchhub.services.deals.stages import outline_of, stage_of_deal
from matchhub.services.deals.telling import tell_parties
from matchhub.services.evidence.allowances import excess_yuan
from matchhub.services.evidence.vouchers import require_free_voucher
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.unit import Unit


def pay(
    unit: Unit,
    deal_id: int,
    paid_on: date,
    amount_yuan: Decimal,
    voucher: str = "",
    evidence_id: int | None = None,
    seen: str = "",
) -> int:
    """Record one of perhaps several payments; its proof is a file or a voucher number. Returns its number.

    Raises ``Conflict`` ``deal_step_not_allowed``, ``changed_meanwhile``, and ``Refusal`` ``payment_unproven``,
    ``amount_not_positive``, ``day_to_come``, ``evidence_of_other_record``; ``Conflict`` ``payment_exceeds_contract``,
    ``voucher_in_use``, ``payment_repeated``.
    """
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    proof = voucher.strip() or None
    given = Payment(paid_on, amount_yuan, proven=proof is not None or evidence_id is not None)
    refuse_blocked(check_payment(outline_of(unit, deal_id), stage_of_deal(unit, deal_id), given, unit.today))
    require_own_evidence(unit, deal_id, evidence_id)
    refuse_blocked(excess_findings(unit, deal.id, deal.amount_yuan, amount_yuan))
    require_free_voucher(unit, voucher, evidence_id=evidence_id)
    _require_new(unit, deal_id, given, evidence_id)
    row = DealPayment(
        deal_id=deal.id,
        paid_on=paid_on,
        amount_yuan=amount_yuan,
        proof=proof,
        evidence_id=evidence_id,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    deal.updated_at = unit.now
    unit.session.flush()
    append_event(unit, "deal.paid", "deals", deal.id, on=paid_on.isoformat(), yuan=str(amount_yuan))
    tell_parties(unit, deal, "paid", on=paid_on, yuan=amount_yuan)
    return row.id


def refund(
    unit: Unit,
    deal_id: int,
    refunded_on: date,
    amount_yuan: Decimal,
    voucher: str = "",
    evidence_id: int | None = None,
    seen: str = "",
) -> int:
    """Record that part or all of what was paid went back (退款); it reduces what was paid. Returns its number.

    By whoever may enter payments. Raises ``Refusal`` ``amount_not_positive``, ``day_to_come``,
    ``evidence_of_other_record``; ``Conflict`` ``refund_exceeds_paid``, ``voucher_in_use``, ``changed_meanwhile``.
    """
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    given = Payment(refunded_on, amount_yuan, proven=True)
    refuse_blocked(check_refund(payments_of(unit, deal_id), given, unit.today))
    require_own_evidence(unit, deal_id, evidence_id)
    require_free_voucher(unit, voucher, evidence_id=evidence_id)
    row = DealPayment(
        deal_id=deal.id,
        paid_on=refunded_on,
        amount_yuan=-amount_yuan,
        proof=voucher.strip() or None,
        evidence_id=evidence_id,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    deal.updated_at = unit.now
    unit.session.flush()
    append_event(unit, "deal.refunded", "deals", deal.id, on=refunded_on.isoformat(), yuan=str(amount_yuan))
    tell_parties(unit, deal, "refunded", on=refunded_on, yuan=amount_yuan)
    return row.id


def payments_of(unit: Unit, deal_id: int) -> list[Payment]:
    """The standing payments of a deal, refunds below zero."""
    rows = standing_rows(unit, DealPayment, [deal_id]).get(deal_id, ())
    return [Payment(row.paid_on, row.amount_yuan, proven=bool(row.proof or row.evidence_id)) for row in rows]


@dataclass(frozen=True, slots=True)
class Balance:
    """What was agreed, paid, given back and is still due, yuan; ``None`` where the amount agreed is not on record."""

    agreed_yuan: Decimal | None
    paid_yuan: Decimal
    refunded_yuan: Decimal

    @property
    def kept_yuan(self) -> Decimal:
        """What was paid and not given back."""
        return self.paid_yuan - self.refunded_yuan

    @property
    def due_yuan(self) -> Decimal | None:
        """What is still to be paid."""
        return None if self.agreed_yuan is None else max(self.agreed_yuan - self.kept_yuan, Decimal(0))


def balance_of(unit: Unit, deal_id: int) -> Balance:
    """Agreed, paid, given back and due side by side."""
    deal, moved = deal_of(unit, deal_id), payments_of(unit, deal_id)
    paid = sum((each.yuan for each in moved if each.yuan > 0), Decimal(0))
    return Balance(deal.amount_yuan, paid, -sum((each.yuan for each in moved if each.yuan < 0), Decimal(0)))


def _require_new(unit: Unit, deal_id: int, given: Payment, evidence_id: int | None) -> None:
    """A file may prove several payments of its deal (a statement of account), but not the same one twice."""
    same = select(DealPayment.id).where(
        DealPayment.deal_id == deal_id,
        DealPayment.paid_on == given.on,
        DealPayment.amount_yuan == given.yuan,
        DealPayment.evidence_id == evidence_id,
        DealPayment.withdrawn_at.is_(None),
    )
    if evidence_id is not None and unit.session.execute(same).first():
        raise Conflict("payment_repeated")


def excess_findings(
    unit: Unit, deal_id: int, contract_yuan: Decimal | None, further_yuan: Decimal = Decimal(0)
) -> tuple[Finding, ...]:
    """What stands against a further payment, or against a contract of this amount, given what is paid already."""
    known = select(DealPayment.amount_yuan).where(DealPayment.deal_id == deal_id, DealPayment.withdrawn_at.is_(None))
    paid = sum(unit.session.execute(known).scalars(), Decimal(0))
    if excess := excess_yuan(unit, "deals", deal_id, contract_yuan, paid, further_yuan):
        return (Finding("blocks", "payment_exceeds_contract", {"contract": contract_yuan, "excess": excess}),)
    return ()
