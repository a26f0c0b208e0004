"""Lists a page at a time, and text filters that take what people type literally."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from matchhub.services.kernel.unit import Unit

T = TypeVar("T")
PAGE_SIZE = 20
_MOST_WORDS = 8
_DEEPEST = 10_000  # nobody turns so many pages; a number in the address may be anything


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
    number: int,
    view: Callable[[Sequence[Any]], Sequence[T]],
    size: int = PAGE_SIZE,
) -> Page[T]:
    """One page of ``statement``'s rows through ``view``; a number beyond the end shows the last page."""
    total = unit.session.execute(select(func.count()).select_from(statement.order_by(None).subquery())).scalar_one()
    last = max(1, -(-total // size))
    wanted = max(1, min(number, last, _DEEPEST))
    rows = unit.session.execute(statement.limit(size).offset((wanted - 1) * size)).all()
    return Page(view(rows), total, wanted, size)


def paged_by_id(
    unit: Unit, ids: Select[*tuple[Any, ...]], number: int, view: Callable[[Sequence[int]], Sequence[T]]
) -> Page[T]:
    """One page of records through ``view``, from all their ids in order: one walk over a wide table instead of two."""
    return page_of(unit.session.execute(ids).scalars().all(), number, view)


def page_of(ids: Sequence[int], number: int, view: Callable[[Sequence[int]], Sequence[T]]) -> Page[T]:
    """One page of records through ``view``, from all their ids in order."""
    wanted = max(1, min(number, -(-len(ids) // PAGE_SIZE)))
    return Page(view(ids[(wanted - 1) * PAGE_SIZE : wanted * PAGE_SIZE]), len(ids), wanted)


def typed_words(query: str) -> list[str]:
    """The words of what was typed: NFKC, split at blanks and commas, at most eight."""
    plain = unicodedata.normalize("NFKC", query).replace(",", " ").replace("、", " ")
    return plain.split()[:_MOST_WORDS]


def holds_words(unit: Unit, words: Sequence[str], *columns: Any) -> ColumnElement[bool]:
    """True where every word occurs in at least one of the columns, with ``%`` and ``_`` meaning themselves."""
    return and_(*(or_(*(holds(unit, column, word) for column in columns)) for word in words))


def holds(unit: Unit, column: Any, word: str) -> ColumnElement[bool]:
    """True where ``column`` holds ``word``, whatever the case of Latin letters."""
    if unit.session.get_bind().dialect.name == "sqlite":  # its LIKE ignores case by itself, lower() copies the text
        return column.contains(word, autoescape=True)
    return column.icontains(word, autoescape=True)
