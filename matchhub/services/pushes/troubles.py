"""What a channel's server last held against this installation: told until a letter gets through again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import ChannelTrouble
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Trouble:
    """``code`` says in words what to do, ``reply`` is what the server said; ``times`` rounds stopped since it began."""

    channel: str
    code: str
    reply: str
    began_at: datetime
    seen_at: datetime
    times: int


def note_trouble(unit: Unit, channel: str, code: str, reply: str) -> None:
    """Put down that the server refused this installation; the first time it is an entry of the log too."""
    row = unit.session.get(ChannelTrouble, channel)
    if row is None:
        row = ChannelTrouble(channel=channel, code="", reply="", began_at=unit.now, seen_at=unit.now, times=0)
        unit.session.add(row)
    if row.cleared_at is not None or row.code != code:
        row.began_at, row.times, row.cleared_at = unit.now, 0, None
        append_event(unit, "channel.troubled", "channels", None, channel=channel, code=code)
    row.code, row.reply, row.seen_at, row.times = code, reply[:500], unit.now, row.times + 1


def clear_trouble(unit: Unit, channel: str) -> None:
    """A letter got through."""
    row = unit.session.get(ChannelTrouble, channel)
    if row is not None and row.cleared_at is None:
        row.cleared_at = unit.now
        append_event(unit, "channel.recovered", "channels", None, channel=channel)


def standing_troubles(unit: Unit) -> list[Trouble]:
    """Of every channel that is in trouble now."""
    chosen = select(ChannelTrouble).where(ChannelTrouble.cleared_at.is_(None)).order_by(ChannelTrouble.channel)
    rows = unit.session.execute(chosen).scalars()
    return [Trouble(row.channel, row.code, row.reply, row.began_at, row.seen_at, row.times) for row in rows]


def in_trouble(unit: Unit, channel: str) -> bool:
    """Whether the last round of the channel was stopped by its server."""
    row = unit.session.get(ChannelTrouble, channel)
    return row is not None and row.cleared_at is None
