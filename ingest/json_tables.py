"""JSON: a list of objects (alone or under one key), or one object per line. Keys are the header."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.encodings import encoding_of
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

_DEEPEST = 4  # how far down the list of records may lie: {"data": {"list": [...]}}


def open_json(path: Path, name: str) -> list[Table]:
    """The table of a JSON file; ``FileRefused`` ``json_damaged`` (a line is no object) or ``file_no_header``."""
    encoding = encoding_of(path, name)
    text = path.read_text(encoding=encoding, errors="replace").lstrip("\ufeff")
    numbered = [(line, record) for line, record in _whole(text) or _by_line(text, name) if _is_filled(record)]
    if not numbered:
        raise FileRefused("file_no_header", file=name, sheet="")
    header = tuple(dict.fromkeys(key for _, record in numbered for key in record))
    return [Table(name, lambda: _rows(numbered, header), "json", "", encoding, len(numbered), header)]


def _whole(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return [(number, record) for number, record in enumerate(_records(value, _DEEPEST), start=1)]


def _records(value: Any, depth: int) -> Sequence[Mapping[str, Any]]:
    """The longest list of objects within a value; a lone object of plain values is one record."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    if isinstance(value, dict) and depth:
        inner = [_records(part, depth - 1) for part in value.values() if isinstance(part, dict | list)]
        longest = max(inner, key=len, default=[])
        return longest or ([value] if value else [])
    return []


def _by_line(text: str, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    found: list[tuple[int, Mapping[str, Any]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as fault:
            raise FileRefused("json_damaged", file=name, line=number) from fault
        if not isinstance(value, dict):
            raise FileRefused("json_damaged", file=name, line=number)
        found.append((number, value))
    return found


def _rows(numbered: Sequence[tuple[int, Mapping[str, Any]]], header: Sequence[str]) -> Iterator[RawRow]:
    for line, record in numbered:
        yield RawRow(line, tuple(_text(record.get(key)) for key in header))


def _is_filled(record: Mapping[str, Any]) -> bool:
    """Whether the record says anything; one of blanks alone is no row, as in any other table."""
    return any(_text(value).strip() for value in record.values())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return ";".join(_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
