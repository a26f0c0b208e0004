"""Whoever has a thread, deal or licence before it has read what it was told about it."""

from __future__ import annotations

from contextlib import suppress

from flask import request

from matchhub.errors import Conflict
from matchhub.services.conversations.threads import is_unread, read_thread_now
from matchhub.services.notices.notices import is_told, read_about
from web.units import reading, writing


def note_seen(kind: str, record_id: int) -> None:
    """Count the record's news as read by the account that is shown its page; writes only where something was new.

    A page shown in answer to a form is no look of its own: its act may be undone.
    """
    if request.method != "GET":
        return
    with reading() as unit:
        fresh = is_told(unit, (kind, record_id)) or (kind == "threads" and is_unread(unit, record_id))
    if not fresh:
        return
    with suppress(Conflict), writing() as unit:  # the same page in another window was faster
        if kind == "threads":
            read_thread_now(unit, record_id)
        else:
            read_about(unit, (kind, record_id))
