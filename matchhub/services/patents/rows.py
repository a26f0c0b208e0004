"""Patents (专利) as rows of a list, with what hangs on each fetched in one go per table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Offer, Patent, PatentClass
from matchhub.services.kernel.once import once
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.page import HolderView, holders_of, running_offer, validities

_HOLDERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PatentRow:
    """One patent in a list."""

    id: int
    number: str
    title: str
    abstract: str
    patent_type: str | None
    validity: str
    holders: tuple[str, ...]
    main_class: str
    day: date | None
    offered: bool


# What a row shows of the patent itself; claims and the rest of a patent are long.
SHOWN = (
    Patent.id, Patent.application_number, Patent.publication_number, Patent.title, Patent.abstract, Patent.patent_type,
    Patent.filed_on, Patent.published_on, Patent.granted_on, Patent.expires_on,
)  # fmt: skip


def patent_rows(unit: Unit, patents: Sequence[Patent] | Sequence[Any]) -> list[PatentRow]:
    """Rows of a list, with what hangs on each patent fetched in one go per table; of objects or of ``SHOWN``."""
    return once(unit, ("patent rows", tuple(patent.id for patent in patents)), lambda: _rows(unit, patents))


def rows_of(unit: Unit, ids: Iterable[int]) -> list[PatentRow]:
    """Rows of patents by their ids, a fixed number of statements for each part."""
    found: list[PatentRow] = []
    for part in parts(sorted(ids)):
        found += patent_rows(unit, unit.session.execute(select(*SHOWN).where(Patent.id.in_(part))).all())
    return found


def _rows(unit: Unit, patents: Sequence[Patent] | Sequence[Any]) -> list[PatentRow]:
    ids = [patent.id for patent in patents]
    life = validities(unit, patents)
    holders = holders_of(unit, ids)
    main = select(PatentClass.patent_id, PatentClass.symbol).where(PatentClass.patent_id.in_(ids))
    main = main.where(PatentClass.position == 0).order_by(PatentClass.scheme.desc())
    classes = {row.patent_id: row.symbol for row in unit.session.execute(main)}
    offers = select(Offer.patent_id).where(Offer.patent_id.in_(ids), *running_offer(unit))
    offered = set(unit.session.execute(offers).scalars())
    return [
        PatentRow(
            id=patent.id,
            number=patent.application_number or patent.publication_number or "",
            title=patent.title or "",
            abstract=patent.abstract or "",
            patent_type=patent.patent_type,
            validity=life[patent.id],
            holders=_holding(holders.get(patent.id, ())),
            main_class=classes.get(patent.id, ""),
            day=patent.granted_on or patent.published_on or patent.filed_on,
            offered=patent.id in offered,
        )
        for patent in patents
    ]


def _holding(holders: Iterable[HolderView]) -> tuple[str, ...]:
    owners = [each.name for each in holders if each.role == "owner"]
    applicants = [each.name for each in holders if each.role == "applicant"]
    return tuple((owners or applicants)[:_HOLDERS_SHOWN])
