"""Recording a deal, an open-licence offer or a licence by form: the same record that a file would give."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation

from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number, normalise_uscc
from matchhub.domain.records import DealRecord, DealType, LicenceRecord, OfferRecord, Regime, Source
from matchhub.errors import IdentifierInvalid, Refusal
from matchhub.services.deals.entries import record_one
from web.errors import status_of
from web.forms import AmountField, ChoiceField, DayField, Form, Length, Required, blame
from web.gate import act
from web.language import flash_notice, say_refusal, t, word
from web.operator import blueprint
from web.units import writing

_FORM = Source("form", 1)
_APART = re.compile(r"[\s;;,,、|]+")
_FEE_METHODS = ("fixed", "royalty_sales", "royalty_profit", "free")


def valid_uscc(form: Any, field: Any) -> None:
    """An empty code passes; a wrong one is told at its field."""
    written = (field.data or "").strip()
    try:
        if written:
            normalise_uscc(written)
    except IdentifierInvalid as fault:
        raise StopValidation(say_refusal(fault)) from fault


def valid_numbers(form: Any, field: Any) -> None:
    """Every number must be an application or publication number."""
    try:
        _numbers(field.data)
    except IdentifierInvalid as fault:
        raise StopValidation(say_refusal(fault)) from fault


class DealForm(Form):
    """One contract over one or more patents."""

    contract_number = StringField(validators=[Length(1, 120)])
    deal_type = ChoiceField(validators=[Required()])
    application_numbers = TextAreaField(validators=[Required(), Length(5, 2000), valid_numbers])
    seller_name = StringField(validators=[Required(), Length(2, 120)])
    seller_uscc = StringField(validators=[Length(1, 40), valid_uscc])
    buyer_name = StringField(validators=[Required(), Length(2, 120)])
    buyer_uscc = StringField(validators=[Length(1, 40), valid_uscc])
    signed_on = DayField(validators=[Required()])
    amount_yuan = AmountField()
    contract_register_number = StringField(validators=[Length(1, 60)])


class OfferForm(Form):
    """One open-licence declaration."""

    application_number = StringField(validators=[Required(), Length(5, 40), valid_numbers])
    holder_name = StringField(validators=[Required(), Length(2, 120)])
    regime = ChoiceField(validators=[Required()])
    platform = StringField(validators=[Length(1, 120)])
    announcement_number = StringField(validators=[Length(1, 120)])
    declared_on = DayField(validators=[Required()])
    fee_method = ChoiceField()
    fee_yuan = AmountField()
    royalty_percent = AmountField()
    fee_text = StringField(validators=[Length(1, 300)])
    valid_from_on = DayField()
    valid_to_on = DayField()
    industry = StringField(validators=[Length(1, 120)])
    industry_reason = StringField(validators=[Length(1, 500)])


class LicenceForm(Form):
    """One licence reached: one patent, one licensee."""

    application_number = StringField(validators=[Required(), Length(5, 40), valid_numbers])
    licensee_name = StringField(validators=[Required(), Length(2, 120)])
    licensee_uscc = StringField(validators=[Length(1, 40), valid_uscc])
    licensor_name = StringField(validators=[Length(2, 120)])
    regime = ChoiceField()
    notified_on = DayField()
    reached_on = DayField()
    paid_on = DayField()
    paid_yuan = AmountField()
    payment_proof = StringField(validators=[Length(1, 200)])
    filing_number = StringField(validators=[Length(1, 120)])
    filed_on = DayField()


def _choices(group: str, keys: tuple[str, ...], empty: bool = False) -> list[tuple[str, str]]:
    first = [("", t("未注明", "not stated"))] if empty else []
    return first + [(key, word(group, key)) for key in keys]


def _text(field: Any) -> str | None:
    return (field.data or "").replace("\x00", "").strip() or None


def _number(text: str) -> str:
    """An application number in its canonical form, or a publication number where it is one."""
    try:
        return normalise_application_number(text)
    except IdentifierInvalid as fault:
        try:
            return normalise_publication_number(text)
        except IdentifierInvalid:
            raise fault from None


def _numbers(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_number(each) for each in _APART.split(text or "") if each))


def _uscc(field: Any) -> str | None:
    written = _text(field)
    return normalise_uscc(written) if written else None


def _deal(form: DealForm) -> DealRecord:
    return DealRecord(
        source=_FORM,
        contract_number=_text(form.contract_number),
        deal_type=form.deal_type.data,
        application_numbers=_numbers(form.application_numbers.data),
        seller_name=_text(form.seller_name),
        seller_uscc=_uscc(form.seller_uscc),
        buyer_name=_text(form.buyer_name),
        buyer_uscc=_uscc(form.buyer_uscc),
        signed_on=form.signed_on.data,
        amount_yuan=form.amount_yuan.data,
        contract_register_number=_text(form.contract_register_number),
    )


def _offer(form: OfferForm) -> OfferRecord:
    return OfferRecord(
        source=_FORM,
        application_number=_numbers(form.application_number.data)[0],
        holder_name=_text(form.holder_name),
        regime=form.regime.data,
        platform=_text(form.platform),
        announcement_number=_text(form.announcement_number),
        declared_on=form.declared_on.data,
        fee_method=form.fee_method.data or None,
        fee_yuan=form.fee_yuan.data,
        royalty_percent=form.royalty_percent.data,
        fee_text=_text(form.fee_text),
        valid_from_on=form.valid_from_on.data,
        valid_to_on=form.valid_to_on.data,
        industry=_text(form.industry),
        industry_reason=_text(form.industry_reason),
    )


def _licence(form: LicenceForm) -> LicenceRecord:
    return LicenceRecord(
        source=_FORM,
        application_number=_numbers(form.application_number.data)[0],
        licensee_name=_text(form.licensee_name),
        licensee_uscc=_uscc(form.licensee_uscc),
        licensor_name=_text(form.licensor_name),
        regime=form.regime.data or None,
        notified_on=form.notified_on.data,
        reached_on=form.reached_on.data,
        paid_on=form.paid_on.data,
        paid_yuan=form.paid_yuan.data,
        payment_proof=_text(form.payment_proof),
        filing_number=_text(form.filing_number),
        filed_on=form.filed_on.data,
    )


@blueprint.route("/deals/new", methods=["GET", "POST"])
@act("trade.record")
def new_deal() -> Response | tuple[str, int]:
    """Record a deal by form."""
    form = DealForm()
    form.deal_type.choices = _choices("deal_type", get_args(DealType))
    return _record("deals", form, _deal, {"patent": "application_numbers"})


@blueprint.route("/offers/new", methods=["GET", "POST"])
@act("trade.record")
def new_offer() -> Response | tuple[str, int]:
    """Record an open-licence offer by form."""
    form = OfferForm()
    form.regime.choices = _choices("regime", get_args(Regime))
    form.fee_method.choices = _choices("fee_method", _FEE_METHODS, empty=True)
    return _record("offers", form, _offer, {"patent": "application_number"})


@blueprint.route("/licences/new", methods=["GET", "POST"])
@act("trade.record")
def new_licence() -> Response | tuple[str, int]:
    """Record an open licence by form."""
    form = LicenceForm()
    form.regime.choices = _choices("regime", get_args(Regime), empty=True)
    return _record("licences", form, _licence, {"patent": "application_number"})


def _record(
    kind: str, form: Any, record_of: Callable[[Any], Any], blamed: dict[str, str]
) -> Response | tuple[str, int]:
    """Show the form, or record what it says and open the record's page."""
    template = f"operator/{kind}_new.html"
    if request.method == "GET":
        return render_template(template, form=form), 200
    if not form.validate():
        return render_template(template, form=form), 422
    try:
        record = record_of(form)
        with writing() as unit:
            record_id = record_one(unit, kind, record)
    except Refusal as refusal:
        blame(form, refusal, blamed)
        return render_template(template, form=form), status_of(refusal)
    flash_notice("notice_recorded")
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id))
