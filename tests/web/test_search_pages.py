"""Pages of search: tabs with numbers, filters in the address, what each role is shown, what to try when none fits."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from matchhub.db.tables import Enterprise, Expert, Offer
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.installation import SECRETS
from tests.web.people import Person

KINDS = ("patents", "offers", "demands", "agencies", "experts", "enterprises")


@pytest.fixture
def experts(runtime: Runtime) -> None:
    """One expert who consented and one who did not, and a trade of the firm."""
    with runtime.unit(SYSTEM) as unit:
        for name, consent in (("陈材", unit.today), ("林械", None)):
            unit.session.add(
                Expert(
                    name=name,
                    organisation="福建师范大学",
                    person_key=name,
                    field="鞋底材料",
                    consent_on=consent,
                    phone="13812345678",
                    recorded_at=unit.now,
                    updated_at=unit.now,
                )
            )
        unit.session.execute(select(Enterprise)).scalar_one().industry = "制鞋业"


def tabs(page: str) -> dict[str, int]:
    """Kinds of the tabs with their numbers."""
    found = re.findall(r'href="/(\w+)\?q=[^"]*"[^>]*>[^<]*<span class="tab-number">(\d+)</span>', page)
    return {kind: int(number) for kind, number in found}


@pytest.mark.parametrize(
    ("role", "numbers"),
    [
        ("visitor", {"patents": 1, "offers": 1, "demands": 1, "agencies": 0}),
        ("institution", {"patents": 1, "offers": 1, "demands": 1, "agencies": 0}),
        ("enterprise", {"patents": 1, "offers": 1, "demands": 1, "agencies": 0, "experts": 1}),
        ("operator", {"patents": 1, "offers": 1, "demands": 1, "agencies": 0, "experts": 2, "enterprises": 0}),
    ],
)
def test_each_kind_has_its_tab_with_its_number_on_every_page_of_a_search(
    app: Flask, experts: None, role: str, numbers: dict[str, int]
) -> None:
    person = Person(app, role)
    for path in ("/search", *(f"/{kind}" for kind in numbers)):
        assert tabs(person.get(f"{path}?q=鞋底").text) == numbers, path


def test_the_overview_shows_some_of_each_kind_and_where_the_rest_is(app: Flask, experts: None) -> None:
    page = Person(app, "operator").get("/search?q=鞋").text
    for record in ("/patents/1", "/operator/demands/1", "/bureau/records/experts/1", "/bureau/records/enterprises/1"):
        assert f'href="{record}"' in page
    assert 'href="/trade/offers/1"' in page or "/offers/1" in page


def test_contact_data_stand_on_no_page_of_a_search(app: Flask, experts: None) -> None:
    for role in ("visitor", "institution", "operator"):
        person = Person(app, role)
        for kind in ("search", *KINDS):
            page = person.get(f"/{kind}?q=鞋底").text
            hidden = [secret for secret in SECRETS if secret in page]
            assert hidden == [], (role, kind)
    visitor = Person(app)
    assert (
        "恒步鞋业" not in visitor.get("/demands").text and "林械" not in Person(app, "enterprise").get("/experts").text
    )


def test_filters_come_from_the_address_and_stay_in_the_form(app: Flask, runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(select(Offer)).scalar_one().valid_to_on = unit.today
        today = unit.today.isoformat()
    visitor = Person(app)
    fits = visitor.get(f"/offers?q=鞋底&regime=cnipa&fee=fixed&most=20000&until={today}").text
    assert "一种防滑耐磨" in fits and f'value="{today}"' in fits and '<option value="cnipa" selected>' in fits
    assert 'href="/offers?q=%E9%9E%8B%E5%BA%95"' in fits and "清除筛选" in fits
    for narrower in ("regime=pilot", "fee=free", "most=19999", "until=2031-01-01", "type=design", "industry=食品"):
        assert "没有找到" in visitor.get(f"/offers?q=鞋底&{narrower}").text, narrower
    assert 'filter-box" open' in fits and 'filter-box" open' not in visitor.get("/offers?q=鞋底").text


@pytest.mark.parametrize(
    "nonsense", ["year=abcd", "year=99999999999", "most=-1", "most=1e9", "regime=x", "state=x", "least=%00", "page=-3"]
)
def test_nonsense_in_the_address_narrows_nothing(app: Flask, nonsense: str) -> None:
    for kind in ("patents", "demands"):
        answer = Person(app).get(f"/{kind}?{nonsense}")
        assert answer.status_code == 200 and "清除筛选" not in answer.text


def test_an_until_day_that_is_none_narrows_nothing(app: Flask) -> None:
    assert "清除筛选" not in Person(app).get("/offers?until=2025-99-99").text


def test_where_nothing_fits_the_page_says_so_and_offers_words_that_find_something(app: Flask) -> None:
    Person(app).get("/search?q=鞋底")
    page = Person(app).get("/demands?q=鞋底量子火箭").text
    assert "没有找到" in page or "说法相近" in page
    assert re.search(r'class="btn btn-sm" href="/demands\?q=%E9%9E%8B%E5%BA%95"', page)
    page = Person(app).get("/demands?q=量子火箭").text
    assert "没有找到" in page and "相近的词" not in page


def test_each_role_is_led_to_its_own_page_of_a_demand(app: Flask) -> None:
    pages = {
        "visitor": "/demands/1",
        "institution": "/institution/demands/1",
        "enterprise": "/enterprise/demands/1",
        "operator": "/operator/demands/1",
        "reviewer": "/bureau/records/demands/1",
        "administrator": "/bureau/records/demands/1",
    }
    for role, address in pages.items():
        person = Person(app, role)
        assert f'href="{address}"' in person.get("/demands?q=防滑").text, role
        assert person.get(address).status_code == 200, role


def test_an_own_demand_that_waits_is_shown_to_its_enterprise_alone(app: Flask) -> None:
    assert "未核实的内部需求" in Person(app, "enterprise").get("/demands").text
    for role in ("visitor", "institution"):
        assert "未核实的内部需求" not in Person(app, role).get("/demands").text
