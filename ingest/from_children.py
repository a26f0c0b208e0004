"""What comes back from processes that read files of strangers, checked: one that was taken over may send anything.

Only JSON is read, never anything that could name code; each message has a length that is bounded, and each value must
be of the type that the record declares.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import IO, Any, Literal, Union, get_args, get_origin, get_type_hints

from matchhub.errors import FileRefused

MOST_BYTES = 64_000_000  # of one message
_LENGTH = 4  # bytes in front of a message
_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")
_MOST_TOLD = 1_000  # characters of a value in a refusal
Taker = Callable[[Any], Any]
_values: dict[type, Callable[[Any], tuple[Any, ...]]] = {}  # of the claims and problems that rows hold


class NotPlain(ValueError):
    """What a process sent is no message of ours."""


def packed(message: Any) -> bytes:
    """A message as it travels: its length and its JSON. Dates and amounts are text, records lists of their values."""
    written = json.dumps(message, default=_plain, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return len(written).to_bytes(_LENGTH, "big") + written


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    shape = type(value)
    if shape not in _values:
        _values[shape] = values_of(shape)
    return _values[shape](value)


def values_of(shape: type, begin: int = 0) -> Callable[[Any], tuple[Any, ...]]:
    """A function from an object of a dataclass to the tuple of its field values, from field ``begin`` on."""
    return attrgetter(*[each.name for each in fields(shape)][begin:])


def read_message(stream: IO[bytes]) -> Any:
    """The next message. Raises ``EOFError`` where the stream ends before its end, ``NotPlain`` for what is none."""
    length = int.from_bytes(_exactly(stream, _LENGTH), "big")
    if length > MOST_BYTES:
        raise NotPlain(f"a message of {length} bytes")
    return plain(_exactly(stream, length))


def _exactly(stream: IO[bytes], number: int) -> bytes:
    read = stream.read(number)
    if len(read) < number:
        raise EOFError
    return read


def plain(written: bytes) -> Any:
    """The value of a JSON text; raises ``NotPlain``."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError) as fault:
        raise NotPlain("no JSON") from fault


def refusal_of(message: Any, file: str) -> FileRefused:
    """The refusal ``{"code", "data"}`` that a process tells of ``file``; raises ``NotPlain``."""
    if not isinstance(message, dict) or set(message) != {"code", "data"} or not isinstance(message["data"], dict):
        raise NotPlain("no refusal")
    code, data = message["code"], message["data"]
    if not isinstance(code, str) or not _CODE.fullmatch(code) or not all(map(_is_told, data.values())):
        raise NotPlain("no refusal")
    return FileRefused(code, **({"file": file} | data))


def _is_told(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= _MOST_TOLD and all(_is_told(each) and not isinstance(each, list) for each in value)
    return value is None or isinstance(value, int | float) or (isinstance(value, str) and len(value) <= _MOST_TOLD)


def take(hint: Any) -> Taker:
    """A function from plain values to those of a type as records declare them; it raises ``NotPlain`` for others."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (inner,) = [take(each) for each in get_args(hint) if each is not types.NoneType]
        return lambda value: None if value is None else inner(value)
    if origin is Literal:
        return _one_of(get_args(hint))
    if origin is tuple:
        return _several(take(get_args(hint)[0]))
    if isinstance(hint, type) and is_dataclass(hint):
        return record_taker(hint)
    return {date: _day, Decimal: _amount}.get(hint) or _exact(hint)


def record_taker(shape: type, begin: int = 0) -> Taker:
    """A function from the list of values of a record, from field ``begin`` on, to their tuple, or with ``begin`` 0 to
    the record itself; raises ``NotPlain``."""
    hints = get_type_hints(shape)
    takers = [take(hints[each.name]) for each in fields(shape)][begin:]

    def taken(values: Any) -> Any:
        if type(values) is not list or len(values) != len(takers):
            raise NotPlain(shape.__name__)
        read = [taker(value) for taker, value in zip(takers, values, strict=True)]
        return tuple(read) if begin else shape(*read)

    return taken


def _exact(kind: type[Any]) -> Taker:
    def taken(value: Any) -> Any:
        if type(value) is not kind:
            raise NotPlain(kind.__name__)
        return value

    return taken


def _one_of(words: tuple[Any, ...]) -> Taker:
    def taken(value: Any) -> Any:
        if not isinstance(value, str) or value not in words:
            raise NotPlain(str(words))
        return value

    return taken


def _several(inner: Taker) -> Taker:
    def taken(values: Any) -> Any:
        if type(values) is not list:
            raise NotPlain("list")
        return tuple([inner(value) for value in values])

    return taken


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as fault:
        raise NotPlain("date") from fault


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(value) if type(value) is str else Decimal("NaN")
    except InvalidOperation as fault:
        raise NotPlain("amount") from fault
    if not amount.is_finite():
        raise NotPlain("amount")
    return amount


def texts(values: Any) -> Iterator[str]:
    """The strings of a list; raises ``NotPlain`` for anything else."""
    if type(values) is not list:
        raise NotPlain("list")
    for value in values:
        if type(value) is not str:
            raise NotPlain("str")
        yield value
