"""Unread notices are told in the top bar of every page; a patent's page tells what its holder offers."""

from __future__ import annotations

import re
import sqlite3
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from matchhub.db.tables import Notice
from matchhub.services.deals.opening import open_deal
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.licensing.accepting import accept_offer
from matchhub.services.notices.notices import notify, organisation_of, own_notices
from matchhub.services.patents.offers import NewPatentOffer, list_patent, withdraw_patent_offer
from tests.domain.factories import number
from tests.services.evidence.test_every_act_is_told import NEW
from tests.services.licensing.test_licensing import declared
from tests.services.small_city import PATENTS, SHOES, City
from tests.web.people import Person
from web import frame

_BADGE = re.compile(r'app-notices"[^>]*>[^<]*<span class="badge[^>]*>([^<]+)</span>')


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


def told(city: City, times: int) -> None:
    with city.unit() as unit:
        place = organisation_of(unit, city.firm(SHOES))
        for each in range(times):
            notify(unit, [place], "notice_reconfirm", ("demands", each), str(each), title="开胶")


def badge(page: str) -> str | None:
    found = _BADGE.search(page)
    return found[1] if found else None


@pytest.mark.parametrize(("unread", "shown"), [(0, None), (1, "1"), (99, "99"), (100, "99+")])
def test_the_top_bar_tells_how_many_notices_are_unread(app: Flask, city: City, unread: int, shown: str | None) -> None:
    told(city, unread)
    firm = Person(app, "shoes")
    for path in ("/", "/enterprise/", "/trade/notices"):
        page = firm.get(path).text
        assert "app-notices" in page
        assert badge(page) == shown


def test_a_notice_that_was_opened_leaves_the_badge(app: Flask, city: City) -> None:
    told(city, 2)
    firm = Person(app, "shoes")
    with city.unit() as unit:
        first = unit.session.query(Notice.id).order_by(Notice.id).first()
    assert first is not None
    firm.post(f"/trade/notices/{first[0]}/read")
    assert badge(firm.get("/").text) == "1"


@pytest.mark.parametrize("kind", ["deals", "licences"])
def test_a_record_s_page_takes_what_was_told_about_it_from_the_badge(app: Flask, city: City, kind: str) -> None:
    if kind == "licences":
        offer = declared(city)
        with city.unit("shoes") as unit:
            record_id = accept_offer(unit, offer)
    else:
        with city.unit("shoes") as unit:
            record_id = open_deal(unit, NEW)
    college = Person(app, "college")
    assert badge(college.get("/").text) is not None
    assert college.get(f"/trade/{kind}/{record_id}").status_code == 200
    with city.unit("college") as unit:
        assert not [each for each in own_notices(unit, unread=True) if each.subject_kind == kind]


@pytest.mark.parametrize("role", ["visitor", "reviewer"])
def test_who_gets_no_notices_is_shown_none(app: Flask, city: City, role: str) -> None:
    assert "app-notices" not in Person(app, role).get("/").text


def test_a_page_shows_although_unread_notices_cannot_be_counted(
    app: Flask, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> int:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("unable to open database file"))

    monkeypatch.setattr(frame, "unread", broken)
    answer = Person(app, "shoes").get("/")
    assert answer.status_code == 200
    assert "app-notices" not in answer.text


def test_the_page_of_a_patent_tells_what_its_holder_offers_until_that_is_taken_back(app: Flask, city: City) -> None:
    address = f"/patents/{city.patent(PATENTS[0][0])}"
    visitor = Person(app)
    assert "权利人挂牌" not in visitor.get(address).text
    with city.unit("college") as unit:
        offer = list_patent(
            unit,
            NewPatentOffer(number(1), "", ("transfer", "licence"), "pilot", ("samples",), price_yuan=Decimal(80_000)),
        )
    page = visitor.get(address).text
    assert "权利人挂牌" in page and "8万元" in page and "中试" in page
    visitor.get("/account/language/en")
    assert "On offer by its holder" in visitor.get(address).text
    visitor.get("/account/language/zh")
    with city.unit("college") as unit:
        withdraw_patent_offer(unit, offer, "售出")
    assert "权利人挂牌" not in visitor.get(address).text
