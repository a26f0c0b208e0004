"""How many records, imports, letters and troubles a base holds, in one question: for whoever watches it."""

from __future__ import annotations

from sqlalchemy import func, literal, select, union_all

from matchhub.db.tables import ChannelTrouble, Deal, Demand, Enterprise, ImportJob, Licence, Patent, Push, PushSending
from matchhub.services.kernel.unit import Unit

_RECORDS = (Patent, Enterprise, Demand, Push, Deal, Licence)


def count_base(unit: Unit) -> dict[tuple[str, str], int]:
    """Numbers by kind and state: records by the name of their table with the state "", ``imports`` and ``letters`` by
    theirs, ``troubles`` of channels that stand now."""
    parts = [select(literal(table.__tablename__), literal(""), func.count()).select_from(table) for table in _RECORDS]
    parts.append(select(literal("imports"), ImportJob.state, func.count()).group_by(ImportJob.state))
    parts.append(select(literal("letters"), PushSending.state, func.count()).group_by(PushSending.state))
    standing = ChannelTrouble.cleared_at.is_(None)
    parts.append(select(literal("troubles"), literal("now"), func.count()).where(standing))
    return {(kind, state): number for kind, state, number in unit.session.execute(union_all(*parts))}
