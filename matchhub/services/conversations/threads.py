"""One thread per demand, patent and enterprise: opened by interest from either side, closed, reopened, listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from matchhub.db.tables import (
    Agency,
    DealOrigin,
    Demand,
    Enterprise,
    Patent,
    Thread,
    ThreadGuest,
)
from matchhub.domain.organisations import ENTERPRISE, OPERATOR, Side
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators, organisation_of, read_about
from matchhub.services.notices.readings import mark_read, unread_thread
from matchhub.services.parties.linked_names import own_keys
from matchhub.services.patents.holders import (
    held_among,
    holder_names,
    holder_names_of,
    holder_organisation,
    patents_of,
)

OTHER: dict[str, Side] = {ENTERPRISE: "holder", "holder": ENTERPRISE}
_MOST = 200


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One thread in a list. The other party's name stays hidden until both agreed."""

    id: int
    demand_id: int | None
    demand_title: str
    patent_id: int
    patent_title: str
    patent_number: str
    side: Side
    other: str
    awaiting: str | None
    agreed: bool
    closed: bool
    updated_at: datetime
    unread: bool = False  # something happened since the reader's account opened it last


def ensure_thread(unit: Unit, enterprise_id: int, patent_id: int, demand_id: int | None, opener: Side) -> Thread:
    """The thread of the pair; opened now when there is none, and then the other side is told.

    ``opener`` is the side that showed interest; the other side's answer is awaited from then on. Interest from the
    other side later only turns who is awaited.
    """
    key = f"{enterprise_id}:{demand_id or 0}:{patent_id}"
    thread = unit.session.execute(select(Thread).where(Thread.unique_key == key)).scalar()
    if thread is not None:
        if thread.awaiting == opener:
            _await(unit, thread, OTHER.get(opener))
        return thread
    firm = unit.session.get_one(Enterprise, enterprise_id)
    thread = Thread(
        unique_key=key,
        demand_id=demand_id,
        patent_id=patent_id,
        enterprise_id=enterprise_id,
        organisation_id=holder_organisation(unit, patent_id),
        opened_by_side=opener,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        updated_at=unit.now,
        demo=firm.demo,
    )
    unit.session.add(thread)
    _await(unit, thread, OTHER.get(opener, ENTERPRISE))
    unit.session.flush()
    append_event(unit, "thread.opened", "threads", thread.id, patent=patent_id, demand=demand_id, side=opener)
    notify_side(unit, thread, thread.awaiting, "notice_thread_opened", "opened", patent=_title(unit, patent_id))
    return thread


def _await(unit: Unit, thread: Thread, side: str | None) -> None:
    thread.awaiting, thread.awaiting_since_at, thread.reminded_at = side, unit.now, None
    thread.updated_at = unit.now


def hear(unit: Unit, thread: Thread, side: Side) -> None:
    """Note that ``side`` has spoken: the other side's answer is awaited; operator and guests change nothing."""
    thread.updated_at = unit.now
    if side in OTHER:
        _await(unit, thread, OTHER[side])


def notify_side(unit: Unit, thread: Thread, side: str | None, code: str, key: str, **fields: Any) -> int:
    """Tell one side of a thread; the operator is told where the holder has no account here."""
    if side == ENTERPRISE:
        ids: list[int | None] = [organisation_of(unit, thread.enterprise_id)]
    else:
        ids = [holder_of(unit, thread)]
    if ids == [None]:
        ids = list(operators(unit))
    return notify(unit, ids, code, ("threads", thread.id), f"{thread.id}:{key}", **fields)


def holder_of(unit: Unit, thread: Thread) -> int | None:
    """The holder's organisation, also one that registered after the thread was opened."""
    return thread.organisation_id or holder_organisation(unit, thread.patent_id)


def side_of(unit: Unit, thread: Thread) -> Side | None:
    """On which side the actor stands in a thread; ``None`` for a stranger."""
    return sides_of(unit, [thread]).get(thread.id)


