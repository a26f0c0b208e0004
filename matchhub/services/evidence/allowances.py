"""How much may be paid: the contract's amount, or the higher total that the bureau allowed for one record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Deal, Licence, Offer, PaymentAllowance
from matchhub.domain.deals import excess_of
from matchhub.errors import NotFound, Refusal
from matchhub.services.accounts.second_factor import require_code
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators


def _allowed(unit: Unit, kind: str, record_id: int) -> Decimal | None:
    """The total of payments that the bureau's newest word allows for a record; ``None`` without such a word."""
    row = _newest(unit, kind, record_id)
    return row.most_yuan if row is not None else None


def _newest(unit: Unit, kind: str, record_id: int) -> PaymentAllowance | None:
    chosen = select(PaymentAllowance).where(
        PaymentAllowance.subject_kind == kind, PaymentAllowance.subject_id == record_id
    )
    return unit.session.execute(chosen.order_by(PaymentAllowance.id.desc()).limit(1)).scalar()


def excess_yuan(
    unit: Unit, kind: str, record_id: int, contract_yuan: Decimal | None, paid_yuan: Decimal, further_yuan: Decimal
) -> Decimal:
    """Yuan by which a further payment would go beyond the contract, or beyond what the bureau allowed; else 0."""
    allowed = _allowed(unit, kind, record_id)
    known = contract_yuan is not None and allowed is not None
    most = max(contract_yuan, allowed) if known else contract_yuan  # type: ignore[type-var]
    return excess_of(most, paid_yuan, further_yuan)


def fee_yuan(unit: Unit, licence: Licence) -> Decimal | None:
    """What a licensee owes under a declaration with a fixed fee; ``None`` where it depends or is not on record."""
    return fixed_fee(unit.session.get(Offer, licence.offer_id) if licence.offer_id is not None else None)


def fixed_fee(offer: Offer | None) -> Decimal | None:
    """The fee of a declaration that names a fixed one."""
    return offer.fee_yuan if offer is not None and offer.fee_method == "fixed" else None


def _contract_of(unit: Unit, kind: str, record_id: int) -> Decimal | None:
    """The amount that the payments of a deal or a licence may not exceed by themselves; ``NotFound``."""
    if kind not in _CONTRACTS:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    return _CONTRACTS[kind](unit, record_id)


def _of_deal(unit: Unit, deal_id: int) -> Decimal | None:
    deal = unit.session.get(Deal, deal_id)
    if deal is None:
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal.amount_yuan


def _of_licence(unit: Unit, licence_id: int) -> Decimal | None:
    licence = unit.session.get(Licence, licence_id)
    if licence is None:
        raise NotFound("record_not_found", kind="licences", id=licence_id)
    return fee_yuan(unit, licence)


_CONTRACTS: Mapping[str, Callable[[Unit, int], Decimal | None]] = {"deals": _of_deal, "licences": _of_licence}


@dataclass(frozen=True, slots=True)
class PayableView:
    """What may be paid for a record: its contract's amount, and the bureau's newest word on it."""

    contract_yuan: Decimal
    allowed_yuan: Decimal | None
    reason: str
    said_at: datetime | None


def payable_view(unit: Unit, kind: str, record_id: int) -> PayableView | None:
    """``None`` for a record whose payments have no limit."""
    unit.require("record.read")
    contract = _contract_of(unit, kind, record_id) if kind in _CONTRACTS else None
    if contract is None:
        return None
    row = _newest(unit, kind, record_id)
    if row is None:
        return PayableView(contract, None, "", None)
    return PayableView(contract, row.most_yuan, row.reason, row.recorded_at)


def allow_payments(unit: Unit, kind: str, record_id: int, most_yuan: Decimal, reason: str, code: str) -> int:
    """The bureau alone may allow payments beyond the contract, up to a total it names; returns the word's number.

    Call within ``second_factor.proving``. The operators are told. Raises ``Refusal`` ``note_missing``,
    ``allowance_without_contract`` and ``allowance_not_above`` (nothing to be allowed), ``SecondFactorRefused``.
    """
    unit.require("payment.allow")
    contract = _contract_of(unit, kind, record_id)
    if not reason.strip():
        raise Refusal("note_missing")
    if contract is None:
        raise Refusal("allowance_without_contract")
    if most_yuan <= contract:
        raise Refusal("allowance_not_above", contract=contract)
    require_code(unit, code)
    row = PaymentAllowance(
        subject_kind=kind,
        subject_id=record_id,
        most_yuan=most_yuan,
        reason=reason.strip(),
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "payment.allowed", kind, record_id, allowance=row.id, yuan=str(most_yuan))
    notify(
        unit,
        operators(unit),
        "notice_payment_allowed",
        (kind, record_id),
        str(row.id),
        id=record_id,
        yuan=str(most_yuan),
    )
    return row.id
