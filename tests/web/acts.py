"""Forms of every kind in an order in which each can be sent: who sends it, where to, and what it says.

``{deal}`` and the like stand for the number in the address that an earlier form of that name led to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.domain.factories import number
from tests.services.small_city import COLLEGE, SHOES, TODAY, UMBRELLAS, ZIPPERS

DAY = TODAY.isoformat()
DRAFT = {
    "title": "运动鞋鞋底开胶", "text": "运动鞋在潮湿环境穿着后鞋底与鞋面开胶,需要更好的胶粘剂。", "object": "运动鞋鞋底",
    "aim": "提高鞋底与鞋面的剥离强度", "targets": "剥离强度 ≥ 4 N/mm", "technical_field": "胶粘剂", "cooperation": ["licence"],
    "negotiable": "y", "valid_until_on": "2026-06-01", "contact_name": "王小明", "contact_phone": "0595-12345678",
}  # fmt: skip
DEMAND = {**DRAFT, "contact_email": "wang@shoes.example", "authorised": "y", "authorised_by": "王小明"}
GLUE, SOLE = number(1), number(2)
DEAL = {"deal_type": "ordinary_licence", "sellers": COLLEGE, "buyers": SHOES}
OFFER = {
    "number": SOLE, "regime": "cnipa", "announcement_number": "2025-0601", "fee_method": "fixed", "fee_yuan": "20000",
    "valid_from_on": "2025-06-01", "valid_to_on": "2027-06-01", "industry": "制鞋", "industry_reason": "鞋底防滑是共性问题",
    "annuity": "yes", "all_owners": "1", "act": "publish",
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One form. ``name`` is given to the number in the address it leads to; ``file`` is the content of an upload."""

    who: str
    path: str
    fields: Mapping[str, Any]
    name: str = ""
    file: str = ""


def _acts(who: str, *rows: tuple[Any, ...]) -> list[Act]:
    return [Act(who, *row) for row in rows]


ACTS: tuple[Act, ...] = (
    *_acts(
        "shoes",
        ("/enterprise/demands", DEMAND, "demand"),
        ("/enterprise/demands/{demand}/reconfirm", {"valid_until_on": "2026-05-01"}),
        ("/matching/demands/{demand}/words", {"word": "粘合"}),
        ("/trade/demands/{demand}/invitations", {"name": COLLEGE}),
        ("/trade/drafts", {**DRAFT, "title": "鞋面褪色严重"}, "draft"),
        ("/trade/drafts/{draft}", {**DRAFT, "title": "鞋面褪色很严重", "text": "鞋面日晒后褪色,需要耐光染料和工艺。"}),
        ("/trade/drafts/{draft}/confirm", {"authorised_by": "王小明"}),
        ("/trade/drafts", {**DRAFT, "title": "鞋垫发霉返潮"}, "other"),
        ("/trade/drafts/{other}/discard", {}),
    ),
    *_acts(
        "operator",
        ("/operator/demands/{demand}/verify", {"how": "call", "note": "已核实"}),
        ("/operator/demands/2/return", {"note": "请补指标"}),
        ("/trade/drafts/batch", {"origin": "fair", "note": "鞋博会", "rows": f"{UMBRELLAS}|伞骨易断|台风天伞骨折断怎么办|"}),
        ("/operator/enterprises/3/local", {"reason": "住所在晋江", "local": "yes"}),
        ("/operator/pushes/match", {}),
        ("/operator/pushes/plan", {}),
        ("/matching/thesaurus", {"plain": "开胶", "patent_words": "剥离 脱胶", "trust": "1"}),
        ("/matching/thesaurus/1/withdraw", {"reason": "试用"}),
        ("/trade/relations", {"left": SHOES, "right": ZIPPERS, "relation": "shareholder", "evidence": "年报"}),
        ("/trade/relations/1/withdraw", {"r1-reason": "已核实"}),
    ),
    Act("shoes", "/trade/threads", {"patent_id": 1, "demand_id": 1}, "thread"),
    Act("shoes", "/trade/threads/{thread}/messages", {"text": "请寄样品。"}),
    Act("college", "/trade/threads/{thread}/messages", {"text": "见附件。"}, file="样品说明"),
    Act("shoes", "/trade/threads/{thread}/agree", {}),
    Act("college", "/trade/threads/{thread}/agree", {}),
    Act("shoes", "/trade/threads/{thread}/reveal", {}),
    Act("shoes", "/trade/deals/new", {**DEAL, "application_numbers": GLUE}, "deal"),
    *_acts(
        "shoes",
        ("/trade/deals/{deal}/sign", {"contract_number": "HT-1", "signed_on": DAY, "amount_yuan": "80000"}, "", "合同"),
        ("/trade/deals/{deal}/step", {"to": "registered", "on": DAY, "number": "EE01-1"}),
        ("/trade/deals/{deal}/step", {"to": "contract_registered", "on": DAY, "number": "2025350500001234"}),
        ("/trade/deals/{deal}/pay", {"paid_on": DAY, "amount_yuan": "30000"}, "", "回单一"),
        ("/trade/deals/{deal}/pay", {"paid_on": DAY, "amount_yuan": "20000", "voucher": "回单 77"}),
        ("/trade/threads/{thread}/close", {"reason": "已签约"}),
    ),
    *_acts(
        "operator",
        ("/operator/records/deals/{deal}/evidence", {"purpose": "contract"}, "", "合同二"),
        ("/operator/records/deals/{deal}/evidence/1/withdraw", {"reason": "放错了"}),
        ("/operator/deals/{deal}/payment", {"paid_on": DAY, "amount_yuan": "1000", "voucher": "回单 78"}),
        ("/operator/deals/{deal}/correct", {"contract_number": "HT-1", "deal_type": "ordinary_licence", "signed_on": DAY, "amount_yuan": "90000", "reason": "笔误"}),
        ("/bureau/records/deals/{deal}/word", {"decision": "rejected", "note": "看不清"}),
        ("/operator/deals/{deal}/cancel", {"on": DAY, "reason": "解除"}),
        ("/operator/deals/{deal}/withdraw", {"reason": "录错"}),
        ("/operator/deals/new", {"deal_type": "transfer", "application_numbers": SOLE, "seller_name": COLLEGE, "buyer_name": SHOES, "signed_on": DAY, "contract_number": "HT-9"}),
        ("/operator/records/enterprises/1/contact", {}),
    ),
    *_acts(
        "college",
        ("/trade/listings/new", {"number": SOLE, "modes": ["transfer"], "maturity": "lab", "price_yuan": "5万"}),
        ("/trade/listings/1/withdraw", {"reason": "改价"}),
        ("/trade/offers/new", OFFER, "offer"),
    ),
    Act("shoes", "/trade/offers/{offer}/accept", {}, "licence"),
    Act("operator", "/trade/offers/{offer}/accept-for", {"firm": ZIPPERS}),
    Act("shoes", "/trade/licences/{licence}/payment", {"paid_on": DAY, "paid_yuan": "20000", "voucher": "回单 79"}),
    Act("shoes", "/trade/licences/{licence}/filing", {"filed_on": DAY, "number": "XKBA-1"}),
    Act("shoes", "/enterprise/inbox/off", {}),
    Act("shoes", "/enterprise/inbox/on", {}),
    Act("shoes", "/enterprise/demands/{demand}/withdraw", {}),
)  # fmt: skip
