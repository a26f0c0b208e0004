"""What the links of a message open. A look changes nothing (mail programs look ahead); only a post does (P9)."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.pushes import inbox as box
from web.gate import act, without_form_token
from web.language import flash_notice
from web.page_forms import SmallForm, sent, shown_again
from web.paging import asked_text
from web.push import blueprint
from web.push.answering import AnswerForm, answer_forms, answered_part
from web.units import reading, writing


def _private(text: str) -> Response:
    """A page whose address is a key: kept by no cache and no search engine."""
    answer = make_response(text)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _page(view: box.InboxPush, token: str, refused: SmallForm | None = None) -> Response:
    tapped, code = _tapped(view)
    forms = answer_forms(refused)
    return _private(
        render_template("push/show.html", push=view, token=token, forms=forms, tapped=tapped, tapped_code=code)
    )


def _tapped(view: box.InboxPush) -> tuple[box.InboxItem | None, str]:
    """The patent and the answer that a link of the letter names; nothing where it names none, or it was given."""
    code, item_id = asked_text("answer"), asked_text("item")
    item = next((each for each in view.items if str(each.item_id) == item_id), None)
    if item is None or code not in box.ANSWERS or item.answer == code:
        return None, ""
    return item, code


def _answer_again(refused: SmallForm, token: str, item_id: int) -> Response:
    with reading() as unit:
        view = box.push_of_item(unit, item_id, token)
    if request.headers.get("HX-Request"):
        return _private(answered_part(view, item_id, token, refused))
    return _page(view, token, refused)


@blueprint.get("/<token>")
@act("push.follow_link")
def show(token: str) -> Response:
    """The push that a message's link names, with the buttons to answer; the page itself reports that it was read.

    With ``item`` and ``answer``, as the letter's buttons link here, that answer stands on top and one tap confirms it.
    """
    with reading() as unit:
        view = box.push_by_token(unit, token)
    return _page(view, token)


@blueprint.post("/<token>/read")
@act("push.follow_link")
def mark_read(token: str) -> Response:
    """Record the first reading by whoever holds the link."""
    with writing() as unit:
        view = box.push_by_token(unit, token)
        box.mark_read(unit, view.push_id, token)
    return Response(status=204)


@blueprint.post("/<token>/items/<int:item_id>/answer")
@act("push.follow_link")
@shown_again(_answer_again)
def answer(token: str, item_id: int) -> Response:
    """Record a coded answer by whoever holds the link."""
    with sent(AnswerForm, item_id) as form, writing() as unit:
        box.answer(unit, item_id, form.code.data, form.note.data, token)
        view = box.push_of_item(unit, item_id, token)
        box.mark_read(unit, view.push_id, token)
    if request.headers.get("HX-Request"):
        return _private(answered_part(view, item_id, token))
    flash_notice("notice_answered")
    return redirect(url_for("push.show", token=token))


@blueprint.get("/<token>/off")
@act("push.follow_link")
def ask_off(token: str) -> Response:
    """Ask whether pushes shall stop; changes nothing."""
    with reading() as unit:
        box.push_by_token(unit, token)
    return _private(render_template("push/off.html", token=token, done=False))


@blueprint.post("/<token>/off")
@act("push.follow_link")
@without_form_token
def switch_off(token: str) -> Response:
    """Stop pushes to the enterprise of the message: from the page, or with one click of a mail program (RFC 8058)."""
    with writing() as unit:
        box.switch_off(unit, token=token)
    return _private(render_template("push/off.html", token=token, done=True))
