"""The inbox: pushes with their reasons, answers with one press, and the switch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.pushes import inbox as box
from matchhub.services.worklists import enterprise_home
from web.display import moment
from web.enterprise import blueprint
from web.gate import act
from web.language import flash_notice, t, word
from web.listing import Column, Filter, Listing, ask, show
from web.page_forms import SmallForm, sent, shown_again
from web.push.answering import AnswerForm, answer_forms, answered_part
from web.units import reading, writing


def _states() -> list[tuple[str, str]]:
    return [
        ("unread", t("未读", "Unread")),
        ("unanswered", t("待答复", "Not answered")),
        ("answered", t("已答复", "Answered")),
    ]


INBOX = Listing(
    "inbox",
    ("收件箱", "Inbox"),
    (
        Column("patents", ("专利", "Patents"), lambda row: _told(each.title for each in row.items), 44, sorts=False),
        Column("numbers", ("专利号", "Numbers"), lambda row: _told(each.number for each in row.items), 22, sorts=False),
        Column("demand", ("需求", "Demand"), lambda row: row.demand_title, 36, sorts=False),
        Column("delivered", ("收到时间", "Received"), lambda row: moment(row.delivered_at), 18),
        Column("read", ("阅读时间", "Read"), lambda row: moment(row.opened_at) if row.opened_at else "", 18),
        Column("answers", ("答复", "Answers"), lambda row: _answers(row), 24, sorts=False),
    ),
    (Filter("state", ("状态", "State"), "choice", _states),),
    lambda row: url_for("enterprise.push", push_id=row.push_id),
)


def _answers(row: box.InboxPush) -> str:
    return _told(word("push_answer", each.answer) for each in row.items if each.answer)


def _told(parts: Iterable[str]) -> str:
    return "；".join(parts)


@blueprint.get("/inbox")
@act("push.read_own")
def inbox() -> Any:
    """Pushes received, the newest first, and whether pushes are on."""
    asked = ask(INBOX)
    with reading() as unit:
        firm = enterprise_home.own_firm(unit)
        page = box.list_inbox(unit, asked.sought, asked.value("state"))
        off = box.is_off(unit, firm.id)
    return show("enterprise/inbox.html", asked, page, off=off)


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
