"""Corrections of tables and columns, read from the form of an upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Field

from matchhub.domain.corrections import TableCorrection
from matchhub.domain.records import Kind
from matchhub.errors import Refusal
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.reading import known_fields
from matchhub.services.imports.source_words import check_words
from matchhub.services.imports.uploads import KeptFile, Upload
from web.forms import ButtonField, plain_text
from web.language import say_refusal
from web.page_forms import SmallForm

_MOST = 2000  # tables of a file, columns of a table


class TablesField(Field):
    """The inputs of all tables and columns, whose names are made by ``intake/table_preview.html``.

    ``faults`` holds the sentence of each input that was refused, by its name.
    """

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Keep what was sent; nothing was for a fresh form."""
        self.sent: Mapping[str, str] = formdata or {}
        self.faults: dict[str, str] = {}
        self.process_errors: list[str] = []

    def get(self, name: str, otherwise: str = "") -> str:
        """What one input holds: as it was sent, else ``otherwise``."""
        return plain_text(self.sent.get(name, otherwise))

    def ticked(self, name: str, otherwise: bool) -> bool:
        """Whether a box is ticked: as it was sent, else ``otherwise``."""
        return self.get(name) == "1" if self.sent else otherwise

    def refuse(self, name: str, refusal: Refusal) -> Refusal:
        """The refusal of one input, to be raised; its sentence is shown there."""
        self.faults[name] = say_refusal(refusal)
        return refusal

    def is_faulty(self, beginning: str) -> bool:
        """Whether an input whose name begins so was refused, so that its fold stands open."""
        return any(name == beginning or name.startswith(f"{beginning}-") for name in self.faults)

    @property
    def fault_id(self) -> str:
        """The id of the first input that was refused; inputs of tables have their names as ids."""
        return next(iter(self.faults), self.id)


class CorrectionsForm(SmallForm):
    """What a person corrects of the files of an upload, and whether they are tried or written then."""

    blamed = {"header_": "tables"}
    mode = ButtonField()
    remember = BooleanField()
    tables = TablesField()


_MOST = 2000  # tables of a file, columns of a table


def corrections_of(upload: Upload, form: CorrectionsForm) -> list[Corrections]:
    """Corrections of each file of the upload, in its order; earlier ones of tables that the form does not show stay.

    Raises ``Refusal("header_field_unknown")`` for a field that its kind does not have,
    ``Refusal("header_line_invalid")`` for a header row that is no number, and ``word_meaning_unknown``.
    """
    remember = bool(upload.source_name) and form.remember.data
    return [_file(form.tables, at, file, upload.kind, remember) for at, file in enumerate(upload.files)]


def _file(sent: TablesField, at: int, file: KeptFile, kind: Kind, remember: bool) -> Corrections:
    shown = [_table(sent, f"{at}-{number}", kind) for number in range(_number(sent, f"tables-{at}"))]
    places = {(each.file, each.sheet) for each, _ in shown}
    before = file.corrections.tables if file.corrections else ()
    tables = [each for each, is_corrected in shown if is_corrected]
    tables += [each for each in before if (each.file, each.sheet) not in places]
    return Corrections(words=_words(sent, at, kind), tables=tuple(tables), remember=remember)


def _words(sent: TablesField, at: int, kind: Kind) -> dict[str, str]:
    """What words of a file were said to mean; ``Refusal("word_meaning_unknown")`` for what they cannot."""
    count = _number(sent, f"words-{at}")
    pairs = ((sent.sent.get(f"word-{at}-{n}", ""), sent.get(f"meaning-{at}-{n}")) for n in range(count))
    words = {word: meaning for word, meaning in pairs if word and meaning}
    check_words(kind, words)
    return words


def _table(sent: TablesField, place: str, kind: Kind) -> tuple[TableCorrection, bool]:
    """What the form says of one table, and whether that corrects anything."""
    was_read = sent.get(f"was-read-{place}") == "1"
    line, mapping = _line(sent, f"line-{place}"), _mapping(sent, place, kind)
    changed = bool(mapping) or line is not None
    # A person who gives the columns of a table a meaning wants it read, unless the tick was removed just now.
    read = sent.get(f"read-{place}") == "1" or (changed and not was_read and sent.get(f"said-{place}") != "1")
    file, sheet = sent.sent.get(f"file-{place}", ""), sent.sent.get(f"sheet-{place}", "")
    is_corrected = changed or read != was_read or sent.get(f"said-{place}") == "1"
    return TableCorrection(file, sheet, read, line or None, mapping), is_corrected


def _line(sent: TablesField, name: str) -> int | None:
    """The row that is the header, as typed; ``None`` where nothing was."""
    written = sent.get(name)
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 8):
        raise sent.refuse(name, Refusal("header_line_invalid", value=written[:40]))
    return int(written)


def _mapping(sent: TablesField, place: str, kind: Kind) -> dict[str, str]:
    """Header -> field of the columns whose meaning was changed, now or in an earlier correction."""
    mapping = {}
    for number in range(_number(sent, f"columns-{place}")):
        header, name = sent.sent.get(f"head-{place}-{number}", ""), f"map-{place}-{number}"
        field, before = sent.get(name), sent.get(f"was-{place}-{number}")
        if not header or (field == before and sent.get(f"meant-{place}-{number}") != "1"):
            continue
        if field and field not in known_fields(kind) and not (field == before and field.startswith("category:")):
            raise sent.refuse(name, Refusal("header_field_unknown", header=header, field=field))
        mapping[header] = field
    return mapping


def _number(sent: TablesField, name: str) -> int:
    written = sent.get(name)
    return min(int(written), _MOST) if written.isascii() and written.isdigit() and len(written) < 8 else 0
