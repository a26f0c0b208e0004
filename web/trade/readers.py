"""Who may read a demand, and who was invited to."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from matchhub.services.demands import confidentiality
from matchhub.services.demands.posting import own_demand
from matchhub.services.kernel.freshness import seen_token
from web.forms import LabelledField, Length, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.trade import blueprint
from web.units import reading, writing


class ReadersForm(SmallForm):
    """Who may read a demand."""

    confidentiality = LabelledField("confidentiality", confidentiality.LEVELS)
    seen = HiddenField()


class InvitationForm(SmallForm):
    """One institution that may read a demand."""

    blamed = {"institution_not_found": "name", "guest_invited": "name"}
    name = TextField(validators=[Required(), Length(1, 120)])


_FORMS: dict[str, type[SmallForm]] = {"readers": ReadersForm, "invitation": InvitationForm}


@blueprint.get("/demands/<int:demand_id>/readers")
@act("demand.set_readers")
def readers(demand_id: int) -> str:
    """Who may read a demand, and who was invited."""
    return _page(None, demand_id)


def _page(refused: SmallForm | None, demand_id: int) -> str:
    with reading() as unit:
        demand = own_demand(unit, demand_id)
        seen, title, level = seen_token(demand.updated_at), demand.title, demand.confidentiality
        invited = confidentiality.invited_names(unit, demand_id)
    if refused is not None and "seen" in refused:
        refused["seen"].data = seen  # what changed meanwhile is seen now
    return render_template(
        "trade/readers.html",
        demand_id=demand_id,
        title=title,
        level=level,
        invited=invited,
        seen=seen,
        forms=PageForms(_FORMS, refused),
    )


@blueprint.post("/demands/<int:demand_id>/readers")
@act("demand.set_readers")
@shown_again(_page)
def set_readers(demand_id: int) -> Response:
    """Choose who may read a demand; refused when the demand changed meanwhile."""
    with sent(ReadersForm) as form, writing() as unit:
        confidentiality.set_confidentiality(unit, demand_id, form.confidentiality.data, form.seen.data or "")
    flash_notice("notice_readers_set")
    return redirect(url_for("trade.readers", demand_id=demand_id))


@blueprint.post("/demands/<int:demand_id>/invitations")
@act("demand.invite")
@shown_again(_page)
def invite_reader(demand_id: int) -> Response:
    """Invite one institution to read a demand."""
    with sent(InvitationForm) as form, writing() as unit:
        confidentiality.invite_to_demand(unit, demand_id, form.name.data)
    flash_notice("notice_invited")
    return redirect(url_for("trade.readers", demand_id=demand_id))
