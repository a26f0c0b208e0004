"""Who is who: the organisations with accounts here, and the written names that are theirs."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.services.accounts.chiefs import MOST_REASON, appoint_chief
from matchhub.services.organisations import names
from matchhub.services.parties.linked_names import MOST_NOTE, link_name
from web.account import blueprint
from web.account.lists import ORGANISATIONS
from web.forms import Length, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class LinkForm(SmallForm):
    """A written name that is the organisation's, and how that is known."""

    blamed = {"linked_note": "note", "linked": "name"}
    name = TextField(validators=[Length(1, 255)])
    note = TextField(validators=[Length(1, MOST_NOTE)])


class UnlinkForm(SmallForm):
    """Why a name is not the organisation's after all; the page has one form for each name."""

    blamed = {"linked": "reason"}
    reason = TextField(validators=[Length(1, 500)])


class ChiefForm(SmallForm):
    """Why an account becomes the chief by the operator's hand; the page has one form for each account."""

    blamed = {"chief": "reason", "account_disabled": "reason"}
    reason = TextField(validators=[Length(1, MOST_REASON)])


_FORMS: dict[str, type[SmallForm]] = {"link": LinkForm, "unlink": UnlinkForm, "chief": ChiefForm}


def page_of(refused: SmallForm | None, organisation_id: int, given: tuple[str, str] | None = None) -> str:
    """The page of an organisation; ``given``: login and the temporary password it was just given, shown this once."""
    with reading() as unit:
        view = names.organisation_page(unit, organisation_id)
    return render_template("account/organisation.html", view=view, forms=PageForms(_FORMS, refused), given=given)


@blueprint.get("/organisations")
@act("organisation.read_names")
def organisations() -> Any:
    """Firms and institutions with accounts here, and how many names are theirs."""
    asked = ask(ORGANISATIONS)
    with reading() as unit:
        page = asked.page(names.list_organisations(unit))
    return show("account/organisations.html", asked, page)


@blueprint.get("/organisations/<int:organisation_id>")
@act("organisation.read_names")
def organisation(organisation_id: int) -> str:
    """One organisation: the names linked to it, and names of the base that might be its own."""
    return page_of(None, organisation_id)


@blueprint.post("/organisations/<int:organisation_id>/names")
@act("organisation.link_name")
@shown_again(page_of)
def link(organisation_id: int) -> Response:
    """Say that a written name is the organisation's: what the base holds under it is its own from now on."""
    with sent(LinkForm) as form, writing() as unit:
        link_name(unit, organisation_id, form.name.data, form.note.data)
    flash_notice("notice_name_linked", name=form.name.data)
    return redirect(url_for("account.organisation", organisation_id=organisation_id))


@blueprint.post("/organisations/<int:organisation_id>/names/<int:link_id>/unlink")
@act("organisation.link_name")
@shown_again(lambda refused, organisation_id, link_id: page_of(refused, organisation_id))
def unlink(organisation_id: int, link_id: int) -> Response:
    """Take a name back from the organisation."""
    with sent(UnlinkForm, link_id) as form, writing() as unit:
        names.unlink_name(unit, organisation_id, link_id, form.reason.data)
    flash_notice("notice_name_unlinked", "info")
    return redirect(url_for("account.organisation", organisation_id=organisation_id))


@blueprint.post("/organisations/<int:organisation_id>/accounts/<int:account_id>/chief")
@act("account.help_any")
@shown_again(lambda refused, organisation_id, account_id: page_of(refused, organisation_id))
def appoint(organisation_id: int, account_id: int) -> Response:
    """Name another chief account where the chief left or cannot be reached."""
    with sent(ChiefForm, account_id) as form, writing() as unit:
        login = appoint_chief(unit, organisation_id, account_id, form.reason.data)
    flash_notice("notice_chief_appointed", login=login)
    return redirect(url_for("account.organisation", organisation_id=organisation_id))
