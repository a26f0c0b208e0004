"""Lists: what each can be sorted, filtered and shown by is declared once; bar, table and files come from that.

A list's address says everything: ``sort`` (a column; ``-`` before it turns it round), its filters, ``cols`` (the
columns of the table), ``page``, and ``as`` (csv or xlsx: every row the list finds, in its order). See docs/lists.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from matchhub.domain import typed
from matchhub.reports.tables import Cell
from matchhub.services.kernel.paging import PAGE_SIZE, Page, Sought, sorted_page, typed_words
from web.addresses import address_with
from web.columns_kept import look_of
from web.gate import may
from web.language import say, t
from web.paging import asked_page, asked_text
from web.sheets import MIMES, table_file

Said = tuple[str, str]  # Chinese, English
Choices = Callable[[], Sequence[tuple[str, str]]]
OWN = ("sort", "cols", "look", "page", "as")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the address, its heading, what it reads of a row (``None``: nothing), its width in a
    file; ``extra`` ones show when they are asked for, and ``sorts`` says whether the list can be ordered by it."""

    key: str
    said: Said
    read: Callable[[Any], Cell]
    width: int = 16
    sorts: bool = True
    extra: bool = False
    order: Callable[[Any], Any] | None = None

    @property
    def heading(self) -> str:
        """The heading in the language of the request."""
        return t(*self.said)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in the address, its label, and its ``choices`` (value, label) where it has some.

    ``kind``: ``words``, ``choice``, ``number``, ``since`` and ``until`` (days), ``hidden`` (set by links of the page).
    ``of`` reads what it looks at of a row that lies in memory; a filter of words without it looks at all columns.
    """

    key: str
    said: Said
    kind: str = "words"
    choices: Choices | None = None
    of: Callable[[Any], Any] | None = None
    hint: Said = ("", "")

    @property
    def label(self) -> str:
        """The label in the language of the request."""
        return t(*self.said)

    def takes(self, value: str) -> bool:
        """Whether a value can be meant."""
        if self.choices is not None:
            return value in {key for key, _ in self.choices()}
        if self.kind == "number":
            return value.isascii() and value.isdigit() and len(value) < 13
        return self.kind not in ("since", "until") or typed.day_of(value) is not None

    def holds(self, row: Any, value: str, columns: Sequence[Column]) -> bool:
        """Whether a row in memory passes."""
        if self.kind == "words":
            texts = [self.of(row)] if self.of else [each.read(row) for each in columns]
            told = "\n".join(str(each) for each in texts if each is not None).casefold()
            return all(word.casefold() in told for word in typed_words(value))
        found = self.of(row) if self.of else None
        if self.kind in ("since", "until"):
            day = found.date() if isinstance(found, datetime) else found
            wanted = typed.day_of(value)
            return day is not None and wanted is not None and (day >= wanted if self.kind == "since" else day <= wanted)
        return value in found if isinstance(found, (tuple, frozenset)) else str(found) == value


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its name (of files too), title, columns, filters, and the address that a row leads to.

    ``act`` is what somebody must be allowed to do for its rows to leave as a file.
    """

    key: str
    said: Said
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    link: Callable[[Any], str | None] = lambda row: None
    act: str = "base.export"
    tie: Callable[[Any], Any] = lambda row: row.id
    size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list; ``ignored``: the sentences about what it asks that the list does not know."""

    listing: Listing
    sought: Sought
    said: Mapping[str, str]
    columns: tuple[Column, ...]
    as_table: bool
    ending: str
    ignored: tuple[str, ...]

    @property
    def sort(self) -> str:
        """The order as the address has it."""
        return ("-" if self.sought.down else "") + self.sought.sort

    @property
    def narrowed(self) -> bool:
        """Whether a filter of the bar is in use."""
        return any(each.key in self.said for each in self.listing.filters if each.kind != "hidden")

    def value(self, key: str) -> str:
        """What a filter is set to; empty when it is not."""
        return self.said.get(key, "")

    def page(self, rows: Iterable[Any]) -> Page[Any]:
        """The page of rows that lie in memory: filtered, sorted, cut."""
        columns, filters = self.listing.columns, [each for each in self.listing.filters if each.key in self.said]
        found = (row for row in rows if all(each.holds(row, self.said[each.key], columns) for each in filters))
        by = {each.key: each.order or each.read for each in columns}
        return sorted_page(found, self.sought, by.get(self.sought.sort), self.listing.tie, self.listing.size)


def ask(listing: Listing, usual: Mapping[str, str] | None = None) -> Asked:
    """What the address asks of a list; ``usual``: values of filters that the address does not name."""
    sort, said, ignored = asked_text("sort"), dict(usual or {}), []
    known = {each.key: each for each in listing.columns}
    name = sort.removeprefix("-")
    if sort and not (name in known and known[name].sorts):
        ignored.append(say("list_sort_unknown", value=sort[:40]))
        sort = name = ""
    for each in listing.filters:
        if each.key in request.args:
            said.pop(each.key, None)
        value = asked_text(each.key)
        if value and each.takes(value):
            said[each.key] = value
        elif value:
            ignored.append(say("list_filter_unknown", filter=each.label, value=value[:40]))
    wanted, as_table = look_of(listing.key, known)
    columns = tuple(each for each in listing.columns if each.key in wanted) or tuple(
        each for each in listing.columns if not each.extra
    )
    ending = asked_text("as") if request.method == "GET" else ""
    if ending and ending not in MIMES:
        ignored.append(say("list_ending_unknown", value=ending[:40]))
        ending = ""
    if ending and not may(listing.act):
        abort(403)
    sought = Sought(asked_page(), name, sort.startswith("-"), bool(ending))
    return Asked(listing, sought, said, columns, as_table, ending, tuple(ignored))


def file_of(asked: Asked, page: Page[Any]) -> Response:
    """The rows of the list as the file that the address asks for."""
    columns = [(each.heading, each.width, each.read) for each in asked.columns]
    return table_file(asked.ending, asked.listing.key, t(*asked.listing.said), columns, page.items)


def show(template: str, asked: Asked, page: Page[Any], **context: Any) -> Any:
    """The page of a list, or its rows as the file that the address asks for."""
    if asked.ending:
        return file_of(asked, page)
    return render_template(template, asked=asked, page=page, **context)


def day_of(asked: Asked, key: str) -> date | None:
    """The day a filter is set to; ``None`` when it is not."""
    return typed.day_of(asked.value(key))


def kept_arguments(asked: Asked) -> list[tuple[str, str]]:
    """What else the address says and the bar's form must keep, as (name, value)."""
    own = {*OWN, *(each.key for each in asked.listing.filters if each.kind != "hidden")}
    return [(name, value) for name, value in request.args.items(multi=True) if name not in own]


def list_address(ending: str = "", **changed: str | None) -> str:
    """The address of the list being shown with arguments changed (``None``: left out), from its first page;
    ``ending``: that of its file."""
    return address_with({"page": None, "as": ending or None, **changed})


def clear_address(asked: Asked) -> str:
    """The address of the list without the filters of its bar."""
    return address_with({"page": None} | {each.key: None for each in asked.listing.filters if each.kind != "hidden"})
