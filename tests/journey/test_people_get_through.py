"""In a real browser and by clicking only: people register, find each other, and make a deal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journey import dealing, registering
from tests.journey.street import Street, served
from tests.services.small_city import built_city, opened_copy

__all__ = ["built_city"]

PHONE = 390


@pytest.fixture
def street(browser: Browser, built_city: Path, tmp_path: Path) -> Iterator[Street]:
    """The small city, at the width of a telephone. ``JOURNEY_PICTURES`` names a folder for pictures of every step."""
    kept = os.environ.get("JOURNEY_PICTURES")
    with (
        opened_copy(built_city, tmp_path / "home") as city,
        served(city, browser, tmp_path / "papers", PHONE, Path(kept) if kept else None) as opened,
    ):
        yield opened


def test_people_get_through_from_registration_to_a_deal_that_both_sides_bear_out(street: Street) -> None:
    registering.register_firm(street)
    registering.register_university(street)
    registering.import_list(street)
    registering.confirm_accounts(street)
    registering.invite_colleague(street)
    registering.match_anew(street)
    dealing.post_demand(street)
    dealing.ask_contact(street)
    dealing.answer(street)
    dealing.close_deal(street)
    dealing.say_so(street)
