"""Corrections of tables and columns, read from the form of an upload."""

from __future__ import annotations

from flask import request

from matchhub.domain.corrections import TableCorrection
from matchhub.domain.records import Kind
from matchhub.errors import Refusal
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.reading import known_fields
from matchhub.services.imports.source_words import check_words
from matchhub.services.imports.uploads import KeptFile, Upload

_MOST = 2000  # tables of a file, columns of a table


def corrections_of(upload: Upload) -> list[Corrections]:
    """Corrections of each file of the upload, in its order; earlier ones of tables that the form does not show stay.

    Raises ``Refusal("header_field_unknown")`` for a field that its kind does not have, and ``word_meaning_unknown``.
    """
    remember = bool(upload.source_name) and request.form.get("remember") == "1"
    return [_file(at, file, upload.kind, remember) for at, file in enumerate(upload.files)]


def _file(at: int, file: KeptFile, kind: Kind, remember: bool) -> Corrections:
    shown = [_table(f"{at}-{number}", kind) for number in range(_number(f"tables-{at}"))]
    places = {(each.file, each.sheet) for each, _ in shown}
    before = file.corrections.tables if file.corrections else ()
    tables = [each for each, is_corrected in shown if is_corrected]
    tables += [each for each in before if (each.file, each.sheet) not in places]
    return Corrections(words=_words(at, kind), tables=tuple(tables), remember=remember)


def _words(at: int, kind: Kind) -> dict[str, str]:
    """What was said that words of a file mean; ``Refusal("word_meaning_unknown")`` for what they cannot."""
    form = request.form
    pairs = ((form.get(f"word-{at}-{n}", ""), form.get(f"meaning-{at}-{n}", "")) for n in range(_number(f"words-{at}")))
    words = {word: meaning for word, meaning in pairs if word and meaning}
    check_words(kind, words)
    return words


def _table(place: str, kind: Kind) -> tuple[TableCorrection, bool]:
    """What the form says of one table, and whether that corrects anything."""
    form = request.form
    ticked, was_read = form.get(f"read-{place}") == "1", form.get(f"was-read-{place}") == "1"
    written = form.get(f"line-{place}", "").strip()
    line = int(written) if written.isascii() and written.isdigit() and 0 < len(written) < 8 else None
    mapping = _mapping(place, kind)
    changed = bool(mapping) or line is not None
    # A person who gives the columns of a table a meaning wants it read, unless the tick was removed just now.
    read = ticked or (changed and not was_read and form.get(f"said-{place}") != "1")
    file, sheet = form.get(f"file-{place}", ""), form.get(f"sheet-{place}", "")
    is_corrected = changed or read != was_read or form.get(f"said-{place}") == "1"
    return TableCorrection(file, sheet, read, line or None, mapping), is_corrected


def _mapping(place: str, kind: Kind) -> dict[str, str]:
    """Header -> field of the columns whose meaning was changed, now or in an earlier correction."""
    form, mapping = request.form, {}
    for number in range(_number(f"columns-{place}")):
        header, field = form.get(f"head-{place}-{number}", ""), form.get(f"map-{place}-{number}", "")
        before = form.get(f"was-{place}-{number}", "")
        if not header or (field == before and form.get(f"meant-{place}-{number}") != "1"):
            continue
        if field and field not in known_fields(kind) and not (field == before and field.startswith("category:")):
            raise Refusal("header_field_unknown", header=header, field=field)
        mapping[header] = field
    return mapping


def _number(name: str) -> int:
    written = request.form.get(name, "")
    return min(int(written), _MOST) if written.isascii() and written.isdigit() and len(written) < 8 else 0
