"""With the keys alone: every control of a form is reached in the order it is read, seen where it is, and left again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.web.installation import PASSWORD, Clock
from tests.web.people import session_of
from tests.web.test_browser import serve, sign_in
from web.signing import COOKIE

FORMS = (
    ("visitor", "/account/sign-in"),
    ("visitor", "/account/register"),
    ("enterprise", "/enterprise/demands/new"),
    ("enterprise", "/account/contacts"),
    ("enterprise", "/messages/settings"),
    ("institution", "/trade/listings/new"),
    ("institution", "/trade/offers/new"),
    ("operator", "/operator/demands/1"),
    ("operator", "/operator/deals/new"),
    ("operator", "/intake/"),
    ("reviewer", "/bureau/records/patents/1"),
    ("administrator", "/account/all"),
)
# The controls that Tab stops at, in the order of the page; of radio buttons of one name one is a stop.
STOPS = """() => {
  const seen = each => each.checkVisibility({ visibilityProperty: true }) && each.getClientRects().length;
  const radios = new Set();
  window.stops = Array.from(document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], iframe"))
    .filter(each => !each.disabled && each.tabIndex >= 0 && !each.closest("dialog, details:not([open]) > :not(summary)"))
    .filter(each => seen(each) || each.matches(".skip-link"))
    .filter(each => {
      if (each.type !== "radio") { return true; }
      const group = Array.from(document.querySelectorAll(`input[type=radio][name="${each.name}"]`));
      const chosen = group.find(one => one.checked);
      if (chosen) { return each === chosen; }
      if (radios.has(each.name)) { return false; }
      radios.add(each.name);
      return true;
    });
  return window.stops.length;
}"""
# Where the focus is: its place among the stops, and what is wrong with how it is shown.
HERE = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) { return null; }
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  const marked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const within = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
    && box.top < innerHeight && box.left < innerWidth;
  return [window.stops.indexOf(each), marked ? (within ? "" : "out of sight") : "no mark",
    `${each.tagName} ${each.name || each.getAttribute("href") || each.innerText || each.className}`.slice(0, 60)];
}"""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    yield from serve(app)


def opened(page: Page, app: Flask, address: str, login: str, path: str) -> None:
    """A page of an account, without the way through its sign-in."""
    if login != "visitor":
        page.context.add_cookies(
            [{"name": COOKIE, "value": session_of(app.extensions["matchhub"], login), "url": address}]
        )
    page.goto(address + path)
    page.wait_for_load_state("networkidle")  # what the page fetches to show stands


def walked(page: Page) -> list[str]:
    """What is wrong on the way with Tab from the top of the page to its end."""
    number, found, places = int(page.evaluate(STOPS)), list[str](), list[int]()
    for _ in range(number * 4):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is not None and here[1] == "out of sight":  # the page glides there
            page.wait_for_timeout(300)
            here = page.evaluate(HERE)
        if here is None or here[0] in places[:-1]:
            break
        place, fault, name = here
        if places[-1:] == [place]:  # a day is typed in parts, each a stop of its own
            continue
        places.append(place)
        found += [f"{fault}: {name}"] if fault else []
        found += [f"not expected: {name}"] if place < 0 else []
    if places != sorted(places):
        found.append(f"out of order: {places}")
    missed = sorted(set(range(number)) - set(places))
    name = "place => `${window.stops[place].tagName} ${window.stops[place].outerHTML.slice(0, 90)}`"
    return found + [f"never reached: {page.evaluate(name, place)}" for place in missed]


@pytest.mark.parametrize(("login", "path"), FORMS)
def test_every_control_is_reached_in_order_and_seen(
    page: Page, app: Flask, address: str, login: str, path: str
) -> None:
    opened(page, app, address, login, path)
    assert walked(page) == []


def test_the_first_stop_leads_past_the_menus(page: Page, app: Flask, address: str) -> None:
    opened(page, app, address, "enterprise", "/enterprise/demands/new")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_menu_opens_and_closes_and_gives_the_focus_back(page: Page, app: Flask, address: str) -> None:
    opened(page, app, address, "enterprise", "/enterprise/demands/new")
    menu = page.locator("header .app-account .dropdown > a")
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.dropdown-menu') !== null")
    page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()


def test_the_menu_of_a_telephone_opens_with_the_keys(page: Page, app: Flask, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, app, address, "operator", "/operator/")
    button = page.locator(".navbar-toggler")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#top-menu")).to_have_class(re.compile(r"\bshow\b"))
    expect(page.locator("#top-menu a").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "false")


def test_a_folded_panel_opens_and_its_fields_follow(page: Page, app: Flask, address: str) -> None:
    opened(page, app, address, "operator", "/operator/demands/1")
    fold = page.locator("main details:not([open])", has=page.locator("input, textarea, select")).first
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main details[open]') !== null")


def test_the_password_over_the_page_takes_the_focus_and_gives_it_back(page: Page, address: str, clock: Clock) -> None:
    page.clock.install()
    sign_in(page, address, "operator")
    page.wait_for_load_state()
    page.goto(f"{address}/operator/enterprises/1/demands/new")
    page.locator("#title").fill("运动鞋鞋底开胶")
    page.locator("#text").fill("运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。")
    send = page.locator("main form").get_by_role("button", name="录入").last
    clock.forward(timedelta(hours=13))
    page.clock.fast_forward("02:00")
    send.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#again-password")).to_be_focused()
    for _ in range(6):  # the page behind is out of reach; the window's own controls are not the page's
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('#again') !== null"
        )
    page.keyboard.press("Escape")
    expect(page.locator("#again")).to_be_hidden()
    expect(send).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#again-password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/new"))
