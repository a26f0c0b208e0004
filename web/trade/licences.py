"""A licence for its parties: the written notice as a document, payment with proof, filing with its timer."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.reports.notices import LicenceNotice, notice_docx
from matchhub.services.evidence.files import store_evidence
from matchhub.services.licensing import accepting
from matchhub.services.records.licences import LicenceView, licence_view
from web.gate import act
from web.language import flash_notice
from web.trade import blueprint, fields
from web.units import reading, writing

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/licences/<int:licence_id>")
@act("licence.read")
def licence(licence_id: int) -> str:
    """One licence: where it stands, when its filing is due, what the count says."""
    with reading() as unit:
        view = licence_view(unit, licence_id)
    return render_template("trade/licence.html", licence=view)


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
    )


@blueprint.post("/licences/<int:licence_id>/payment")
@act("licence.pay")
def pay_licence(licence_id: int) -> Response:
    """Record the payment with its proof; with notice and payment the licence is reached."""
    on, yuan = fields.needed_day("paid_on"), fields.needed_amount("paid_yuan")
    sent = fields.file()
    with writing() as unit:
        accepting.licence_to_change(unit, licence_id)
        proof = store_evidence(unit, "licences", licence_id, "payment_proof", *sent) if sent else None
        reached = accepting.record_payment(unit, licence_id, on, yuan, fields.text("voucher"), proof)
        months = unit.pack.licensing.filing_months
    if reached:
        flash_notice("notice_licence_reached", months=months)
    else:
        flash_notice("notice_licence_paid_unreached", "warning")
    return redirect(url_for("trade.licence", licence_id=licence_id))


@blueprint.post("/licences/<int:licence_id>/filing")
@act("licence.file")
def file_licence(licence_id: int) -> Response:
    """Record the filing (备案) with its number."""
    on = fields.needed_day("filed_on")
    with writing() as unit:
        accepting.record_filing(unit, licence_id, on, fields.text("number"))
    flash_notice("notice_licence_filed")
    return redirect(url_for("trade.licence", licence_id=licence_id))