def sides_of(unit: Unit, threads: Sequence[Thread]) -> dict[int, Side]:
    """The same of several threads, by thread; those of strangers are left out."""
    actor = unit.actor
    if unit.may("thread.mediate"):
        return {thread.id: OPERATOR for thread in threads}
    found: dict[int, Side] = {}
    rest: list[Thread] = []
    for thread in threads:
        if actor.enterprise_id is not None and actor.enterprise_id == thread.enterprise_id:
            found[thread.id] = ENTERPRISE
        elif actor.organisation_id is not None and thread.organisation_id == actor.organisation_id:
            found[thread.id] = "holder"
        else:
            rest.append(thread)
    if not unit.may("thread.take_part") or actor.organisation_id is None:
        return {key: side for key, side in found.items() if side == ENTERPRISE}
    held = held_among(
        unit, {thread.patent_id for thread in rest if thread.organisation_id is None}, actor.organisation_id
    )
    invited = _invited(unit, [thread.id for thread in rest])
    for thread in rest:
        if thread.organisation_id is None and thread.patent_id in held:
            found[thread.id] = "holder"
        elif thread.id in invited:
            found[thread.id] = "guest"
    return found


def _invited(unit: Unit, thread_ids: Sequence[int]) -> set[int]:
    """Those of the threads to which the actor's organisation is invited."""
    if not thread_ids or unit.actor.organisation_id is None:
        return set()
    return set(unit.session.execute(_invitations(unit).where(ThreadGuest.thread_id.in_(thread_ids))).scalars())


def _invitations(unit: Unit) -> Select[int]:
    """Threads to which the actor's organisation is invited."""
    return (
        select(ThreadGuest.thread_id)
        .join(Agency, Agency.id == ThreadGuest.agency_id)
        .where(ThreadGuest.withdrawn_at.is_(None), Agency.name_key.in_(own_keys(unit, unit.actor.organisation_id)))
    )


def open_to(unit: Unit, thread_id: int, *, writing: bool = False) -> tuple[Thread, Side]:
    """The thread and the actor's side; ``NotFound`` for a stranger, ``Conflict("thread_closed")`` to write in it."""
    thread = unit.session.get(Thread, thread_id)
    side = side_of(unit, thread) if thread is not None else None
    if thread is None or side is None:
        raise NotFound("thread_not_found", id=thread_id)
    if writing and thread.closed_at is not None:
        raise Conflict("thread_closed")
    if side == "holder" and thread.organisation_id is None:
        thread.organisation_id = unit.actor.organisation_id if writing else None
    return thread, side


def is_unread(unit: Unit, thread_id: int) -> bool:
    """Whether something of a thread is new to the actor's account."""
    chosen = select(Thread.id).where(Thread.id == thread_id, unread_thread(unit))
    return unit.session.execute(chosen).first() is not None


def read_thread_now(unit: Unit, thread_id: int) -> None:
    """The actor's account has the thread before it: thread and notices about it are read. ``NotFound`` for others."""
    open_to(unit, thread_id)
    mark_read(unit, "threads", [thread_id])
    read_about(unit, ("threads", thread_id))


def close_thread(unit: Unit, thread_id: int, reason: str) -> None:
    """End a thread with a reason; it stays to be read. ``Conflict("thread_closed")`` when it is closed already."""
    thread, side = open_to(unit, thread_id, writing=True)
    if side == "guest":
        raise NotFound("thread_not_found", id=thread_id)
    if not reason.strip():
        raise Refusal("note_missing")
    thread.closed_at, thread.closed_reason, thread.awaiting = unit.now, reason.strip(), None
    thread.updated_at = unit.now
    append_event(unit, "thread.closed", "threads", thread.id, side=side)
    for each in OTHER:
        if each != side:
            notify_side(unit, thread, each, "notice_thread_closed", "closed", patent=_title(unit, thread.patent_id))


def visible_threads(unit: Unit) -> ColumnElement[bool]:
    """Condition of the threads on one of whose sides the actor stands (``side_of``); the operator stands in all."""
    actor = unit.actor
    if unit.may("thread.mediate"):
        return true()
    own = [Thread.enterprise_id == (actor.enterprise_id or 0)]
    if unit.may("thread.take_part") and actor.organisation_id is not None:
        held = and_(Thread.organisation_id.is_(None), Thread.patent_id.in_(patents_of(unit, actor.organisation_id)))
        own += [Thread.organisation_id == actor.organisation_id, held, Thread.id.in_(_invitations(unit))]
    return or_(*own)


