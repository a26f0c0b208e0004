"""What the API offers: operations by room, each the act of a page or the view of a service, said once.

A *read* calls a service and returns its plain view; a *change* (``web.api.changes``) is the act of a page under an
address of its own: same view, same form, same key, same refusals, so that no rule stands twice (decision 130).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter, create_model

from matchhub.services.kernel.paging import Page
from web.forms import Form
from web.gate import act_of_view
from web.rooms import ROOMS

T = TypeVar("T")
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_TERM = re.compile(r" \([^\x00-\x7f]+\)")
_STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
MOST, USUAL = 100, 20  # rows of one answer


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """A list by its keys: all of them in order, and how some of them become rows."""

    keys: Sequence[int]
    rows: Callable[[Sequence[int]], Sequence[T]]


@dataclass(frozen=True, slots=True)
class File:
    """A file to be handed out."""

    name: str
    content: bytes
    kind: str = "application/octet-stream"


@dataclass(frozen=True)
class Read:
    """One look: ``call(unit, ...)`` takes the parts of the address and the query by name."""

    room: str
    path: str
    act: str
    call: Callable[..., Any]
    page: str = ""  # endpoint of the page that shows the same

    @property
    def name(self) -> str:
        """Its stable name: the function's own."""
        return self.call.__name__

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        return first_line(self.call)

    @cached_property
    def hints(self) -> dict[str, Any]:
        """Types of what it takes and returns."""
        return get_type_hints(self.call, include_extras=True)

    @cached_property
    def answer(self) -> Any:
        """The type of one thing that it returns: of a list that of a row."""
        told = self.hints["return"]
        return get_args(told)[0] if self.is_list else told

    @cached_property
    def is_list(self) -> bool:
        """Whether the answer is a list that is read in pieces."""
        return get_origin(self.hints["return"]) in (tuple, Sequence, list, Chosen, Page)

    @cached_property
    def adapter(self) -> TypeAdapter[Any] | None:
        """What writes its answer; ``None`` for a file."""
        return None if self.answer is File else TypeAdapter(self.answer)

    @cached_property
    def query(self) -> type[BaseModel]:
        """What the query may say."""
        taken = {name for _, name in _PARAMETER.findall(self.path)} | {"unit", "sought"}
        known: dict[str, Any] = {
            each.name: (self.hints[each.name], ... if each.default is each.empty else each.default)
            for each in inspect.signature(self.call).parameters.values()
            if each.name not in taken
        }
        if self.is_list:
            known |= {"cursor": (str, ""), "limit": (int, USUAL)}
        if self.answer is not File:
            known |= {"fields": (str, "")}
        made: type[BaseModel] = create_model(f"{self.name}_query", __config__=_STRICT, **known)
        return made

    @property
    def takes_sought(self) -> bool:
        """Whether the service itself pages."""
        return "sought" in self.hints

    @property
    def method(self) -> str:
        """How it is called."""
        return "GET"


@dataclass(frozen=True)
class Change:
    """One act of a page under an address of the API: ``view`` acts, ``form`` is the class of the form it takes.

    ``seen_as`` names the read that shows the record: its ETag is what ``If-Match`` compares; ``must_match``: a call
    without it is refused (428), because it would write over what somebody else may have changed. ``prefix``: what
    stands before the names of the form's fields on its page.
    """

    room: str
    path: str
    view: Callable[..., Any]
    form: type[Form] | None = None
    seen_as: str = ""
    must_match: bool = False
    prefix: str = ""

    @property
    def name(self) -> str:
        """Its stable name, from its address."""
        words = _PARAMETER.sub("one", self.path).replace("-", "_").split("/")
        return "post_" + "_".join(each for each in words if each)

    @property
    def act(self) -> str:
        """The act of the table of permissions, as the page's view declares it."""
        return act_of_view(self.view) or ""

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        return first_line(self.view)

    @property
    def method(self) -> str:
        """How it is called."""
        return "POST"


Operation = Read | Change


def parameters(path: str) -> list[tuple[str, str]]:
    """Names and converters of the parts of an address."""
    return [(name, kind or "string") for kind, name in _PARAMETER.findall(path)]


def open_path(path: str) -> str:
    """The address as OpenAPI writes it."""
    return _PARAMETER.sub(r"{\2}", path)


def first_line(call: Callable[..., Any]) -> str:
    """The first paragraph of a docstring as one line, without the Chinese terms that it gives in brackets."""
    line = (inspect.getdoc(call) or "").split("\n\n")[0].replace("\n", " ").replace("``", "")
    return _TERM.sub("", line)


class Room:
    """The reads of one subject; ``get`` registers one."""

    def __init__(self, name: str) -> None:
        assert name in ROOMS
        self.name = name
        self.reads: list[Read] = []

    def get(self, path: str, act: str, page: str = "") -> Callable[[Callable[..., T]], Callable[..., T]]:
        """Offer a function under an address, as an act of the table of permissions."""

        def kept(call: Callable[..., T]) -> Callable[..., T]:
            self.reads.append(Read(self.name, path, act, call, page))
            return call

        return kept
