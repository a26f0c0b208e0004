"""A thread: what was said, files, agreeing to exchange contact data, guests, closing."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.domain.organisations import ENTERPRISE
from matchhub.services.conversations import contact, messages
from matchhub.services.conversations.interest import express_interest, offer_patent
from matchhub.services.conversations.threads import close_thread, thread_of_pair
from web.fields import UploadField
from web.forms import Form, Length, NoteField, RecordField, Required, TextField
from web.gate import act
from web.language import flash_notice, say
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.trade import blueprint
from web.trade.seen import note_seen
from web.units import reading, writing


class InterestForm(Form):
    """Which patent and demand a button on another page is about."""

    patent_id = RecordField()
    demand_id = RecordField()


class MessageForm(SmallForm):
    """What is said in a thread, perhaps with a file."""

    blamed = {"message_file": "file", "message": "text"}
    text = NoteField()
    file = UploadField()


class AgreementForm(SmallForm):
    """A button: agree to exchange contact data."""


class RevealForm(SmallForm):
    """A button: show the other side's contact data."""


class GuestForm(SmallForm):
    """An expert or agency that is invited; the page has one form for each that was found."""

    blamed = {"guest": "note"}
    row_field = "guest_id"
    kind = TextField(validators=[Length(1, 20)])
    guest_id = RecordField()
    note = TextField(validators=[Length(1, 500)])


class DismissalForm(SmallForm):
    """A button: take an invitation back; the page has one for each guest."""


class ClosingForm(SmallForm):
    """Why a thread is ended."""

    blamed = {"note_missing": "reason"}
    reason = NoteField(validators=[Required("note_missing"), Length(1, 500)])


# Prepared replies by side: the key in the address, the sentence the message begins with.
REPLIES: dict[str, dict[str, str]] = {
    "holder": {"can_supply": "reply_can_supply", "want_more": "reply_want_more", "not_now": "reply_not_now"},
    ENTERPRISE: {
        "interested": "reply_interested",
        "want_terms": "reply_want_terms",
        "not_fitting": "reply_not_fitting",
    },
}
_FORMS: dict[str, type[SmallForm]] = {
    "message": MessageForm,
    "agreement": AgreementForm,
    "reveal": RevealForm,
    "guest": GuestForm,
    "dismissal": DismissalForm,
    "closing": ClosingForm,
}


@blueprint.post("/threads")
@act("thread.open")
def open_thread() -> Response:
    """Show interest in a patent (as an enterprise) or in a demand (as a holder); the thread of the pair opens."""
    form = InterestForm()
    patent_id, demand_id = form.patent_id.data or 0, form.demand_id.data
    with writing() as unit:
        if unit.may("patent.ask_contact"):
            told = express_interest(unit, patent_id, demand_id)
        else:
            told = offer_patent(unit, patent_id, demand_id or 0)
    flash_notice("notice_thread_ready")
    return _back(told.thread_id)


@blueprint.get("/threads/about/<int:patent_id>")
@act("thread.take_part")
def thread_about(patent_id: int) -> Response:
    """Lead to the own thread about a patent: the one for ``demand``, else the newest."""
    asked = asked_text("demand")
    with reading() as unit:
        thread_id = thread_of_pair(unit, patent_id, int(asked) if asked.isdecimal() else None)
    return _back(thread_id)


@blueprint.get("/threads/<int:thread_id>")
@act("thread.take_part")
def thread(thread_id: int) -> str:
    """One thread with messages, files, guests and the way to contact data and a deal."""
    return _page(None, thread_id)


def _page(refused: SmallForm | None, thread_id: int, contacts: tuple[contact.ContactView, ...] = ()) -> str:
    query = asked_text("guest")
    with reading() as unit:
        view = messages.read_thread(unit, thread_id)
        found = messages.find_guests(unit, query) if query else []
    note_seen("threads", thread_id)
    replies = REPLIES.get(view.line.side, {})
    chosen = replies.get(asked_text("reply"))
    return render_template(
        "trade/thread.html",
        thread=view,
        query=query,
        found=found,
        contacts=contacts,
        replies=replies,
        written=say(chosen) if chosen else "",
        forms=PageForms(_FORMS, refused),
    )


@blueprint.post("/threads/<int:thread_id>/messages")
@act("thread.take_part")
@shown_again(_page)
def write(thread_id: int) -> Response:
    """Say something in a thread, perhaps with a file."""
    with sent(MessageForm) as form, writing() as unit:
        messages.write_message(unit, thread_id, form.text.data, form.file.data)
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
@shown_again(_page)
def agree(thread_id: int) -> Response:
    """Agree to exchange contact data; they open once the other side agreed too."""
    with sent(AgreementForm), writing() as unit:
        both = contact.agree(unit, thread_id)
    flash_notice("notice_both_agreed" if both else "notice_agreed")
    return _back(thread_id)


@blueprint.post("/threads/<int:thread_id>/reveal")
@act("thread.take_part")
@shown_again(_page)
def reveal(thread_id: int) -> str:
    """Show the other side's contact data; that they were shown is written down."""
    with sent(RevealForm), writing() as unit:
        contacts = contact.reveal(unit, thread_id)
    return _page(None, thread_id, contacts)


@blueprint.post("/threads/<int:thread_id>/guests")
@act("thread.take_part")
@shown_again(_page)
def invite(thread_id: int) -> Response:
    """Invite an expert or an agency."""
    with sent(GuestForm) as form, writing() as unit:
        messages.invite(unit, thread_id, form.kind.data, form.guest_id.data or 0, form.note.data)
    flash_notice("notice_invited")
    return _back(thread_id)


@blueprint.post("/threads/<int:thread_id>/guests/<int:guest_id>/dismiss")
@act("thread.take_part")
@shown_again(lambda refused, thread_id, guest_id: _page(refused, thread_id))
def dismiss(thread_id: int, guest_id: int) -> Response:
    """Take an invitation back."""
    with sent(DismissalForm, guest_id), writing() as unit:
        messages.dismiss_guest(unit, thread_id, guest_id)
    flash_notice("notice_dismissed", "info")
    return _back(thread_id)


@blueprint.post("/threads/<int:thread_id>/close")
@act("thread.take_part")
@shown_again(_page)
def close(thread_id: int) -> Response:
    """End a thread with a reason; it stays to be read."""
    with sent(ClosingForm) as form, writing() as unit:
        close_thread(unit, thread_id, form.reason.data)
    flash_notice("notice_closed", "info")
    return _back(thread_id)


def _back(thread_id: int) -> Response:
    return redirect(url_for("trade.thread", thread_id=thread_id))
