"""The letter of pushes: what it says, where its links lead, and that it needs nothing from anywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest

from matchhub.operation.push_letters import letter_of
from matchhub.services.patents.offers import PublicPatentOffer
from matchhub.services.pushes.grouping import DueLetter
from matchhub.services.pushes.outgoing import OpenLicence, Outgoing, OutgoingItem

REASONS = tuple(
    {"demand_text": said, "patent_text": met, "weight": weight, "feature": "word"}
    for said, met, weight in (
        ("防滑", "防滑", 0.1),
        ("耐磨", "耐磨橡胶", 0.3),
        ("鞋底", "鞋底", 0.2),
        ("雨天", "湿滑", 0.05),
    )
)
ITEM = OutgoingItem(
    "201710000002.4", "<b>一种防滑鞋底</b>", "摘要", 0.53, REASONS, ("push_warns_not_granted",), 7,
    ("某某大学",), "invention", "in_force",
)  # fmt: skip
LINK = "https://match.example/p/token-1"


def due(item: OutgoingItem = ITEM) -> DueLetter:
    one = Outgoing(
        1,
        "<push.1@matchhub>",
        "a@x.example",
        "某鞋业",
        None,
        "鞋底打滑",
        LINK,
        f"{LINK}/off",
        "m",
        (item,),
        city="晋江市",
    )
    return DueLetter((one,))


def changed(**fields: object) -> OutgoingItem:
    return replace(ITEM, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("which", ["text", "html"])
def test_a_letter_says_whose_what_and_why(which: str) -> None:
    told = unescape(getattr(letter_of(due()), which))
    for words in (
        "某某大学",
        "发明专利",
        "有效",
        "权利人尚未公布",
        "0.53",
        "鞋底打滑",
        "晋江市专利供需对接平台",
        "尚未授权",
    ):
        assert words in told
    places = [
        told.index(words) for words in ("贵单位写到“耐磨”，专利写到“耐磨橡胶”", "双方都写到“鞋底”", "双方都写到“防滑”")
    ]
    assert places == sorted(places), "the strongest first"
    assert "湿滑" not in told, "three reasons are enough"


@pytest.mark.parametrize(("fields", "words"), [
    ({"terms": PublicPatentOffer(1, ("transfer", "licence"), "product", (), Decimal(120000), "")}, "转让、许可；120,000 元"),
    ({"terms": PublicPatentOffer(1, ("transfer",), "product", (), None, "可分期")}, "转让；价格面议；可分期"),
    ({"open_licence": OpenLicence("fixed", Decimal("8000.50"), None, "")}, "开放许可，许可费：固定费用 8,000.50 元"),
    ({"open_licence": OpenLicence("royalty_sales", None, Decimal("2.500"), "")}, "开放许可，许可费：按净销售额提成 2.5%"),
    ({"open_licence": OpenLicence("free", None, None, "")}, "开放许可，许可费：免费"),
    ({"open_licence": OpenLicence(None, None, None, "首年免费")}, "开放许可，许可费：首年免费"),
])  # fmt: skip
def test_the_terms_are_those_that_the_holder_published(fields: dict[str, object], words: str) -> None:
    letter = letter_of(due(changed(**fields)))
    assert words in letter.text and words in unescape(letter.html or "")


def test_every_link_leads_to_the_platform_and_each_answer_to_the_page_that_confirms_it() -> None:
    page = letter_of(due()).html or ""
    links = [unescape(each) for each in re.findall(r'href="([^"]+)"', page)]
    assert all(each.startswith("https://match.example/") for each in links)
    answers = {each.rpartition("=")[2] for each in links if "?item=7&answer=" in each}
    assert answers == {"contact", "fits", "not_my_field", "already_solved"}
    assert {f"{LINK}/why", f"{LINK}/off", "https://match.example/privacy", "https://match.example/algorithm"} <= set(
        links
    )
    assert not re.search(r"<(img|script|link|form|iframe)\b|src=|url\(", page), "nothing is loaded from anywhere"
    assert "<b>一种" not in page and "prefers-color-scheme: dark" in page


def test_the_letter_is_told_in_english_too() -> None:
    letter = letter_of(due(), "en")
    assert "Holder: 某某大学" in letter.text and "both sides say “鞋底”" in letter.text
