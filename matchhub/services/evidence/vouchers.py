"""Numbers of vouchers (付款凭证号): one proves one payment, of a deal or of a licence."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text

from matchhub.db.tables import Deal, DealPayment, EvidenceFile, Licence
from matchhub.domain.official_numbers import number_key
from matchhub.domain.parties import normalise_name
from matchhub.errors import Conflict
from matchhub.services.evidence.repetitions import propose_pair
from matchhub.services.kernel.unit import Unit

_TAKING = 5828  # advisory lock key on PostgreSQL
Holder = tuple[str, int]  # kind and number of the record whose payment a voucher proves


def one_after_another(unit: Unit) -> None:
    """Until the unit ends nobody else can take a number or a file that may prove one record only.

    For numbers that no unique key guards, because they are compared in normal form or over several tables.
    """
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TAKING})


class Vouchers:
    """The vouchers of all standing payments, read once; until the unit ends nobody else can take one."""

    def __init__(self, unit: Unit) -> None:
        one_after_another(unit)
        self._holders: dict[str, dict[Holder, int | None]] = {}
        for written, kind, record_id, file in _standing(unit):
            self.take(written, kind, record_id, file)

    def take(self, voucher: str, kind: str, record_id: int, file: int | None = None) -> None:
        """Note that a voucher proves a payment of this record now, with the evidence file that shows it."""
        if key := number_key(voucher):
            self._holders.setdefault(key, {})[kind, record_id] = file

    def files_of(self, voucher: str, except_licence: int | None = None) -> list[int | None]:
        """The files of the standing payments that it proves, however it is written; ``None`` for a payment without."""
        holders = self._holders.get(number_key(voucher), {})
        return [file for holder, file in holders.items() if holder != ("licences", except_licence or 0)]

    def is_free(self, voucher: str, except_licence: int | None = None) -> bool:
        """Whether it proves no standing payment; a licence's own payment may be its own."""
        return not self.files_of(voucher, except_licence)


def require_free_voucher(
    unit: Unit, voucher: str, licence_id: int | None = None, evidence_id: int | None = None
) -> None:
    """Raise ``Conflict("voucher_in_use")`` when the voucher proves another standing payment, however it is written.

    ``licence_id``: the licence that is being paid, ``evidence_id`` the file that proves this payment. Where both
    payments have files that name different issuers, two banks may have used one number: the files are proposed as one
    paper instead, and a person decides. Until the unit ends nobody else can take the same number.
    """
    if not number_key(voucher):
        return
    for other_file in Vouchers(unit).files_of(voucher, licence_id):
        if not _waits_for_a_person(unit, other_file, evidence_id):
            raise Conflict("voucher_in_use", voucher=voucher)


def _waits_for_a_person(unit: Unit, first_id: int | None, second_id: int | None) -> bool:
    """Whether both files name their issuer, and not the same one; then the pair is proposed."""
    if first_id is None or second_id is None:
        return False
    first, second = unit.session.get_one(EvidenceFile, first_id), unit.session.get_one(EvidenceFile, second_id)
    issuers = {normalise_name(file.issuer) for file in (first, second) if file.issuer}
    if len(issuers) < 2:
        return False
    propose_pair(unit, first_id, second, "number")
    return True


def _standing(unit: Unit) -> Iterator[tuple[str, str, int, int | None]]:
    """Voucher, kind and number of the record, and the file of every standing payment."""
    of_deals = (
        select(DealPayment.proof, DealPayment.deal_id, DealPayment.evidence_id)
        .join(Deal, Deal.id == DealPayment.deal_id)
        .where(DealPayment.withdrawn_at.is_(None), Deal.withdrawn_at.is_(None), DealPayment.proof.is_not(None))
    )
    of_licences = select(Licence.payment_proof, Licence.id, Licence.payment_evidence_id).where(
        Licence.withdrawn_at.is_(None), Licence.payment_proof.is_not(None)
    )
    for kind, chosen in (("deals", of_deals), ("licences", of_licences)):
        yield from ((written or "", kind, key, file) for written, key, file in unit.session.execute(chosen))
