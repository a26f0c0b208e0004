"""Forms of every kind in an order in which each can be sent: who sends it, where to, and what it says.

``{deal}`` and the like stand for the number in the address that an earlier form of that name led to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.domain.factories import number, uscc
from tests.services.small_city import COLLEGE, SCHOOL, SHOES, TODAY, UMBRELLAS, ZIPPERS

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


REGISTRATION = {"uscc": uscc(9), "name": "晋江市新路鞋业有限公司", "contact_name": "李四", "contact_phone": "0595-12345678",
    "contact_email": "li@new.example", "login": "newfirm", "password": "a long sentence 12", "consent": "y"}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One form. ``name`` is given to the number in the address it leads to; ``file`` is the content of an upload,
    ``table`` that of a file to be imported, ``picture`` what a scan to be shown is made of."""

    who: str
    path: str
    fields: Mapping[str, Any]
    name: str = ""
    file: str = ""
    table: str = ""
    picture: str = ""


def _acts(who: str, *rows: tuple[Any, ...]) -> list[Act]:
    return [Act(who, *row) for row in rows]


# Routes without a form here, and why; their views take keys as all others do.
UNTRIED: dict[str, tuple[str, ...]] = {
    "answers with a key that is shown once, or takes one out of use, which the second time changes nothing": (
        "/account/api-keys", "/account/api-keys/<int:key_id>/withdraw", "/account/webhooks",
        "/account/webhooks/<int:webhook_id>/withdraw", "/account/webhooks/<int:webhook_id>/resume",
    ),
    "shows something and changes nothing": (
        "/matching/thesaurus/preview", "/enterprise/demands/draft", "/intake/uploads/<token>/look",
    ),
    "throws away or names anew what is kept of an upload, which is no record yet": (
        "/intake/uploads/<token>/discard", "/intake/uploads/<token>/drop", "/intake/uploads/<token>/kind",
        "/institution/lists/waiting/<token>/drop", "/institution/lists/waiting/<token>/columns",
    ),
    "begins or ends a session, so the same browser is another sender afterwards": (
        "/account/sign-in", "/account/sign-out", "/account/password", "/account/session", "/account/invitation/<token>",
        "/account/devices/<int:session_id>/sign-out", "/account/new-password/<token>",
        "/account/organisations/<int:organisation_id>/accounts/<int:account_id>/temporary-password",
        "/account/data/close",
    ),
    "hands out a file and changes nothing, or is asked for once and waits": (
        "/account/data/export", "/account/data/erasure", "/account/data/erasure/take-back",
        "/account/erasures/<int:request_id>/erase", "/account/erasures/<int:request_id>/refuse",
    ),
    "sends a letter to oneself, which is no record": (
        "/account/forgotten",
        "/operator/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/test",
    ),
    "needs a one-time code, which is worth nothing the second time": (
        "/account/sign-in/code", "/account/second-factor/start", "/account/second-factor/on", "/account/second-factor/off",
        "/bureau/records/<kind>/<int:record_id>/allowance", "/bureau/pack", "/bureau/sources/<int:batch_id>",
        "/bureau/records/offers/<int:record_id>/industry",
    ),
    "is drawn and looked at once: the second time it is refused or says the same": (
        "/bureau/thresholds/<goal>/sample", "/bureau/samples/<int:sample_id>/records/<int:record_id>",
        "/bureau/samples/<int:sample_id>/close", "/bureau/samples/<int:sample_id>/sheet",
    ),
    "waits for the worker, and is handed in once; asked for twice it is one package": (
        "/bureau/packages", "/bureau/packages/<int:claim_id>/hand-in",
    ),
    "needs a record that lacks one thing; assigned once, it is not assigned again, and it ends once": (
        "/operator/new-assignments", "/operator/assignments/<int:item_id>", "/operator/assignments/<int:item_id>/take-back",
    ),
    "comes by a link of a message and carries no account; an answer counts once by its own key": (
        "/p/<token>/read", "/p/<token>/items/<int:item_id>/answer", "/p/<token>/off", "/messages/letters/<token>/off",
    ),
    "needs an address of the recipient's own; one is kept once, and a code, a test or a removal needs it": (
        "/messages/addresses", "/messages/addresses/<int:address_id>/confirm", "/messages/addresses/<int:address_id>/test",
        "/messages/addresses/<int:address_id>/remove",
    ),
    "is for who keeps the bureau's accounts, and nobody of the small city does; a login is taken once": (
        "/bureau/accounts", "/bureau/accounts/<int:account_id>/disable", "/bureau/accounts/<int:account_id>/enable",
        "/bureau/accounts/<int:account_id>/password", "/bureau/accounts/<int:account_id>/codes",
    ),
    "is for an organisation's chief account, and nobody of the small city is one": (
        "/account/colleagues/invite", "/account/colleagues/invitations/<int:number>/withdraw",
        "/account/colleagues/<int:number>/disable", "/account/colleagues/<int:number>/enable",
        "/account/colleagues/<int:number>/chief",
        "/account/organisations/<int:organisation_id>/accounts/<int:account_id>/chief",
    ),
    "needs an import that ran, was held or found pairs": (
        "/intake/batches/<int:batch_id>/undo", "/intake/jobs/<int:job_id>/again", "/intake/pairs/<int:pair_id>",
        "/intake/pairs/<int:pair_id>/reopen", "/operator/reviews/<int:review_id>/link",
        "/operator/reviews/<int:review_id>/refuse", "/operator/reviews/<int:review_id>/reopen",
        "/operator/reviews/<int:review_id>/retry",
    ),
    "decides once by the state of its record: the second time it is refused or changes nothing": (
        "/matching/learned/<int:entry_id>/strike", "/operator/demands/<int:demand_id>/likeness",
        "/operator/demands/<int:demand_id>/move", "/account/registrations/<int:registration_id>/confirm",
        "/account/organisations/<int:organisation_id>/names",
        "/account/organisations/<int:organisation_id>/names/<int:link_id>/unlink",
        "/trade/notices/<int:notice_id>/read", "/trade/offers/<int:offer_id>/announce",
        "/operator/pushes/drafts/<int:draft_id>/confirm", "/operator/pushes/drafts/<int:draft_id>/discard",
        "/operator/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/add",
        "/bureau/evidence/alike/<int:repetition_id>", "/enterprise/inbox/<int:push_id>/read", "/enterprise/inbox/items/<int:item_id>/answer",
        "/operator/pushes/bounces/<int:bounce_id>/lift",
    ),
}  # fmt: skip

