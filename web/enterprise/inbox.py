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
    return render_template("enterprise/push.html", push=view)


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
def answer(item_id: int) -> Response | str:
    """Record a coded answer to one patent of a push."""
    code = request.form.get("code", "")
    note = request.form.get("note", "").replace("\x00", "")[:500]
    with writing() as unit:
        box.answer(unit, item_id, code, note)
        view = box.push_of_item(unit, item_id)
        box.mark_read(unit, view.push_id)
    if request.headers.get("HX-Request"):
        item = next(each for each in view.items if each.item_id == item_id)
        return render_template("push/answered.html", item=item, push=view, token="", just_answered=True)
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
