"""Every page type on a telephone, 390 px wide: nothing sticks out, and whatever is pressed is large enough for a finger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.web.crawling import SMALL
from tests.web.installation import ACCOUNTS
from tests.web.people import Person, session_of
from tests.web.test_browser import serve, too_wide
from tests.web.test_roles import listed, sample
from web.signing import COOKIE


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    yield from serve(app)


def page_types(app: Flask) -> dict[str, list[str]]:
    """Addresses by who opens them: each route that shows a page, once, for the first role that may see it."""
    found: dict[str, list[str]] = {}
    for (method, rule), statuses in listed().items():
        role = next((role for role, status in statuses.items() if status == 200), None)
        if method == "GET" and role is not None:
            found.setdefault(role, []).append(sample(rule))
    return found


def is_page(person: Person, path: str) -> bool:
    answer = person.get(path)
    return answer.status_code == 200 and answer.mimetype == "text/html" and "<html" in answer.text


@pytest.mark.parametrize("role", ["visitor", *ACCOUNTS])
def test_on_a_telephone_every_page_type_fits_and_can_be_pressed(
    page: Page, app: Flask, address: str, role: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    if role != "visitor":
        token = session_of(app.extensions["matchhub"], role)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    person, faults = Person(app, role), {}
    for path in page_types(app).get(role, []):
        if not is_page(person, path):
            continue
        page.goto(address + path, wait_until="domcontentloaded")
        wide, small = too_wide(page), page.evaluate(SMALL)
        if wide > 0 or small:
            faults[path] = (wide, small)
    assert faults == {}


def test_registration_is_reached_from_the_header(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.locator("header").get_by_role("link", name="企业注册").click()
    page.wait_for_url("**/account/register")


def test_the_site_can_be_put_on_the_first_screen(page: Page, address: str) -> None:
    page.goto(address)
    said = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(each => each.json())")
    assert said["display"] == "standalone" and said["start_url"] == "/" and said["name"]
    sizes = page.evaluate(
        """icons => Promise.all(icons.map(async each => {
        const picture = await createImageBitmap(await (await fetch(each.src)).blob());
        return `${picture.width}x${picture.height}` === each.sizes; }))""",
        said["icons"],
    )
    assert len(sizes) == 6 and all(sizes)
