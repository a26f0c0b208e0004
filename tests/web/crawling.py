"""Walking through the pages as people do: links are followed from a role's first page, each page type once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import JSON, String, Text, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from matchhub import wording
from matchhub.db.base import Base
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.structure.test_punctuation import HALF, HAN

# Parts of a route that make another page of it: a list of patents is not a list of experts.
VARIANTS = ("kind", "goal", "section")
# Left: the language is chosen by cookie here, files of the front end are tested by themselves.
LEFT = frozenset({"static", "account.choose_language"})
CODE = re.compile(
    r"(?<![\w./@-])[a-z]+(?:_[a-z0-9]+)+(?![\w.@-])|\b(?:None(?! [a-z])|True|False|nan|NaN|undefined)\b|\[\?\]|\[object|tfidf|bm25",
    re.ASCII,
)
CODES = wording.codes()  # what stands for a sentence, also where a page may set a hash or a number as code
MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?>")
CHINESE = re.compile(rf"[{HAN}]+")
SILENT = frozenset({"script", "style", "code", "pre", "samp", "kbd", "template", "textarea"})
SHORT_DAY = re.compile(r"(?<![\w./-])\d{4}-\d\d-\d\d(?![\w/-])", re.ASCII)
ONLY_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", re.ASCII)
# Where people read on: days are in words there, and short where they stand under one another (decision 0144).
PROSE = frozenset({"h1", "h2", "h3", "h4", "p", "figcaption"})
PROSE_CLASSES = frozenset({"page-pretitle", "alert", "form-hint"})
LISTED = frozenset({"li", "table", "dl"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-bs-title", "data-confirm")


class Reading(HTMLParser):
    """What a page says: texts (also those of labels), texts set as code, sentences, addresses it leads to, title."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.codes: list[str] = []
        self.prose: list[str] = []
        self._open: list[tuple[str, bool, bool]] = []  # tags; do sentences or a heading, or rows, stand in it
        self.links: list[str] = []
        self._form = ""  # address of the form being read, if it asks for a page
        self.title = ""
        self._silent, self._depth = "", 0
        self._bare = False  # inside what shows without scripts only
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self._enter(tag, set((said.get("class") or "").split()))
        self._bare |= tag == "noscript"
        foreign = tag != "html" and said.get("lang") == "zh-Hans"
        if self._silent:
            self._depth += tag == self._silent
        elif tag in SILENT or tag == "title" or foreign:
            self._silent, self._depth = tag, 1
        if tag == "form":
            self._form = (said.get("action") or "") if (said.get("method") or "get").lower() == "get" else ""
            self.links += [self._form] if self._form else []
        self.links += [said["formaction"] or ""] if self._form and said.get("formaction") else []
        self.links += [said[name] or "" for name in ("href", "hx-get", "src") if name in said and tag != "link"]
        if not foreign:
            self.texts += [said[name] or "" for name in SPOKEN if said.get(name)]

    def _enter(self, tag: str, classes: set[str]) -> None:
        prose, listed = self._open[-1][1:] if self._open else (False, False)
        listed |= tag in LISTED
        prose |= tag in PROSE or bool(classes & PROSE_CLASSES)
        if tag not in VOID:
            self._open.append((tag, prose and not listed, listed))

    def handle_endtag(self, tag: str) -> None:
        while any(tag == each for each, *_ in self._open) and self._open.pop()[0] != tag:
            pass
        self._bare &= tag != "noscript"
        if tag == self._silent:
            self._depth -= 1
            if not self._depth:
                self._silent = ""

    def handle_data(self, data: str) -> None:
        if self._silent == "title":
            self.title += data
        elif self._silent == "code":
            self.codes.append(data.strip())
        elif not self._silent and self._bare and "<" in data and ">" in data:  # shown without scripts, read raw
            inner = Reading(data)
            self.texts += inner.texts
            self.links += inner.links
        elif not self._silent and data.strip():
            self.texts.append(" ".join(data.split()))
            self.prose += self.texts[-1:] if self._open and self._open[-1][1] else []


def records_text(runtime: Runtime) -> str:
    """All texts of records, joined: what a page shows of them is not the page's own word."""
    found: set[str] = set()
    with runtime.unit(SYSTEM) as unit:
        for table in Base.metadata.sorted_tables:
            if table.name in ("event_log", "sessions"):
                continue
            for column in table.columns:
                if isinstance(column.type, Text | String | JSON):
                    found.update(
                        str(each) for each in unit.session.execute(select(column).distinct()).scalars() if each
                    )
    return "\n".join(" ".join(each.split()) for each in found)


