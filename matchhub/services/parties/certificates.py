"""Which firm holds a certificate (证书编号) of an innovation category: one certificate belongs to one firm.

Numbers are compared in normal form within their category: each category has one office that numbers its certificates.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import Enterprise, EnterpriseCategory
from matchhub.domain.official_numbers import number_key
from matchhub.domain.records import EnterpriseRecord
from matchhub.services.kernel.merges import kept_records
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.recorder import Known

Certificate = tuple[str, str]  # category and number in normal form


class CertificateOwners:
    """The holders of the certificates that a chunk of rows names, in the base and in the rows before."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._by_id: dict[Certificate, int] = {}
        self._by_row: dict[Certificate, Known] = {}

    def load(self, records: Iterable[EnterpriseRecord]) -> None:
        """Find who holds the certificates of these records."""
        wanted = {certificate for record in records for certificate, _ in _written(record)}
        self._by_id = {}
        if not wanted:
            return
        kept = kept_records(self._unit, "enterprises")
        chosen = (
            select(EnterpriseCategory.category, EnterpriseCategory.certificate_number, EnterpriseCategory.enterprise_id)
            .join(Enterprise, Enterprise.id == EnterpriseCategory.enterprise_id)
            .where(EnterpriseCategory.certificate_number.is_not(None), EnterpriseCategory.withdrawn_at.is_(None))
            .where(EnterpriseCategory.category.in_({category for category, _ in wanted}))
            .where(Enterprise.withdrawn_at.is_(None) | Enterprise.id.in_(kept))
        )
        for category, number, firm in self._unit.session.execute(chosen.order_by(EnterpriseCategory.id)):
            certificate = (category, number_key(number or ""))
            if certificate in wanted:
                self._by_id.setdefault(certificate, kept.get(firm, firm))

    def of_another(self, record: EnterpriseRecord, known: Known | str | None) -> str:
        """The first certificate of a record that another firm than ``known`` holds; "" when there is none."""
        for certificate, number in _written(record):
            holder, in_rows = self._by_id.get(certificate), self._by_row.get(certificate)
            mine = isinstance(known, Known) and (known is in_rows or (known.id is not None and known.id == holder))
            if (holder is not None or in_rows is not None) and not mine:
                return number
        return ""

    def note(self, record: EnterpriseRecord, known: Known) -> None:
        """Note that a firm holds the certificates of its row."""
        for certificate, _ in _written(record):
            self._by_row.setdefault(certificate, known)


def _written(record: EnterpriseRecord) -> list[tuple[Certificate, str]]:
    """Certificates of a record with their numbers as written."""
    return [
        ((claim.category, number_key(claim.certificate_number)), claim.certificate_number)
        for claim in record.categories
        if claim.certificate_number
    ]
