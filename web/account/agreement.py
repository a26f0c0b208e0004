"""The user agreement, agreeing to it again when it changed, and the help page with a person to call."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from matchhub.domain.consents import VERSION
from matchhub.services.accounts.consents import consent_again
from web.account import blueprint
from web.forms import Form, Required
from web.gate import act, safe_target
from web.language import flash_notice
from web.navigation import home_endpoint
from web.units import runtime, writing


class ConsentForm(Form):
    """Agreement to the texts in force."""

    consent = BooleanField(validators=[Required("consent_missing")])


@blueprint.get("/agreement")
@act("site.read")
def agreement() -> str:
    """The user agreement in force."""
    kept_years = runtime().settings.accounts.kept_years
    return render_template("account/agreement.html", version=VERSION, kept_years=kept_years)


@blueprint.route("/consent", methods=["GET", "POST"])
@act("account.keep_own")
def consent() -> Response | str | tuple[str, int]:
    """Agree to texts that changed since one last agreed."""
    form = ConsentForm()
    if request.method == "GET":
        return render_template("account/consent.html", form=form, version=VERSION)
    if not form.validate():
        return render_template("account/consent.html", form=form, version=VERSION), 422
    with writing() as unit:
        consent_again(unit)
    flash_notice("notice_consented")
    return redirect(safe_target(request.args.get("next"), url_for(home_endpoint(g.actor.role))))


@blueprint.get("/help")
@act("site.read")
def help_page() -> str:
    """How to, for every role, questions and answers, and whom to call."""
    return render_template("account/help.html", limits=runtime().settings.accounts)
