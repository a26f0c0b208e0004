"""Dated facts of patents while an import works on them: legal status and encumbrances, which only ever grow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import PatentEncumbrance, PatentStatus
from matchhub.domain.records import EncumbranceClaim, PatentRecord, Source, StatusClaim
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.named_sources import is_known_to
from matchhub.services.kernel.revisions import provenance
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class NewStatus:
    """A legal status to be written: of which day it is, and whether its source told that day."""

    claim: StatusClaim
    as_of_on: date
    day_told: bool
    line: int

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes a status the same again."""
        return (self.claim.validity, self.claim.reason, self.as_of_on, self.day_told)

    @property
    def undated_key(self) -> tuple[Any, ...]:
        """What makes a status without a day the same on any day."""
        return (self.claim.validity, self.claim.reason, None, False)


@dataclass(frozen=True, slots=True)
class NewEncumbrance:
    """What a source said of an encumbrance, to be written as ``NewStatus`` is."""

    claim: EncumbranceClaim
    as_of_on: date
    day_told: bool
    line: int

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same again."""
        return (self.claim.kind, self.claim.ended, self.as_of_on, self.day_told)

    @property
    def undated_key(self) -> tuple[Any, ...]:
        """What makes a word without a day the same on any day."""
        return (self.claim.kind, self.claim.ended, None, False)


@dataclass(slots=True)
class DatedFacts:
    """What is known of one patent by day, and what its rows add; nothing is written before ``write_dated_facts``."""

    statuses: list[NewStatus] = field(default_factory=list)
    encumbrances: list[NewEncumbrance] = field(default_factory=list)
    seen_statuses: set[tuple[Any, ...]] = field(default_factory=set)
    seen_encumbrances: set[tuple[Any, ...]] = field(default_factory=set)

    def take(self, record: PatentRecord, source: Source, today: date, repeated: bool) -> bool:
        """Take what a row says; true when something of it is new. ``repeated``: its file was imported before."""
        added = record.status is not None and self._take_status(record.status, source, today, repeated)
        for claim in record.encumbrances:
            added = self._take_encumbrance(claim, source, today, repeated) or added
        return added

    def _take_encumbrance(self, claim: EncumbranceClaim, source: Source, today: date, repeated: bool) -> bool:
        """By the same rule as a status."""
        told = claim.as_of_on is not None and claim.as_of_on <= today
        new = NewEncumbrance(claim, claim.as_of_on if told and claim.as_of_on else today, told, source.line)
        said_before = repeated and not told and new.undated_key in self.seen_encumbrances
        if said_before or new.key in self.seen_encumbrances:
            return False
        self.seen_encumbrances.add(new.key)
        self.encumbrances.append(new)
        return True

    def _take_status(self, claim: StatusClaim, source: Source, today: date, repeated: bool) -> bool:
        """Take a status of the day that its source tells; a day that is still to come is nobody's.

        Without a day it is of today, but the same file again is no new word.
        """
        told = claim.as_of_on is not None and claim.as_of_on <= today
        status = NewStatus(claim, claim.as_of_on if told and claim.as_of_on else today, told, source.line)
        said_before = repeated and not told and status.undated_key in self.seen_statuses
        if said_before or status.key in self.seen_statuses:
            return False
        self.seen_statuses.add(status.key)
        self.statuses.append(status)
        return True


def load_dated_facts(
    unit: Unit, batch_id: int | None, patent_ids: Sequence[int], facts: Mapping[int, DatedFacts]
) -> None:
    """Fill in what is recorded of these patents and known to the batch (``named_sources``)."""
    chosen = select(PatentStatus).where(
        PatentStatus.patent_id.in_(patent_ids), is_known_to(unit, batch_id, PatentStatus.batch_id)
    )
    for status in unit.session.execute(chosen).scalars():
        said = (status.validity, status.reason)
        seen = {(*said, status.as_of_on, status.day_told), (*said, None, status.day_told)}
        facts[status.patent_id].seen_statuses |= seen
    encumbrances = select(PatentEncumbrance).where(
        PatentEncumbrance.patent_id.in_(patent_ids), PatentEncumbrance.withdrawn_at.is_(None)
    )
    for encumbrance in unit.session.execute(encumbrances).scalars():
        seen_facts = facts[encumbrance.patent_id].seen_encumbrances
        told = (encumbrance.encumbrance_type, encumbrance.ended)
        seen_facts |= {(*told, encumbrance.as_of_on, encumbrance.day_told), (*told, None, encumbrance.day_told)}


def write_dated_facts(unit: Unit, batch_id: int | None, touched: Iterable[tuple[int | None, DatedFacts]]) -> None:
    """Append what the rows of a batch added to patents, pairs of id and facts."""
    pairs = list(touched)
    statuses = [
        {
            "patent_id": patent_id,
            "validity": status.claim.validity,
            "reason": status.claim.reason,
            "wording": status.claim.wording,
            "as_of_on": status.as_of_on,
            "day_told": status.day_told,
            **provenance(unit, batch_id, status.line),
        }
        for patent_id, facts in pairs
        for status in facts.statuses
    ]
    encumbrances = [
        {
            "patent_id": patent_id,
            "encumbrance_type": each.claim.kind,
            "from_on": each.claim.began_on if each.day_told else None,
            "register_event": "",
            "ended": each.claim.ended,
            "as_of_on": each.as_of_on,
            "day_told": each.day_told,
            **provenance(unit, batch_id, each.line),
        }
        for patent_id, facts in pairs
        for each in facts.encumbrances
    ]
    for table, rows in ((PatentStatus, statuses), (PatentEncumbrance, encumbrances)):
        if rows:
            insert_rows(unit, table.__table__, rows)  # type: ignore[arg-type]
