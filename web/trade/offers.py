"""Open-licence offers: the declaration with its checklist, the public page with the fee calculator, acceptance."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from matchhub.domain.licensing import Check, may_publish
from matchhub.domain.records import Regime
from matchhub.errors import Refusal
from matchhub.services.licensing import accepting, declaring, pages
from matchhub.services.licensing.declaring import FEE_METHODS, NewOffer
from web.fields import NeededDayField, PercentField
from web.forms import (
    AmountField,
    ButtonField,
    ChoiceField,
    DayField,
    LabelledField,
    Length,
    NoteField,
    Required,
    TextField,
)
from web.gate import act
from web.language import flash_notice, t, word
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.trade import blueprint
from web.units import reading, writing

REGIMES: tuple[Regime, ...] = get_args(Regime)
_ANNUITY = {"yes": True, "no": False}


class DeclarationTermsForm(SmallForm):
    """The terms of an open-licence declaration; what blocks is told at the field it is about."""

    blamed = {
        "declaration_fee": "fee_yuan",
        "declaration_period": "valid_to_on",
        "offer_industry_missing": "industry",
        "offer_industry_unexplained": "industry_reason",
        "offer_regime": "regime",
        "offer_platform": "platform",
        "day_to_come": "declared_on",
    }
    regime = LabelledField("regime", REGIMES)
    platform = TextField(validators=[Length(1, 255)])
    announcement_number = TextField(validators=[Length(1, 255)])
    declared_on = DayField()
    fee_method = LabelledField("fee_method", FEE_METHODS)
    fee_yuan = AmountField()
    royalty_percent = PercentField()
    fee_text = TextField(validators=[Length(1, 300)])
    valid_from_on = DayField()
    valid_to_on = DayField()
    industry = TextField(validators=[Length(1, 120)])
    industry_reason = NoteField(validators=[Length(1, 500)])
    annuity = ChoiceField(
        default="", choices=lambda: [("", t("不清楚", "not known")), *((key, word("annuity", key)) for key in _ANNUITY)]
    )
    suspended = BooleanField()
    act = ButtonField()

    def terms(self) -> NewOffer:
        """The terms as the service takes them; the patent is still to be named."""
        return NewOffer(
            number="",
            regime=self.regime.data,
            platform=self.platform.data,
            announcement_number=self.announcement_number.data,
            declared_on=self.declared_on.data,
            fee_method=self.fee_method.data,
            fee_yuan=self.fee_yuan.data,
            royalty_percent=self.royalty_percent.data,
            fee_text=self.fee_text.data,
            valid_from_on=self.valid_from_on.data,
            valid_to_on=self.valid_to_on.data,
            industry=self.industry.data,
            industry_reason=self.industry_reason.data,
            annuity_paid=_ANNUITY.get(self.annuity.data),
            suspended=self.suspended.data,
        )


class DeclarationForm(DeclarationTermsForm):
    """An open-licence declaration of one patent; each line of its checklist that blocks is told at its field."""

    blamed = {
        **DeclarationTermsForm.blamed,
        "declaration_report": "evaluation_report",
        "declaration_owners": "all_owners",
        "declaration_annuity": "annuity",
        "declaration_pledge": "pledgee_consented",
        "declaration_suspended": "suspended",
        "declaration_": "number",
        "application_number": "number",
        "patent": "number",
        "offer_running": "number",
        "offer_not_holder": "number",
    }
    number = TextField(validators=[Required(), Length(1, 40)])
    evaluation_report = BooleanField()
    all_owners = BooleanField()
    pledgee_consented = BooleanField()

    def offer(self) -> NewOffer:
        """The declaration as the service takes it."""
        return replace(
            self.terms(),
            number=self.number.data,
            evaluation_report=self.evaluation_report.data,
            all_owners=self.all_owners.data,
            pledgee_consented=self.pledgee_consented.data,
        )


class AcceptanceForm(SmallForm):
    """A button: the own enterprise accepts."""


class AcceptanceForFirmForm(SmallForm):
    """The firm whose notice on paper the operator enters, in full or by its code."""

    blamed = {"licensee": "firm", "licence_repeated": "firm", "parties": "firm", "offer_": "firm"}
    firm = TextField(validators=[Required("licensee_unknown"), Length(1, 120)])


class AnnouncementForm(SmallForm):
    """Number and day of the national office's announcement."""

    blamed = {"offer_announcement": "number", "day_to_come": "on"}
    number = TextField(validators=[Required("offer_announcement_missing"), Length(1, 255)])
    on = NeededDayField()


class EndForm(SmallForm):
    """The day from which a declaration is withdrawn."""

    blamed = {"offer_end": "on"}
    on = NeededDayField()


