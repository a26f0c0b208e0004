"""Numbers of vouchers (付款凭证号): one proves one payment, of a deal or of a licence."""

from __future__ import annotations

from sqlalchemy import select, text

from matchhub.db.tables import DealPayment, EvidenceFile, Licence
from matchhub.domain.official_numbers import number_key
from matchhub.domain.parties import normalise_name
from matchhub.errors import Conflict
from matchhub.services.evidence.repetitions import propose_pair
from matchhub.services.kernel.unit import Unit

_VOUCHERS = 5828  # advisory lock key on PostgreSQL: vouchers are taken one after another


def require_free_voucher(
    unit: Unit, voucher: str, licence_id: int | None = None, evidence_id: int | None = None
) -> None:
    """Raise ``Conflict("voucher_in_use")`` when the voucher proves another standing payment, however it is written.

    ``licence_id``: the licence that is being paid, ``evidence_id`` the file that proves this payment. Where both
    payments have files that name different issuers, two banks may have used one number: the files are proposed as one
    paper instead, and a person decides. Until the unit ends nobody else can take the same number.
    """
    wanted = number_key(voucher)
    if not wanted:
        return
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _VOUCHERS})
    for known, file in _standing(unit, licence_id):
        if number_key(known) == wanted and not _waits_for_a_person(unit, file, evidence_id):
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


def _standing(unit: Unit, licence_id: int | None) -> list[tuple[str, int | None]]:
    """Voucher and file of every standing payment but that of this licence."""
    of_deals = select(DealPayment.proof, DealPayment.evidence_id).where(DealPayment.withdrawn_at.is_(None))
    of_licences = select(Licence.payment_proof, Licence.payment_evidence_id).where(
        Licence.withdrawn_at.is_(None), Licence.id != (licence_id or 0)
    )
    rows = [row for chosen in (of_deals, of_licences) for row in unit.session.execute(chosen)]
    return [(voucher, file) for voucher, file in rows if voucher]
