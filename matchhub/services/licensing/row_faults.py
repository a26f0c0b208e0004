"""What keeps a row about a licence from being taken: a voucher or a filing number of another record, a fee exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Licence, Offer
from matchhub.domain.records import LicenceRecord
from matchhub.services.evidence.allowances import excess_yuan, fixed_fee
from matchhub.services.evidence.vouchers import Vouchers
from matchhub.services.kernel.unit import Unit

Fault = tuple[str, str, str]  # code, column, value


class LicenceRowFaults:
    """Asks of each row what a page asks of whoever types the same (``licensing.accepting``)."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._vouchers: Vouchers | None = None

    def of(self, record: LicenceRecord, known: Licence | None, offer_id: int | None) -> Iterator[Fault]:
        """The faults of one row; ``known``: the licence on record that it speaks of, ``offer_id`` its declaration."""
        own = known.id if known is not None else 0
        if record.payment_proof and not self._known_vouchers().is_free(record.payment_proof, own):
            yield "voucher_in_use", "payment_proof", record.payment_proof
        if record.filing_number and self._files_another(record.filing_number, own):
            yield "filing_number_in_use", "filing_number", record.filing_number
        fee = self._fee(offer_id)
        if record.paid_yuan and excess_yuan(self.unit, "licences", own, fee, Decimal(0), record.paid_yuan):
            yield "payment_exceeds_fee", "paid_yuan", str(fee)

    def taken(self, record: LicenceRecord, licence_id: int) -> None:
        """Note that the row was recorded: its voucher proves this licence's payment now."""
        if record.payment_proof:
            self._known_vouchers().take(record.payment_proof, "licences", licence_id)

    def _known_vouchers(self) -> Vouchers:
        self._vouchers = self._vouchers or Vouchers(self.unit)
        return self._vouchers

    def _files_another(self, number: str, own: int) -> bool:
        same = select(Licence.id).where(
            Licence.filing_number == number.strip(), Licence.id != own, Licence.withdrawn_at.is_(None)
        )
        return self.unit.session.execute(same).first() is not None

    def _fee(self, offer_id: int | None) -> Decimal | None:
        offer = self.unit.session.get(Offer, offer_id) if offer_id is not None else None
        return fixed_fee(offer)