@dataclass
class Judge:
    """Reads pages; ``records`` are the texts of the base."""

    records: str
    seen: dict[str, list[str]] = field(default_factory=dict)

    def own(self, text: str) -> bool:
        """Whether the page itself says it: what stands in the base as it is shown is a record's."""
        return text.strip(" ，。、；：（）“”《》·…%.-") not in self.records

    def faults(self, reading: Reading, language: str) -> list[str]:
        found = []
        for text in reading.texts:
            found += [f"code: {each[0]} in {text[:60]}" for each in CODE.finditer(text) if self.own(text)]
            found += [f"markup as text: {each[0]}" for each in MARKUP.finditer(text) if self.own(text)]
            if language == "zh":
                found += [
                    f"half-width: {text[max(0, each.start() - 12) : each.end() + 12]}"
                    for each in HALF.finditer(text)
                    if self.own(each[0]) and self.own(text)
                ]
            else:
                found += [f"Chinese: {each[0]}" for each in CHINESE.finditer(text) if self.own(each[0])]
        found += [f"code beside its sentence: {each}" for each in reading.codes if "_" in each and each in CODES]
        found += [
            f"short day: {text[:60]}"
            for text in (*reading.prose, reading.title)
            if SHORT_DAY.search(text) and (ONLY_DAY.fullmatch(text) or self.own(text))
        ]
        if not reading.title.strip():
            found.append("no title")
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Place:
    """A page type and the address it was found at."""

    rule: str
    variant: str
    address: str


class Walk:
    """Follows links with a client of the application, in one language; pages come as ``(place, status, type, text)``."""

    def __init__(self, app: Flask, client: FlaskClient, starts: Sequence[str]) -> None:
        self.client = client
        self.adapter = app.url_map.bind("localhost")
        self.known: dict[tuple[str, str], str] = {}
        self.others: dict[tuple[str, str], str] = {}  # of page types that show a record: a page of another one
        self.waiting: list[Place] = []
        for start in starts:
            self.note(start)

    def note(self, address: str) -> None:
        """Take an address up if it is the first of its page type."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return
        try:
            rule, values = self.adapter.match(parts.path, method="GET", return_rule=True)
        except (HTTPException, RequestRedirect):
            return
        variant = ",".join(str(values[name]) for name in VARIANTS if name in values)
        key = (rule.rule, variant)
        if key in self.known and urlsplit(self.known[key]).path != parts.path:
            self.others.setdefault(key, address.partition("#")[0])
        if rule.endpoint in LEFT or key in self.known:
            return
        self.known[rule.rule, variant] = address
        self.waiting.append(Place(rule.rule, variant, address.partition("#")[0]))

    def pages(self) -> Iterator[tuple[Place, int, str, str]]:
        while self.waiting:
            place = self.waiting.pop(0)
            answer = self.client.get(place.address)
            if 300 <= answer.status_code < 400:
                self.note(
                    urljoin(place.address, urlsplit(answer.headers["Location"])._replace(scheme="", netloc="").geturl())
                )
            text = answer.text if answer.mimetype == "text/html" else ""
            for link in Reading(text).links if text else ():
                self.note(urljoin(place.address, link) if not link.startswith("#") else "")
            yield place, answer.status_code, answer.mimetype or "", text


# What is pressed and smaller than 44 px a side; links that stand within a line of text are left as they are.
SMALL = """() => Array.from(document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary"))
  .map(each => each.type === "checkbox" || each.type === "radio" ? each.closest("label") || each : each)
  .filter(each => getComputedStyle(each).display !== "inline" && !each.closest(".skip-link, iframe, dialog, details:not([open]) > :not(summary)"))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width && box.height && (box.height < 43.5 || box.width < 43.5))
  .map(([each, box]) => `${each.tagName} ${(each.innerText || each.name || each.className || "").slice(0, 20)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PHONE, OFFICE = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


def looked_at(page: Page, width: dict[str, int], examined: bool) -> list[str]:
    """Faults of the open page at this width: overflow, targets too small for a finger, and, if ``examined``, axe."""
    page.set_viewport_size({"width": width["width"], "height": width["height"]})
    found = []
    wide = int(page.evaluate(WIDE))
    if wide > 0:
        found.append(f"{width['width']}: {wide} px too wide")
    if width is PHONE:
        found += [f"small: {each}" for each in page.evaluate(SMALL)]
    if examined:
        for each in Axe().run(page, options=AXE).response["violations"]:
            where = "; ".join(str(node["target"][0]) for node in each["nodes"][:3])
            found.append(f"{width['width']}: axe {each['id']} x{len(each['nodes'])}: {where}")
    return found
