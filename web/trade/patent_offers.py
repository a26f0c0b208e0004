"""Patents on offer: own patent offers, a new one, its proof of ownership, and the operator's review of claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.evidence.files import store_evidence
from matchhub.services.patents import offers as service
from web.fields import SeveralField, UploadField
from web.forms import AmountField, ButtonField, LabelledField, Length, NoteField, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paper_forms import PAPER_FAULTS, PaperForm
from web.record_forms import WithdrawalForm
from web.trade import blueprint
from web.trade.lists import LISTINGS
from web.units import reading, writing


class ListingTermsForm(SmallForm):
    """How a holder offers a patent, or many together."""

    blamed: ClassVar[Mapping[str, str]] = {"patent_offer_mode": "modes", "amount": "price_yuan"}
    modes = SeveralField("patent_offer_mode", service.MODES)
    maturity = LabelledField("maturity", service.MATURITY)
    extras = SeveralField("patent_offer_extra", service.EXTRAS)
    price_yuan = AmountField()
    fee_text = TextField(validators=[Length(1, 300)])
    note = NoteField(validators=[Length(1, 1000)])


class PatentOfferForm(ListingTermsForm, PaperForm):
    """A patent put on offer by its holder."""

    blamed = {
        **ListingTermsForm.blamed,
        "patent_offer_title": "title",
        **PAPER_FAULTS,
        "patent_offer": "number",
        "application_number": "number",
    }
    number = TextField(validators=[Required(), Length(1, 40)])
    title = TextField(validators=[Length(1, 200)])
    file = UploadField()


class ProofForm(PaperForm):
    """A file that proves the ownership; the page has one form for each claim."""

    blamed = PAPER_FAULTS
    file = UploadField(validators=[Required("evidence_file_missing")])


class DecisionForm(SmallForm):
    """The operator's decision on a claim; the page has one form for each."""

    blamed = {"note_missing": "note"}
    note = TextField(validators=[Required("note_missing"), Length(1, 1000)])
    decision = ButtonField()


_LIST_FORMS: dict[str, type[SmallForm]] = {"proof": ProofForm, "decision": DecisionForm, "withdrawal": WithdrawalForm}


@blueprint.get("/listings")
@act("patent_offer.read")
def patent_offers() -> Any:
    """Own patents on offer; for the operator all, claims that wait first."""
    return _list_page(None)


def _list_page(refused: SmallForm | None, patent_offer_id: int | None = None) -> Any:
    asked = ask(LISTINGS)
    with reading() as unit:
        if patent_offer_id is not None:
            service.own_patent_offer(unit, patent_offer_id)  # what is not one's own is not there
        page = asked.page(service.list_patent_offers(unit))
    return show("trade/patent_offers.html", asked, page, forms=PageForms(_LIST_FORMS, refused))


@blueprint.route("/listings/new", methods=["GET", "POST"])
@act("patent_offer.make")
@shown_again(lambda refused: _new_page(refused))
def new_patent_offer() -> Response | str:
    """Put a patent on offer, with the file that proves the ownership where there is one."""
    if request.method == "GET":
        return _new_page(None)
    with sent(PatentOfferForm) as form, writing() as unit:
        new = replace(listing_terms(form), number=form.number.data, title=form.title.data)
        patent_offer_id = service.list_patent(unit, new)
        if form.file.data:
            store_evidence(unit, "patent_offers", patent_offer_id, "other", *form.file.file, form.paper)
        state = service.own_patent_offer(unit, patent_offer_id).state
    if state == "review":
        flash_notice("notice_patent_offer_waits", "info")
    else:
        flash_notice("notice_listed")
    return redirect(url_for("trade.patent_offers"))


def _new_page(refused: SmallForm | None) -> str:
    forms = PageForms({"patent_offer": PatentOfferForm}, refused)
    return render_template("trade/patent_offer_new.html", forms=forms, number=request.args.get("number", "")[:40])


def listing_terms(form: ListingTermsForm) -> service.NewPatentOffer:
    """The terms as the service takes them; the patent is still to be named."""
    return service.NewPatentOffer(
        number="",
        title="",
        modes=form.modes.chosen,
        maturity=form.maturity.data,
        extras=form.extras.chosen,
        price_yuan=form.price_yuan.data,
        fee_text=form.fee_text.data,
        note=form.note.data,
    )


@blueprint.post("/listings/<int:patent_offer_id>/proof")
@act("patent_offer.change")
@shown_again(_list_page)
def prove_patent_offer(patent_offer_id: int) -> Response:
    """Add a file that proves the ownership."""
    with sent(ProofForm, patent_offer_id) as form, writing() as unit:
        service.own_patent_offer(unit, patent_offer_id)
        store_evidence(unit, "patent_offers", patent_offer_id, "other", *form.file.file, form.paper)
    flash_notice("notice_evidence_stored")
    return redirect(url_for("trade.patent_offers"))


@blueprint.post("/listings/<int:patent_offer_id>/withdraw")
@act("patent_offer.change")
@shown_again(_list_page)
def withdraw_patent_offer(patent_offer_id: int) -> Response:
    """Take a patent off offer."""
    with sent(WithdrawalForm, patent_offer_id) as form, writing() as unit:
        service.withdraw_patent_offer(unit, patent_offer_id, form.reason.data)
    flash_notice("notice_patent_offer_off", "info")
    return redirect(url_for("trade.patent_offers"))


@blueprint.post("/listings/<int:patent_offer_id>/decide")
@act("patent_offer.decide")
@shown_again(_list_page)
def decide_patent_offer(patent_offer_id: int) -> Response:
    """The operator's decision on a claim: published or refused, with the reason."""
    with sent(DecisionForm, patent_offer_id) as form, writing() as unit:
        service.decide_patent_offer(unit, patent_offer_id, form.decision.data, form.note.data)
    flash_notice("notice_patent_offer_decided")
    return redirect(url_for("trade.patent_offers"))