def own_threads(unit: Unit) -> tuple[ThreadLine, ...]:
    """Threads of the actor, the newest act first; the operator sees all."""
    unit.require("trade.follow")
    chosen = select(Thread, unread_thread(unit)).where(visible_threads(unit))
    ordered = chosen.order_by(Thread.updated_at.desc(), Thread.id.desc()).limit(_MOST)
    fresh = dict(unit.session.execute(ordered).all())
    sides = sides_of(unit, list(fresh))
    sided = [(thread, sides[thread.id]) for thread in fresh if thread.id in sides]
    names = holder_names_of(unit, {thread.patent_id for thread, _ in sided})
    kept = _subjects(unit, [thread for thread, _ in sided])
    lines = ((thread, line_of(unit, thread, side, names[thread.patent_id])) for thread, side in sided)
    found = tuple(replace(line, unread=bool(fresh[thread])) for thread, line in lines)
    del kept
    return found


def _subjects(unit: Unit, threads: Sequence[Thread]) -> list[object]:
    """Firms, patents and demands of threads, read at once: whoever asks the session for one of them finds it there
    while they are held."""
    wanted: tuple[tuple[Any, set[int]], ...] = (
        (Patent, {thread.patent_id for thread in threads}),
        (Enterprise, {thread.enterprise_id for thread in threads}),
        (Demand, {thread.demand_id for thread in threads if thread.demand_id is not None}),
    )
    return [
        row for table, ids in wanted for row in unit.session.execute(select(table).where(table.id.in_(ids))).scalars()
    ]


def line_of(unit: Unit, thread: Thread, side: Side, holders: tuple[str, ...] | None = None) -> ThreadLine:
    """A thread as ``side`` sees it in a list; ``holders``: the names on its patent, where they are known already."""
    demand = unit.session.get(Demand, thread.demand_id) if thread.demand_id is not None else None
    patent = unit.session.get_one(Patent, thread.patent_id)
    return ThreadLine(
        id=thread.id,
        demand_id=thread.demand_id,
        demand_title=demand.title if demand else "",
        patent_id=thread.patent_id,
        patent_title=patent.title or "",
        patent_number=patent.application_number or patent.publication_number or "",
        side=side,
        other=other_party(unit, thread, side, holders),
        awaiting=thread.awaiting,
        agreed=both_agreed(thread),
        closed=thread.closed_at is not None,
        updated_at=thread.updated_at,
    )


def both_agreed(thread: Thread) -> bool:
    """Whether both sides agreed to exchange contact data."""
    return thread.enterprise_agreed_at is not None and thread.holder_agreed_at is not None


def other_party(unit: Unit, thread: Thread, side: Side, known: tuple[str, ...] | None = None) -> str:
    """Name of whom ``side`` talks to. Holders of patents are public; the firm stays hidden until both agreed."""
    firm = unit.session.get_one(Enterprise, thread.enterprise_id).name
    holders = "、".join(holder_names(unit, thread.patent_id) if known is None else known)
    if side == OPERATOR:
        return f"{firm} / {holders}"
    if side == ENTERPRISE:
        return holders
    return firm if both_agreed(thread) else ""


def _title(unit: Unit, patent_id: int) -> str:
    row = unit.session.get_one(Patent, patent_id)
    return row.title or row.application_number or ""


def thread_of_pair(unit: Unit, patent_id: int, demand_id: int | None) -> int:
    """The number of the actor's thread about a patent: for this demand, else the newest; ``NotFound`` for none."""
    chosen = select(Thread).where(Thread.patent_id == patent_id).order_by(Thread.id.desc())
    own = [thread for thread in unit.session.execute(chosen).scalars() if side_of(unit, thread) is not None]
    if not own:
        raise NotFound("thread_not_found", id=0)
    return next((thread.id for thread in own if thread.demand_id == demand_id), own[0].id)


def deals_of_thread(unit: Unit, thread_id: int) -> tuple[int, ...]:
    """Deals that grew out of a thread."""
    chosen = select(DealOrigin.deal_id).where(DealOrigin.thread_id == thread_id).order_by(DealOrigin.deal_id)
    return tuple(unit.session.execute(chosen).scalars())
