"""Deals as their parties and the operator take them through their stages, with findings and the chain."""

from __future__ import annotations

from typing import Any, get_args

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from matchhub.domain.deals import Stage, next_stages
from matchhub.domain.records import DealType
from matchhub.errors import IdentifierInvalid
from matchhub.services.deals import brokers
from matchhub.services.deals.cancelling import cancel_deal
from matchhub.services.deals.opening import NewDeal, Party, open_deal, proposal_of
from matchhub.services.deals.payments import pay as pay_deal
from matchhub.services.deals.payments import refund as refund_deal
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import STEPS as AFTER_SIGNING
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.following import deal_view
from matchhub.services.records.stories import story_word
from web.fields import NeededDayField, UploadField
from web.forms import AmountField, LabelledField, Length, NoteField, RecordField, Required, TextField
from web.gate import act
from web.identifiers import credit_code, parts_of, patent_numbers, valid_numbers
from web.language import flash_notice, say_refusal
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.paper_forms import PAPER_FAULTS, ContractPaperForm, PaperForm
from web.record_forms import STEP_FAULTS, DealPaymentForm, DealRefundForm, PartyWordForm, StoryForm
from web.trade import blueprint
from web.trade.seen import note_seen
from web.units import reading, writing

KINDS: tuple[DealType, ...] = get_args(DealType)
STEPS: tuple[Stage, ...] = (*AFTER_SIGNING, "cancelled")
_PURPOSE = {
    "registered": "register_proof",
    "contract_registered": "register_proof",
    "implemented": "implementation_proof",
}


def valid_parties(form: Any, field: Any) -> None:
    """One party a line; the credit code that a line ends with must be one."""
    try:
        for _, code in parties_in(field.data):
            credit_code(code)
    except IdentifierInvalid as fault:
        raise StopValidation(say_refusal(fault)) from fault


def parties_in(text: str | None) -> tuple[Party, ...]:
    """One party a line: its name, and its credit code if it is known."""
    found: list[Party] = []
    for line in (text or "").splitlines():
        words = parts_of(line)
        code = words[-1] if len(words) > 1 and len(words[-1]) == 18 and words[-1].isascii() else None
        name = " ".join(words[:-1] if code else words)
        found += [(name, code)] if name else []
    return tuple(found)


class OpeningForm(SmallForm):
    """A deal that is being negotiated; several patents and parties."""

    blamed = {
        "deal_without_patent": "application_numbers",
        "patent": "application_numbers",
        "application_number": "application_numbers",
        "parties_missing": "sellers",
        "parties_identical": "buyers",
        "deal_open_licence": "deal_type",
        "deal_licence": "deal_type",
    }
    deal_type = LabelledField("deal_type", KINDS)
    application_numbers = NoteField(validators=[Required("deal_without_patent"), Length(1, 2000), valid_numbers])
    sellers = NoteField(validators=[Required("parties_missing"), Length(1, 4000), valid_parties])
    buyers = NoteField(validators=[Required("parties_missing"), Length(1, 4000), valid_parties])
    thread_id = RecordField()


class SigningForm(ContractPaperForm):
    """The signing of a deal with its contract."""

    blamed = {
        "contract_number": "contract_number",
        "deal_number_in_use": "contract_number",
        "amount": "amount_yuan",
        "day_to_come": "signed_on",
        "deal_day": "signed_on",
        "deal_registered": "signed_on",
        "deal_cancelled": "signed_on",
        **PAPER_FAULTS,
    }
    contract_number = TextField(validators=[Required("contract_number_missing"), Length(1, 120)])
    another_contract = BooleanField()
    signed_on = NeededDayField()
    amount_yuan = AmountField()
    file = UploadField()
    seen = HiddenField()


class StageForm(PaperForm):
    """The next stage of a signed deal, its cancellation included."""

    blamed = STEP_FAULTS
    to = LabelledField("stage", STEPS)
    on = NeededDayField()
    number = TextField(validators=[Length(1, 255)])
    file = UploadField()
    seen = HiddenField()


class AgencyForm(SmallForm):
    """The agency that brought a deal about; the page has one form for each agency found."""

    row_field = "agency_id"
    agency_id = RecordField()


_FORMS: dict[str, type[SmallForm]] = {
    "sign": SigningForm,
    "step": StageForm,
    "pay": DealPaymentForm,
    "refund": DealRefundForm,
    "agency": AgencyForm,
    "party_word": PartyWordForm,
    "story": StoryForm,
}


@blueprint.route("/deals/new", methods=["GET", "POST"])
@act("deal.open")
@shown_again(lambda refused: _new_page(refused))
def new_deal() -> Response | str:
    """Open a deal, alone or out of a thread; several patents and parties."""
    if request.method == "GET":
        return _new_page(None)
    with sent(OpeningForm) as form, writing() as unit:
        new = NewDeal(
            deal_type=form.deal_type.data,
            application_numbers=patent_numbers(form.application_numbers.data),
            sellers=parties_in(form.sellers.data),
            buyers=parties_in(form.buyers.data),
            thread_id=form.thread_id.data,
        )
        deal_id = open_deal(unit, new)
    flash_notice("notice_deal_opened")
    return redirect(url_for("trade.deal", deal_id=deal_id))


def _new_page(refused: SmallForm | None) -> str:
    forms = PageForms({"opening": OpeningForm}, refused)
    return render_template("trade/deal_new.html", forms=forms, values={} if refused else _proposal())


