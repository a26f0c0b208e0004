"""What of a holder's own list is taken: the legal status and the annuities of its own patents, nothing else.

A row of any other patent that names the holder itself waits for the operator; every other row is refused, in the same
words whether or not the base holds that patent, so that a list tells nothing about others. A holder's word may lower
what is known of its patent, never raise it: a status better than the one on record waits for the operator too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from matchhub.db.tables import Patent, PatentAlias
from matchhub.domain.counting.facts import StatusFact
from matchhub.domain.own_lists import raises_status
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import PatentRecord, Problem, Row, StatusClaim
from matchhub.domain.validity import status_on
from matchhub.services.facts.dealt_patents import statuses_of
from matchhub.services.kernel.revisions import parts, remark
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.linked_names import own_keys
from matchhub.services.patents.holders import held_among

_PART = 500


@dataclass(frozen=True, slots=True)
class _Known:
    """A patent of the base as its holder's row is compared with it."""

    id: int
    application_number: str | None
    publication_number: str | None


def own_rows(unit: Unit, rows: Iterable[Row]) -> Iterator[Row]:
    """Each row as it may be recorded for the actor's organisation, in the same order; none is left out."""
    names = frozenset(unit.session.execute(own_keys(unit, unit.actor.organisation_id)).scalars())
    every = iter(rows)
    while part := list(islice(every, _PART)):
        patents = _patents_of(unit, part)
        ids = {known.id for found in patents.values() for known in found}
        own = held_among(unit, ids, unit.actor.organisation_id)
        statuses = statuses_of(unit, ids & own)
        for row in part:
            yield _own_row(unit, row, patents, own, statuses, names)


def _own_row(
    unit: Unit,
    row: Row,
    patents: Mapping[str, Sequence[_Known]],
    own: Collection[int],
    statuses: Mapping[int, tuple[StatusFact, ...]],
    names: Collection[str],
) -> Row:
    record = row.record
    if not isinstance(record, PatentRecord):
        return row
    found = {known.id: known for number in _numbers(record) for known in patents.get(number, ())}
    if len(found) == 1 and next(iter(found)) in own:
        known = next(iter(found.values()))
        return _updated(unit, row, record, known, statuses.get(known.id, ()))
    if any(normalise_name(name) in names for name in (*record.owners, *record.applicants)):
        return Row(row.source, record, (*row.problems, _told(row, "own_list_claimed", record, "review")))
    return Row(row.source, None, (_told(row, "own_list_not_own", record, "error"),))


def _updated(unit: Unit, row: Row, record: PatentRecord, known: _Known, statuses: Sequence[StatusFact]) -> Row:
    """What the row says of the status and the annuities of an own patent, under the number the base knows it by."""
    status = record.status if record.status is not None and record.status.validity != "unknown" else None
    taken = PatentRecord(
        source=row.source,
        application_number=known.application_number,
        publication_number=None if known.application_number else known.publication_number,
        annuity_paid_to_on=record.annuity_paid_to_on,
        status=status,
        number_completed=True,  # says nothing of the number: what is known of it stays
    )
    if status is not None and _raises(unit, status, statuses):
        return Row(row.source, taken, (*row.problems, _told(row, "own_list_status_better", record, "review")))
    return Row(row.source, taken, row.problems)


def _raises(unit: Unit, status: StatusClaim, statuses: Sequence[StatusFact]) -> bool:
    day = status.as_of_on if status.as_of_on is not None and status.as_of_on <= unit.today else unit.today
    known = status_on(statuses, day)
    return raises_status(status.validity, known.validity if known else None)


def _told(row: Row, code: str, record: PatentRecord, severity: str) -> Problem:
    return remark(row, code, "", " / ".join(_numbers(record)), severity)  # type: ignore[arg-type]


def _numbers(record: PatentRecord) -> tuple[str, ...]:
    return tuple(number for number in (record.application_number, record.publication_number) if number)


def _patents_of(unit: Unit, rows: Sequence[Row]) -> dict[str, list[_Known]]:
    """Patents of the base by each number that a row bears; of a number only one patent has, but rows may bear two."""
    wanted = {number for row in rows if isinstance(row.record, PatentRecord) for number in _numbers(row.record)}
    columns = (Patent.id, Patent.application_number, Patent.publication_number)
    found: dict[str, list[_Known]] = {}
    for part in parts(sorted(wanted)):
        numbered = select(Patent.application_number, *columns).where(Patent.application_number.in_(part))
        named = select(PatentAlias.value, *columns).join(Patent, Patent.id == PatentAlias.patent_id)
        for chosen in (numbered, named.where(PatentAlias.value.in_(part))):
            for number, key, application, publication in unit.session.execute(
                chosen.where(Patent.withdrawn_at.is_(None))
            ):
                found.setdefault(str(number), []).append(_Known(key, application, publication))
    return found
