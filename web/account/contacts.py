"""Contact data of one's own organisation."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.organisations import contacts as services
from web.account import blueprint
from web.errors import status_of
from web.forms import Email, Form, Length, Required, TextField, blame
from web.gate import act
from web.language import flash_notice
from web.units import reading, writing

_BLAMED = {
    "contact_name": "contact_name",
    "contact_unreachable": "contact_phone",
    "contact_email": "contact_email",
}


class ContactsForm(Form):
    """Whom to talk to, and how."""

    contact_name = TextField(validators=[Required(), Length(1, services.MOST_NAME)])
    contact_phone = TextField(validators=[Length(5, services.MOST_PHONE)])
    contact_email = TextField(validators=[Length(3, services.MOST_EMAIL), Email()])
    contact_address = TextField(validators=[Length(2, services.MOST_ADDRESS)])


@blueprint.route("/contacts", methods=["GET", "POST"])
@act("contact.keep_own")
def contacts() -> Response | str | tuple[str, int]:
    """Contact data in force, who sees what, and a form to replace them."""
    with reading() as unit:
        view = services.own_contacts(unit)
    form = ContactsForm(obj=view.now)
    if request.method == "GET":
        return render_template("account/contacts.html", form=form, view=view)
    if not form.validate():
        return render_template("account/contacts.html", form=form, view=view), 422
    said = services.Contacts(
        form.contact_name.data or "",
        form.contact_phone.data or "",
        form.contact_email.data or "",
        form.contact_address.data or "",
    )
    try:
        with writing() as unit:
            changed = services.change_contacts(unit, said)
    except Refusal as refusal:
        blame(form, refusal, _BLAMED)
        return render_template("account/contacts.html", form=form, view=view), status_of(refusal)
    flash_notice("notice_contacts_changed" if changed else "notice_contacts_unchanged")
    return redirect(url_for("account.contacts"))
