"""The numbers that identify a patent of a row: Chinese application and publication number, or a foreign number.

Where a row has a publication number and a damaged or wrong application number, the patent is kept under the
publication number with a warning. A foreign patent is kept under its country and number; a row without any is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.cells import Cells
from ingest.tables import NumberCell
from matchhub.domain import identifiers
from matchhub.domain.foreign_numbers import office_of, parse_foreign_number
from matchhub.domain.identifiers import ApplicationNumber, plain
from matchhub.errors import IdentifierInvalid

_SURELY_CHINESE = re.compile(r"^(?:[^0-9A-Z]*(?:CN|ZL)|\D*\d{12}[.\-_]?[\dX])")


@dataclass(frozen=True, slots=True)
class PatentNumbers:
    """``completed``: the check digit of the application number was missing. ``foreign``: the publication number is."""

    application: str | None
    publication: str | None
    completed: bool = False
    foreign: bool = False


def read_patent_numbers(cells: Cells) -> PatentNumbers:
    """The numbers of a row; what cannot be read is a warning, or refuses the row when nothing else identifies it."""
    written, raw_publication = cells.raw("application_number"), cells.raw("publication_number")
    country = cells.text("country")
    office = office_of(country) if country else None
    abroad = office is not None and office != "CN"
    if abroad and not _SURELY_CHINESE.match(plain(raw_publication or written)):
        return _foreign(cells, raw_publication, written, office) or PatentNumbers(None, None)
    publication, publication_fault = _publication(raw_publication)
    application, fault = _application(written)
    if application is None and publication is None and (written or raw_publication):
        application, publication = _misplaced(cells, written, raw_publication)
        if application is None and publication is None:
            return _foreign(cells, raw_publication, written, office, fault) or PatentNumbers(None, None)
    elif publication_fault:
        cells.add_problem("publication_number", publication_fault, raw_publication, "warning")
    if application is None and publication is None:
        cells.add_problem("application_number", "patent_number_missing")
    elif fault and raw_publication and publication:
        # A spreadsheet destroyed the digits of a number in scientific notation; any other number is simply wrong.
        kept = (
            "kept_by_publication_number" if identifiers.is_scientific(written) else "kept_by_publication_number_wrong"
        )
        cells.add_problem("application_number", kept, written, "warning")
    return _found(cells, application, publication, written)


def _found(cells: Cells, application: ApplicationNumber | None, publication: str | None, written: str) -> PatentNumbers:
    if application is None:
        return PatentNumbers(None, publication)
    if application.remark:
        cells.add_problem("application_number", application.remark, written, "warning")
    return PatentNumbers(application.number, publication, application.remark == "application_number_completed")


def _publication(raw: str) -> tuple[str | None, str]:
    """The publication number, or the code of why it cannot be read."""
    if not raw:
        return None, ""
    try:
        return identifiers.normalise_publication_number(raw), ""
    except IdentifierInvalid as fault:
        return None, fault.code


def _application(raw: str) -> tuple[ApplicationNumber | None, str]:
    """The application number, or the code of why it cannot be read."""
    if not raw:
        return None, ""
    try:
        return identifiers.parse_application_number(raw, isinstance(raw, NumberCell)), ""
    except IdentifierInvalid as fault:
        return None, fault.code


def _misplaced(cells: Cells, written: str, raw_publication: str) -> tuple[ApplicationNumber | None, str | None]:
    """Numbers that stand in each other's column."""
    publication, _ = _publication(written)
    if publication and not raw_publication:
        cells.add_problem("application_number", "publication_number_in_application_column", written, "warning")
        return None, publication
    application, _ = _application(raw_publication)
    if application and not written:
        cells.add_problem("publication_number", "application_number_in_publication_column", raw_publication, "warning")
        return application, None
    return None, None


def _foreign(
    cells: Cells, raw_publication: str, written: str, office: str | None, fault: str = ""
) -> PatentNumbers | None:
    """The foreign patent that a row names; else its number is a problem that refuses the row."""
    for field, raw in (("publication_number", raw_publication), ("application_number", written)):
        if raw and (found := parse_foreign_number(raw, office)):
            cells.add_problem(field, "patent_foreign", found, "warning")
            return PatentNumbers(None, found, foreign=True)
    if written:
        code = fault or "application_number_shape"
        cells.add_problem("application_number", code, written)
    else:
        cells.add_problem("publication_number", _publication(raw_publication)[1] or "patent_number_missing",
                          raw_publication)  # fmt: skip
    return None
