"""Limits on attempts (sign-in, posting) that hold over all processes, because they are counted in the database."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text

from matchhub.db.tables import Attempt
from matchhub.errors import Refusal
from matchhub.services.kernel.unit import Unit

_KEPT = timedelta(days=1)  # no limit looks back further
_ATTEMPT_LOCK = 5827  # advisory lock space on PostgreSQL: two equal attempts are counted one after the other


class LimitReached(Refusal):
    """Too many attempts; ``minutes`` is how long to wait."""

    code = "limit_reached"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts of one subject ``within`` a span that slides with the clock."""

    name: str
    most: int
    within: timedelta

    def bucket(self, *subject: object) -> str:
        """Name of the counter; a digest, because people type passwords into the name field."""
        digest = hashlib.sha256("\x1f".join(str(part) for part in subject).encode()).hexdigest()
        return f"{self.name}:{digest[:40]}"


def client_key(address: str) -> str:
    """What stands for one client: the IPv4 address, or the /64 network that one IPv6 client may roam in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def count_attempt(unit: Unit, limit: Limit, *subject: object) -> int:
    """Count one attempt and return its number; raises ``LimitReached``, counting nothing, when the limit is used up."""
    bucket = limit.bucket(*subject)
    _one_at_a_time(unit, bucket)
    since = unit.now - limit.within
    used, oldest = unit.session.execute(
        select(func.count(), func.min(Attempt.at)).where(Attempt.bucket == bucket, Attempt.at > since)
    ).one()
    if used >= limit.most:
        raise LimitReached(minutes=_minutes_left(oldest + limit.within, unit.now))
    attempt = Attempt(bucket=bucket, at=unit.now)
    unit.session.add(attempt)
    unit.session.flush()
    return attempt.id


def _one_at_a_time(unit: Unit, bucket: str) -> None:
    if unit.session.get_bind().dialect.name == "postgresql":  # SQLite's writing units queue anyway
        statement = text("SELECT pg_advisory_xact_lock(:space, hashtext(:bucket))")
        unit.session.execute(statement, {"space": _ATTEMPT_LOCK, "bucket": bucket})


def _minutes_left(until: datetime, now: datetime) -> int:
    return max(1, math.ceil((until - now).total_seconds() / 60))


def take_back_attempt(unit: Unit, attempt_id: int) -> None:
    """Forget one attempt that turned out to be rightful."""
    unit.session.execute(delete(Attempt).where(Attempt.id == attempt_id))


def forget_attempts(unit: Unit, limit: Limit, *subject: object) -> None:
    """Forget all attempts of one subject, and with them whatever is too old for any limit."""
    stale = Attempt.at < unit.now - _KEPT
    unit.session.execute(delete(Attempt).where((Attempt.bucket == limit.bucket(*subject)) | stale))
