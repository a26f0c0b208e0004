"""Lists a page at a time, and text filters that take what people type literally."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from matchhub.services.kernel.unit import Unit

T = TypeVar("T")
PAGE_SIZE = 20
_MOST_WORDS = 8
_DEEPEST = 10_000  # nobody turns so many pages; a number in the address may be anything
_PART = 500  # rows of a file that are put into words at once: statements over ids stay within what a database takes


@dataclass(frozen=True, slots=True)
class Sought:
    """Which part of a list is wanted: page ``page`` (1-based), or with ``whole`` every row, for a file.

    ``sort`` names one of the list's orders (``""``: its usual one), ``down`` turns that order round.
    """

    page: int = 1
    sort: str = ""
    down: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Orders:
    """What a list in the database can be sorted by: expressions by name; ``tie`` (its id) decides between equals."""

    tie: Any
    by: Mapping[str, Any] = field(default_factory=dict)

    def applied(self, statement: Select[*tuple[Any, ...]], sought: Sought) -> Select[*tuple[Any, ...]]:
        """The statement in the order sought; rows without a value last. An unknown order is the usual one."""
        if sought.sort not in self.by:
            return statement
        value, tie = self.by[sought.sort], self.tie
        directed = (value.desc(), tie.desc()) if sought.down else (value.asc(), tie.asc())
        return statement.order_by(None).order_by(value.is_(None), *directed)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``items`` of page ``number`` (1-based) out of ``total`` rows in all; ``near``: none fits, these come near.

    Of a search whose question was not found as typed, ``way`` says how it was read, ``meant`` as what, and ``others``
    what it might mean besides.
    """

    items: Sequence[T]
    total: int
    number: int
    size: int = PAGE_SIZE
    near: bool = False
    way: str = ""
    meant: str = ""
    others: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def nearby(self) -> list[int]:
        """Numbers of this page and its neighbours, for the pager."""
        first = max(1, min(self.number - 2, self.pages - 4))
        return list(range(first, min(self.pages, first + 4) + 1))


def paged(
    unit: Unit,
    statement: Select[*tuple[Any, ...]],
    wanted: int | Sought,
    view: Callable[[Sequence[Any]], Sequence[T]],
    size: int = PAGE_SIZE,
    orders: Orders | None = None,
) -> Page[T]:
    """One page of ``statement``'s rows through ``view``; a number beyond the end shows the last page."""
    sought = wanted if isinstance(wanted, Sought) else Sought(wanted)
    if orders is not None:
        statement = orders.applied(statement, sought)
    if sought.whole:
        return _whole(unit.session.execute(statement).all(), view)
    total = unit.session.execute(select(func.count()).select_from(statement.order_by(None).subquery())).scalar_one()
    last = max(1, -(-total // size))
    number = max(1, min(sought.page, last, _DEEPEST))
    rows = unit.session.execute(statement.limit(size).offset((number - 1) * size)).all()
    return Page(view(rows), total, number, size)


def _whole(rows: Sequence[Any], view: Callable[[Sequence[Any]], Sequence[T]]) -> Page[T]:
    items = [each for at in range(0, len(rows), _PART) for each in view(rows[at : at + _PART])]
    return Page(items, len(items), 1, max(1, len(items)))


def sorted_page(
    rows: Iterable[T],
    sought: Sought,
    key: Callable[[T], Any] | None,
    tie: Callable[[T], Any],
    size: int = PAGE_SIZE,
) -> Page[T]:
    """A page of rows that lie in memory, by ``key`` where one is given.

    Equals stand in the order of ``tie``, rows without a value last.
    """
    found = list(rows)
    if key is not None:
        known = [row for row in found if key(row) not in (None, "")]
        known.sort(key=lambda row: (key(row), tie(row)), reverse=sought.down)
        found = known + [row for row in found if key(row) in (None, "")]
    if sought.whole:
        return Page(found, len(found), 1, max(1, len(found)))
    number = max(1, min(sought.page, -(-len(found) // size)))
    return Page(found[(number - 1) * size : number * size], len(found), number, size)


def paged_by_id(
    unit: Unit, ids: Select[*tuple[Any, ...]], wanted: int | Sought, view: Callable[[Sequence[int]], Sequence[T]]
) -> Page[T]:
    """One page of records through ``view``, by the statement of their ids in order."""
    return paged(unit, ids, wanted, lambda rows: view([row[0] for row in rows]))


def page_of(ids: Sequence[int], wanted: int | Sought, view: Callable[[Sequence[int]], Sequence[T]]) -> Page[T]:
    """One page of records through ``view``, from all their ids in order."""
    sought = wanted if isinstance(wanted, Sought) else Sought(wanted)
    if sought.whole:
        return _whole(ids, view)
    number = max(1, min(sought.page, -(-len(ids) // PAGE_SIZE)))
    return Page(view(ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]), len(ids), number)


def typed_words(query: str) -> list[str]:
    """The words of what was typed: NFKC, split at blanks and commas, at most eight."""
    plain = unicodedata.normalize("NFKC", query).replace(",", " ").replace("、", " ")
    return plain.split()[:_MOST_WORDS]


def holds_words(unit: Unit, words: Sequence[str], *columns: Any) -> ColumnElement[bool]:
    """True where every word occurs in at least one of the columns, with ``%`` and ``_`` meaning themselves."""
    return and_(true(), *(or_(*(holds(unit, column, word) for column in columns)) for word in words))


def holds(unit: Unit, column: Any, word: str) -> ColumnElement[bool]:
    """True where ``column`` holds ``word``, whatever the case of Latin letters."""
    if unit.session.get_bind().dialect.name == "sqlite":  # its LIKE ignores case by itself, lower() copies the text
        return column.contains(word, autoescape=True)
    return column.icontains(word, autoescape=True)
