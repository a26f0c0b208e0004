"""Patents on offer: own patent offers, a new one, its proof of ownership, and the operator's review of claims."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.evidence.files import store_evidence
from matchhub.services.patents import offers as service
from web.errors import status_of
from web.gate import act
from web.language import flash_notice, say_refusal
from web.trade import blueprint, fields
from web.units import reading, writing


@blueprint.get("/listings")
@act("patent_offer.read")
def patent_offers() -> str:
    """Own patents on offer; for the operator all, claims that wait first."""
    with reading() as unit:
        found = service.list_patent_offers(unit)
    return render_template("trade/patent_offers.html", patent_offers=found)


@blueprint.route("/listings/new", methods=["GET", "POST"])
@act("patent_offer.make")
def new_patent_offer() -> Response | tuple[str, int]:
    """Put a patent on offer, with the file that proves the ownership where there is one."""
    if request.method == "GET":
        return _page({"number": request.args.get("number", "")[:40]}, "", 200)
    try:
        new = _typed()
        with writing() as unit:
            patent_offer_id = service.list_patent(unit, new)
            if sent := fields.file():
                store_evidence(unit, "patent_offers", patent_offer_id, "other", *sent)
            state = service.own_patent_offer(unit, patent_offer_id).state
    except Refusal as refusal:
        return _page(dict(request.form), say_refusal(refusal), status_of(refusal))
    if state == "review":
        flash_notice("notice_patent_offer_waits", "info")
    else:
        flash_notice("notice_listed")
    return redirect(url_for("trade.patent_offers"))


def _page(values: dict[str, str], fault: str, status: int) -> tuple[str, int]:
    page = render_template(
        "trade/patent_offer_new.html",
        values=values,
        fault=fault,
        modes=service.MODES,
        maturity=service.MATURITY,
        extras=service.EXTRAS,
        chosen={*request.form.getlist("modes"), *request.form.getlist("extras")},
    )
    return page, status


def _typed() -> service.NewPatentOffer:
    return service.NewPatentOffer(
        number=fields.text("number", 40),
        title=fields.text("title", 200),
        modes=fields.several("modes", service.MODES),
        maturity=fields.chosen("maturity", service.MATURITY),
        extras=fields.several("extras", service.EXTRAS),
        price_yuan=fields.amount("price_yuan"),
        fee_text=fields.text("fee_text", 300),
        note=fields.text("note", 1000),
    )


@blueprint.post("/listings/<int:patent_offer_id>/proof")
@act("patent_offer.change")
def prove_patent_offer(patent_offer_id: int) -> Response:
    """Add a file that proves the ownership."""
    sent = fields.file()
    with writing() as unit:
        service.own_patent_offer(unit, patent_offer_id)
        if sent is None:
            raise Refusal("evidence_file_missing")
        store_evidence(unit, "patent_offers", patent_offer_id, "other", *sent)
    flash_notice("notice_evidence_stored")
    return redirect(url_for("trade.patent_offers"))


@blueprint.post("/listings/<int:patent_offer_id>/withdraw")
@act("patent_offer.change")
def withdraw_patent_offer(patent_offer_id: int) -> Response:
    """Take a patent off offer."""
    with writing() as unit:
        service.withdraw_patent_offer(unit, patent_offer_id, fields.text("reason", 500))
    flash_notice("notice_patent_offer_off", "info")
    return redirect(url_for("trade.patent_offers"))


@blueprint.post("/listings/<int:patent_offer_id>/decide")
@act("patent_offer.decide")
def decide_patent_offer(patent_offer_id: int) -> Response:
    """The operator's word on a claim: published or refused, with the reason."""
    with writing() as unit:
        service.decide_patent_offer(unit, patent_offer_id, fields.text("decision", 20), fields.text("note", 1000))
    flash_notice("notice_patent_offer_decided")
    return redirect(url_for("trade.patent_offers"))
