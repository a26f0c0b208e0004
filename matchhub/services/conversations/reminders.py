"""Reminders: nobody answers, a licence must be filed, a demand must be confirmed again. Run by the worker."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from matchhub.db.tables import Demand, Licence, Patent, Thread
from matchhub.domain.demands import reconfirmation_due_on
from matchhub.domain.licensing import filing_due_on
from matchhub.services.conversations.threads import notify_side
from matchhub.services.demands.facts import OPEN_STATES, demand_facts_of, reconfirmation_is_due
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators, organisation_of
from matchhub.services.patents.favourites import tell_favourites

SILENT_DAYS = 7
FILING_DAYS = (30, 7, 0)  # days before the last day of filing at which the parties are told


def remind_silent(unit: Unit) -> int:
    """Remind the side that has not answered for 7 days, again every 7 days; returns how many threads were reminded."""
    limit = unit.now - timedelta(days=SILENT_DAYS)
    chosen = select(Thread).where(
        Thread.closed_at.is_(None),
        Thread.awaiting.is_not(None),
        Thread.awaiting_since_at <= limit,
        or_(Thread.reminded_at.is_(None), Thread.reminded_at <= limit),
    )
    number = 0
    for thread in unit.session.execute(chosen.order_by(Thread.id)).scalars():
        since = thread.awaiting_since_at
        days = (unit.now - since).days if since else SILENT_DAYS
        patent = unit.session.get_one(Patent, thread.patent_id)
        key = f"silent:{unit.today.isoformat()}"
        notify_side(unit, thread, thread.awaiting, "notice_silent", key, patent=patent.title or "", days=days)
        thread.reminded_at = unit.now
        append_event(unit, "thread.reminded", "threads", thread.id, side=thread.awaiting, days=days)
        number += 1
    return number


def remind_filing(unit: Unit) -> int:
    """Tell licensee and operator 30 days, 7 days and on the day before a licence's filing is overdue (3 months)."""
    chosen = select(Licence).where(
        Licence.reached_on.is_not(None),
        Licence.filed_on.is_(None),
        Licence.withdrawn_at.is_(None),
        Licence.terminated_on.is_(None),
    )
    told = 0
    for licence in unit.session.execute(chosen.order_by(Licence.id)).scalars():
        assert licence.reached_on is not None
        due = filing_due_on(licence.reached_on, unit.pack)
        left = (due - unit.today).days
        stage = "over" if left < 0 else next((str(days) for days in reversed(FILING_DAYS) if left <= days), "")
        if stage:
            ids = [organisation_of(unit, licence.enterprise_id), *operators(unit)]
            code = "notice_filing_overdue" if stage == "over" else "notice_filing_due"
            patent = unit.session.get_one(Patent, licence.patent_id).title or ""
            told += notify(
                unit, ids, code, ("licences", licence.id), f"{licence.id}:{stage}", patent=patent, due_on=due
            )
    return told


def remind_reconfirmation(unit: Unit) -> int:
    """Ask enterprises every 6 months whether an open demand still holds; returns how many were asked now."""
    rows = list(unit.session.execute(select(Demand).where(Demand.state.in_(OPEN_STATES))).scalars())
    facts = demand_facts_of(unit, rows)
    told = 0
    for demand in rows:
        due = reconfirmation_due_on(facts[demand.id], unit.pack.demands, unit.today)
        if reconfirmation_is_due(unit, demand, due):
            ids = [organisation_of(unit, demand.enterprise_id)]
            key = f"{demand.id}:{due or demand.valid_until_on}"
            told += notify(unit, ids, "notice_reconfirm", ("demands", demand.id), key, title=demand.title)
    return told


def remind(unit: Unit) -> dict[str, int]:
    """All reminders of a day, and what happened to patents that accounts follow."""
    return {
        "silent": remind_silent(unit),
        "filing": remind_filing(unit),
        "reconfirm": remind_reconfirmation(unit),
        "favourites": tell_favourites(unit),
    }
