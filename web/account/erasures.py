"""Erasures that people asked for: the operator looks at what goes, then erases or says why not."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.services.personal import requests
from web.account import blueprint
from web.forms import Length, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, runtime, writing


class EraseForm(SmallForm):
    """The second step: the account's login, typed."""

    blamed = {"erasure": "login", "account_": "login"}
    login = TextField(validators=[Length(1, 64)])


class RefuseForm(SmallForm):
    """Why the data cannot be erased now."""

    blamed = {"erasure": "answer"}
    answer = TextField(validators=[Length(1, requests.MOST_REASON)])


_FORMS: dict[str, type[SmallForm]] = {"erase": EraseForm, "refuse": RefuseForm}


def _page(refused: SmallForm | None, request_id: int) -> str:
    with reading() as unit:
        view = requests.preview_erasure(unit, request_id)
    kept = runtime().settings.accounts.kept_years
    return render_template("account/erasure.html", view=view, kept_years=kept, forms=PageForms(_FORMS, refused))


@blueprint.get("/erasures")
@act("account.erase_any")
def erasures() -> str:
    """Erasures asked for, those that wait first."""
    with reading() as unit:
        rows = requests.list_requests(unit)
    return render_template("account/erasures.html", rows=rows)


@blueprint.get("/erasures/<int:request_id>")
@act("account.erase_any")
def erasure(request_id: int) -> str:
    """The first step: what would be erased, what stays and why."""
    return _page(None, request_id)


@blueprint.post("/erasures/<int:request_id>/erase")
@act("account.erase_any")
@shown_again(_page)
def erase(request_id: int) -> Response:
    """The second step: erase; the database overwrites it when the request's unit has ended."""
    with sent(EraseForm) as form, writing() as unit:
        requests.erase_account(unit, request_id, form.login.data)
    flash_notice("notice_erased")
    return redirect(url_for("account.erasures"))


@blueprint.post("/erasures/<int:request_id>/refuse")
@act("account.erase_any")
@shown_again(_page)
def refuse_erasure(request_id: int) -> Response:
    """Say why not."""
    with sent(RefuseForm) as form, writing() as unit:
        requests.refuse_erasure(unit, request_id, form.answer.data)
    flash_notice("notice_erasure_refused", "info")
    return redirect(url_for("account.erasures"))
