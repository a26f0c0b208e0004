"""Filing numbers (备案号) of licences in normal form: the patent office, which gives them all, gives each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Licence
from matchhub.domain.official_numbers import number_key, same_number
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import LicenceRecord
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Bearer:
    """A licence that bears a filing number, and who its licensee is, by credit code and by name."""

    id: int
    number: str
    licensee: frozenset[str]


def licences_filed_under(unit: Unit, numbers: Iterable[str | None]) -> list[Bearer]:
    """Standing licences that bear one of these filing numbers, however it is written."""
    keys = {number_key(number) for number in numbers if number} - {""}
    if not keys:
        return []
    chosen = select(Licence.id, Licence.filing_number, Licence.licensee_uscc, Licence.licensee_name).where(
        Licence.filing_number.is_not(None), Licence.withdrawn_at.is_(None)
    )
    rows = unit.session.execute(chosen.order_by(Licence.id))
    return [
        Bearer(key, number or "", _names(uscc, name))
        for key, number, uscc, name in rows
        if number_key(number or "") in keys
    ]


def is_filed_for_another(record: LicenceRecord, bearers: Sequence[Bearer]) -> bool:
    """Whether a licence of another licensee bears the row's filing number already.

    One contract may license several patents to one firm and is filed once, so one firm's licences may share a number.
    """
    key, mine = number_key(record.filing_number or ""), _names(record.licensee_uscc, record.licensee_name)
    same = [bearer for bearer in bearers if key and number_key(bearer.number) == key]
    return any(bearer.licensee.isdisjoint(mine) for bearer in same)


def licence_filed_as(unit: Unit, record: LicenceRecord, patent_id: int) -> Licence | None:
    """The standing licence of this patent and licensee that bears the row's filing number, however it is written."""
    mine = _names(record.licensee_uscc, record.licensee_name)
    chosen = select(Licence).where(
        Licence.patent_id == patent_id, Licence.filing_number.is_not(None), Licence.withdrawn_at.is_(None)
    )
    for row in unit.session.execute(chosen.order_by(Licence.id)).scalars():
        shared = mine & _names(row.licensee_uscc, row.licensee_name)
        if shared and same_number(row.filing_number, record.filing_number):
            return row
    return None


def _names(uscc: str | None, name: str | None) -> frozenset[str]:
    return frozenset(each for each in (uscc, normalise_name(name) if name else None) if each)
