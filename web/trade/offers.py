"""Open-licence offers: the declaration with its checklist, the public page with the fee calculator, acceptance."""

from __future__ import annotations

from typing import get_args

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.domain.licensing import Check, may_publish
from matchhub.domain.records import Regime
from matchhub.errors import Refusal
from matchhub.services.licensing import accepting, declaring, pages
from matchhub.services.licensing.declaring import FEE_METHODS, NewOffer
from web.errors import status_of
from web.gate import act
from web.language import flash_notice, say_refusal
from web.paging import asked_text
from web.trade import blueprint, fields
from web.units import reading, writing

REGIMES: tuple[Regime, ...] = get_args(Regime)


@blueprint.route("/offers/new", methods=["GET", "POST"])
@act("offer.declare")
def new_offer() -> Response | tuple[str, int]:
    """Declare an open licence: the checklist first, with the article of each line; published when nothing blocks."""
    if request.method == "GET":
        values = {"number": request.args.get("number", "")[:40], "regime": "cnipa", "fee_method": "fixed"}
        return _page(values, (), "", 200)
    checks: tuple[Check, ...] = ()
    try:
        new = _typed()
        with reading() as unit:
            checks = declaring.check_offer(unit, new)
        if fields.text("act", 20) != "publish":
            return _page(dict(request.form), checks, "", 200)
        with writing() as unit:
            offer_id = declaring.declare_offer(unit, new)
    except Refusal as refusal:
        return _page(dict(request.form), checks, say_refusal(refusal), status_of(refusal))
    flash_notice("notice_offer_declared")
    return redirect(url_for("trade.offer", offer_id=offer_id))


def _page(values: dict[str, str], checks: tuple[Check, ...], fault: str, status: int) -> tuple[str, int]:
    page = render_template(
        "trade/offer_new.html",
        values=values,
        checks=checks,
        ready=bool(checks) and may_publish(checks),
        fault=fault,
        regimes=REGIMES,
        methods=FEE_METHODS,
    )
    return page, status


def _typed() -> NewOffer:
    regime = fields.chosen("regime", REGIMES)
    method = fields.text("fee_method", 20)
    annuity = fields.text("annuity", 10)
    return NewOffer(
        number=fields.text("number", 40),
        regime=next(each for each in REGIMES if each == regime),
        platform=fields.text("platform"),
        announcement_number=fields.text("announcement_number"),
        declared_on=fields.day("declared_on"),
        fee_method=next((each for each in FEE_METHODS if each == method), None),
        fee_yuan=fields.amount("fee_yuan"),
        royalty_percent=fields.amount("royalty_percent"),
        fee_text=fields.text("fee_text", 300),
        valid_from_on=fields.day("valid_from_on"),
        valid_to_on=fields.day("valid_to_on"),
        industry=fields.text("industry", 120),
        industry_reason=fields.text("industry_reason", 500),
        annuity_paid={"yes": True, "no": False}.get(annuity),
        suspended=fields.ticked("suspended"),
        evaluation_report=fields.ticked("evaluation_report"),
        all_owners=fields.ticked("all_owners"),
        pledgee_consented=fields.ticked("pledgee_consented"),
    )


@blueprint.get("/offers/<int:offer_id>")
@act("offer.browse")
def offer(offer_id: int) -> str:
    """One open-licence offer for everybody, with its terms and the fee calculator."""
    asked = asked_text("base")
    plain = asked.replace(",", "")
    base = fields.as_amount(plain) if plain else None
    with reading() as unit:
        view = pages.offer_view(unit, offer_id)
        fee = pages.fee_for(unit, offer_id, base)
        today = unit.today
    return render_template("trade/offer.html", offer=view, fee=fee, base=base, asked=asked, today=today)


@blueprint.post("/offers/<int:offer_id>/accept")
@act("offer.accept")
def accept(offer_id: int) -> Response:
    """Accept an offer by written notice (书面通知), today; the notice can be printed and signed."""
    with writing() as unit:
        licence_id = accepting.accept_offer(unit, offer_id)
    flash_notice("notice_offer_accepted")
    return redirect(url_for("trade.licence", licence_id=licence_id))


@blueprint.post("/offers/<int:offer_id>/accept-for")
@act("offer.accept_any")
def accept_for(offer_id: int) -> Response:
    """Enter the written notice (书面通知) that a firm gave on paper; the firm is named in full or by its code."""
    named = fields.text("firm", 120)
    with writing() as unit:
        licence_id = accepting.accept_offer(unit, offer_id, accepting.firm_named(unit, named))
    flash_notice("notice_offer_accepted")
    return redirect(url_for("trade.licence", licence_id=licence_id))


@blueprint.post("/offers/<int:offer_id>/announce")
@act("offer.change")
def announce(offer_id: int) -> Response:
    """Record number and day of the national office's announcement."""
    on = fields.needed_day("on")
    with writing() as unit:
        declaring.announce_offer(unit, offer_id, fields.text("number"), on)
    flash_notice("notice_offer_announced")
    return redirect(url_for("trade.offer", offer_id=offer_id))


@blueprint.post("/offers/<int:offer_id>/end")
@act("offer.change")
def end(offer_id: int) -> Response:
    """Withdraw a declaration as of a day; licences reached before stay."""
    on = fields.needed_day("on")
    with writing() as unit:
        declaring.end_offer(unit, offer_id, on)
    flash_notice("notice_offer_ended", "info")
    return redirect(url_for("trade.offer", offer_id=offer_id))
