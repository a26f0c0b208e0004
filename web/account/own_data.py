"""One's own data: what is held, as a file; closing the account; asking that personal data be erased."""

from __future__ import annotations

import io
from typing import Any

from flask import g, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField

from matchhub.reports.own_data import write_own_data
from matchhub.services.personal import closing, export, requests
from web import signing
from web.account import blueprint
from web.forms import Length, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, runtime, writing


class CloseForm(SmallForm):
    """The password, so that nobody closes an account that was left signed in."""

    blamed = {"password": "password", "account_": "password"}
    password = PasswordField(validators=[Required(), Length(1, 256)])


class ErasureForm(SmallForm):
    """Why, which may be left open."""

    blamed = {"erasure": "reason", "account_": "reason"}
    reason = TextField(validators=[Length(1, requests.MOST_REASON)])
    sure = BooleanField(validators=[Required("erasure_unsure")])


class TakeBackForm(SmallForm):
    """A button: the request is taken back."""


_FORMS: dict[str, type[SmallForm]] = {"close": CloseForm, "erase": ErasureForm, "back": TakeBackForm}


def _page(refused: SmallForm | None = None) -> str:
    with reading() as unit:
        asked = requests.own_request(unit)
        standing = closing.standing_of(unit, g.actor.account_id)
    kept = runtime().settings.accounts.kept_years
    return render_template(
        "account/own_data.html", asked=asked, standing=standing, kept_years=kept, forms=PageForms(_FORMS, refused)
    )


@blueprint.get("/data")
@act("account.read_data")
def own_data() -> str:
    """What can be done with one's own data."""
    return _page()


@blueprint.post("/data/export")
@act("account.read_data")
def export_data() -> Any:
    """Everything held, as one zip: for reading and for machines."""
    with writing() as unit:
        found = export.export_own(unit)
    file = io.BytesIO()
    write_own_data(file, found)
    file.seek(0)
    return send_file(file, "application/zip", as_attachment=True, download_name=f"matchhub-{found.made_at:%Y%m%d}.zip")


@blueprint.post("/data/close")
@act("account.close_own")
@shown_again(_page)
def close_account() -> Response:
    """Close the account and be signed out."""
    with sent(CloseForm) as form, writing() as unit:
        closing.close_own_account(unit, form.password.data)
    flash_notice("notice_account_closed")
    return signing.forget(redirect(url_for("home.index")))


@blueprint.post("/data/erasure")
@act("account.ask_erasure")
@shown_again(_page)
def ask_erasure() -> Response:
    """Ask the operator to erase one's personal data."""
    with sent(ErasureForm) as form, writing() as unit:
        requests.ask_erasure(unit, form.reason.data)
    flash_notice("notice_erasure_sent")
    return redirect(url_for("account.own_data"))


@blueprint.post("/data/erasure/take-back")
@act("account.ask_erasure")
@shown_again(_page)
def take_erasure_back() -> Response:
    """Take the request back."""
    with sent(TakeBackForm), writing() as unit:
        requests.take_erasure_back(unit)
    flash_notice("notice_erasure_taken_back", "info")
    return redirect(url_for("account.own_data"))
