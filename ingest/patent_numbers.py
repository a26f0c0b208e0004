"""The patents that a row of an offer, a licence or a deal names by their application numbers."""

from __future__ import annotations

import re

from ingest.cells import Cells
from ingest.tables import NumberCell
from matchhub.domain import identifiers
from matchhub.domain.foreign_numbers import parse_foreign_number
from matchhub.errors import IdentifierInvalid

# Between several numbers; a blank separates only before the next number, for one number may hold blanks itself.
_SEPARATORS = re.compile(r"[;；,，、|\n/和及与]+|\s{1,}(?=(?:ZL|CN)?\d{8})")


def patent_number(cells: Cells) -> str | None:
    """The application number in field ``application_number``; a missing or wrong one refuses the row."""
    written = cells.raw("application_number")
    if not written:
        cells.add_problem("application_number", "application_number_empty")
        return None
    return _parsed(cells, "application_number", written)


def patent_numbers(cells: Cells) -> tuple[str, ...]:
    """The application numbers in field ``application_numbers``, each once; none or a wrong one refuses the row."""
    written = cells.raw("application_numbers")
    parts = [written] if isinstance(written, NumberCell) else _SEPARATORS.split(written)
    parts = [part for part in parts if part.strip()]
    if not parts:
        cells.add_problem("application_numbers", "application_number_empty")
    numbers = (_parsed(cells, "application_numbers", part) for part in parts)
    return tuple(dict.fromkeys(number for number in numbers if number))


def _parsed(cells: Cells, field: str, written: str) -> str | None:
    try:
        found = identifiers.parse_application_number(written, isinstance(written, NumberCell))
    except IdentifierInvalid as fault:
        code = "application_number_foreign" if parse_foreign_number(written) else fault.code
        cells.add_problem(field, code, written)
        return None
    if found.remark:
        cells.add_problem(field, found.remark, written, "warning")
    return found.number
