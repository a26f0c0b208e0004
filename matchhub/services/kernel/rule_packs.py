"""Rule packs in the chain: a pack that changed is an entry of its own, with the digest before and the digest now.

The pack is a file beside the program; whoever edits it changes counts without touching a row. The first unit that
writes under a changed pack therefore says so, by the system's hand and not by that of whoever happens to write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import LogEntry
from matchhub.services.kernel.event_log import append_event, hold_log
from matchhub.services.kernel.once import once
from matchhub.services.kernel.payloads import said_in
from matchhub.services.kernel.unit import SYSTEM, Unit

CHANGED, CONFIRMED = "pack.changed", "pack.confirmed"
SUBJECT = "policies"


@dataclass(frozen=True, slots=True)
class PackChange:
    """One pack from one moment on: SHA-256 of its file before (``None``: the first one noted) and since."""

    at: datetime
    policy: str
    old: str | None
    new: str


def pack_changes(unit: Unit, policy: str) -> list[PackChange]:
    """What the chain says of the pack ``policy``, oldest first."""
    chosen = select(LogEntry.appended_at, LogEntry.payload).where(LogEntry.verb == CHANGED).order_by(LogEntry.id)
    said = ((at, said_in(payload)) for at, payload in unit.session.execute(chosen))
    return [PackChange(at, policy, each.get("old"), each["new"]) for at, each in said if each.get("policy") == policy]


def noted_digest(unit: Unit) -> str | None:
    """The digest of the pack in force here as the chain last noted it."""
    changes = pack_changes(unit, unit.pack.key)
    return changes[-1].new if changes else None


def note_pack(unit: Unit) -> None:
    """Write the pack in force into the chain, unless it is the one noted last."""
    if noted_digest(unit) == unit.pack.digest:
        return
    hold_log(unit)
    old = noted_digest(unit)  # once more under the lock: another process may have noted it
    if old != unit.pack.digest:
        by_system = replace(unit, actor=SYSTEM)
        append_event(by_system, CHANGED, SUBJECT, policy=unit.pack.key, old=old, new=unit.pack.digest)


def pack_confirmation(unit: Unit, digest: str) -> tuple[datetime, int] | None:
    """When and by which account the bureau first confirmed the content with this digest; ``None``: it did not yet."""
    chosen = select(LogEntry.appended_at, LogEntry.payload).where(LogEntry.verb == CONFIRMED).order_by(LogEntry.id)
    rows = once(unit, "packs confirmed", lambda: unit.session.execute(chosen).all())
    said = ((at, said_in(payload)) for at, payload in rows)
    return next(((at, each["account"]) for at, each in said if each.get("digest") == digest), None)


def unconfirmed_change(unit: Unit) -> PackChange | None:
    """The change that brought the pack in force here, while the bureau has not confirmed what it changed into."""
    changes = pack_changes(unit, unit.pack.key)
    last = changes[-1] if changes else None
    return last if last and last.old is not None and pack_confirmation(unit, last.new) is None else None
