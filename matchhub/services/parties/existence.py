"""Recording whether a firm or an agency still exists, as dated facts; the order of imports never matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import select

from matchhub.db.tables import PartyExistence
from matchhub.domain.records import ExistenceClaim, Source
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.revisions import parts, provenance
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.recorder import Known


@dataclass(slots=True)
class ExistenceRecorder:
    """Takes what the rows of a chunk say of parties' existence; ``column`` refers to their table."""

    unit: Unit
    batch_id: int | None
    column: Literal["enterprise_id", "agency_id"]
    _seen: dict[int, set[tuple[Any, ...]]] = field(default_factory=dict)  # by id(known)
    _new: list[tuple[Known, int, ExistenceClaim, date, bool]] = field(default_factory=list)

    def load(self, known: Iterable[Known]) -> None:
        """Load what is recorded of these parties."""
        by_id = {each.id: each for each in known if each.id is not None}
        refers = getattr(PartyExistence, self.column)
        for part in parts(sorted(by_id)):
            chosen = select(PartyExistence).where(refers.in_(part), PartyExistence.withdrawn_at.is_(None))
            for row in self.unit.session.execute(chosen).scalars():
                seen = self._seen.setdefault(id(by_id[getattr(row, self.column)]), set())
                seen |= {(row.state, row.as_of_on, row.day_told), (row.state, None, row.day_told)}

    def take(self, claim: ExistenceClaim | None, source: Source, known: Known, repeated: bool) -> bool:
        """Take what a row says; true when it is new. ``repeated``: the row's file was imported before.

        A day that is still to come is nobody's; without a day it is of today, but the same file again is no new word.
        """
        if claim is None:
            return False
        told = claim.as_of_on is not None and claim.as_of_on <= self.unit.today
        day = claim.as_of_on if told and claim.as_of_on else self.unit.today
        seen = self._seen.setdefault(id(known), set())
        if (claim.state, day, told) in seen or (repeated and not told and (claim.state, None, False) in seen):
            return False
        seen.add((claim.state, day, told))
        self._new.append((known, source.line, claim, day, told))
        return True

    def write(self) -> None:
        """Append what was taken, now that ids are known."""
        rows = [
            {
                "enterprise_id": None,
                "agency_id": None,
                self.column: known.id,
                "state": claim.state,
                "wording": claim.wording,
                "as_of_on": day,
                "day_told": told,
                **provenance(self.unit, self.batch_id, line),
            }
            for known, line, claim, day, told in self._new
        ]
        if rows:
            insert_rows(self.unit, PartyExistence.__table__, rows)  # type: ignore[arg-type]
        self._seen, self._new = {}, []