ACTS: tuple[Act, ...] = (
    *_acts(
        "shoes",
        ("/enterprise/demands", DEMAND, "demand"),
        ("/enterprise/demands/{demand}/authorise", {}),
        ("/enterprise/demands/{demand}/reconfirm", {"valid_until_on": "2026-05-01"}),
        ("/matching/demands/{demand}/words", {"word": "粘合"}),
        ("/matching/demands/{demand}/words/1/remove", {}),
        ("/trade/demands/{demand}/readers", {"confidentiality": "title"}),
        ("/trade/demands/{demand}/invitations", {"name": COLLEGE}),
        ("/trade/drafts", {**DRAFT, "title": "鞋面褪色严重"}, "draft"),
        ("/trade/drafts/{draft}", {**DRAFT, "title": "鞋面褪色很严重", "text": "鞋面日晒后褪色,需要耐光染料和工艺。"}),
        ("/trade/drafts/{draft}/confirm", {"authorised_by": "王小明"}),
        ("/trade/drafts", {**DRAFT, "title": "鞋垫发霉返潮"}, "other"),
        ("/trade/drafts/{other}/discard", {}),
        ("/enterprise/demands/draft/keep", {"text": "鞋带头脱落"}),
        ("/account/contacts", {"contact_name": "王小明", "contact_phone": "0595-87654321"}),
        ("/enterprise/favourites/1", {"next": "/patents"}),
        ("/enterprise/favourites/1/note", {"note": "给老板看"}),
        ("/enterprise/favourites/1/remove", {}),
        ("/enterprise/favourites/forget", {}),
        ("/messages/choices", {"go": "pushes:email", "frequency": "weekly", "quiet_from": "21:00", "quiet_to": "08:00"}),
    ),
    *_acts(
        "operator",
        ("/operator/demands/{demand}/sheet", {"signed_by": "王小明", "signed_on": DAY}, "", "确认单"),
        ("/operator/demands/{demand}/verify", {"how": "call", "spoken_to": "王小明", "spoken_post": "厂长", "on": DAY, "note": "已核实"}),
        ("/operator/demands/2/return", {"note": "请补指标"}),
        ("/operator/enterprises/1/demands/new", {**DEMAND, "title": "鞋带断裂", "text": "登山鞋鞋带受力后断裂,需要更耐磨的编织结构。"}),
        ("/operator/reviews/retry", {"kind": "deals", "code": "patent_unknown"}),
        ("/matching/learned/train", {}),
        ("/trade/drafts/batch", {"origin": "fair", "note": "鞋博会", "rows": f"{UMBRELLAS}|伞骨易断|台风天伞骨折断怎么办|"}),
        ("/operator/enterprises/3/local", {"reason": "住所在晋江", "local": "yes"}),
        ("/operator/pushes/match", {}),
        ("/operator/pushes/plan", {}, "plan"),
        ("/operator/pushes/drafts/{plan}/add", {"demand": "1", "number": SOLE, "reason": "企业来电要求"}),
        ("/operator/pushes/drafts/{plan}/day", {"pairs": "1", "day": "2025-06-03"}),
        ("/operator/pushes/drafts/{plan}/take-out", {"pairs": "1", "reason": "先不发"}),
        ("/operator/pushes/drafts/{plan}/pairs/1/back", {}),
        ("/operator/pushes/drafts/{plan}/confirm-ticked", {"pairs": "1"}),
        ("/operator/pushes/1/withdraw", {"reason": "先不发"}),
        ("/operator/pushes/send", {}),
        ("/matching/thesaurus", {"plain": "开胶", "patent_words": "剥离 脱胶", "trust": "1"}),
        ("/matching/thesaurus/1/withdraw", {"reason": "试用"}),
        ("/trade/relations", {"left": SHOES, "right": ZIPPERS, "relation": "shareholder", "evidence": "年报"}),
        ("/trade/relations/1/withdraw", {"r1-reason": "已核实"}),
    ),
    Act("shoes", "/enterprise/demands/2/edit", {**DEMAND, "title": "鞋面褪色很严重", "text": "鞋面日晒后褪色,需要耐光染料和工艺。"}),
    Act("shoes", "/enterprise/demands/2/solved", {"note": "自己解决了"}),
    Act("shoes", "/enterprise/patents/2/contact", {"demand_id": 1}),
    Act("college", "/institution/demands/{demand}/interest", {"patent_id": 1}),
    Act("shoes", "/trade/threads", {"patent_id": 1, "demand_id": 1}, "thread"),
    Act("shoes", "/trade/threads/{thread}/messages", {"text": "请寄样品。"}),
    Act("college", "/trade/threads/{thread}/messages", {"text": "见附件。"}, file="样品说明"),
    Act("shoes", "/trade/threads/{thread}/agree", {}),
    Act("college", "/trade/notices/read", {}),
    Act("college", "/trade/threads/{thread}/agree", {}),
    Act("shoes", "/trade/threads/{thread}/reveal", {}),
    Act("operator", "/trade/threads/{thread}/guests", {"kind": "agency", "guest_id": 1, "note": "协助谈判"}),
    Act("operator", "/trade/threads/{thread}/guests/1/dismiss", {}),
    Act("shoes", "/trade/deals/new", {**DEAL, "application_numbers": GLUE}, "deal"),
    *_acts(
        "shoes",
        ("/trade/deals/{deal}/sign", {"contract_number": "HT-1", "signed_on": DAY, "amount_yuan": "80000"}, "", "合同"),
        ("/trade/deals/{deal}/step", {"to": "registered", "on": DAY, "number": "EE01-1"}),
        ("/trade/deals/{deal}/step", {"to": "contract_registered", "on": DAY, "number": "2025350500001234"}),
        ("/trade/deals/{deal}/pay", {"paid_on": DAY, "amount_yuan": "30000"}, "", "回单一"),
        ("/trade/deals/{deal}/pay", {"paid_on": DAY, "amount_yuan": "20000", "voucher": "回单 77"}),
        ("/trade/deals/{deal}/refund", {"refunded_on": DAY, "amount_yuan": "1000", "voucher": "退款 1"}),
        ("/trade/threads/{thread}/close", {"reason": "已签约"}),
    ),
    Act("college", "/trade/deals/{deal}/word", {"answer": "no", "note": "退款未收到"}),
    Act("college", "/trade/deals/{deal}/story", {"consent": "given", "figures": "y"}),
    Act("reviewer", "/bureau/records/deals/{deal}/objection/13/settle", {"note": "双方到场核实"}),
    *_acts(
        "operator",
        ("/operator/records/deals/{deal}/evidence", {"purpose": "contract"}, "", "合同二"),
        ("/operator/records/deals/{deal}/evidence/1/withdraw", {"reason": "放错了"}),
        ("/operator/deals/{deal}/payment", {"paid_on": DAY, "amount_yuan": "1000", "voucher": "回单 78"}),
        ("/operator/deals/{deal}/refund", {"refunded_on": DAY, "amount_yuan": "500", "voucher": "退款 2"}),
        ("/operator/deals/{deal}/correct", {"contract_number": "HT-1", "deal_type": "ordinary_licence", "signed_on": DAY, "amount_yuan": "90000", "reason": "笔误"}),
        ("/bureau/records/deals/{deal}/word", {"decision": "rejected", "note": "看不清"}),
        ("/bureau/records/deals/{deal}/word/1/withdraw", {"note": "看清了"}),
        ("/operator/deals/{deal}/cancel", {"on": DAY, "reason": "解除"}),
        ("/operator/deals/{deal}/withdraw", {"reason": "录错"}),
        ("/operator/deals/new", {"deal_type": "transfer", "application_numbers": SOLE, "seller_name": COLLEGE, "buyer_name": SHOES, "signed_on": DAY, "contract_number": "HT-9"}),
        ("/trade/deals/2/agency", {"agency_id": 1}),
        ("/operator/deals/2/event", {"to": "registered", "on": DAY, "number": "TR01-9"}),
        ("/operator/records/enterprises/1/contact", {}),
        ("/operator/offers/new", {"application_number": number(4), "holder_name": SCHOOL, "regime": "pilot", "platform": "知创福建", "declared_on": DAY, "fee_method": "fixed", "fee_yuan": "20000"}),
        ("/operator/licences/new", {"application_number": number(4), "licensee_name": UMBRELLAS, "licensor_name": SCHOOL, "notified_on": DAY}),
        ("/trade/awards/records", {"kind": "pledge_loans", "agency_id": 1, "firm": SHOES, "title": "专利质押贷款", "occurred_on": DAY, "amount_yuan": "100000"}),
        ("/trade/awards/records/1/withdraw", {"reason": "重复"}),
        ("/trade/awards/records", {"kind": "navigation", "firm": SHOES, "title": "鞋材专利导航", "occurred_on": DAY}),
        ("/trade/awards/records/2/days", {"reviewed_on": DAY}),
    ),
    *_acts(
        "college",
        ("/trade/listings/new", {"number": SOLE, "modes": ["transfer"], "maturity": "lab", "price_yuan": "5万"}),
        ("/trade/listings/1/withdraw", {"reason": "改价"}),
        ("/trade/offers/new", OFFER, "offer"),
    ),
    Act("college", "/trade/listings/new", {"number": GLUE, "modes": ["transfer"], "maturity": "lab", "price_yuan": "6万"}),
    Act("college", "/trade/listings/2/proof", {}, file="权属证明"),
    Act("umbrellas", "/trade/listings/new", {"number": number(4), "modes": ["transfer"], "maturity": "lab", "price_yuan": "3万"}, file="转让合同"),
    Act("operator", "/trade/listings/3/decide", {"note": "属实", "decision": "published"}),
    Act("college", "/trade/listings/many", {"kept": "1-2", "modes": ["licence"], "maturity": "lab"}),
    Act("college", "/trade/offers/many", {**OFFER, "kept": "1", "announcement_number": "2025-0602"}),
    Act("shoes", "/trade/offers/{offer}/accept", {}, "licence"),
    Act("operator", "/trade/offers/{offer}/accept-for", {"firm": ZIPPERS}),
    Act("shoes", "/trade/licences/{licence}/payment", {"paid_on": DAY, "paid_yuan": "20000", "voucher": "回单 79"}),
    Act("shoes", "/trade/licences/{licence}/refund", {"refunded_on": DAY, "yuan": "100"}),
    Act("shoes", "/trade/licences/{licence}/filing", {"filed_on": DAY, "number": "XKBA-1"}),
    Act("college", "/trade/licences/{licence}/word", {"answer": "yes"}),
    Act("shoes", "/trade/licences/{licence}/story", {"consent": "given"}),
    Act("shoes", "/enterprise/inbox/off", {}),
    Act("shoes", "/enterprise/inbox/on", {}),
    Act("shoes", "/enterprise/demands/{demand}/withdraw", {}),
    Act("college", "/trade/offers/{offer}/end", {"on": "2025-06-03"}),
    Act("reviewer", "/bureau/records/deals/2/overrule", {"note": "同名不同人"}),
    Act("operator", "/operator/jobs/train/run", {}),
    Act("operator", "/operator/jobs/train/pause", {}),
    Act("operator", "/operator/jobs/train/resume", {}),
    Act("operator", "/intake/uploads", {"kind": "enterprises"}, "upload", table="企业名称,地址\n晋江市新店鞋业有限公司,晋江市陈埭镇\n"),
    Act("operator", "/intake/uploads/{upload}/jobs", {"mode": "write"}, "job"),
    Act("operator", "/intake/jobs/{job}/cancel", {}),
    Act("college", "/patents/1/presentation", {"gains": "技术资料一套", "maturity": "pilot", "shown": "y"}),
    Act("college", "/patents/1/files", {"caption": "结构图"}, "drawing", picture="结构图"),
    Act("college", "/patents/1/files/1/remove", {}),
    Act("college", "/patents/1/holder-grade", {"grade": "A"}),
    Act("shoes", "/patents/1/firm-grade", {"grade": "B", "reason": "鞋底生产线可用"}),
    Act("college", "/institution/lists", {}, "list", table=f"申请号,年费已缴至\n{GLUE},2026-03-01\n"),
    Act("college", "/institution/lists/waiting/{list}", {}, "batch"),
    Act("college", "/institution/lists/{batch}/undo", {"note": "年费写错"}),
    Act("visitor", "/account/register", REGISTRATION),
    Act("operator", "/account/registrations/5/reject", {"note": "材料不符"}),
    Act("visitor", "/account/register/institution", {**REGISTRATION, "uscc": uscc(21), "name": "刺桐工业研究院", "login": "institute"}),
    Act("shoes", "/account/consent", {"consent": "y"}),
    Act("reviewer", "/bureau/checkpoints", {}),
    Act("reviewer", "/bureau/changes", {"seen_at": f"{DAY}T00:00:00+00:00"}),
    *_acts("shoes", ("/searches/patents/save?q=鞋", {}), ("/searches/1/seen", {}), ("/searches/1/remove", {})),
    *_acts(
        "administrator",
        ("/account/all", {"login": "clerk", "display_name": "小张", "role": "operator", "organisation": "运营中心", "password": "a long sentence 12"}),
        ("/account/4/disable", {}),
        ("/account/4/enable", {}),
        ("/account/4/password", {"password": "another long one 12"}),
        ("/account/4/second-factor/reset", {}),
    ),
)  # fmt: skip
