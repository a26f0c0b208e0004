"""In a real browser and by clicking only: people register, find each other, and make a deal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journey import dealing, licensing, proving, registering
from tests.journey.registering import TITLES
from tests.journey.street import Street, served
from tests.services.small_city import City, built_city, opened_city, opened_copy

__all__ = ["built_city"]

PHONE, OFFICE = 390, 1366
# Both widths and both databases in the ordinary run; the other two pairs in the long one.
PLACES = [
    (PHONE, "sqlite"),
    pytest.param((OFFICE, "postgres"), marks=pytest.mark.postgres),
    pytest.param((PHONE, "postgres"), marks=[pytest.mark.postgres, pytest.mark.long]),
    pytest.param((OFFICE, "sqlite"), marks=pytest.mark.long),
]


@pytest.fixture(params=PLACES, ids=lambda place: f"{place[0]}-{place[1]}")
def street(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Street]:
    """The small city at one width, on one database. ``JOURNEY_PICTURES`` names a folder for pictures of every step."""
    width, database = request.param
    kept = os.environ.get("JOURNEY_PICTURES")
    with (
        _city(request, database, tmp_path / "home") as city,
        served(city, browser, tmp_path / "papers", width, Path(kept) if kept else None) as opened,
    ):
        yield opened


def _city(request: pytest.FixtureRequest, database: str, home: Path) -> AbstractContextManager[City]:
    if database == "postgres":
        return opened_city(home, request.getfixturevalue("postgres_url"))
    return opened_copy(request.getfixturevalue("built_city"), home)


def get_in(street: Street) -> None:
    """Firm and university have accounts that speak for them, and the university's patents are in the base."""
    registering.register_firm(street)
    registering.register_university(street)
    registering.import_list(street)
    registering.confirm_accounts(street)


def test_people_get_through_from_registration_to_a_deal_that_counts(street: Street) -> None:
    get_in(street)
    registering.invite_colleague(street)
    registering.match_anew(street)
    dealing.post_demand(street)
    dealing.ask_contact(street)
    dealing.answer(street)
    dealing.close_deal(street)
    dealing.say_so(street)
    proving.enter_representatives(street)
    proving.operator_confirms(street, "笔交易待确认")
    proving.bureau_confirms(street)
    proving.counted(street, "发明专利交易", TITLES[0])
    dealing.see_it_counts(street)


def test_people_get_through_from_registration_to_a_licence_that_counts(street: Street) -> None:
    get_in(street)
    licensing.tell_annuities(street)
    licensing.declare_many(street)
    licensing.find_and_keep(street)
    licensing.accept(street, TITLES[1])
    proving.enter_representatives(street)
    proving.operator_confirms(street, "项许可待确认")
    proving.bureau_confirms(street)
    proving.counted(street, "达成开放许可", TITLES[1])
    licensing.see_it_counts(street, TITLES[1])
