"""A few patents as facts for the checks of one deal or declaration, without reading the whole base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Patent, PatentStatus, Revision
from matchhub.domain.counting.facts import DealPatentFact, StatusFact
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit


def dealt_patents(unit: Unit, ids: Collection[int], sellers: Collection[str]) -> tuple[DealPatentFact, ...]:
    """The patents with ``ids`` as a deal sees them; ``sellers`` are normalised names.

    ``owned_by_seller`` is None where the base names no holder or the deal no seller.
    """
    checked, holders = statuses_of(unit, ids), holders_ever(unit, ids, Moment())
    rows = unit.session.execute(select(Patent).where(Patent.id.in_(ids)).order_by(Patent.id)).scalars()
    return tuple(
        DealPatentFact(
            patent_id=row.id,
            application_number=row.application_number,
            filed_on=row.filed_on,
            granted_on=row.granted_on,
            expires_on=row.expires_on,
            statuses=checked.get(row.id, ()),
            owned_by_seller=not holders[row.id].isdisjoint(sellers) if row.id in holders and sellers else None,
        )
        for row in rows
    )


def statuses_of(unit: Unit, ids: Collection[int]) -> dict[int, tuple[StatusFact, ...]]:
    """Dated legal status of the patents with ``ids``, withdrawn ones left out."""
    found: dict[int, list[StatusFact]] = defaultdict(list)
    chosen = select(PatentStatus).where(PatentStatus.patent_id.in_(ids), PatentStatus.withdrawn_at.is_(None))
    for row in unit.session.execute(chosen.order_by(PatentStatus.id)).scalars():
        found[row.patent_id].append(
            StatusFact(
                validity=row.validity,  # type: ignore[arg-type]
                as_of_on=row.as_of_on,
                reason=row.reason,
                recorded_at=row.recorded_at,
            )
        )
    return {key: tuple(values) for key, values in found.items()}


def holders_ever(unit: Unit, patents: Any, moment: Moment) -> dict[int, frozenset[str]]:
    """Everybody the register ever named as applicant or owner of the patents, as normalised names.

    ``patents`` holds ids or selects them. After a transfer the register names the buyer; the seller was the holder
    all the same.
    """
    chosen = select(Revision.record_id, Revision.fields).where(
        Revision.kind == "patents", Revision.record_id.in_(patents)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for patent_id, fields in unit.session.execute(moment.limit(chosen, Revision)):
        found[patent_id] |= {normalise_name(name) for role in ("owners", "applicants") for name in fields.get(role, ())}
    return {key: frozenset(names) for key, names in found.items() if names}