class FeeForm(SmallForm):
    """What a royalty is computed on; asked by the address, so it carries no form token."""

    base = AmountField()


_FORMS: dict[str, type[SmallForm]] = {
    "accept": AcceptanceForm,
    "accept_for": AcceptanceForFirmForm,
    "announce": AnnouncementForm,
    "end": EndForm,
    "fee": FeeForm,
}


@blueprint.route("/offers/new", methods=["GET", "POST"])
@act("offer.declare")
@shown_again(lambda refused: _declaration_page(refused))
def new_offer() -> Response | str:
    """Declare an open licence: the checklist first, with the article of each line; published when nothing blocks."""
    if request.method == "GET":
        return _declaration_page(None)
    with sent(DeclarationForm) as form:
        if form.act.data != "publish":
            with reading() as unit:
                declaring.check_offer(unit, form.offer())
            return _declaration_page(form)
        with writing() as unit:
            offer_id = declaring.declare_offer(unit, form.offer())
    flash_notice("notice_offer_declared")
    return redirect(url_for("trade.offer", offer_id=offer_id))


def _declaration_page(form: SmallForm | None) -> str:
    checks = _checks(form) if isinstance(form, DeclarationForm) else ()
    return render_template(
        "trade/offer_new.html",
        forms=PageForms({"declaration": DeclarationForm}, form),
        values={"number": request.args.get("number", "")[:40], "regime": "cnipa", "fee_method": "fixed"},
        checks=checks,
        ready=bool(checks) and may_publish(checks),
    )


def _checks(form: DeclarationForm) -> tuple[Check, ...]:
    """The checklist of what was typed; empty while it cannot be read, or names no patent of the base."""
    if any(field.process_errors for field in form) or not form.regime.data:
        return ()
    try:
        with reading() as unit:
            return declaring.check_offer(unit, form.offer())
    except Refusal:
        return ()  # told at its field already


@blueprint.get("/offers/<int:offer_id>")
@act("offer.browse")
def offer(offer_id: int) -> str | tuple[str, int]:
    """One open-licence offer for everybody, with its terms and the fee calculator."""
    asked = FeeForm(request.args, meta={"csrf": False})
    return _page(asked, offer_id), 200 if asked.validate() else 422


def _page(form: SmallForm | None, offer_id: int) -> str:
    base = form.base.data if isinstance(form, FeeForm) and form.validate() else None
    with reading() as unit:
        view = pages.offer_view(unit, offer_id)
        fee = pages.fee_for(unit, offer_id, base)
        today = unit.today
    return render_template("trade/offer.html", offer=view, fee=fee, today=today, forms=PageForms(_FORMS, form))


@blueprint.post("/offers/<int:offer_id>/accept")
@act("offer.accept")
@shown_again(_page)
def accept(offer_id: int) -> Response:
    """Accept an offer by written notice (书面通知), today; the notice can be printed and signed."""
    with sent(AcceptanceForm), writing() as unit:
        licence_id = accepting.accept_offer(unit, offer_id)
    flash_notice("notice_offer_accepted")
    return redirect(url_for("trade.licence", licence_id=licence_id))


@blueprint.post("/offers/<int:offer_id>/accept-for")
@act("offer.accept_any")
@shown_again(_page)
def accept_for(offer_id: int) -> Response:
    """Enter the written notice (书面通知) that a firm gave on paper; the firm is named in full or by its code."""
    with sent(AcceptanceForFirmForm) as form, writing() as unit:
        licence_id = accepting.accept_offer(unit, offer_id, accepting.firm_named(unit, form.firm.data))
    flash_notice("notice_offer_accepted")
    return redirect(url_for("trade.licence", licence_id=licence_id))


@blueprint.post("/offers/<int:offer_id>/announce")
@act("offer.change")
@shown_again(_page)
def announce(offer_id: int) -> Response:
    """Record number and day of the national office's announcement."""
    with sent(AnnouncementForm) as form, writing() as unit:
        declaring.announce_offer(unit, offer_id, form.number.data, form.on.day)
    flash_notice("notice_offer_announced")
    return redirect(url_for("trade.offer", offer_id=offer_id))


@blueprint.post("/offers/<int:offer_id>/end")
@act("offer.change")
@shown_again(_page)
def end(offer_id: int) -> Response:
    """Withdraw a declaration as of a day; licences reached before stay."""
    with sent(EndForm) as form, writing() as unit:
        declaring.end_offer(unit, offer_id, form.on.day)
    flash_notice("notice_offer_ended", "info")
    return redirect(url_for("trade.offer", offer_id=offer_id))
