"""Numbers of vouchers (付款凭证号): one proves one payment, of a deal or of a licence."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text

from matchhub.db.tables import Deal, DealPayment, Licence
from matchhub.domain.evidence import voucher_key
from matchhub.errors import Conflict
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
        self._holders: dict[str, set[Holder]] = {}
        for written, kind, record_id in _standing(unit):
            self.take(written, kind, record_id)

    def take(self, voucher: str, kind: str, record_id: int) -> None:
        """Note that a voucher proves a payment of this record now."""
        if key := voucher_key(voucher):
            self._holders.setdefault(key, set()).add((kind, record_id))

    def is_free(self, voucher: str, except_licence: int | None = None) -> bool:
        """Whether it proves no standing payment, however it is written; a licence's own payment may be its own."""
        others = self._holders.get(voucher_key(voucher), set()) - {("licences", except_licence or 0)}
        return not others


def require_free_voucher(unit: Unit, voucher: str, licence_id: int | None = None) -> None:
    """Raise ``Conflict("voucher_in_use")`` when the voucher proves another standing payment, however it is written.

    ``licence_id``: the licence that is being paid. Until the unit ends nobody else can take the same number.
    """
    if voucher_key(voucher) and not Vouchers(unit).is_free(voucher, licence_id):
        raise Conflict("voucher_in_use", voucher=voucher)


def _standing(unit: Unit) -> Iterator[tuple[str, str, int]]:
    of_deals = (
        select(DealPayment.proof, DealPayment.deal_id)
        .join(Deal, Deal.id == DealPayment.deal_id)
        .where(DealPayment.withdrawn_at.is_(None), Deal.withdrawn_at.is_(None), DealPayment.proof.is_not(None))
    )
    of_licences = select(Licence.payment_proof, Licence.id).where(
        Licence.withdrawn_at.is_(None), Licence.payment_proof.is_not(None)
    )
    for kind, chosen in (("deals", of_deals), ("licences", of_licences)):
        yield from ((written or "", kind, record_id) for written, record_id in unit.session.execute(chosen))
