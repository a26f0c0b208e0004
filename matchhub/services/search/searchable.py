"""One kind of record as free search sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select

from matchhub.services.kernel.unit import Unit
from recommender import Matcher


@dataclass(frozen=True, slots=True)
class Named:
    """A question that is no words but a number or a class: what it means (``shown``), the rows it names, and whether
    these are all (``whole``) or rows that hold it as a word are meant too."""

    way: str
    shown: str
    condition: ColumnElement[bool]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Searchable:
    """One kind: the act of looking, ids of what is seen under given filters (in the order of a list without words),
    where words are looked for, rows to show, the matcher that puts hits in order, filters that narrow nothing, other
    orders by name, and what reads a question as a number or class."""

    act: str
    ids: Callable[[Unit, Any], Select[int]]
    speaks: Callable[[Unit, Sequence[str]], ColumnElement[bool]]
    rows: Callable[[Unit, Sequence[int]], Sequence[Any]]
    matcher: Callable[[Unit], Matcher | None]
    everything: Any
    orders: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    named: Callable[[str], Named | None] = lambda query: None
