"""The recipient's own page: channels by kind, times, addresses with a test, what is kept and where it came from."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field, TimeField

from matchhub.domain.messages import EMAIL, FAVOURITES, FREQUENCIES, KINDS, PUSHES, QuietTimes
from matchhub.errors import Refusal
from matchhub.operation.channels import channels_here, enter_address, try_address
from matchhub.services.pushes.inbox import is_off
from matchhub.services.recipients.addresses import AddressView, confirm_address, count_guess, own_addresses
from matchhub.services.recipients.addresses import remove_address as remove
from matchhub.services.recipients.choices import choose, own_choices, own_organisation
from matchhub.services.recipients.held import held_addresses
from web.forms import ChoiceField, LabelledField, Length, Required, TextField
from web.gate import act, may
from web.language import flash_notice, say, word
from web.messages import blueprint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, runtime, take_key, writing


class ClockField(TimeField):
    """A time of day, 20:00; empty is ``None``."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time that was sent."""
        self.data: time | None = None
        if any(value.strip() for value in valuelist):
            try:
                super().process_formdata([value.strip() for value in valuelist])
            except ValueError as fault:
                raise ValueError(say("field_choice")) from fault


class TicksField(Field):
    """Which kind goes by which channel, ``kind:channel`` for each tick; the page draws them as a table."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the ticks by kind."""
        self.data: dict[str, list[str]] = {}
        for each in valuelist:
            kind, _, channel = each.partition(":")
            self.data.setdefault(kind, []).append(channel)


class ChoicesForm(SmallForm):
    """Channels by kind, times and use of the profile."""

    go = TicksField()
    frequency = LabelledField("frequency", FREQUENCIES)
    quiet_from = ClockField()
    quiet_to = ClockField()
    working_days_only = BooleanField()
    uses_profile = BooleanField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Quiet hours need both ends."""
        fine = bool(super().validate(extra_validators))
        if fine and (self.quiet_from.data is None) != (self.quiet_to.data is None):
            self.quiet_from.errors = [say("quiet_hours_half")]
            return False
        return fine

    @property
    def quiet(self) -> QuietTimes:
        """The quiet times as typed."""
        return QuietTimes(self.quiet_from.data, self.quiet_to.data, bool(self.working_days_only.data))


class AddressForm(SmallForm):
    """An address to be added."""

    blamed = {
        "channel_secret": "secret", "channel_unknown": "channel", "channel_": "to", "address": "to",
        "field_email": "to", "limit_": "to",
    }  # fmt: skip
    channel = ChoiceField(choices=lambda: [(name, word("channel", name)) for name in channels_here(runtime())])
    to = TextField(validators=[Required(), Length(1, 2000)])
    secret = TextField(validators=[Length(1, 200)])


class CodeForm(SmallForm):
    """The code that came to an address; the page has one form for each."""

    blamed = {"address_code": "code", "limit_": "code"}
    code = TextField(validators=[Required(), Length(4, 10)])


class TestForm(SmallForm):
    """The button that sends a test; the page has one for each address."""

    __test__ = False


def _page(refused: SmallForm | None, **_: object) -> str:
    with reading() as unit:
        organisation = own_organisation(unit)
        choices, addresses, held = own_choices(unit), own_addresses(unit), held_addresses(unit)
        firm = organisation.enterprise_id
        off = firm is not None and is_off(unit, firm)
    kinds = [kind for kind in KINDS if _concerns(kind, firm is not None)]
    columns = _columns(addresses)
    kept = {kind: [name for name in columns if choices.wants(kind, name)] for kind in kinds}
    wanted = refused.go.data or {} if isinstance(refused, ChoicesForm) else kept
    forms = PageForms({"choices": ChoicesForm, "address": AddressForm, "code": CodeForm, "test": TestForm}, refused)
    return render_template(
        "messages/settings.html",
        kinds=kinds,
        columns=columns,
        usable={each.channel for each in addresses if each.usable},
        wanted=wanted,
        choices=choices,
        addresses=addresses,
        channels=channels_here(runtime()),
        held=held,
        off=off,
        is_firm=firm is not None,
        forms=forms,
    )


def _concerns(kind: str, is_firm: bool) -> bool:
    """Whether messages of a kind ever come: pushes and favourites to firms, registrations to whoever decides them."""
    if kind in (PUSHES, FAVOURITES):
        return is_firm
    return kind != "registrations" or may("registration.decide")


def _columns(addresses: tuple[AddressView, ...]) -> list[str]:
    """E-mail, and the channels for which there is an address."""
    known = {each.channel for each in addresses}
    return [name for name in channels_here(runtime()) if name == EMAIL or name in known]


@blueprint.get("/messages")
@act("message.read_own")
def settings() -> str:
    """Own channels, times and addresses, and where each address came from."""
    return _page(None)


@blueprint.post("/messages/choices")
@act("message.choose")
@shown_again(_page)
def save_choices() -> Response:
    """Keep the own choices; queued letters follow them too."""
    offered = set(channels_here(runtime()))
    with sent(ChoicesForm) as form, writing() as unit:
        wanted = {kind: frozenset(names) & offered for kind, names in (form.go.data or {}).items()}
        choose(unit, wanted, form.frequency.data, form.quiet, bool(form.uses_profile.data))
    flash_notice("notice_choices_saved")
    return redirect(url_for("messages.settings"))


@blueprint.post("/messages/addresses")
@act("message.choose")
@shown_again(_page)
def add() -> Response:
    """Add an own address; one that needs it is sent a code."""
    with sent(AddressForm) as form:
        outcome = enter_address(runtime(), g.actor, form.channel.data, form.to.data, form.secret.data)
        take_key()
    if outcome == "":
        flash_notice("notice_address_added")
    elif outcome in ("delivered", "written"):
        flash_notice("notice_code_sent")
    else:
        flash_notice(f"notice_test_{outcome}", "warning", reply="")
    return redirect(url_for("messages.settings") + "#addresses")


@blueprint.post("/messages/addresses/<int:address_id>/confirm")
@act("message.choose")
@shown_again(_page)
def confirm(address_id: int) -> Response:
    """Type the code that came to an own address."""
    with sent(CodeForm, address_id) as form:
        with runtime().unit(g.actor) as unit:  # a wrong guess counts, whatever becomes of the rest
            count_guess(unit, address_id)
        with writing() as unit:
            confirm_address(unit, address_id, form.code.data)
    flash_notice("notice_address_confirmed")
    return redirect(url_for("messages.settings") + "#addresses")


@blueprint.post("/messages/addresses/<int:address_id>/test")
@act("message.choose")
@shown_again(_page)
def test(address_id: int) -> Response:
    """Send a test message to an own address, or a new code while it is not confirmed."""
    with sent(TestForm, address_id):
        answer = try_address(runtime(), g.actor, address_id)
        take_key()
    fine = answer.outcome in ("delivered", "written")
    flash_notice(f"notice_test_{answer.outcome}", "success" if fine else "warning", reply=answer.reply)
    return redirect(url_for("messages.settings") + "#addresses")


@blueprint.post("/messages/addresses/<int:address_id>/remove")
@act("message.choose")
def remove_address(address_id: int) -> Response:
    """Remove an own address; nothing more is sent there."""
    try:
        with writing() as unit:
            remove(unit, address_id)
    except Refusal as refusal:
        if refusal.code != "address_not_found":
            raise
        flash_notice(refusal.code, "warning")
        return redirect(url_for("messages.settings"))
    flash_notice("notice_address_removed")
    return redirect(url_for("messages.settings") + "#addresses")
