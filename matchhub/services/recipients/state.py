"""How the letters to chosen channels stand, for the checks of an installation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from matchhub.db.tables import ChannelLetter
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Letters that wait, and the channels whose providers refuse this installation with their last reply."""

    waiting: int
    at_fault: tuple[str, ...]
    reply: str


def channel_state(unit: Unit) -> ChannelState:
    """What waits now and why, where the sender is at fault."""
    waiting = ChannelLetter.state.in_(("planned", "sending"))
    number = unit.session.execute(select(func.count()).select_from(ChannelLetter).where(waiting)).scalar_one()
    refused = select(ChannelLetter.channel, ChannelLetter.reply).where(waiting, ChannelLetter.outcome == "sender_fault")
    rows = unit.session.execute(refused.order_by(ChannelLetter.id)).all()
    return ChannelState(number, tuple(sorted({name for name, _ in rows})), (rows[-1].reply or "") if rows else "")
