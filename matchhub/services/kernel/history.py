"""The second clock: what had been recorded by a moment.

The tables hold what is known now; for an earlier moment the revisions are folded. Both ways give the same state
(``check_history`` proves it for a whole base), so a past count can be computed again for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, select

from matchhub.db.tables import Confirmation, Revision
from matchhub.domain.calendar import day_in
from matchhub.domain.counting.facts import ConfirmationFact
from matchhub.domain.records import Kind
from matchhub.services.kernel.merges import merged_then
from matchhub.services.kernel.unit import Unit

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """``known_at`` of a count; ``None`` means everything recorded up to now."""

    known_at: datetime | None = None

    def withdrawn(self, row: Any) -> bool:
        """Whether the row had been withdrawn by then."""
        return row.withdrawn_at is not None and (self.known_at is None or row.withdrawn_at <= self.known_at)

    def lapsed_at(self, word: Confirmation) -> datetime | None:
        """When a word had gone out of force by then, because its record was changed."""
        at = word.lapsed_at
        return at if at is not None and (self.known_at is None or at <= self.known_at) else None

    def withdrawn_on(self, row: Any, zone: tzinfo) -> date | None:
        """Day of withdrawal in ``zone`` as known then."""
        return day_in(zone, row.withdrawn_at) if self.withdrawn(row) else None

    def limit(self, statement: Any, table: Any) -> Any:
        """The statement cut to rows recorded by then."""
        return statement if self.known_at is None else statement.where(table.recorded_at <= self.known_at)


def states(unit: Unit, kind: Kind, table: Any, names: Iterable[str], moment: Moment) -> dict[int, State]:
    """Fields ``names`` of every record of ``kind`` known at ``moment``, by id.

    Besides ``names`` each state has ``entered_on`` and ``withdrawn_on``.
    """
    chosen = list(names)
    # Now: what the table holds. At an earlier moment: the revisions written until then, laid one over the other.
    held = [name for name in chosen if hasattr(table, name)] if moment.known_at is None else []
    past = {} if moment.known_at is None else _folded(unit, kind, moment.known_at)
    merged = {} if moment.known_at is None else merged_then(unit, kind, moment.known_at)
    dated = [name for name in ("recorded_at", "withdrawn_at") if hasattr(table, name)]
    columns = [getattr(table, name) for name in ("id", *dated, *held)]
    lists = [name for name in held if isinstance(getattr(table, name).type, JSON)]
    blank, first = dict.fromkeys(chosen), 1 + len(dated)
    found: dict[int, State] = {}
    for row in unit.session.execute(moment.limit(select(*columns), table)):
        state = blank | dict(zip(held, row[first:], strict=True))
        known = past.get(row.id, {})
        state |= {name: known[name] for name in chosen if name in known}
        state |= {name: _plain(state[name]) for name in lists}
        found[row.id] = state | _life(row, moment, unit.zone, merged.get(row.id))
    return found


def _life(row: Any, moment: Moment, zone: tzinfo, merged_at: datetime | None) -> State:
    """The days on which a record entered and left; one that was merged away then may stand again now."""
    withdrawn_on = moment.withdrawn_on(row, zone) if hasattr(row, "withdrawn_at") else None
    return {
        "entered_on": day_in(zone, row.recorded_at),
        "withdrawn_on": withdrawn_on if merged_at is None else day_in(zone, merged_at),
    }


def _folded(unit: Unit, kind: Kind, known_at: datetime) -> dict[int, State]:
    folded: dict[int, State] = defaultdict(dict)
    chosen = select(Revision.record_id, Revision.fields).where(Revision.kind == kind, Revision.recorded_at <= known_at)
    for record_id, fields in unit.session.execute(chosen.order_by(Revision.id)):
        folded[record_id].update({name: _typed(name, value) for name, value in fields.items()})
    return folded


def _typed(name: str, value: Any) -> Any:
    """A value of a revision as the tables hold it; the suffix of a name tells its type."""
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    if isinstance(value, str) and (name.endswith("_yuan") or name == "royalty_percent"):
        return Decimal(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def confirmations(unit: Unit, kind: str, moment: Moment) -> dict[int, tuple[ConfirmationFact, ...]]:
    """Confirmations and rejections known at ``moment``, by record."""
    found: dict[int, list[ConfirmationFact]] = defaultdict(list)
    chosen = select(Confirmation).where(Confirmation.subject_kind == kind).order_by(Confirmation.id)
    for row in unit.session.execute(moment.limit(chosen, Confirmation)).scalars():
        found[row.subject_id].append(
            ConfirmationFact(
                account_id=row.account_id,
                organisation_id=row.organisation_id,
                role=row.role,
                at=row.recorded_at,
                decision=row.decision,
                second_factor=row.second_factor,
                withdrawn=moment.withdrawn(row),
                lapsed_at=moment.lapsed_at(row),
            )
        )
    return {key: tuple(values) for key, values in found.items()}
