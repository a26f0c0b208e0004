"""The public notices: what is done with personal data (PIPL), and how recommendations come about."""

from __future__ import annotations

from flask import render_template

from matchhub.domain.consents import VERSION
from matchhub.operation.channels import channels_here
from web.gate import act
from web.language import t, word
from web.messages import blueprint
from web.units import runtime


@blueprint.get("/privacy")
@act("site.read")
def privacy() -> str:
    """Which personal data are kept, what for, from where, how long, and what one can ask for."""
    names = t("、", ", ").join(word("channel", name) for name in channels_here(runtime()))
    kept_years = runtime().settings.accounts.kept_years
    return render_template("messages/privacy.html", channel_names=names, version=VERSION, kept_years=kept_years)


@blueprint.get("/algorithm")
@act("site.read")
def algorithm() -> str:
    """How patents are chosen for a firm, by what it may be seen, and how to switch it off."""
    return render_template("messages/algorithm.html", rules=runtime().pack.pushes)
