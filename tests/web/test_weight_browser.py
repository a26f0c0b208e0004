"""What a real browser fetches for a first look: bytes on the wire, with an empty cache."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.web.test_browser import serve, sign_in


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of this test listens."""
    yield from serve(app)


def fetched(page: Page, address: str) -> int:
    """Bytes that crossed the wire until the page was still."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sum(sizes)


def test_the_first_page_stays_under_200_kilobytes(page: Page, address: str) -> None:
    assert 20_000 < fetched(page, address) < 200_000


def test_a_page_with_charts_stays_under_600_kilobytes(page: Page, address: str) -> None:
    sign_in(page, address, "operator")
    assert 100_000 < fetched(page, f"{address}/bureau/thresholds/patents") < 600_000
    assert page.locator("svg line.chart-tick").count() > 0
