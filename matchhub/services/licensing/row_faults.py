"""What keeps a row about a licence from being taken: a voucher or a filing number of another record, a fee exceeded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from matchhub.db.tables import Licence, Offer
from matchhub.domain.records import LicenceRecord
from matchhub.services.evidence.allowances import excess_yuan, fixed_fee
from matchhub.services.evidence.vouchers import Vouchers
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.filing_numbers import is_filed_for_another, licences_filed_under

Fault = tuple[str, str, str]  # code, column, value


class LicenceRowFaults:
    """Asks of each row what a page asks of whoever types the same (``licensing.accepting``)."""

    def __init__(self, unit: Unit, filing_numbers: Iterable[str | None]) -> None:
        self.unit = unit
        self._filed = licences_filed_under(unit, filing_numbers)
        self._vouchers: Vouchers | None = None

    def of(self, record: LicenceRecord, known: Licence | None, offer_id: int | None) -> Iterator[Fault]:
        """The faults of one row; ``known``: the licence on record that it speaks of, ``offer_id`` its declaration."""
        own = known.id if known is not None else 0
        if record.payment_proof and not self._known_vouchers().is_free(record.payment_proof, own):
            yield "voucher_in_use", "payment_proof", record.payment_proof
        if record.filing_number and is_filed_for_another(record, self._filed):
            yield "filing_number_in_use", "filing_number", record.filing_number
        fee = self._fee(offer_id)
        if record.paid_yuan and excess_yuan(self.unit, "licences", own, fee, Decimal(0), record.paid_yuan):
            yield "payment_exceeds_fee", "paid_yuan", str(fee)

        paid = record.paid_yuan or (known.paid_yuan if known is not None else None) or Decimal(0)
        if record.refunded_yuan and record.refunded_yuan > paid:
            yield "refund_exceeds_paid", "refunded_yuan", str(record.refunded_yuan)

    def taken(self, record: LicenceRecord, licence_id: int) -> None:
        """Note that the row was recorded: its voucher and its filing number are this licence's now."""
        if record.payment_proof:
            self._known_vouchers().take(record.payment_proof, "licences", licence_id)
        if record.filing_number:
            self._filed += licences_filed_under(self.unit, [record.filing_number])

    def _known_vouchers(self) -> Vouchers:
        self._vouchers = self._vouchers or Vouchers(self.unit)
        return self._vouchers

    def _fee(self, offer_id: int | None) -> Decimal | None:
        offer = self.unit.session.get(Offer, offer_id) if offer_id is not None else None
        return fixed_fee(offer)
