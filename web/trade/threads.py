"""A thread: what was said, files, agreeing to exchange contact data, guests, closing."""

from __future__ import annotations

import secrets
from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.services.conversations import contact, messages
from matchhub.services.conversations.interest import express_interest, offer_patent
from matchhub.services.conversations.threads import close_thread, thread_of_pair
from matchhub.services.kernel.freshness import done_before, note_done
from web.gate import act
from web.language import flash_notice
from web.paging import asked_text
from web.trade import blueprint, fields
from web.units import reading, writing


@blueprint.post("/threads")
@act("thread.open")
def open_thread() -> Response:
    """Show interest in a patent (as an enterprise) or in a demand (as a holder); the thread of the pair opens."""
    patent_id, demand_id = fields.whole("patent_id") or 0, fields.whole("demand_id")
    with writing() as unit:
        if unit.may("patent.ask_contact"):
            express_interest(unit, patent_id, demand_id)
        else:
            offer_patent(unit, patent_id, demand_id or 0)
        thread_id = thread_of_pair(unit, patent_id, demand_id)
    flash_notice("notice_thread_ready")
    return redirect(url_for("trade.thread", thread_id=thread_id))


@blueprint.get("/threads/<int:thread_id>")
@act("thread.take_part")
def thread(thread_id: int) -> str:
    """One thread with messages, files, guests and the way to contact data and a deal."""
    query = asked_text("guest")
    with reading() as unit:
        view = messages.read_thread(unit, thread_id)
        found = messages.find_guests(unit, query) if query else []
    return render_template(
        "trade/thread.html", thread=view, query=query, found=found, contacts=(), form_key=secrets.token_hex(12)
    )


@blueprint.post("/threads/<int:thread_id>/messages")
@act("thread.take_part")
def write(thread_id: int) -> Response:
    """Say something in a thread, perhaps with a file; the same form sent twice says it once."""
    said, sent, key = fields.text("text", messages.LONGEST + 1), fields.file(), fields.form_key()
    content = (thread_id, said, sent[0] if sent else "", len(sent[1]) if sent else 0)
    with writing() as unit:
        if done_before(unit, key, content) is None:
            note_done(unit, key, content, messages.write_message(unit, thread_id, said, sent))
    return _back(thread_id)


@blueprint.get("/threads/<int:thread_id>/files/<int:message_id>")
@act("thread.take_part")
def file(thread_id: int, message_id: int) -> Response:
    """The file of one message, for those in the thread; never shown in the page."""
    with reading() as unit:
        name, content = messages.read_file(unit, thread_id, message_id)
    return send_file(
        BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=name or "file"
    )


@blueprint.post("/threads/<int:thread_id>/agree")
@act("thread.agree")
def agree(thread_id: int) -> Response:
    """Agree to exchange contact data; they open once the other side agreed too."""
    with writing() as unit:
        both = contact.agree(unit, thread_id)
    flash_notice("notice_both_agreed" if both else "notice_agreed")
    return _back(thread_id)


@blueprint.post("/threads/<int:thread_id>/reveal")
@act("thread.take_part")
def reveal(thread_id: int) -> str:
    """Show the other side's contact data; that they were shown is written down."""
    with writing() as unit:
        contacts = contact.reveal(unit, thread_id)
        view = messages.read_thread(unit, thread_id)
    key = secrets.token_hex(12)
    return render_template("trade/thread.html", thread=view, query="", found=[], contacts=contacts, form_key=key)


@blueprint.post("/threads/<int:thread_id>/guests")
@act("thread.take_part")
def invite(thread_id: int) -> Response:
    """Invite an expert or an agency."""
    with writing() as unit:
        messages.invite(
            unit, thread_id, fields.text("kind", 20), fields.whole("guest_id") or 0, fields.text("note", 500)
        )
    flash_notice("notice_invited")
    return _back(thread_id)


@blueprint.post("/threads/<int:thread_id>/guests/<int:guest_id>/dismiss")
@act("thread.take_part")
def dismiss(thread_id: int, guest_id: int) -> Response:
    """Take an invitation back."""
    with writing() as unit:
        messages.dismiss_guest(unit, thread_id, guest_id)
    flash_notice("notice_dismissed", "info")
    return _back(thread_id)


@blueprint.post("/threads/<int:thread_id>/close")
@act("thread.take_part")
def close(thread_id: int) -> Response:
    """End a thread with a reason; it stays to be read."""
    with writing() as unit:
        close_thread(unit, thread_id, fields.text("reason", 500))
    flash_notice("notice_closed", "info")
    return _back(thread_id)


def _back(thread_id: int) -> Response:
    return redirect(url_for("trade.thread", thread_id=thread_id))
