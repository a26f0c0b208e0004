"""JSON: a list of objects, alone or inside other objects, or one object per line. The keys are the header."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.encodings import encoding_of
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

_MAX_DEPTH = 4  # how many levels down the list of records may lie: {"data": {"list": [...]}}


def open_json(path: Path, name: str) -> list[Table]:
    """The one table of a JSON file.

    Raises ``FileRefused`` ``json_damaged`` when a line is no object, ``file_no_header`` when there is no record,
    ``file_encoding_unknown``.
    """
    encoding = encoding_of(path, name)
    text = path.read_text(encoding=encoding, errors="replace").lstrip("\ufeff")
    found = _records_of_document(text) or _records_by_line(text, name)
    numbered = [(line, record) for line, record in found if _is_filled(record)]
    if not numbered:
        raise FileRefused("file_no_header", file=name, sheet="")
    header = tuple(dict.fromkeys(key for _, record in numbered for key in record))
    return [Table(name, lambda: _rows(numbered, header), "json", "", encoding, len(numbered), header)]


def _records_of_document(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The records of one JSON document, with their numbers from 1; none when the text is no such document."""
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return list(enumerate(_longest_list(value, _MAX_DEPTH), start=1))


def _longest_list(value: Any, depth: int) -> Sequence[Mapping[str, Any]]:
    """The longest list of objects within a value, at most ``depth`` levels down; an object with none is one record."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    if not isinstance(value, dict) or not value or not depth:
        return []
    lists = (_longest_list(part, depth - 1) for part in value.values())
    return max(lists, key=len) or [value]


def _records_by_line(text: str, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The records of a file with one object per line, with the numbers of their lines."""
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
    """Whether any value has text; as in other tables, a record of blanks alone is no row."""
    return any(_text(value).strip() for value in record.values())


def _text(value: Any) -> str:
    """A value as the text of a cell: 是 or 否, the parts of a list joined by ``;``, an object as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return ";".join(_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
