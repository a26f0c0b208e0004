"""What is said in a thread: messages with files, guests, and how the parties read it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Account, Agency, Expert, Organisation, Patent, Thread, ThreadGuest, ThreadMessage
from matchhub.domain.organisations import ENTERPRISE, Side
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.conversations.matter import Matter, matter_of
from matchhub.services.conversations.threads import (
    OTHER,
    ThreadLine,
    deals_of_thread,
    hear,
    line_of,
    notify_side,
    open_to,
)
from matchhub.services.evidence.content import media_type_of, named_by_content
from matchhub.services.evidence.files import keep_content, place_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators
from matchhub.services.parties.linked_names import organisations_named

LONGEST = 4000
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message; ``who`` names the author only where the reader may know the party."""

    id: int
    side: str
    who: str
    text: str
    file_name: str | None
    file_size: int | None
    at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class GuestView:
    """An expert or agency in the thread."""

    id: int
    name: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class ThreadView:
    """One thread whole, as the actor may see it."""

    line: ThreadLine
    matter: Matter
    messages: tuple[MessageView, ...]
    guests: tuple[GuestView, ...]
    enterprise_agreed_at: datetime | None
    holder_agreed_at: datetime | None
    closed_reason: str
    deals: tuple[int, ...]


def read_thread(unit: Unit, thread_id: int) -> ThreadView:
    """One thread with its messages; ``NotFound`` for a stranger."""
    thread, side = open_to(unit, thread_id)
    line = line_of(unit, thread, side)
    return ThreadView(
        line=line,
        matter=matter_of(unit, thread, side),
        messages=_messages(unit, thread, side, line.agreed),
        guests=_guests(unit, thread_id),
        enterprise_agreed_at=thread.enterprise_agreed_at,
        holder_agreed_at=thread.holder_agreed_at,
        closed_reason=thread.closed_reason or "",
        deals=deals_of_thread(unit, thread_id) if side != "guest" else (),
    )


def _messages(unit: Unit, thread: Thread, side: Side, agreed: bool) -> tuple[MessageView, ...]:
    chosen = (
        select(ThreadMessage, Organisation.name, Organisation.id, Account.department)
        .outerjoin(Account, Account.id == ThreadMessage.recorded_by)
        .outerjoin(Organisation, Organisation.id == Account.organisation_id)
        .where(ThreadMessage.thread_id == thread.id)
        .order_by(ThreadMessage.id)
    )
    hidden = side in ("holder", "guest") and not agreed
    return tuple(
        MessageView(
            id=row.id,
            side=row.side,
            who="" if hidden and row.side == ENTERPRISE else " · ".join(each for each in (name, department) if each),
            text=row.text,
            file_name=row.file_name,
            file_size=row.file_size,
            at=row.recorded_at,
            own=organisation is not None and organisation == unit.actor.organisation_id,
        )
        for row, name, organisation, department in unit.session.execute(chosen)
    )


def _guests(unit: Unit, thread_id: int) -> tuple[GuestView, ...]:
    chosen = (
        select(ThreadGuest, Expert.name, Agency.name)
        .outerjoin(Expert, Expert.id == ThreadGuest.expert_id)
        .outerjoin(Agency, Agency.id == ThreadGuest.agency_id)
        .where(ThreadGuest.thread_id == thread_id, ThreadGuest.withdrawn_at.is_(None))
        .order_by(ThreadGuest.id)
    )
    return tuple(
        GuestView(row.id, expert or agency or "", "expert" if expert else "agency", row.note or "")
        for row, expert, agency in unit.session.execute(chosen)
    )


def write_message(unit: Unit, thread_id: int, text: str, file: tuple[str, bytes] | None = None) -> int:
    """Say something in a thread, perhaps with a file (name, bytes); returns the message's number.

    Raises ``NotFound`` for a stranger, ``Conflict("thread_closed")``, ``Refusal`` ``message_empty``,
    ``message_too_long``, ``message_file_size`` and those of ``evidence.content.media_type_of``.
    """
    thread, side = open_to(unit, thread_id, writing=True)
    said = text.replace("\x00", "").strip()
    if not said and file is None:
        raise Refusal("message_empty")
    if len(said) > LONGEST:
        raise Refusal("message_too_long", most=LONGEST)
    row = ThreadMessage(
        thread_id=thread.id, side=side, text=said, recorded_at=unit.now, recorded_by=unit.actor.account_id
    )
    if file is not None:
        _attach(unit, row, file)
    unit.session.add(row)
    hear(unit, thread, side)
    unit.session.flush()
    append_event(unit, "thread.message", "threads", thread.id, message=row.id, side=side, file=row.file_sha256)
    title = unit.session.get_one(Patent, thread.patent_id).title or ""
    for each in OTHER:
        if each != side:
            notify_side(unit, thread, each, "notice_thread_message", f"message:{row.id}", patent=title)
    return row.id


