"""People of a city at their browsers, who find everything by clicking: the site's first page is the only address typed."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import select
from werkzeug.serving import make_server

from matchhub.db.tables import Account
from matchhub.services.accounts.passwords import hash_password
from tests.papers import letter
from tests.services.small_city import City
from web import create_app, frame
from web.units import EXTENSION

PASSWORD = "a fine long sentence"


@dataclass
class Street:
    """One installation served, and everybody's browser windows at one width; ``pictures`` keeps what they saw."""

    city: City
    app: Flask
    browser: Browser
    site: str
    papers: Path
    width: int
    pictures: Path | None = None
    people: dict[str, Walker] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def walker(self, login: str, password: str = PASSWORD) -> Walker:
        """Somebody with a browser of their own, standing on the first page."""
        if login not in self.people:
            size = ViewportSize(width=self.width, height=844 if self.width < 800 else 768)
            context = self.browser.new_context(
                locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size, has_touch=self.width < 800
            )
            # The browsers' clocks go with the city's: scripts notice that time has passed as they do in life.
            context.clock.install(time=self.city.clock.now)
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("pageerror", lambda error: self.faults.append(f"{login} {page.url}: {error}"))
            page.on("response", lambda answer: self.notice(login, answer.status, answer.url))
            page.on("dialog", lambda dialog: dialog.accept())
            self.people[login] = Walker(self, login, password, page)
            page.goto(self.site)
        return self.people[login]

    def later(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """Time passes, for the city and for every browser."""
        self.city.clock.forward(days=days, hours=hours, minutes=minutes)
        for walker in self.people.values():
            walker.page.clock.fast_forward(((days * 24 + hours) * 60 + minutes) * 60_000)

    def notice(self, login: str, status: int, url: str) -> None:
        """Keep an answer that no journey may meet: something broke or leads nowhere."""
        if status >= 500 or status in (404, 405):
            self.faults.append(f"{login}: {status} {url}")

    def keep_last(self) -> None:
        """Where pictures are kept: what everybody had before the eyes at last."""
        if self.pictures is not None:
            for walker in self.people.values():
                walker.page.screenshot(path=self.pictures / f"{self.width}-{walker.login}-last.png", full_page=True)

    def paper(self, name: str) -> Path:
        """A scan of its own."""
        file = self.papers / f"{name}.pdf"
        if not file.exists():
            file.write_bytes(letter(f"scan of {name}"))
        return file

    @property
    def today(self) -> str:
        """The day it is, as a date field takes it."""
        with self.city.unit() as unit:
            return unit.today.isoformat()


@dataclass
class Walker:
    """Somebody at a browser: reads, presses and types, and never types an address."""

    street: Street
    login: str
    password: str
    page: Page
    steps: int = 0

    def look(self, what: str) -> None:
        """Nothing sticks out of the page; keep a picture of it where pictures are wanted."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.login}, {what}: {wide} px stick out of {self.page.url}"
        if self.street.pictures is not None:
            self.steps += 1
            name = f"{self.street.width}-{self.login}-{self.steps:02}-{what}.png"
            self.page.screenshot(path=self.street.pictures / name, full_page=True)

    def sign_in(self) -> None:
        """By the button in the header."""
        self.page.locator("header").get_by_role("link", name="登录").click()
        self.give_password()

    @contextmanager
    def left(self) -> Iterator[None]:
        """What is done within leads on to the next page, unless this one keeps it to itself: wait for that page.

        A click is over before its form is sent: who went on at once would look at the old page, or stop the sending.
        """
        self.page.evaluate("window.stillHere = true")
        yield
        ends = time.monotonic() + 3
        while time.monotonic() < ends:
            try:
                if not self.page.evaluate("window.stillHere === true"):
                    break
            except PlaywrightError:  # between two pages
                pass
            time.sleep(0.05)
        self.page.wait_for_load_state()

    def arrive(self) -> None:
        """Where a page asks for name and password, because the session has ended meanwhile, give them."""
        self.page.wait_for_load_state()
        if self.page.locator("main [name=login]").count() and self.page.locator("main [name=password]").count():
            self.give_password()

    def give_password(self) -> None:
        """Name and password on the page that asks for them."""
        self.page.get_by_label("用户名").fill(self.login)
        self.page.get_by_label("密码").fill(self.password)
        self.page.locator("main").get_by_role("button", name="登录").click()
        expect(self.page.locator(".app-initial")).to_be_visible()

    def menu(self, name: str) -> None:
        """An entry of the navigation: behind the button of the menu on a telephone, perhaps within a menu of it."""
        toggler, bar = self.page.locator(".navbar-toggler"), self.page.locator("#top-menu")
        if toggler.is_visible():
            toggler.click()
            expect(bar).to_have_class(re.compile(r"\bshow\b"))
        entry = bar.get_by_role("link", name=re.compile(f"^{name}"), include_hidden=True).first
        if not entry.is_visible():
            bar.locator(".dropdown", has=self.page.locator("a", has_text=name)).locator(".dropdown-toggle").click()
        with self.left():
            entry.click()
        self.arrive()

    def account(self, name: str) -> None:
        """An entry of the menu behind one's own name."""
        self.page.locator(".app-initial").click()
        self.page.locator(".dropdown-menu.show").get_by_role("link", name=name).click()
        self.page.wait_for_load_state()

    def read_notice(self, words: str) -> None:
        """Open the newest unread notice with these words."""
        self.page.locator(".app-notices").click()
        row = self.page.locator("main li, main tr", has_text=words).first
        row.get_by_role("button").or_(row.get_by_role("link")).first.click()
        self.page.wait_for_load_state()

    def link(self, name: str | re.Pattern[str], within: str = "main") -> None:
        """Follow the first link called so."""
        self.page.locator(within).get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str | re.Pattern[str], within: str = "main") -> None:
        """Press the first button called so."""
        with self.left():
            self.page.locator(within).get_by_role("button", name=name).first.click()

    def fill(self, within: str = "main", **fields: str | Path) -> None:
        """Fill fields by their names; a path goes into a field for files."""
        for name, value in fields.items():
            box = self.page.locator(f"{within} [name={name}]").first
            if isinstance(value, Path):
                box.set_input_files(value)
            else:
                box.fill(value)

    def settle(self) -> None:
        """Wait as long as what a page does by itself after the last word was typed takes."""
        self.page.clock.run_for(10_000)
        self.page.wait_for_load_state("networkidle")

    def open(self, fold: str) -> Locator:
        """Unfold what is folded, and give it."""
        found = self.page.locator(fold)
        if found.get_attribute("open") is None:
            found.locator("summary").first.click()
        return found

    def again(self) -> None:
        """Give the password where it is asked for over the page, because the session ended."""
        box = self.page.locator("dialog[open] input[type=password]")
        expect(box).to_be_visible()
        box.fill(self.password)
        self.page.locator("dialog[open] button[type=submit]").first.click()
        expect(box).to_have_count(0)


@contextmanager
def served(city: City, browser: Browser, papers: Path, width: int, pictures: Path | None = None) -> Iterator[Street]:
    """The city's pages on this machine, its staff with passwords they know; no page may have broken at the end."""
    with city.unit() as unit:
        for account in unit.session.execute(select(Account)).scalars():
            account.password_hash = hash_password(PASSWORD, account.login)
    app = create_app(city.runtime)
    app.extensions[EXTENSION] = city.runtime
    app.extensions.pop(frame.EXTENSION, None)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    papers.mkdir(exist_ok=True)
    street = Street(city, app, browser, f"http://127.0.0.1:{server.server_port}", papers, width, pictures)
    yield street
    street.keep_last()
    for walker in street.people.values():
        walker.page.context.close()
    server.shutdown()
    thread.join()
    assert street.faults == []
