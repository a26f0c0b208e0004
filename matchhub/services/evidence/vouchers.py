"""Numbers of vouchers (付款凭证号): one proves one payment, of a deal or of a licence."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text

from matchhub.db.tables import DealPayment, Licence
from matchhub.domain.evidence import voucher_key
from matchhub.errors import Conflict
from matchhub.services.kernel.unit import Unit

_VOUCHERS = 5828  # advisory lock key on PostgreSQL: vouchers are taken one after another


def require_free_voucher(unit: Unit, voucher: str, licence_id: int | None = None) -> None:
    """Raise ``Conflict("voucher_in_use")`` when the voucher proves another standing payment, however it is written.

    ``licence_id``: the licence that is being paid. Until the unit ends nobody else can take the same number.
    """
    wanted = voucher_key(voucher)
    if not wanted:
        return
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _VOUCHERS})
    if any(voucher_key(known) == wanted for known in _standing(unit, licence_id)):
        raise Conflict("voucher_in_use", voucher=voucher)


def _standing(unit: Unit, licence_id: int | None) -> Iterator[str]:
    of_deals = select(DealPayment.proof).where(DealPayment.withdrawn_at.is_(None))
    of_licences = select(Licence.payment_proof).where(Licence.withdrawn_at.is_(None), Licence.id != (licence_id or 0))
    for chosen in (of_deals, of_licences):
        yield from (each for each in unit.session.execute(chosen).scalars() if each)
