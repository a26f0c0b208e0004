"""Pushes: match, plan, look through, take single ones back, send, and see what came back."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Conflict
from matchhub.operation.diagnosis import mail_state
from matchhub.operation.mailing import send_due
from matchhub.services.kernel.locks import held_in_turn
from matchhub.services.matching.runs import run_match
from matchhub.services.matching.store import refresh_index
from matchhub.services.pushes.bounces import lift_bounce, list_bounced
from matchhub.services.pushes.delivery import withdraw_plan
from matchhub.services.pushes.drafting import make_draft
from matchhub.services.worklists import pushes as desk
from matchhub.services.worklists.push_drafts import draft_lines
from web.forms import Length, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, day_of, show
from web.operator import blueprint
from web.operator.lists import BOUNCES, PUSHES
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, runtime, take_key, writing


class WithdrawForm(SmallForm):
    """Why a planned push is taken back; the page has one form for each push."""

    reason = TextField(validators=[Length(1, 500)])


def _page(refused: SmallForm | None) -> Any:
    asked = ask(PUSHES)
    state = asked_text("state") if asked_text("state") in desk.STATES else "planned"
    with reading() as unit:
        board = desk.push_board(unit)
        bounced = list_bounced(unit).total
        page = desk.list_pushes(
            unit, state, asked.sought, asked.value("q"), day_of(asked, "since"), day_of(asked, "until")
        )
        drafts = draft_lines(unit)
    forms = PageForms({"withdraw": WithdrawForm}, refused)
    mail = mail_state(runtime())
    told = {"board": board, "state": state, "mail": mail, "bounced": bounced, "drafts": drafts}
    return show("operator/pushes.html", asked, page, forms=forms, **told)


@blueprint.get("/pushes")
@act("push.plan")
def pushes() -> Any:
    """The latest run and plan, and pushes by state."""
    return _page(None)


@blueprint.post("/pushes/match")
@act("push.plan")
def match_now() -> Response:
    """Match every open demand now and store the run."""
    with reading() as unit:
        refresh_index(unit)
    with writing() as unit:
        run = run_match(unit)
    flash_notice("notice_matched", demands=run.demands, patents=run.patents, pairs=run.pairs)
    return redirect(url_for("operator.pushes"))


@blueprint.post("/pushes/plan")
@act("push.draft")
def plan_now() -> Response:
    """Choose pushes from the latest run into a draft; nothing is queued before it was confirmed."""
    with reading() as unit:
        refresh_index(unit)
    with writing() as unit:
        made = make_draft(unit)
    flash_notice("notice_push_drafted", "success" if made.chosen else "info", chosen=made.chosen)
    return redirect(url_for("operator.push_draft", draft_id=made.draft_id))


@blueprint.post("/pushes/send")
@act("push.send")
def send_now() -> Response:
    """Deliver every push that is due."""
    with held_in_turn(runtime().home / "send.lock"):  # the round that sent something answers for those beside it
        done = send_due(runtime(), g.actor, patient=False)
        take_key()
    flash_notice(
        "push_sent",
        "warning" if done.failed or done.trouble else "success",
        sent=done.sent,
        failed=done.failed,
        suppressed=done.suppressed,
        pending=done.pending,
    )
    if done.written:
        flash_notice("push_sent_written", "warning", written=done.written)
    state = "planned" if done.trouble else "written" if done.written else "delivered"
    return redirect(url_for("operator.pushes", state=state))


@blueprint.post("/pushes/<int:push_id>/withdraw")
@act("push.withdraw")
@shown_again(lambda refused, push_id: _page(refused))
def withdraw_push(push_id: int) -> Response:
    """Take one planned push back before it is sent."""
    with sent(WithdrawForm, push_id) as form, writing() as unit:
        if not withdraw_plan(unit, [push_id], form.reason.data):
            raise Conflict("push_not_planned", id=push_id)
    flash_notice("notice_push_withdrawn", "info")
    return redirect(url_for("operator.pushes"))


class LiftForm(SmallForm):
    """Why letters may go to a bounced address again."""

    reason = TextField(validators=[Length(1, 500)])


def _bounces_page(refused: SmallForm | None) -> Any:
    asked = ask(BOUNCES)
    with reading() as unit:
        page = list_bounced(unit, asked.sought, asked.value("q"))
    return show("operator/bounces.html", asked, page, forms=PageForms({"lift": LiftForm}, refused))


@blueprint.get("/pushes/bounces")
@act("address.read_bounced")
def bounces() -> Any:
    """Addresses that bounced: no letter goes there until one is lifted."""
    return _bounces_page(None)


@blueprint.post("/pushes/bounces/<int:bounce_id>/lift")
@act("address.lift_bounce")
@shown_again(lambda refused, bounce_id: _bounces_page(refused))
def lift(bounce_id: int) -> Response:
    """Let letters go to a bounced address again, with a reason."""
    with sent(LiftForm, bounce_id) as form, writing() as unit:
        lift_bounce(unit, bounce_id, form.reason.data)
    flash_notice("notice_bounce_lifted", "success")
    return redirect(url_for("operator.bounces"))
