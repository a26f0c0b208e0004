"""What a person said of tables and columns, as the form of an upload sends it."""

from __future__ import annotations

from flask import request

from ingest.columns import fields_of
from matchhub.domain.corrections import TableWord
from matchhub.domain.records import Kind
from matchhub.errors import Refusal
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.uploads import KeptFile, Upload

_MOST = 2000  # tables of a file, columns of a table


def said_of(upload: Upload) -> list[Corrections]:
    """Corrections of each file; of what the form does not show, what was said before stays.

    Raises ``Refusal("header_field_unknown")`` for a meaning that is not on the list.
    """
    remember = bool(upload.source_name) and request.form.get("remember") == "1"
    return [_file(at, file, upload.kind, remember) for at, file in enumerate(upload.files)]


def _file(at: int, file: KeptFile, kind: Kind, remember: bool) -> Corrections:
    shown = [_table(f"{at}-{number}", kind) for number in range(_number(f"tables-{at}"))]
    places = {(word.file, word.sheet) for word, _ in shown}
    before = file.said.tables if file.said else ()
    words = [word for word, told in shown if told] + [word for word in before if (word.file, word.sheet) not in places]
    return Corrections(tables=tuple(words), remember=remember)


def _table(place: str, kind: Kind) -> tuple[TableWord, bool]:
    """The word on one table, and whether anything was said at all."""
    form = request.form
    ticked, was_read = form.get(f"read-{place}") == "1", form.get(f"was-read-{place}") == "1"
    written = form.get(f"line-{place}", "").strip()
    line = int(written) if written.isascii() and written.isdigit() and 0 < len(written) < 8 else None
    mapping = _mapping(place, kind)
    changed = bool(mapping) or line is not None
    # Who says what the columns of a table mean wants it read, unless it was unticked just now.
    read = ticked or (changed and not was_read and form.get(f"said-{place}") != "1")
    word = TableWord(form.get(f"file-{place}", ""), form.get(f"sheet-{place}", ""), read, line or None, mapping)
    return word, changed or read != was_read or form.get(f"said-{place}") == "1"


def _mapping(place: str, kind: Kind) -> dict[str, str]:
    """Meanings that were changed, now or before."""
    form, mapping = request.form, {}
    for number in range(_number(f"columns-{place}")):
        header, field = form.get(f"head-{place}-{number}", ""), form.get(f"map-{place}-{number}", "")
        before = form.get(f"was-{place}-{number}", "")
        if not header or (field == before and form.get(f"meant-{place}-{number}") != "1"):
            continue
        if field and field not in fields_of(kind) and not (field == before and field.startswith("category:")):
            raise Refusal("header_field_unknown", header=header, field=field)
        mapping[header] = field
    return mapping


def _number(name: str) -> int:
    written = request.form.get(name, "")
    return min(int(written), _MOST) if written.isascii() and written.isdigit() and len(written) < 8 else 0
