"""Rows of patent tables to records; the numbers that identify a patent are read in ``patent_identity``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import cast

from ingest.categories import says_yes
from ingest.cells import Cells, Explained
from ingest.dates import SHIFT_OF_1904
from ingest.patent_identity import read_patent_numbers
from matchhub.domain import identifiers
from matchhub.domain.legal_status import StatusReading, read_legal_status, status_key
from matchhub.domain.patents import encumbrances_in, parse_patent_type
from matchhub.domain.records import EncumbranceClaim, PatentRecord, PatentType, Row, StatusClaim, Validity

_ASKS = re.compile(r"是否(?:存在|有|已|处于)?|有无|状态$")
_SAYS_NO = re.compile(r"^(?:否|不是|没有|未|n|no|false|0|×)$", re.IGNORECASE)
_POSTCODE = re.compile(r"^\d{6}(?!\d|$)")
# The same few words occur in nearly every row.
_encumbrances_stated = lru_cache(maxsize=4096)(encumbrances_in)
_patent_type = lru_cache(maxsize=1024)(parse_patent_type)


def read_patent(cells: Cells) -> Row:
    """Record or refusal of one patent row."""
    numbers = read_patent_numbers(cells)
    application, publication = numbers.application, None if numbers.foreign else numbers.publication
    patent_type = _type(cells, application, publication)
    ipc, locarno = _classes(cells, patent_type)
    filed_on = cells.day("filed_on")
    agency_name, agency_code = _agency(cells)
    published_on, granted_on = _announcement_days(cells, publication)
    status = _status(cells, publication, granted_on or published_on)
    record = PatentRecord(
        source=cells.source,
        application_number=application,
        publication_number=numbers.publication,
        title=cells.text("title"),
        abstract=cells.text("abstract"),
        claim=cells.text("claim"),
        patent_type=patent_type,
        applicants=cells.texts("applicants"),
        owners=cells.texts("owners"),
        inventors=cells.texts("inventors"),
        ipc=ipc,
        locarno=locarno,
        filed_on=filed_on,
        published_on=published_on,
        granted_on=granted_on,
        expires_on=cells.day("expires_on"),
        annuity_paid_to_on=cells.day("annuity_paid_to_on"),
        status=status,
        encumbrances=_encumbrances(cells),
        agency_name=agency_name,
        agency_code=agency_code,
        address=_address(cells),
        number_completed=numbers.completed,
    )
    _check_filing_year(cells, application, filed_on)
    return cells.row(record)


def _type(cells: Cells, application: str | None, publication: str | None) -> PatentType | None:
    """The type that the number states; a column that contradicts it is a warning."""
    written = cells.text("type")
    stated = _patent_type(written) if written else None
    if application:
        known = identifiers.patent_type_of(application)
    elif publication:
        known = identifiers.patent_type_of_publication(publication)
    else:
        return stated
    if stated and stated != known:
        cells.add_problem("type", "patent_type_contradicts_number", written or "", "warning")
    return known


def _classes(cells: Cells, patent_type: PatentType | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """IPC symbols, main class first, and Locarno classes (洛迦诺分类号), which only designs have."""
    in_ipc_columns = cells.all_raw("ipc_main") + cells.all_raw("ipc")
    in_locarno_column = cells.all_raw("locarno")
    ipc = _symbols(in_ipc_columns, identifiers.parse_ipc)
    # Vendors write the Locarno class of a design into the IPC column.
    texts = in_locarno_column if ipc else in_locarno_column + in_ipc_columns
    locarno = _symbols(texts, identifiers.parse_locarno)
    if locarno and patent_type not in ("design", None):
        cells.add_problem("locarno" if in_locarno_column else "ipc", "locarno_without_design", texts[0], "warning")
        return ipc, ()
    if texts and not ipc and not locarno:
        cells.add_problem("ipc_main" if cells.raw("ipc_main") else "ipc", "class_unreadable", texts[0], "warning")
    return ipc, locarno


def _symbols(texts: Sequence[str], parse: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """The symbols in all texts, each once, in their order."""
    return tuple(dict.fromkeys(symbol for text in texts for symbol in parse(text)))


def _announcement_days(cells: Cells, publication: str | None) -> tuple[date | None, date | None]:
    """Publication and grant day; the day of a publication number that announces a grant is the day of the grant."""
    published_on, granted_on = cells.day("published_on"), cells.day("granted_on")
    if published_on and not granted_on and publication and identifiers.is_granted_publication(publication):
        return None, published_on
    return published_on, granted_on


def _status(cells: Cells, publication: str | None, announced_on: date | None) -> StatusClaim | None:
    """The legal status in its column, else the one that the publication itself proves; sets the day of the row."""
    written = cells.all_raw("status")
    if written:
        return _stated_status(cells, written)
    if not (publication and announced_on):
        cells.set_as_of_day()
        return None
    cells.set_as_of_day(announced_on)
    if identifiers.is_granted_publication(publication):
        return StatusClaim("in_force", "granted", publication, announced_on)
    return StatusClaim("pending", "published", publication, announced_on)


def _stated_status(cells: Cells, written: Sequence[str]) -> StatusClaim:
    """The status in the columns, of the day that the row, its table or, when these tell none, the cell itself tells.

    Each word that is not understood is a warning.
    """
    read = _read_status(";".join(written), cells.layout.explained)
    for word in dict.fromkeys(read.unread):
        cells.add_problem("status", "legal_status_unknown", word, "warning")
    cells.set_as_of_day(cells.day("status_on"))
    day = cells.source.as_of_on or read.day_on
    return StatusClaim(read.status.validity, read.status.reason, "; ".join(dict.fromkeys(written)), day)


@lru_cache(maxsize=4096)
def _read_status(text: str, explained: Explained) -> StatusReading:
    meanings = {status_key(word): cast(Validity, validity) for word, validity in explained}
    return read_legal_status(text, meanings)


def _encumbrances(cells: Cells) -> tuple[EncumbranceClaim, ...]:
    """Pledges, preservations and licences that the status or their own columns name, of the day that the cell, the row
    or its table tells. A column may say yes or no to what its header names (是否质押)."""
    written = cells.all_raw("status") + [_with_header(*each) for each in cells.all_with_headers("encumbrance")]
    claims = _encumbrances_stated(";".join(written)) if written else ()
    day = cells.source.as_of_on if cells.raw("status") else cells.stated_on  # else the row has that of its announcement
    return tuple(claim if claim.as_of_on else replace(claim, as_of_on=day) for claim in claims) if day else claims


def _with_header(header: str, cell: str) -> str:
    if says_yes(cell):
        return _ASKS.sub("", header)
    return f"未{_ASKS.sub('', header)}" if _SAYS_NO.match(cell) else cell


def _agency(cells: Cells) -> tuple[str | None, str | None]:
    """Name and code of the patent agency; the code may stand behind the name."""
    written = cells.text("agency")
    name, code = identifiers.split_agency_code(written) if written else (None, None)
    written_code = cells.text("agency_code")
    code = identifiers.agency_code_of(written_code) if written_code else code
    if code and (remark := identifiers.agency_code_remark(code)):
        cells.add_problem("agency_code", remark, code, "warning")
    return name or None, code


def _address(cells: Cells) -> str | None:
    """The address without the postcode that registers write directly before it (``100000某省某市…``)."""
    written = cells.text("address")
    return (_POSTCODE.sub("", written).strip() or None) if written else None


def _check_filing_year(cells: Cells, application: str | None, filed_on: date | None) -> None:
    """Warn of a filing day after the year in the number, or as far before it as a spreadsheet's other epoch moves days.

    The office gives a number in the year of filing, or later for a national phase or a division, but never before.
    """
    if not application or not filed_on:
        return
    year = identifiers.filing_year_of(application)
    if filed_on.year > year:
        cells.add_problem("filed_on", "filed_after_number", filed_on.isoformat(), "warning")
    elif filed_on.year < year - 2 and (filed_on + SHIFT_OF_1904).year == year:
        cells.add_problem("filed_on", "filed_four_years_before", filed_on.isoformat(), "warning")
