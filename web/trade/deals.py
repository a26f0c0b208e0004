"""Deals as their parties and the operator take them through their stages, with findings and the chain."""

from __future__ import annotations

from typing import get_args

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.domain.deals import Stage, next_stages
from matchhub.domain.identifiers import normalise_application_number
from matchhub.domain.records import DealType
from matchhub.errors import Refusal
from matchhub.services.counting import awards
from matchhub.services.deals import contracts
from matchhub.services.deals.contracts import NewDeal, Party
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.attribution import chain_of
from matchhub.services.records.following import deal_view
from web.errors import status_of
from web.gate import act
from web.language import flash_notice, say_refusal
from web.paging import asked_text
from web.trade import blueprint, fields
from web.units import reading, writing

KINDS: tuple[DealType, ...] = get_args(DealType)
STEPS: tuple[Stage, ...] = ("registered", "contract_registered", "implemented", "cancelled")
_PURPOSE = {"registered": "register_proof", "contract_registered": "register_proof", "implemented": "other"}


@blueprint.route("/deals/new", methods=["GET", "POST"])
@act("deal.open")
def new_deal() -> Response | tuple[str, int]:
    """Open a deal, alone or out of a thread; several patents and parties."""
    if request.method == "GET":
        return _new_page(_proposal(), "", 200)
    try:
        new = _typed_deal()
        with writing() as unit:
            deal_id = contracts.open_deal(unit, new)
    except Refusal as refusal:
        return _new_page(None, say_refusal(refusal), status_of(refusal))
    flash_notice("notice_deal_opened")
    return redirect(url_for("trade.deal", deal_id=deal_id))


def _proposal() -> NewDeal | None:
    asked = request.args.get("thread", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    with reading() as unit:
        return contracts.proposal_of(unit, int(asked))


def _new_page(proposal: NewDeal | None, fault: str, status: int) -> tuple[str, int]:
    values = dict(request.form) if proposal is None else _values(proposal)
    return render_template("trade/deal_new.html", values=values, fault=fault, kinds=KINDS), status


def _values(proposal: NewDeal) -> dict[str, str]:
    def written(parties: tuple[Party, ...]) -> str:
        return "\n".join(" ".join(each for each in party if each) for party in parties)

    return {
        "deal_type": proposal.deal_type,
        "application_numbers": "\n".join(proposal.application_numbers),
        "sellers": written(proposal.sellers),
        "buyers": written(proposal.buyers),
        "thread_id": str(proposal.thread_id or ""),
    }


def _typed_deal() -> NewDeal:
    kind = fields.chosen("deal_type", KINDS)
    numbers = [normalise_application_number(each) for each in fields.parts(fields.text("application_numbers", 2000))]
    return NewDeal(
        deal_type=next(each for each in KINDS if each == kind),
        application_numbers=tuple(dict.fromkeys(numbers)),
        sellers=_parties("sellers"),
        buyers=_parties("buyers"),
        thread_id=fields.whole("thread_id"),
    )


def _parties(name: str) -> tuple[Party, ...]:
    """One party a line: its name, and its credit code if it is known."""
    found: list[Party] = []
    for line in fields.lines(name):
        words = fields.parts(line)
        code = words[-1] if len(words) > 1 and len(words[-1]) == 18 and words[-1].isascii() else None
        found.append((" ".join(words[:-1] if code else words), code))
    return tuple(found)


@blueprint.get("/deals/<int:deal_id>")
@act("deal.read")
def deal(deal_id: int) -> str:
    """One deal for its parties: stage, findings of the checks, the chain, what comes next."""
    query = asked_text("agency")
    with reading() as unit:
        view = deal_view(unit, deal_id)
        agencies = awards.agencies_of_deal(unit, deal_id)
        named = awards.agencies_named(unit, query) if unit.may("deal.name_agency") else ()
        found = contracts.findings(unit, deal_id)
        chain = chain_of(unit, deal_id)
    nexts = next_stages(view.stage)
    steps = [step for step in STEPS if step in nexts] if g.actor.may("deal.enter") else []
    enters = g.actor.may("deal.enter")
    may_sign, may_pay = enters and "signed" in nexts, enters and "paid" in nexts
    return render_template(
        "trade/deal.html",
        deal=view,
        findings=found,
        chain=chain,
        steps=steps,
        may_sign=may_sign,
        may_pay=may_pay,
        agencies=agencies,
        named=named,
        query=query,
    )


def _proof(unit: Unit, deal_id: int, purpose: str) -> int | None:
    sent = fields.file()
    if sent is None:
        return None
    deal_view(unit, deal_id)  # only its parties and the operator may add a file
    return store_evidence(unit, "deals", deal_id, purpose, *sent)


@blueprint.post("/deals/<int:deal_id>/sign")
@act("deal.enter")
def sign(deal_id: int) -> Response:
    """Record the signing under all checks."""
    on, number, yuan = fields.needed_day("signed_on"), fields.text("contract_number"), fields.amount("amount_yuan")
    with writing() as unit:
        proof = _proof(unit, deal_id, "contract")
        contracts.sign_deal(unit, deal_id, on, number, yuan, proof, fields.text("seen", 64))
    flash_notice("notice_deal_signed")
    return redirect(url_for("trade.deal", deal_id=deal_id))


@blueprint.post("/deals/<int:deal_id>/step")
@act("deal.enter")
def step(deal_id: int) -> Response:
    """Record a stage after signing with its day, number and proof."""
    to, on = fields.chosen("to", STEPS), fields.needed_day("on")
    stage = next(each for each in STEPS if each == to)
    with writing() as unit:
        proof = _proof(unit, deal_id, _PURPOSE.get(to, "other"))
        contracts.take_step(unit, deal_id, stage, on, fields.text("number"), proof, fields.text("seen", 64))
    flash_notice("notice_event_added")
    return redirect(url_for("trade.deal", deal_id=deal_id))


@blueprint.post("/deals/<int:deal_id>/pay")
@act("deal.enter")
def pay(deal_id: int) -> Response:
    """Record a payment with its proof."""
    on, yuan = fields.needed_day("paid_on"), fields.needed_amount("amount_yuan")
    with writing() as unit:
        proof = _proof(unit, deal_id, "payment_proof")
        contracts.pay(unit, deal_id, on, yuan, fields.text("voucher"), proof, fields.text("seen", 64))
    flash_notice("notice_payment_added")
    return redirect(url_for("trade.deal", deal_id=deal_id))
