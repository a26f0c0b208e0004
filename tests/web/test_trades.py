"""The public pages: what the platform is for, the trades, papers to print, and how a page names itself to others."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import update

from matchhub.db.tables import Demand, Patent
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.people import Person


def head(page: str, pattern: str) -> str:
    found = re.search(pattern, page.partition("</head>")[0])
    return found[1] if found else ""


@pytest.fixture
def enterprise(app: Flask) -> Person:
    return Person(app, "enterprise")


def test_the_front_page_says_what_the_platform_is_for(visitor: Person) -> None:
    page = visitor.get("/").text
    assert page.count("<li><strong>") == 8  # four steps for each side
    assert 'href="/trades"' in page and 'href="/trades/footwear"' in page
    assert "以上和以下均为演示数据" not in page


def test_a_base_of_invented_rows_says_so_beside_its_numbers(visitor: Person, runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Patent).values(demo=True))
    assert "以上和以下均为演示数据" in visitor.get("/").text


def test_a_trade_shows_its_supply_and_what_is_asked_for_with_links_into_the_search(visitor: Person) -> None:
    page = visitor.get("/trades/footwear").text
    link = re.search(r'class="figure" href="(/patents\?[^"]*)"', page)
    assert link and "trade=footwear" in link[1] and "validity=in_force" in link[1]
    number = re.search(r'figure-number">(\d+)<', page)
    assert number and f"共 {number[1]} 条" in visitor.get(link[1].replace("&amp;", "&")).text
    assert "一种防滑耐磨鞋底" in visitor.get("/patents?trade=footwear").text
    assert "一种防滑耐磨鞋底" not in visitor.get("/patents?trade=zippers").text


def test_an_unknown_trade_is_not_found(visitor: Person) -> None:
    assert visitor.get("/trades/no-such").status_code == 404


def test_the_list_of_trades_leaves_out_those_without_anything(visitor: Person) -> None:
    page = visitor.get("/trades").text
    assert 'href="/trades/footwear"' in page and 'href="/trades/health"' not in page


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/patents?q=鞋&sort=newest", "/patents"),
        ("/patents?page=2&q=a", "/patents?page=2"),
        ("/trades/footwear", "/trades/footwear"),
    ],
)
def test_a_public_page_has_one_address_without_what_narrows_it(visitor: Person, path: str, canonical: str) -> None:
    assert head(visitor.get(path).text, r'rel="canonical" href="https?://[^/]+([^"]*)"') == canonical


def test_titles_and_descriptions_name_the_record(visitor: Person) -> None:
    page = visitor.get("/patents/1").text
    assert "一种防滑耐磨鞋底" in head(page, r"<title>([^<]*)</title>")
    assert "201710601862.3" in head(page, r'name="description" content="([^"]*)"')
    assert head(page, r'property="og:title" content="([^"]*)"').startswith("一种防滑耐磨鞋底")
    assert "提高鞋底湿滑地面防滑性能" in head(visitor.get("/demands/1").text, r'name="description" content="([^"]*)"')


@pytest.mark.parametrize("path", ["/account/password", "/enterprise/", "/no-such-page"])
def test_pages_of_an_account_and_faults_are_not_for_search_engines(enterprise: Person, path: str) -> None:
    page = enterprise.get(path).text
    assert head(page, r'name="robots" content="(noindex)"') and "canonical" not in page.partition("</head>")[0]


def test_a_demand_is_a_paper_for_its_own_firm_alone(enterprise: Person, visitor: Person, runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Demand).values(text="鞋底打滑。" * 400))
    page = enterprise.get("/enterprise/demands/1/sheet").text
    assert "企业技术需求表" in page and "（盖章）" in page
    assert "难题全文 2000 字，此处节录" in page and "paper-tiny" in page
    assert visitor.get("/enterprise/demands/1/sheet").status_code == 302
