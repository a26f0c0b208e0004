"""The own signed-in browsers."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.services.accounts.devices import list_devices, sign_out_there
from web import signing
from web.account import blueprint
from web.gate import act
from web.language import flash_notice
from web.units import reading, writing


@blueprint.get("/devices")
@act("account.keep_own")
def devices() -> str:
    """Where the account is signed in."""
    with reading() as unit:
        rows = list_devices(unit, signing.current_token())
    return render_template("account/devices.html", rows=rows)


@blueprint.post("/devices/<int:session_id>/sign-out")
@act("account.keep_own")
def sign_out_device(session_id: int) -> Response:
    """Sign out there."""
    with writing() as unit:
        sign_out_there(unit, session_id)
    flash_notice("notice_signed_out_there")
    return redirect(url_for("account.devices"))
