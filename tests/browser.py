"""The system's Chromium for tests; a page that asks any host but this machine fails its test."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

import run

# Quiet and self-contained: no first-run pages, no updates, nothing asked of the network in the background.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
OWN_HOSTS = {"127.0.0.1", "localhost", "::1"}

# A first request of a process imports much; on a busy machine the usual five seconds are too few.
expect.set_options(timeout=20_000)


def is_own(address: str) -> bool:
    """True for this machine's own addresses and for what needs no network (data:, blob:, about:)."""
    parts = urlsplit(address)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in OWN_HOSTS


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser per test process."""
    program = run.find_browser()
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium, or run.py test --without-browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        yield chromium
        chromium.close()


@pytest.fixture
def foreign_requests() -> list[str]:
    """Addresses on other hosts that this test's page asked for and did not get."""
    return []


@pytest.fixture
def page(browser: Browser, foreign_requests: list[str]) -> Iterator[Page]:
    """A page with an empty profile in Chinese; requests to other hosts are stopped and fail the test."""

    def guard(route: Route) -> None:
        if is_own(route.request.url):
            route.continue_()
        else:
            foreign_requests.append(route.request.url)
            route.abort()

    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 800})
    context.route("**/*", guard)
    yield context.new_page()
    context.close()
    assert foreign_requests == [], "the page asked other hosts"


def unfold(page: Page, name: str) -> None:
    """Open the fold of a page in which the part called ``name`` is, where it is closed."""
    if not page.locator(f"#{name}").is_visible():
        page.locator(f"details:has(> #{name}) > summary").click()