def _attach(unit: Unit, row: ThreadMessage, file: tuple[str, bytes]) -> None:
    name, content = file
    if not 0 < len(content) <= MOST_BYTES:
        raise Refusal("message_file_size", megabytes=MOST_BYTES // 1024**2)
    name = named_by_content(name, media_type_of(content))
    digest = hashlib.sha256(content).hexdigest()
    keep_content(unit.home, digest, content)
    row.file_name, row.file_sha256, row.file_size = name[:255], digest, len(content)


def read_file(unit: Unit, thread_id: int, message_id: int) -> tuple[str, bytes]:
    """Name and bytes of a message's file, for those in the thread; ``Conflict`` when its bytes were changed."""
    open_to(unit, thread_id)
    row = unit.session.get(ThreadMessage, message_id)
    if row is None or row.thread_id != thread_id or row.file_sha256 is None:
        raise NotFound("message_file_missing", id=message_id)
    place = place_of(unit.home, row.file_sha256)
    if not place.is_file():
        raise NotFound("message_file_missing", id=message_id)
    content = place.read_bytes()
    if hashlib.sha256(content).hexdigest() != row.file_sha256:
        raise Conflict("evidence_damaged", id=message_id)
    return row.file_name or "", content


def find_guests(unit: Unit, query: str, most: int = 10) -> list[tuple[str, int, str]]:
    """Experts and agencies whose name holds what was typed: (kind, id, name and place); nothing without words."""
    unit.require("thread.take_part")
    words = query.strip()
    if not words:
        return []
    experts = select(Expert.id, Expert.name, Expert.organisation).where(
        Expert.withdrawn_at.is_(None), Expert.name.contains(words, autoescape=True)
    )
    agencies = select(Agency.id, Agency.name).where(
        Agency.withdrawn_at.is_(None), Agency.name.contains(words, autoescape=True)
    )
    found = [("expert", key, f"{name} · {place}") for key, name, place in unit.session.execute(experts.limit(most))]
    found += [("agency", key, name) for key, name in unit.session.execute(agencies.limit(most))]
    return found[:most]


def invite(unit: Unit, thread_id: int, kind: str, guest_id: int, note: str = "") -> int:
    """Ask an expert or an agency into a thread; an agency with accounts here reads and writes, an expert is asked by
    the operator. ``NotFound("guest_not_found")``, ``Conflict("guest_invited")``."""
    thread, side = open_to(unit, thread_id, writing=True)
    person = _person(unit, kind, guest_id) if side != "guest" else None
    if person is None or person.withdrawn_at is not None:
        raise NotFound("guest_not_found")
    column = ThreadGuest.expert_id if kind == "expert" else ThreadGuest.agency_id
    same = select(ThreadGuest.id).where(
        ThreadGuest.thread_id == thread.id, column == guest_id, ThreadGuest.withdrawn_at.is_(None)
    )
    if unit.session.execute(same).first():
        raise Conflict("guest_invited")
    row = ThreadGuest(
        thread_id=thread.id,
        expert_id=guest_id if kind == "expert" else None,
        agency_id=guest_id if kind == "agency" else None,
        note=note.strip() or None,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "thread.invited", "threads", thread.id, guest=row.id, guest_kind=kind)
    _tell_guest(unit, thread, person, kind)
    return row.id


def _person(unit: Unit, kind: str, guest_id: int) -> Expert | Agency | None:
    if kind == "expert":
        return unit.session.get(Expert, guest_id)
    return unit.session.get(Agency, guest_id) if kind == "agency" else None


def _tell_guest(unit: Unit, thread: Thread, person: Expert | Agency, kind: str) -> None:
    ids = list(operators(unit))
    if isinstance(person, Agency):
        ids = [*organisations_named(unit, [person.name_key]).values(), *ids]
    notify(
        unit, ids, "notice_guest_invited", ("threads", thread.id), f"{thread.id}:{kind}:{person.id}", name=person.name
    )


def dismiss_guest(unit: Unit, thread_id: int, guest_row: int) -> None:
    """Take an invitation back; it stays on record as withdrawn."""
    thread, side = open_to(unit, thread_id, writing=True)
    row = unit.session.get(ThreadGuest, guest_row)
    if row is None or row.thread_id != thread.id or side == "guest":
        raise NotFound("guest_not_found")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_reason = unit.now, side
        append_event(unit, "thread.guest_dismissed", "threads", thread.id, guest=row.id)
