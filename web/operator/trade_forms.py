"""Recording a deal, an open-licence offer or a licence by form: the same record that a file would give."""

from __future__ import annotations

from typing import get_args

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import StopValidation

from matchhub.domain.records import DealRecord, DealType, LicenceRecord, OfferRecord, Regime
from matchhub.services.deals.recording import record_deal
from matchhub.services.kernel.typed_records import FORM
from matchhub.services.licensing.declaring import FEE_METHODS
from matchhub.services.licensing.recording import record_licence, record_offer
from web.fields import PercentField
from web.forms import AmountField, ChoiceField, DayField, LabelledField, Length, NoteField, Required, TextField
from web.gate import act
from web.identifiers import credit_code, patent_numbers, valid_numbers, valid_uscc
from web.language import flash_notice, say, t, word
from web.operator import blueprint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import writing


def _or_none(group: str, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", t("未注明", "not stated")), *((key, word(group, key)) for key in keys)]


class DealForm(SmallForm):
    """One signed contract over one or more patents, and how far it has come since."""

    blamed = {
        "patent_unknown": "application_numbers",
        "deal_number_in_use": "contract_number",
        "contract_number_of_others": "contract_number",
        "deal_known_otherwise": "contract_number",
        "recorded_already": "contract_number",
        "register_number": "register_number",
        "deal_registered": "registered_on",
        "day_to_come": "registered_on",
        "payment_unproven": "payment_proof",
        "amount": "paid_yuan",
        "parties": "buyer_name",
        "deal_seller": "seller_name",
        "deal_patent": "application_numbers",
        "deal_licence": "deal_type",
        "deal_open_licence": "deal_type",
        "deal_": "signed_on",
    }
    contract_number = TextField(validators=[Length(1, 120)])
    another_contract = BooleanField()
    deal_type = LabelledField("deal_type", get_args(DealType))
    application_numbers = NoteField(validators=[Required(), Length(5, 2000), valid_numbers])
    seller_name = TextField(validators=[Required(), Length(2, 120)])
    seller_uscc = TextField(validators=[Length(1, 40), valid_uscc])
    buyer_name = TextField(validators=[Required(), Length(2, 120)])
    buyer_uscc = TextField(validators=[Length(1, 40), valid_uscc])
    signed_on = DayField(validators=[Required()])
    amount_yuan = AmountField()
    contract_register_number = TextField(validators=[Length(1, 60)])
    registered_on = DayField()
    register_number = TextField(validators=[Length(1, 120)])
    paid_on = DayField()
    paid_yuan = AmountField()
    payment_proof = TextField(validators=[Length(1, 200)])

    def validate_paid_on(self, field: DayField) -> None:
        """A payment has its day and its amount."""
        if self.paid_yuan.data is not None and field.data is None:
            raise StopValidation(say("day_missing"))

    def validate_paid_yuan(self, field: AmountField) -> None:
        """A payment has its day and its amount."""
        if self.paid_on.data is not None and field.data is None:
            raise StopValidation(say("amount_missing"))

    def validate_registered_on(self, field: DayField) -> None:
        """A number of the register has its day."""
        if self.register_number.data and field.data is None:
            raise StopValidation(say("day_missing"))


class OfferForm(SmallForm):
    """One open-licence declaration."""

    blamed = {"patent": "application_number"}
    application_number = TextField(validators=[Required(), Length(5, 40), valid_numbers])
    holder_name = TextField(validators=[Required(), Length(2, 120)])
    regime = LabelledField("regime", get_args(Regime))
    platform = TextField(validators=[Length(1, 120)])
    announcement_number = TextField(validators=[Length(1, 120)])
    declared_on = DayField(validators=[Required()])
    fee_method = ChoiceField(default="", choices=lambda: _or_none("fee_method", FEE_METHODS))
    fee_yuan = AmountField()
    royalty_percent = PercentField()
    fee_text = TextField(validators=[Length(1, 300)])
    valid_from_on = DayField()
    valid_to_on = DayField()
    industry = TextField(validators=[Length(1, 120)])
    industry_reason = TextField(validators=[Length(1, 500)])


class LicenceForm(SmallForm):
    """One licence reached: one patent, one licensee."""

    blamed = {"patent": "application_number"}
    application_number = TextField(validators=[Required(), Length(5, 40), valid_numbers])
    licensee_name = TextField(validators=[Required(), Length(2, 120)])
    licensee_uscc = TextField(validators=[Length(1, 40), valid_uscc])
    licensor_name = TextField(validators=[Length(2, 120)])
    regime = ChoiceField(default="", choices=lambda: _or_none("regime", get_args(Regime)))
    notified_on = DayField()
    reached_on = DayField()
    paid_on = DayField()
    paid_yuan = AmountField()
    payment_proof = TextField(validators=[Length(1, 200)])
    filing_number = TextField(validators=[Length(1, 120)])
    filed_on = DayField()


def _deal(form: DealForm) -> DealRecord:
    return DealRecord(
        source=FORM,
        contract_number=form.contract_number.data or None,
        deal_type=form.deal_type.data,
        application_numbers=patent_numbers(form.application_numbers.data),
        seller_name=form.seller_name.data,
        seller_uscc=credit_code(form.seller_uscc.data),
        buyer_name=form.buyer_name.data,
        buyer_uscc=credit_code(form.buyer_uscc.data),
        signed_on=form.signed_on.data,
        amount_yuan=form.amount_yuan.data,
        contract_register_number=form.contract_register_number.data or None,
        registered_on=form.registered_on.data,
        register_number=form.register_number.data or None,
        paid_on=form.paid_on.data,
        paid_yuan=form.paid_yuan.data,
        payment_proof=form.payment_proof.data or None,
    )


def _offer(form: OfferForm) -> OfferRecord:
    return OfferRecord(
        source=FORM,
        application_number=patent_numbers(form.application_number.data)[0],
        holder_name=form.holder_name.data,
        regime=form.regime.data,
        platform=form.platform.data or None,
        announcement_number=form.announcement_number.data or None,
        declared_on=form.declared_on.data,
        fee_method=form.fee_method.data or None,
        fee_yuan=form.fee_yuan.data,
        royalty_percent=form.royalty_percent.data,
        fee_text=form.fee_text.data or None,
        valid_from_on=form.valid_from_on.data,
        valid_to_on=form.valid_to_on.data,
        industry=form.industry.data or None,
        industry_reason=form.industry_reason.data or None,
    )


def _licence(form: LicenceForm) -> LicenceRecord:
    return LicenceRecord(
        source=FORM,
        application_number=patent_numbers(form.application_number.data)[0],
        licensee_name=form.licensee_name.data,
        licensee_uscc=credit_code(form.licensee_uscc.data),
        licensor_name=form.licensor_name.data or None,
        regime=form.regime.data or None,
        notified_on=form.notified_on.data,
        reached_on=form.reached_on.data,
        paid_on=form.paid_on.data,
        paid_yuan=form.paid_yuan.data,
        payment_proof=form.payment_proof.data or None,
        filing_number=form.filing_number.data or None,
        filed_on=form.filed_on.data,
    )


_KINDS: dict[str, type[SmallForm]] = {"deals": DealForm, "offers": OfferForm, "licences": LicenceForm}


def _page(kind: str, refused: SmallForm | None) -> str:
    return render_template(f"operator/{kind}_new.html", forms=PageForms({kind: _KINDS[kind]}, refused))


@blueprint.route("/deals/new", methods=["GET", "POST"])
@act("trade.record")
@shown_again(lambda refused: _page("deals", refused))
def new_deal() -> Response | str:
    """Record a deal by form."""
    if request.method == "GET":
        return _page("deals", None)
    with sent(DealForm) as form, writing() as unit:
        record_id = record_deal(unit, _deal(form), form.another_contract.data)
    return _recorded("deals", record_id)


@blueprint.route("/offers/new", methods=["GET", "POST"])
@act("trade.record")
@shown_again(lambda refused: _page("offers", refused))
def new_offer() -> Response | str:
    """Record an open-licence offer by form."""
    if request.method == "GET":
        return _page("offers", None)
    with sent(OfferForm) as form, writing() as unit:
        record_id = record_offer(unit, _offer(form))
    return _recorded("offers", record_id)


@blueprint.route("/licences/new", methods=["GET", "POST"])
@act("trade.record")
@shown_again(lambda refused: _page("licences", refused))
def new_licence() -> Response | str:
    """Record an open licence by form."""
    if request.method == "GET":
        return _page("licences", None)
    with sent(LicenceForm) as form, writing() as unit:
        record_id = record_licence(unit, _licence(form))
    return _recorded("licences", record_id)


def _recorded(kind: str, record_id: int) -> Response:
    flash_notice("notice_recorded")
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id))
