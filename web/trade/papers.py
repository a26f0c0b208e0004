"""The confirmation of a deal or a licence as a paper that its parties sign and seal (交易确认书)."""

from __future__ import annotations

from flask import render_template

from matchhub.errors import NotFound
from matchhub.services.records.following import DealOutline, deal_outline
from matchhub.services.records.licences import LicenceView, licence_view
from web.display import written_day, yuan
from web.gate import act
from web.language import word
from web.trade import blueprint
from web.units import reading

_REGISTER = {"TR01": "转移登记日期", "EE01": "许可备案日期", "contract_registered": "技术合同登记日期"}


@blueprint.get("/deals/<int:deal_id>/confirmation")
@act("deal.read")
def deal_confirmation(deal_id: int) -> str:
    """A signed deal as a paper for its parties' seals; of one that is not signed, or withdrawn, there is none."""
    with reading() as unit:
        deal = deal_outline(unit, deal_id)
    if deal.signed_on is None or deal.withdrawn:
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return render_template(
        "trade/confirmation.html", title="专利交易确认书", number=f"平台登记编号 {deal_id}", rows=_of_deal(deal),
        signers=[("让与方（许可方）", "、".join(deal.sellers)), ("受让方（被许可方）", "、".join(deal.buyers))],
        back=("trade.deal", {"deal_id": deal_id}),
    )  # fmt: skip


def _of_deal(deal: DealOutline) -> list[tuple[str, str]]:
    patents = "；".join(f"{title}（{number}）" for _, title, number in deal.patents)
    rows = [
        ("专利", patents),
        ("让与方（许可方）", "、".join(deal.sellers)),
        ("受让方（被许可方）", "、".join(deal.buyers)),
        ("交易方式", word("deal_type", deal.deal_type)),
        ("合同编号", deal.contract_number),
        ("合同签订日期", written_day(deal.signed_on)),
        ("合同金额", yuan(deal.amount_yuan)),
        ("已付金额", yuan(deal.balance.kept_yuan)),
        *((_REGISTER[event], written_day(on) + (f"（{number}）" if number else ""))
          for event, on, number in deal.events if event in _REGISTER),
    ]  # fmt: skip
    return [(name, value or "—") for name, value in rows]


@blueprint.get("/licences/<int:licence_id>/confirmation")
@act("licence.read")
def licence_confirmation(licence_id: int) -> str:
    """A licence that was reached as a paper for its parties' seals."""
    with reading() as unit:
        licence = licence_view(unit, licence_id)
    if licence.reached_on is None:
        raise NotFound("record_not_found", kind="licences", id=licence_id)
    return render_template(
        "trade/confirmation.html", title="专利开放许可达成确认书", number=f"平台登记编号 {licence_id}",
        rows=_of_licence(licence), signers=[("许可方", licence.licensor), ("被许可方", licence.licensee)],
        back=("trade.licence", {"licence_id": licence_id}),
    )  # fmt: skip


def _of_licence(licence: LicenceView) -> list[tuple[str, str]]:
    rows = [
        ("专利", f"{licence.title}（{licence.number}）"),
        ("许可方", licence.licensor),
        ("被许可方", licence.licensee),
        ("开放许可声明公告号", licence.announcement_number),
        ("书面通知日期", written_day(licence.notified_on)),
        ("付款", f"{written_day(licence.paid_on)}，{yuan(licence.paid_yuan)}" if licence.paid_on else ""),
        ("许可达成日期", written_day(licence.reached_on)),
        ("备案", f"{written_day(licence.filed_on)}（{licence.filing_number}）" if licence.filed_on else ""),
    ]
    return [(name, value or "—") for name, value in rows]
