"""Programs of an organisation: keys by which they call the API, and webhooks by which they are told of events."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.operation.webhooks import checked_address
from matchhub.services.accounts import api_keys as services
from matchhub.services.recipients import webhooks
from web.account import blueprint
from web.fields import SeveralField
from web.forms import LabelledField, Length, Required, TextField
from web.gate import act
from web.language import flash_notice, t, word
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.rooms import ROOMS, SCOPES
from web.units import reading, runtime, writing


class KeyForm(SmallForm):
    """A new key: what it is for, what it may do, how long."""

    blamed = {"api_key_scopes": "scopes", "api_key_days": "days", "api_keys_many": "name"}
    name = TextField(validators=[Required(), Length(1, 60)])
    scopes = SeveralField("api_room", SCOPES)
    days = LabelledField("api_key_days", [str(days) for days in services.DAYS], default="90")


class WithdrawKeyForm(SmallForm):
    """A button: the key opens nothing any more."""


class WebhookForm(SmallForm):
    """A new address for events."""

    blamed = {"channel_address": "to", "webhook": "to"}
    to = TextField(validators=[Required(), Length(1, 2000)])


class WebhookActForm(SmallForm):
    """A button of one webhook: it is withdrawn, or goes on."""


_FORMS: dict[str, type[SmallForm]] = {
    "make": KeyForm, "withdraw": WithdrawKeyForm, "webhook": WebhookForm, "webhook_act": WebhookActForm,
}  # fmt: skip


def _page(
    refused: SmallForm | None = None, key_id: int | None = None, webhook_id: int | None = None, key: str = "",
    secret: str = "",
) -> str:  # fmt: skip
    with reading() as unit:
        rows = services.list_keys(unit)
        hooks, posts = webhooks.own_webhooks(unit), webhooks.own_posts(unit)
    rooms = [(room, word("api_room", room)) for room in ROOMS]
    ways = (("read", t("读取", "read")), ("write", t("读写", "read and write")))
    return render_template(
        "account/api_keys.html", rows=rows, forms=PageForms(_FORMS, refused), key=key, rooms=rooms, ways=ways,
        secret=secret, hooks=hooks, posts=posts,
    )  # fmt: skip


@blueprint.get("/api-keys")
@act("api_key.keep_own")
def api_keys() -> str:
    """The organisation's keys for the API, its webhooks and what was posted to them."""
    return _page()


@blueprint.post("/api-keys")
@act("api_key.keep_own")
@shown_again(_page)
def make_api_key() -> str:
    """Make a key; the answer shows it once."""
    with sent(KeyForm) as form, writing() as unit:
        key = services.make_key(unit, form.name.data, form.scopes.chosen, int(form.days.data))
    return _page(key=key)


@blueprint.post("/api-keys/<int:key_id>/withdraw")
@act("api_key.keep_own")
@shown_again(_page)
def withdraw_api_key(key_id: int) -> Response:
    """Withdraw a key."""
    with sent(WithdrawKeyForm, key_id), writing() as unit:
        name = services.withdraw_key(unit, key_id)
    flash_notice("notice_api_key_withdrawn", name=name)
    return redirect(url_for("account.api_keys"))


@blueprint.post("/webhooks")
@act("api_key.keep_own")
@shown_again(_page)
def make_webhook() -> str:
    """Enter an address for events; the answer shows once the secret that signs them."""
    with sent(WebhookForm) as form:
        to, shown = checked_address(runtime(), form.to.data)
        with writing() as unit:
            secret = webhooks.make_webhook(unit, to, shown)
    return _page(secret=secret)


@blueprint.post("/webhooks/<int:webhook_id>/withdraw")
@act("api_key.keep_own")
@shown_again(_page)
def withdraw_webhook(webhook_id: int) -> Response:
    """Withdraw a webhook."""
    with sent(WebhookActForm, webhook_id), writing() as unit:
        shown = webhooks.withdraw_webhook(unit, webhook_id)
    flash_notice("notice_webhook_withdrawn", address=shown)
    return redirect(url_for("account.api_keys") + "#webhooks")


@blueprint.post("/webhooks/<int:webhook_id>/resume")
@act("api_key.keep_own")
@shown_again(_page)
def resume_webhook(webhook_id: int) -> Response:
    """Post to a webhook again that was switched off."""
    with sent(WebhookActForm, webhook_id), writing() as unit:
        shown = webhooks.resume_webhook(unit, webhook_id)
    flash_notice("notice_webhook_resumed", address=shown)
    return redirect(url_for("account.api_keys") + "#webhooks")
