"""Facts that count by every rule; a test changes the one thing it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc as stdnum_uscc

from matchhub.domain.counting.facts import (
    AgencyFacts,
    CategoryFact,
    ConfirmationFact,
    DealFacts,
    DealPatentFact,
    DemandFacts,
    DemandWordFact,
    EnterpriseFacts,
    EvidenceFact,
    ExpertFacts,
    Facts,
    LicenceFacts,
    OfferFacts,
    PatentFacts,
    PaymentFact,
    PlatformEventFact,
    PushFacts,
    PushItemFact,
    RegistrationFact,
    StatusFact,
)
from matchhub.domain.identifiers import application_check_digit
from matchhub.domain.rules import RulePack
from matchhub.domain.sources import ImportSource
from matchhub.policy import load_pack

AS_OF = date(2025, 6, 30)
SIGNED = date(2024, 5, 20)
REGISTER = ImportSource("register", "国家知识产权局", date(2026, 12, 1), "right")  # issued after every day it tells
OFFICIAL = ImportSource("list", "某市科学技术局", date(2024, 1, 1), "right")


def pack() -> RulePack:
    return load_pack("jinjiang-2023-6")


def number(n: int, type_digit: int = 1, year: int = 2017) -> str:
    digits = f"{year}{type_digit}{n:07d}"
    return f"{digits}.{application_check_digit(digits)}"


def uscc(n: int, division: str = "350582") -> str:
    body = f"91{division}{n:09d}"
    return body + stdnum_uscc.calc_check_digit(body)


def at(day: date, hour: int = 4) -> datetime:
    """A UTC moment on ``day``; 4 o'clock UTC is noon in the city."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def status(day: date = date(2025, 1, 10), validity: Any = "in_force", **more: Any) -> StatusFact:
    return StatusFact(validity=validity, as_of_on=day, **{"source": REGISTER, **more})


def patent(n: int = 1, **changes: Any) -> PatentFacts:
    made = PatentFacts(
        record_id=n,
        application_number=number(n),
        title="一种鞋底",
        applicants=("晋江某某鞋业有限公司",),
        ipc=("A43B 13/04",),
        filed_on=date(2017, 3, 1),
        statuses=(status(),),
        entered_on=date(2024, 1, 1),
    )
    return replace(made, **changes)


def enterprise(n: int = 1, **changes: Any) -> EnterpriseFacts:
    held = CategoryFact(
        category="high_tech_enterprise",
        certificate_number=f"GR20233500{n:04d}",
        valid_from_on=date(2023, 12, 1),
        valid_to_on=date(2026, 11, 30),
        source=OFFICIAL,
    )
    made = EnterpriseFacts(
        record_id=n, uscc=uscc(n), name_key=f"晋江第{n}鞋业", categories=(held,), entered_on=date(2024, 1, 1)
    )
    return replace(made, **changes)


def expert(n: int = 1, **changes: Any) -> ExpertFacts:
    made = ExpertFacts(
        record_id=n,
        name=f"专家{n}",
        organisation="泉州某大学",
        field="高分子材料",
        title="教授",
        consent_on=date(2024, 1, 5),
        consent_evidence=f"同意书{n}",
        entered_on=date(2024, 1, 6),
        standing_sources=(OFFICIAL,),
        evidence=(paper(n, "consent_sheet"),),
    )
    return replace(made, **changes)


def agency(n: int = 1, **changes: Any) -> AgencyFacts:
    made = AgencyFacts(
        record_id=n,
        uscc=uscc(5000 + n),
        agency_code="35203",
        is_patent_agency=True,
        service_types=("专利代理",),
        contact="前台",
        entered_on=date(2024, 1, 1),
        identity_sources=(OFFICIAL,),
    )
    return replace(made, **changes)


_THINGS = (
    "鞋底止滑",
    "拉链防锈",
    "雨伞骨架减重",
    "纸尿裤吸收芯",
    "瓷砖釉面",
    "缝纫机断线",
    "膨化食品酥脆",
    "石材切割粉尘",
)


def demand(n: int = 1, **changes: Any) -> DemandFacts:
    text = f"我们车间的{_THINGS[n % 8]}一直做不好,{'甲乙丙丁戊己庚辛壬癸'[n // 8 % 10]}线{'子丑寅卯辰巳午未申酉'[n // 80 % 10]}班返工很多"
    made = DemandFacts(
        record_id=n,
        enterprise_id=1,
        enterprise_uscc=uscc(1),
        enterprise_local=True,
        local_decided_by="division",
        title=_THINGS[n % 8],
        text=text,
        object="生产工艺",
        aim="减少返工",
        targets="返工率降到2%以下",
        technical_field="制鞋",
        cooperation_form="技术许可",
        budget_negotiable=True,
        contact_name="陈工",
        contact_reachable=True,
        posted_on=date(2024, 9, 1),
        recorded_on=date(2024, 9, 1),
        valid_until_on=date(2025, 12, 31),
        authorised_on=date(2024, 9, 1),
        authorised_by="总经理签字",
        verification=DemandWordFact(on=date(2024, 9, 3)),
        own_word=DemandWordFact(on=date(2024, 9, 2)),
    )
    return replace(made, **changes)


def push_item(patent_id: int = 1, enterprise_id: int = 1, **changes: Any) -> PushItemFact:
    made = PushItemFact(
        patent_id=patent_id,
        score=0.5,
        model="tfidf-bm25f-3:ab12cd34",
        explained=True,
        demand_id=1,
        demand_enterprise_id=enterprise_id,
    )
    return replace(made, **changes)


