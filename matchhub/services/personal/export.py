"""Everything held about an account and, for the chief of its organisation, about that: as plain values for a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select

from matchhub.db.tables import Account, LogEntry, Organisation
from matchhub.errors import NotAllowed
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import to_json
from matchhub.services.kernel.unit import Unit
from matchhub.services.personal.places import SECRET, Place, places, subject_of

_FOR_ALL = frozenset({"thread_messages"})  # of the organisation's places: what the person wrote there


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one table as JSON values, without digests, keys and secrets."""

    name: str
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """``sections`` are the account's and, with ``whole``, its organisation's; ``acts`` what the account did."""

    login: str
    name: str
    organisation: str
    whole: bool
    made_at: datetime
    sections: tuple[Section, ...]


def export_own(unit: Unit) -> Export:
    """What is held about the actor; the log says that it was handed out."""
    unit.require("account.read_data")
    if unit.actor.account_id is None:
        raise NotAllowed(role=unit.actor.role)
    account = unit.session.get_one(Account, unit.actor.account_id)
    place = unit.session.get_one(Organisation, account.organisation_id)
    of = subject_of(unit, account.id)
    own = Place(Organisation, Organisation.id == place.id, person=False)
    chosen = [each for each in (*places(of), own) if each.person or account.chief or each.name in _FOR_ALL]
    sections = [_section(unit, each, account) for each in chosen]
    append_event(unit, "account.data_exported", "accounts", account.id)
    return Export(
        account.login,
        account.display_name,
        place.name,
        account.chief,
        unit.now,
        tuple(each for each in (*sections, _acts(unit, account.id)) if each.rows),
    )


def _section(unit: Unit, place: Place, account: Account) -> Section:
    chosen = select(place.table).where(place.where).order_by(place.table.id)
    if not place.person and not account.chief:
        chosen = chosen.where(place.table.recorded_by == account.id)
    rows = unit.session.execute(chosen).scalars()
    names = [each.key for each in inspect(place.table).columns if each.key not in SECRET]
    return Section(
        place.name,
        tuple({name: to_json(value) for name in names if (value := getattr(row, name)) is not None} for row in rows),
    )


def _acts(unit: Unit, account_id: int) -> Section:
    """What the account did, as the log has it."""
    chosen = select(LogEntry).where(LogEntry.actor == f"account:{account_id}").order_by(LogEntry.id)
    return Section(
        "event_log",
        tuple(
            {
                "recorded_at": to_json(row.recorded_at),
                "verb": row.verb,
                "subject_kind": row.subject_kind,
                "subject_id": row.subject_id,
            }
            for row in unit.session.execute(chosen).scalars()
        ),
    )
