"""A few patents as facts for the checks of one deal or declaration, without reading the whole base."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Patent, PatentStatus, Revision
from matchhub.domain.counting.facts import DealPatentFact, StatusFact
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

_BETWEEN_NAMES = re.compile(r"[、;；,，|\n]+")


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


@dataclass(frozen=True, slots=True)
class Holdings:
    """Who held a patent from which day on, oldest first, as normalised names; before the first day those of it."""

    spells: tuple[tuple[date, frozenset[str]], ...] = ()

    def on(self, day: date | None) -> frozenset[str]:
        """The holders on record for ``day``; without a day everybody that ever was one."""
        if day is None:
            return frozenset(name for _, names in self.spells for name in names)
        begun = [names for since, names in self.spells if since <= day]
        return begun[-1] if begun else (self.spells[0][1] if self.spells else frozenset())

    def holds(self, written: str | None, day: date | None) -> bool | None:
        """Whether everybody whom ``written`` names (``甲、乙``) was a holder on ``day``; None where nobody knows."""
        named = {key for name in _BETWEEN_NAMES.split(written or "") if (key := normalise_name(name))}
        holders = self.on(day)
        return named <= holders if named and holders else None


def holdings(unit: Unit, patents: Any, moment: Moment) -> dict[int, Holdings]:
    """Who held the patents when: owners, or applicants where no owner was named, by the day each source speaks of.

    ``patents`` holds ids or selects them. Who applied stays a holder until a later source names other owners.
    """
    chosen = select(Revision).where(Revision.kind == "patents", Revision.record_id.in_(patents))
    told: dict[int, list[tuple[date, int, dict[str, Any]]]] = defaultdict(list)
    for row in unit.session.execute(moment.limit(chosen, Revision)).scalars():
        if row.fields.get("owners") or row.fields.get("applicants"):
            told[row.record_id].append((row.as_of_on or unit.day_of(row.recorded_at), row.id, row.fields))
    return {key: Holdings(tuple(_spells(sorted(rows, key=lambda each: each[:2])))) for key, rows in told.items()}


def _spells(rows: list[tuple[date, int, dict[str, Any]]]) -> Iterator[tuple[date, frozenset[str]]]:
    state: dict[str, Any] = {}
    for day, _, fields in rows:
        first = not state
        state |= {role: fields[role] for role in ("owners", "applicants") if fields.get(role)}
        names = (
            [*state.get("owners", ()), *state.get("applicants", ())]
            if first
            else (state.get("owners") or state.get("applicants", ()))
        )
        yield day, frozenset(normalise_name(name) for name in names)


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
