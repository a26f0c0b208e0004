"""Two people at once: a form carries when its record was last changed, and the second to send it sees what changed.

Also forms that are sent twice (a double click, a lost answer): the key that came with the form acts once.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import FormKey, LogEntry
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


def done_before(unit: Unit, key: str, content: object) -> int | None:
    """What the form with this key made when it was sent before; ``None`` when it is new.

    Raises ``Conflict("form_used_otherwise")`` when the same key came with other content.
    """
    row = _row(unit, key)
    if row is None:
        return None
    if row.digest != _digest(content):
        raise Conflict("form_used_otherwise")
    return row.result


def note_done(unit: Unit, key: str, content: object, result: int) -> None:
    """Write down what a form made; nothing without a key or an account."""
    if key and unit.actor.account_id is not None:
        row = FormKey(
            account_id=unit.actor.account_id,
            form_key=key[:64],
            digest=_digest(content),
            result=result,
            used_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()


def _row(unit: Unit, key: str) -> FormKey | None:
    if not key or unit.actor.account_id is None:
        return None
    chosen = select(FormKey).where(FormKey.account_id == unit.actor.account_id, FormKey.form_key == key[:64])
    return unit.session.execute(chosen).scalar()


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