def push(n: int = 1, **changes: Any) -> PushFacts:
    made = PushFacts(
        record_id=n, enterprise_id=n, delivered_at=at(date(2024, 10, 8)), accepted=True, items=(push_item(n, n),)
    )
    return replace(made, **changes)


def confirmation(account: int = 7, organisation: int = 70, role: Any = "operator", **changes: Any) -> ConfirmationFact:
    made = ConfirmationFact(account_id=account, organisation_id=organisation, role=role, at=at(date(2024, 6, 20)))
    return replace(made, **changes)


BOTH = (confirmation(), confirmation(9, 90, "reviewer", second_factor=True))


def paper(n: int, what: str, day: date = date(2024, 6, 2), **changes: Any) -> EvidenceFact:
    """An intact file of that kind, of record ``n``."""
    return replace(EvidenceFact(digest=f"{what}-{n}", paper=what, recorded_at=at(day)), **changes)


def slip(n: int) -> EvidenceFact:
    return paper(n, "bank_slip", digest=f"sha-{n}", kind="payment_proof")


def payment(n: int = 1, **changes: Any) -> PaymentFact:
    proof = slip(n)
    return replace(PaymentFact(paid_on=date(2024, 6, 1), amount_yuan=Decimal(50000), evidence=proof), **changes)


def deal_patent(n: int = 1, **changes: Any) -> DealPatentFact:
    made = DealPatentFact(
        patent_id=n, application_number=number(n), granted_on=date(2019, 5, 1), statuses=(status(date(2024, 4, 1)),)
    )
    return replace(made, **changes)


def touch(patent_id: int = 1, party_id: Any = None, day: date = date(2024, 3, 1), **changes: Any) -> PlatformEventFact:
    made = PlatformEventFact(kind="push", patent_id=patent_id, party_id=party_id or f"buyer{patent_id}", at=at(day))
    return replace(made, **changes)


def deal(n: int = 1, **changes: Any) -> DealFacts:
    made = DealFacts(
        record_id=n,
        contract_number=f"HT-2024-{n:04d}",
        deal_type="transfer",
        sellers=(f"seller{n}",),
        buyers=(f"buyer{n}",),
        signed_on=SIGNED,
        recorded_at=at(SIGNED + timedelta(days=10)),
        patents=(deal_patent(n),),
        registrations=(RegistrationFact(event="TR01", registered_on=date(2024, 6, 10), number=f"变更{n}"),),
        payments=(payment(n),),
        platform_events=(touch(n),),
        confirmations=BOTH,
        entered_by=5,
        amount_yuan=Decimal(50000),
        evidence=(paper(n, "contract"), slip(n), paper(n, "conformity_notice")),
    )
    return replace(made, **changes)


def offer(n: int = 1, **changes: Any) -> OfferFacts:
    made = OfferFacts(
        record_id=n,
        patent_id=n,
        application_number=number(n),
        regime="cnipa",
        announcement_number=f"第{n}号",
        published_on=date(2024, 3, 1),
        recorded_on=date(2024, 3, 5),
        industry="鞋服",
        industry_reason="用于鞋底生产",
        granted_on=date(2019, 5, 1),
        statuses=(status(date(2024, 2, 1)),),
        holder_on_patent=True,
        ipc=("A43B 13/22",),
        evidence=(paper(n, "announcement", date(2024, 3, 5), identified=True),),
    )
    return replace(made, **changes)


def licence(n: int = 1, **changes: Any) -> LicenceFacts:
    made = LicenceFacts(
        record_id=n,
        patent_id=n,
        application_number=number(n),
        licensor_id=f"holder{n}",
        licensor_on_patent=True,
        licensee_id=f"licensee{n}",
        licensee_uscc=uscc(n),
        licensee_local=True,
        local_decided_by="division",
        offer_id=n,
        offer_from_on=date(2024, 3, 1),
        offer_to_on=None,
        notified_on=date(2024, 4, 1),
        reached_on=date(2024, 4, 2),
        recorded_at=at(date(2024, 4, 3)),
        payments=(payment(10_000 + n, paid_on=date(2024, 4, 2)),),
        filed_on=date(2024, 5, 1),
        filing_number=f"X2024{n:06d}",
        fee_yuan=Decimal(50000),
        entered_by=5,
        evidence=(paper(n, "notice"), slip(10_000 + n), paper(n, "filing_certificate")),
        confirmations=BOTH,
    )
    return replace(made, **changes)


MAKERS: dict[str, Callable[..., Any]] = {
    "patents": patent,
    "enterprises": enterprise,
    "experts": expert,
    "agencies": agency,
    "local_demands": demand,
    "pushes": push,
    "invention_deals": deal,
    "open_licence_offers": offer,
    "open_licences": licence,
}


def some_facts(number_each: int = 3) -> Facts:
    """That many of each kind, all of which count; enterprise 1 gets at most one push a day."""
    return facts_of({key: [make(n) for n in range(1, number_each + 1)] for key, make in MAKERS.items()})


def kind_of(key: str) -> str:
    """The kind of record that a threshold of the shipped pack counts."""
    return pack().threshold(key).counter


def facts_of(made: Mapping[str, Sequence[Any]]) -> Facts:
    """Facts given by the threshold of the shipped pack that counts them."""
    by_kind: dict[str, Any] = {kind_of(key): tuple(listed) for key, listed in made.items()}
    return Facts(**by_kind)
