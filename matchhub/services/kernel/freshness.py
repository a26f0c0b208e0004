"""Two people at once: a form carries when its record was last changed, and the second to send it sees what changed."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from matchhub.db.tables import LogEntry
from matchhub.errors import Conflict
from matchhub.services.kernel.unit import Unit


def seen_token(updated_at: datetime) -> str:
    """What a form carries of its record."""
    return updated_at.astimezone(UTC).isoformat(timespec="microseconds")


def require_unchanged(unit: Unit, kind: str, record_id: int, updated_at: datetime, seen: str) -> None:
    """Raise ``Conflict("changed_meanwhile")`` with what was done since when the record is not as the form saw it.

    ``seen`` empty: the sender did not look (a program, a test); nothing is compared.
    """
    if not seen or seen == seen_token(updated_at):
        return
    raise Conflict("changed_meanwhile", at=updated_at, acts="、".join(_acts_since(unit, kind, record_id, seen)) or "?")


def _acts_since(unit: Unit, kind: str, record_id: int, seen: str) -> list[str]:
    try:
        since = datetime.fromisoformat(seen)
    except ValueError:
        return []
    chosen = select(LogEntry.verb).where(
        LogEntry.subject_kind == kind, LogEntry.subject_id == record_id, LogEntry.recorded_at > since
    )
    return list(dict.fromkeys(unit.session.execute(chosen.order_by(LogEntry.id)).scalars()))
