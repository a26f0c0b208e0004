"""A licence for its parties: the written notice as a document, payment with proof, filing with its timer."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.reports.notices import LicenceNotice, notice_docx
from matchhub.services.evidence.files import store_evidence
from matchhub.services.licensing import accepting
from matchhub.services.records.licences import LicenceView, licence_view
from matchhub.services.records.stories import story_word
from web.display import pack
from web.fields import NeededAmountField, NeededDayField, UploadField
from web.forms import Length, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paper_forms import PAPER_FAULTS, BankPaperForm, FilingPaperForm
from web.record_forms import PartyWordForm, StoryForm
from web.trade import blueprint
from web.trade.seen import note_seen
from web.units import reading, writing


class PaymentForm(BankPaperForm):
    """The payment of a licence with the voucher or the file that proves it."""

    blamed = {
        "payment_unproven": "voucher",
        "voucher": "voucher",
        "amount": "paid_yuan",
        "day_to_come": "paid_on",
        "licence_paid_before": "paid_on",
        **PAPER_FAULTS,
    }
    paid_on = NeededDayField()
    paid_yuan = NeededAmountField()
    voucher = TextField(validators=[Length(1, 255)])
    file = UploadField()


class FilingForm(FilingPaperForm):
    """The filing of a licence: its number and day, and the paper that shows it."""

    blamed = {
        "filing_number": "number",
        "day_to_come": "filed_on",
        "licence_filed_before": "filed_on",
        **PAPER_FAULTS,
    }
    file = UploadField()
    number = TextField(validators=[Required("filing_number_missing"), Length(1, 255)])
    filed_on = NeededDayField()


class RefundForm(SmallForm):
    """Money of a licence that went back to the licensee."""

    blamed = {"refund_exceeds": "yuan", "amount": "yuan", "day_to_come": "refunded_on"}
    refunded_on = NeededDayField()
    yuan = NeededAmountField()


_FORMS: dict[str, type[SmallForm]] = {
    "pay": PaymentForm,
    "refund": RefundForm,
    "filing": FilingForm,
    "party_word": PartyWordForm,
    "story": StoryForm,
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/licences/<int:licence_id>")
@act("licence.read")
def licence(licence_id: int) -> str:
    """One licence: where it stands, when its filing is due, what the count says."""
    return licence_page(None, licence_id)


def licence_page(refused: SmallForm | None, licence_id: int) -> str:
    """The page of one licence; a form of it that was refused stands filled in its place."""
    with reading() as unit:
        view = licence_view(unit, licence_id)
        story = story_word(unit, ("licences", licence_id))
    note_seen("licences", licence_id)
    return render_template("trade/licence.html", licence=view, story=story, forms=PageForms(_FORMS, refused))


@blueprint.get("/licences/<int:licence_id>/notice")
@act("licence.read")
def notice(licence_id: int) -> str:
    """The written notice (书面通知) for printing."""
    with reading() as unit:
        view = licence_view(unit, licence_id)
    return render_template("trade/notice.html", licence=view, notice=_notice(view))


@blueprint.get("/licences/<int:licence_id>/notice.docx")
@act("licence.read")
def notice_document(licence_id: int) -> Response:
    """The written notice as a Word document."""
    with reading() as unit:
        view = licence_view(unit, licence_id)
    content = notice_docx(_notice(view))
    return send_file(BytesIO(content), mimetype=DOCX, as_attachment=True, download_name=f"notice-{licence_id}.docx")


def _notice(view: LicenceView) -> LicenceNotice:
    return LicenceNotice(
        licensor=view.licensor,
        licensee=view.licensee,
        licensee_uscc=view.licensee_uscc,
        title=view.title,
        number=view.number,
        announcement_number=view.announcement_number,
        fee_method=view.fee_method or "",
        fee_yuan=view.fee_yuan,
        royalty_percent=view.royalty_percent,
        fee_text=view.fee_text,
        notified_on=view.notified_on,
        filing_months=pack().licensing.filing_months,
    )


@blueprint.post("/licences/<int:licence_id>/payment")
@act("licence.pay")
@shown_again(licence_page)
def pay_licence(licence_id: int) -> Response:
    """Record the payment with its proof; with notice and payment the licence is reached."""
    with sent(PaymentForm) as form, writing() as unit:
        accepting.licence_to_change(unit, licence_id)
        file = form.file.data
        proof = store_evidence(unit, "licences", licence_id, "payment_proof", *file, form.paper) if file else None
        on, yuan = form.paid_on.day, form.paid_yuan.yuan
        reached = accepting.record_payment(unit, licence_id, on, yuan, form.voucher.data, proof)
        months = unit.pack.licensing.filing_months
    if reached:
        flash_notice("notice_licence_reached", months=months)
    else:
        flash_notice("notice_licence_paid_unreached", "warning")
    return redirect(url_for("trade.licence", licence_id=licence_id))


@blueprint.post("/licences/<int:licence_id>/refund")
@act("licence.pay")
@shown_again(licence_page)
def refund_licence(licence_id: int) -> Response:
    """Record that part or all of the fee went back."""
    with sent(RefundForm) as form, writing() as unit:
        accepting.record_refund(unit, licence_id, form.refunded_on.day, form.yuan.yuan)
    flash_notice("notice_refund_added")
    return redirect(url_for("trade.licence", licence_id=licence_id))


@blueprint.post("/licences/<int:licence_id>/filing")
@act("licence.file")
@shown_again(licence_page)
def file_licence(licence_id: int) -> Response:
    """Record the filing (备案) with its number."""
    with sent(FilingForm) as form, writing() as unit:
        accepting.record_filing(unit, licence_id, form.filed_on.day, form.number.data)
        if form.file.data:
            store_evidence(unit, "licences", licence_id, "register_proof", *form.file.data, form.paper)
    flash_notice("notice_licence_filed")
    return redirect(url_for("trade.licence", licence_id=licence_id))