def _proposal() -> dict[str, Any]:
    """What the form begins with when it comes out of a thread."""
    asked = request.args.get("thread", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return {}
    with reading() as unit:
        proposal = proposal_of(unit, int(asked))
    return {
        "deal_type": proposal.deal_type,
        "application_numbers": "\n".join(proposal.application_numbers),
        "sellers": _written(proposal.sellers),
        "buyers": _written(proposal.buyers),
        "thread_id": proposal.thread_id,
    }


def _written(parties: tuple[Party, ...]) -> str:
    return "\n".join(" ".join(each for each in party if each) for party in parties)


@blueprint.get("/deals/<int:deal_id>")
@act("deal.read")
def deal(deal_id: int) -> str:
    """One deal for its parties: stage, findings of the checks, the chain, what comes next."""
    return deal_page(None, deal_id)


def deal_page(refused: SmallForm | None, deal_id: int) -> str:
    """The page of one deal; a form of it that was refused stands filled in its place."""
    query = asked_text("agency")
    with reading() as unit:
        view = deal_view(unit, deal_id)
        agencies = brokers.agencies_of_deal(unit, deal_id)
        named = brokers.agencies_named(unit, query) if unit.may("deal.name_agency") else ()
        story = story_word(unit, ("deals", deal_id))
    note_seen("deals", deal_id)
    if refused is not None and "seen" in refused:
        # Whoever was told what changed meanwhile sees it now, and may send what stands in the form.
        refused["seen"].data = view.seen
    nexts = next_stages(view.stage) if g.actor.may("deal.enter") else frozenset()
    return render_template(
        "trade/deal.html",
        deal=view,
        findings=view.findings,
        chain=view.chain,
        nexts=nexts,
        may_step=not nexts.isdisjoint(STEPS),
        acts=view.acts,
        agencies=agencies,
        named=named,
        query=query,
        story=story,
        forms=PageForms(_FORMS, refused),
    )


_WithPaper = SigningForm | StageForm | DealPaymentForm | DealRefundForm


def _proof(unit: Unit, deal_id: int, purpose: str, form: _WithPaper) -> int | None:
    if form.file.data is None:
        return None
    deal_view(unit, deal_id)  # only its parties and the operator may add a file
    return store_evidence(unit, "deals", deal_id, purpose, *form.file.data, form.paper)


@blueprint.post("/deals/<int:deal_id>/sign")
@act("deal.enter")
@shown_again(deal_page)
def sign(deal_id: int) -> Response:
    """Record the signing under all checks."""
    with sent(SigningForm) as form, writing() as unit:
        proof = _proof(unit, deal_id, "contract", form)
        number, yuan = form.contract_number.data, form.amount_yuan.data
        seen, another = form.seen.data or "", form.another_contract.data
        sign_deal(unit, deal_id, form.signed_on.day, number, yuan, proof, seen, another)
    flash_notice("notice_deal_signed")
    return redirect(url_for("trade.deal", deal_id=deal_id))


@blueprint.post("/deals/<int:deal_id>/step")
@act("deal.enter")
@shown_again(deal_page)
def step(deal_id: int) -> Response:
    """Record a stage after signing, or the cancellation, with its day, number or reason, and proof."""
    with sent(StageForm) as form, writing() as unit:
        to, on, number, seen = form.to.data, form.on.day, form.number.data, form.seen.data or ""
        proof = _proof(unit, deal_id, _PURPOSE.get(to, "other"), form)
        if to == "cancelled":
            cancel_deal(unit, deal_id, on, number, proof, seen)
        else:
            take_step(unit, deal_id, to, on, number, proof, seen)
    flash_notice("notice_event_added")
    return redirect(url_for("trade.deal", deal_id=deal_id))


@blueprint.post("/deals/<int:deal_id>/pay")
@act("deal.enter")
@shown_again(deal_page)
def pay(deal_id: int) -> Response:
    """Record a payment with its proof."""
    with sent(DealPaymentForm) as form, writing() as unit:
        proof = _proof(unit, deal_id, "payment_proof", form)
        on, yuan = form.paid_on.day, form.amount_yuan.yuan
        pay_deal(unit, deal_id, on, yuan, form.voucher.data, proof, form.seen.data or "")
    flash_notice("notice_payment_added")
    return redirect(url_for("trade.deal", deal_id=deal_id))


@blueprint.post("/deals/<int:deal_id>/refund")
@act("deal.enter")
@shown_again(deal_page)
def refund(deal_id: int) -> Response:
    """Record that part or all of what was paid went back."""
    with sent(DealRefundForm) as form, writing() as unit:
        proof = _proof(unit, deal_id, "payment_proof", form)
        on, yuan, seen = form.refunded_on.day, form.amount_yuan.yuan, form.seen.data or ""
        refund_deal(unit, deal_id, on, yuan, form.voucher.data, proof, seen)
    flash_notice("notice_refund_added")
    return redirect(url_for("trade.deal", deal_id=deal_id))


@blueprint.post("/deals/<int:deal_id>/agency")
@act("deal.name_agency")
@shown_again(deal_page)
def name_agency(deal_id: int) -> Response:
    """Say that an agency brought a deal about."""
    with sent(AgencyForm) as form, writing() as unit:
        brokers.name_agency(unit, deal_id, form.agency_id.data or 0)
    flash_notice("notice_agency_named")
    return redirect(url_for("trade.deal", deal_id=deal_id))
