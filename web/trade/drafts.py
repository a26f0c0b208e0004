"""Demands in preparation, who may read a demand, and demands collected at a fair that the enterprise confirms."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.demands import confidentiality, drafts
from matchhub.services.demands.drafts import CollectedDemand
from matchhub.services.demands.posting import own_demand
from matchhub.services.kernel.freshness import seen_token
from web.enterprise.demand_form import COOPERATION, budget_yuan
from web.gate import act
from web.language import flash_notice, words
from web.trade import blueprint, fields
from web.units import reading, writing

_ORIGINS = drafts.ORIGINS[1:]


@blueprint.get("/drafts")
@act("draft.read")
def draft_list() -> str:
    """Own drafts; for the operator those collected that wait for their enterprises."""
    with reading() as unit:
        found = drafts.own_drafts(unit)
    return render_template("trade/drafts.html", drafts=found, origins=_ORIGINS, levels=confidentiality.LEVELS)


@blueprint.get("/drafts/new")
@act("draft.write")
def new_draft() -> str:
    """The form of a new draft."""
    return render_template("trade/draft_form.html", draft=None, values={}, cooperation=COOPERATION)


@blueprint.post("/drafts")
@act("draft.write")
def save_new_draft() -> Response:
    """Keep a new draft; a title is enough."""
    values = _typed()
    with writing() as unit:
        number = drafts.save_draft(unit, values)
    flash_notice("notice_draft_saved")
    return redirect(url_for("trade.draft", draft_id=number))


@blueprint.get("/drafts/<int:draft_id>")
@act("draft.write")
def draft(draft_id: int) -> str:
    """One draft with what its eight tests say, to be changed or posted."""
    with reading() as unit:
        view = drafts.draft_of(unit, draft_id)
    return render_template(
        "trade/draft_form.html", draft=view, values=view.fields, cooperation=COOPERATION, levels=confidentiality.LEVELS
    )


@blueprint.post("/drafts/<int:draft_id>")
@act("draft.write")
def save_draft(draft_id: int) -> Response:
    """Keep a changed draft; refused when somebody else changed it meanwhile."""
    values = _typed()
    with writing() as unit:
        drafts.save_draft(unit, values, draft_id, fields.text("seen", 64))
    flash_notice("notice_draft_saved")
    return redirect(url_for("trade.draft", draft_id=draft_id))


def _typed() -> dict[str, object]:
    cooperation = fields.several("cooperation", COOPERATION)
    budget = fields.text("budget", 20)
    yuan = budget_yuan(budget)
    if budget and yuan is None:
        raise Refusal("budget_invalid")
    return {
        "title": fields.text("title", 120),
        "text": fields.text("text", 5000),
        "object": fields.text("object", 300),
        "aim": fields.text("aim", 500),
        "targets": fields.text("targets", 1000),
        "technical_field": fields.text("technical_field", 200),
        # Stored in Chinese, as imported files have it.
        "cooperation_form": "、".join(words()["cooperation"][key]["zh"] for key in cooperation),
        "budget_yuan": yuan,
        "budget_negotiable": fields.ticked("negotiable"),
        "contact_name": fields.text("contact_name", 60),
        "contact_phone": fields.text("contact_phone", 40),
        "contact_email": fields.text("contact_email", 120),
        "valid_until_on": fields.day("valid_until_on"),
    }


@blueprint.post("/drafts/<int:draft_id>/confirm")
@act("draft.confirm")
def confirm_draft(draft_id: int) -> Response:
    """Post a draft as a demand, authorised by a named person today."""
    level = fields.text("confidentiality", 20) or "title"
    with writing() as unit:
        number = drafts.confirm_draft(unit, draft_id, fields.text("authorised_by", 60), level, fields.text("seen", 64))
    flash_notice("notice_draft_posted")
    return redirect(url_for("enterprise.demand", demand_id=number))


@blueprint.post("/drafts/<int:draft_id>/discard")
@act("draft.discard")
def discard_draft(draft_id: int) -> Response:
    """Put a draft aside; it stays on record."""
    with writing() as unit:
        drafts.discard_draft(unit, draft_id)
    flash_notice("notice_draft_discarded", "info")
    return redirect(url_for("trade.draft_list"))


@blueprint.post("/drafts/batch")
@act("draft.enter_batch")
def enter_batch() -> Response:
    """Enter demands collected at a fair or by telephone, one a line; their enterprises then confirm them."""
    rows = [_collected(line) for line in fields.lines("rows", 100_000)]
    with writing() as unit:
        made = drafts.enter_batch(unit, fields.chosen("origin", _ORIGINS), fields.text("note", 300), rows)
    flash_notice("notice_batch_entered", number=len(made))
    return redirect(url_for("trade.draft_list"))


def _collected(line: str) -> CollectedDemand:
    """``企业 | 需求名称 | 技术难题 | 技术指标``; a tab serves as well as the bar."""
    cells = [cell.strip() for cell in line.replace("\uff5c", "|").replace("\t", "|").split("|")]
    firm, title, text, targets = [*cells, "", "", "", ""][:4]
    return CollectedDemand(firm, title, text, targets)


@blueprint.get("/demands/<int:demand_id>/readers")
@act("demand.set_readers")
def readers(demand_id: int) -> str:
    """Who may read a demand, and who was invited."""
    with reading() as unit:
        demand = own_demand(unit, demand_id)
        seen, title, level = seen_token(demand.updated_at), demand.title, demand.confidentiality
        invited = confidentiality.invited_names(unit, demand_id)
    return render_template(
        "trade/readers.html",
        demand_id=demand_id,
        title=title,
        level=level,
        levels=confidentiality.LEVELS,
        invited=invited,
        seen=seen,
    )


@blueprint.post("/demands/<int:demand_id>/readers")
@act("demand.set_readers")
def set_readers(demand_id: int) -> Response:
    """Choose who may read a demand; refused when the demand changed meanwhile."""
    with writing() as unit:
        confidentiality.set_confidentiality(
            unit, demand_id, fields.text("confidentiality", 20), fields.text("seen", 64)
        )
    flash_notice("notice_readers_set")
    return redirect(url_for("trade.readers", demand_id=demand_id))


@blueprint.post("/demands/<int:demand_id>/invitations")
@act("demand.set_readers")
def invite_reader(demand_id: int) -> Response:
    """Invite one institution to read a demand."""
    with writing() as unit:
        confidentiality.invite_to_demand(unit, demand_id, fields.text("name", 120))
    flash_notice("notice_invited")
    return redirect(url_for("trade.readers", demand_id=demand_id))
