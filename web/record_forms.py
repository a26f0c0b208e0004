"""The forms by which the operator enters what happened to one record: on the record's page, sent to ``/operator``."""

from __future__ import annotations

from typing import get_args

from wtforms import BooleanField, HiddenField

from matchhub.domain.records import DealType
from matchhub.services.deals.steps import STEPS
from matchhub.services.evidence.files import PURPOSES
from web.fields import NeededAmountField, NeededDayField, UploadField
from web.forms import AmountField, ButtonField, DayField, LabelledField, Length, NoteField, Required, TextField
from web.page_forms import SmallForm
from web.paper_forms import PAPER_FAULTS, BankPaperForm, PaperForm

STEP_FAULTS = {
    "deal_step_not_allowed": "to",
    "deal_event_unknown": "to",
    "register_number_missing": "number",
    "deal_number_in_use": "number",
    "note_missing": "number",
    "deal_": "on",
    "day_to_come": "on",
    **PAPER_FAULTS,
}


class DealStepForm(PaperForm):
    """A stage after signing, with its day, its number and the file that proves it."""

    blamed = STEP_FAULTS
    to = LabelledField("stage", STEPS)
    on = NeededDayField()
    number = TextField(validators=[Length(1, 255)])
    file = UploadField()
    seen = HiddenField()


class DealPaymentForm(BankPaperForm):
    """A payment under a deal, with the voucher or the file that proves it."""

    blamed = {
        "payment_unproven": "voucher",
        "voucher": "voucher",
        "payment_exceeds": "amount_yuan",
        "payment_repeated": "file",
        "amount": "amount_yuan",
        "day_to_come": "paid_on",
        **PAPER_FAULTS,
    }
    paid_on = NeededDayField()
    amount_yuan = NeededAmountField()
    voucher = TextField(validators=[Length(1, 255)])
    file = UploadField()
    seen = HiddenField()


class DealRefundForm(BankPaperForm):
    """Money that went back to the buyer, with the voucher or the file that shows it where there is one."""

    blamed = {
        "voucher": "voucher",
        "refund_exceeds": "amount_yuan",
        "amount": "amount_yuan",
        "day_to_come": "refunded_on",
        **PAPER_FAULTS,
    }
    refunded_on = NeededDayField()
    amount_yuan = NeededAmountField()
    voucher = TextField(validators=[Length(1, 255)])
    file = UploadField()
    seen = HiddenField()


class PartyWordForm(SmallForm):
    """A party's own yes or no to what was done to its deal or licence; a no says why."""

    blamed = {"note_missing": "note", "decision": "note"}
    answer = ButtonField()
    note = NoteField(validators=[Length(1, 1000)])


class StoryForm(SmallForm):
    """A party's word on telling its deal or licence in public."""

    consent = ButtonField()
    figures = BooleanField()


class SettlingForm(SmallForm):
    """How a party's objection was settled; the page has one form for each."""

    blamed = {"note_missing": "note"}
    note = TextField(validators=[Required("note_missing"), Length(1, 1000)])


class CancellationForm(SmallForm):
    """When a contract was cancelled, and why."""

    blamed = {"note_missing": "reason", "day_to_come": "on", "deal_": "on"}
    on = NeededDayField()
    reason = TextField(validators=[Required("note_missing"), Length(1, 255)])
    seen = HiddenField()


class CorrectionForm(SmallForm):
    """The contract as it should read, and why it is corrected; what is left as it stands changes nothing."""

    blamed = {
        "note_missing": "reason",
        "amount": "amount_yuan",
        "deal_number_in_use": "contract_number",
        "contract_number_of_others": "contract_number",
        "deal_open_licence": "deal_type",
        "deal_licence": "deal_type",
        "deal_correction": "reason",
        "deal_": "signed_on",
    }
    contract_number = TextField(validators=[Length(1, 120)])
    another_contract = BooleanField()
    deal_type = LabelledField("deal_type", get_args(DealType))
    signed_on = DayField()
    amount_yuan = AmountField()
    reason = TextField(validators=[Required("note_missing"), Length(1, 500)])
    seen = HiddenField()


class WithdrawalForm(SmallForm):
    """Why a record or a file of evidence is taken back; a page has one form for each."""

    blamed = {"note_missing": "reason"}
    reason = TextField(validators=[Required("note_missing"), Length(1, 500)])


class DealWithdrawalForm(WithdrawalForm):
    """Why a deal that was recorded by mistake is taken back."""


class EvidenceForm(PaperForm):
    """A file that proves something of the record."""

    blamed = PAPER_FAULTS
    purpose = LabelledField("evidence_purpose", PURPOSES)
    file = UploadField(validators=[Required("evidence_file_missing")])


class LocalityForm(SmallForm):
    """Whether a firm is local, decided by hand."""

    blamed = {"note_missing": "reason", "decision": "reason"}
    reason = TextField(validators=[Required("note_missing"), Length(1, 500)])
    local = ButtonField()


class DiscardForm(SmallForm):
    """A button: put a draft aside; the page has one for each."""


ACTS: dict[str, type[SmallForm]] = {
    "deal_step": DealStepForm,
    "deal_payment": DealPaymentForm,
    "deal_refund": DealRefundForm,
    "deal_cancellation": CancellationForm,
    "deal_correction": CorrectionForm,
    "deal_withdrawal": DealWithdrawalForm,
    "evidence": EvidenceForm,
    "evidence_withdrawal": WithdrawalForm,
    "locality": LocalityForm,
}
