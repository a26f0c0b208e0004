"""The inbox: pushes with their reasons, answers with one press, and the switch."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.pushes import inbox as box
from matchhub.services.worklists import enterprise_home
from web.enterprise import blueprint
from web.gate import act
from web.language import flash_notice
from web.page_forms import SmallForm, sent, shown_again
from web.push.answering import AnswerForm, answer_forms, answered_part
from web.units import reading, writing


@blueprint.get("/inbox")
@act("push.read_own")
def inbox() -> str:
    """Pushes received, the newest first, and whether pushes are on."""
    with reading() as unit:
        firm = enterprise_home.own_firm(unit)
        pushes = box.inbox(unit)
        off = box.is_off(unit, firm.id)
    return render_template("enterprise/inbox.html", pushes=pushes, off=off)


@blueprint.get("/inbox/<int:push_id>")
@act("push.read_own")
def push(push_id: int) -> str:
    """One push with its reasons and the buttons to answer; the page itself reports that it was read."""
    with reading() as unit:
        view = box.push_of(unit, push_id)
    return _push_page(view)


def _push_page(view: box.InboxPush, refused: SmallForm | None = None) -> str:
    return render_template("enterprise/push.html", push=view, forms=answer_forms(refused))


def _answer_again(refused: SmallForm, item_id: int) -> str:
    with reading() as unit:
        view = box.push_of_item(unit, item_id)
    return answered_part(view, item_id, "", refused) if request.headers.get("HX-Request") else _push_page(view, refused)


@blueprint.post("/inbox/<int:push_id>/read")
@act("push.read_own")
def read_push(push_id: int) -> Response:
    """Record the first reading of a push."""
    with writing() as unit:
        box.push_of(unit, push_id)
        box.mark_read(unit, push_id)
    return Response(status=204)


@blueprint.post("/inbox/items/<int:item_id>/answer")
@act("push.answer")
@shown_again(_answer_again)
def answer(item_id: int) -> Response | str:
    """Record a coded answer to one patent of a push."""
    with sent(AnswerForm, item_id) as form, writing() as unit:
        box.answer(unit, item_id, form.code.data, form.note.data)
        view = box.push_of_item(unit, item_id)
        box.mark_read(unit, view.push_id)
    if request.headers.get("HX-Request"):
        return answered_part(view, item_id, "")
    flash_notice("notice_answered")
    return redirect(url_for("enterprise.push", push_id=view.push_id))


@blueprint.post("/inbox/off")
@act("push.switch")
def pushes_off() -> Response:
    """Switch pushes off for the own enterprise."""
    with writing() as unit:
        box.switch_off(unit)
    flash_notice("notice_pushes_off")
    return redirect(url_for("enterprise.inbox"))


@blueprint.post("/inbox/on")
@act("push.switch")
def pushes_on() -> Response:
    """Switch pushes on again for the own enterprise."""
    with writing() as unit:
        box.switch_on(unit)
    flash_notice("notice_pushes_on")
    return redirect(url_for("enterprise.inbox"))
