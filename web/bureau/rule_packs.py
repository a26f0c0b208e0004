"""The rule pack that counts: its text, how it changed, and the bureau's confirmation of its content."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from matchhub.services.accounts.second_factor import SecondFactorRefused, is_on, proving
from matchhub.services.counting.rule_packs import give_pack_confirmation, pack_view
from web.bureau import blueprint
from web.bureau.asking import asked
from web.forms import Length, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, runtime, writing


class PackConfirmationForm(SmallForm):
    """The bureau's word on the content that the page showed, with the person's one-time code."""

    blamed = {"second_factor_missing": "code", "second_factor_wrong": "code", "second_factor_used": "code"}
    policy = HiddenField(validators=[Required()])
    digest = HiddenField(validators=[Required()])
    code = TextField(validators=[Required("second_factor_missing"), Length(1, 20)])


@blueprint.get("/pack")
@act("pack.read")
def rule_pack() -> str:
    """The pack of the question: its file, its digest, its changes, and whether the bureau confirmed it."""
    return _page()


def _page(refused: SmallForm | None = None) -> str:
    with reading() as unit:
        view = pack_view(unit, asked(unit).question.pack)
        has_codes = not g.actor.is_visitor and is_on(unit)
    forms = PageForms({"confirm": PackConfirmationForm}, refused)
    return render_template("bureau/pack.html", view=view, forms=forms, has_codes=has_codes, kept=request.args.to_dict())


@blueprint.post("/pack")
@act("pack.confirm")
@shown_again(_page)
def confirm_rule_pack() -> Response:
    """Confirm the pack's content."""
    kept: dict[str, Any] = request.args.to_dict()
    back = url_for("bureau.rule_pack", **kept)
    with sent(PackConfirmationForm) as form:
        try:
            with writing(proving(runtime(), g.actor)) as unit:
                give_pack_confirmation(unit, form.policy.data, form.digest.data, form.code.data)
        except SecondFactorRefused as refusal:
            if refusal.code != "second_factor_off":
                raise
            flash_notice("second_factor_off", "warning")
            return redirect(url_for("account.second_factor", next=back))
    flash_notice("notice_pack_confirmed")
    return redirect(back)
