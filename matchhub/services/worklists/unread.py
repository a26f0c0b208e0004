"""What is new for an account, for the badges of every page: one statement, whatever there is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from matchhub.db.tables import Notice, PartyWord, Push, Thread
from matchhub.services.conversations.threads import visible_threads
from matchhub.services.evidence.party_words import newest_open
from matchhub.services.kernel.unit import Actor, Unit
from matchhub.services.notices.readings import unread_notice, unread_thread


@dataclass(frozen=True, slots=True)
class Unread:
    """Numbers of what is new: notices and threads for the account, pushes for its firm, words asked of its
    organisation."""

    notices: int = 0
    threads: int = 0
    pushes: int = 0
    asked: int = 0


def unread(unit: Unit) -> Unread:
    """What is new for the actor; all zero for who has no organisation.

    Of the operator's threads only those count in which it stands for a holder without an account.
    """
    unit.require("trade.follow")
    return Unread(*unit.session.execute(_statement(unit)).one())


_MOST = 500
_built: dict[Actor, Select[int, int, int, int]] = {}


def _statement(unit: Unit) -> Select[int, int, int, int]:
    """Built once for each account: every page asks it, and to build it took longer than to ask it.

    Nothing but what ``Actor`` holds may stand in it: no moment, no rule, no row.
    """
    known = _built.get(unit.actor)
    if known is None:
        if len(_built) >= _MOST:
            _built.clear()
        known = _built[unit.actor] = _asking(unit)
    return known


def _asking(unit: Unit) -> Select[int, int, int, int]:
    notices = select(func.count()).select_from(Notice)
    threads = select(func.count()).select_from(Thread).where(Thread.closed_at.is_(None), unread_thread(unit))
    if unit.may("thread.mediate"):
        threads = threads.where(Thread.organisation_id.is_(None))
    mine = Notice.organisation_id == (unit.actor.organisation_id or 0)
    return select(
        notices.where(mine, unread_notice(unit)).scalar_subquery(),
        threads.where(visible_threads(unit)).scalar_subquery(),
        _pushes(unit).scalar_subquery(),
        _asked(unit).scalar_subquery(),
    )


def _pushes(unit: Unit) -> Select[int]:
    """A push is read by its firm, whoever opened it: that is a fact of the count."""
    return (
        select(func.count())
        .select_from(Push)
        .where(
            Push.enterprise_id == (unit.actor.enterprise_id or 0),
            Push.delivered_at.is_not(None),
            Push.opened_at.is_(None),
            Push.withdrawn_at.is_(None),
        )
    )


def _asked(unit: Unit) -> Select[int]:
    return select(func.count()).select_from(PartyWord).where(newest_open(unit))
