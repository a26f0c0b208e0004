"""One row of a patent table to a patent record.

A patent's identity is its application number. Where that is destroyed or faulty but a publication number stands, the
patent is kept under the publication number and the row says so; without either the row is refused.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from ingest.cells import Cells
from ingest.tables import NumberCell
from matchhub.domain import identifiers
from matchhub.domain.patents import encumbrances_in, parse_legal_status, parse_patent_type
from matchhub.domain.records import EncumbranceType, PatentRecord, PatentType, Row, StatusClaim
from matchhub.errors import IdentifierInvalid

_POSTCODE_LENGTH = 6
# The same few words stand in row after row.
_legal_status = lru_cache(maxsize=4096)(parse_legal_status)
_encumbrances_said = lru_cache(maxsize=4096)(encumbrances_in)
_patent_type = lru_cache(maxsize=1024)(parse_patent_type)


def read_patent(cells: Cells) -> Row:
    """Record or refusal of one patent row."""
    publication = _publication_number(cells)
    application, completed = _application_number(cells, publication)
    ipc, locarno = _classes(cells)
    filed_on = cells.day("filed_on")
    agency_name, agency_code = _agency(cells)
    published_on, granted_on = _announced(cells, publication)
    status = _status(cells, publication, granted_on or published_on)
    cells.speaks_of(status.as_of_on if status else None)
    record = PatentRecord(
        source=cells.source,
        application_number=application,
        publication_number=publication,
        title=cells.text("title"),
        abstract=cells.text("abstract"),
        claim=cells.text("claim"),
        patent_type=_type(cells, application, publication),
        applicants=cells.texts("applicants"),
        owners=cells.texts("owners"),
        inventors=cells.texts("inventors"),
        ipc=ipc,
        locarno=locarno,
        filed_on=filed_on,
        published_on=published_on,
        granted_on=granted_on,
        expires_on=cells.day("expires_on"),
        status=status,
        encumbrances=_encumbrances(cells),
        agency_name=agency_name,
        agency_code=agency_code,
        address=_address(cells),
        number_completed=completed,
    )
    _check_filing_year(cells, application, filed_on)
    return cells.row(record)


def _publication_number(cells: Cells) -> str | None:
    raw = cells.text("publication_number")
    if not raw:
        return _misplaced(cells)
    try:
        return identifiers.normalise_publication_number(raw)
    except IdentifierInvalid as fault:
        cells.complain("publication_number", fault.code, raw, "warning")
        return None


def _misplaced(cells: Cells) -> str | None:
    """A publication number written where the application number belongs."""
    raw = cells.raw("application_number")
    try:
        identifiers.normalise_application_number(raw)
    except IdentifierInvalid as fault:
        is_publication = fault.code == "application_number_is_publication"
        return identifiers.normalise_publication_number(raw) if is_publication else None
    return None


def _application_number(cells: Cells, publication: str | None) -> tuple[str | None, bool]:
    raw = cells.raw("application_number")
    if not raw:
        if not publication:
            cells.complain("application_number", "patent_number_missing")
        return None, False
    try:
        found = identifiers.parse_application_number(raw, isinstance(raw, NumberCell))
    except IdentifierInvalid as fault:
        if fault.code == "application_number_is_publication" and not cells.raw("publication_number"):
            cells.complain("application_number", "publication_number_in_application_column", raw, "warning")
        elif publication:
            kept = "kept_by_publication_number" + ("" if identifiers.is_scientific(raw) else "_wrong")
            cells.complain("application_number", kept, raw, "warning")
        else:
            cells.complain("application_number", fault.code, raw)
        return None, False
    if found.remark:
        cells.complain("application_number", found.remark, raw, "warning")
    return found.number, found.remark == "application_number_completed"


def _type(cells: Cells, application: str | None, publication: str | None) -> PatentType | None:
    """The number decides; a column that contradicts it is told and not believed."""
    told = cells.text("type")
    said = _patent_type(told) if told else None
    if application:
        known = identifiers.patent_type_of(application)
    elif publication:
        known = identifiers.patent_type_of_publication(publication)
    else:
        return said
    if said and said != known:
        cells.complain("type", "patent_type_contradicts_number", told or "", "warning")
    return known


def _classes(cells: Cells) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """IPC classes, main first, and Locarno classes, which designs carry in the IPC column."""
    written = cells.all_raw("ipc_main") + cells.all_raw("ipc")
    ipc = tuple(dict.fromkeys(symbol for text in written for symbol in identifiers.parse_ipc(text)))
    if ipc:
        return ipc, tuple(s for text in cells.all_raw("locarno") for s in identifiers.parse_locarno(text))
    texts = cells.all_raw("locarno") + written
    locarno = tuple(dict.fromkeys(symbol for text in texts for symbol in identifiers.parse_locarno(text)))
    if texts and not locarno:
        cells.complain("ipc_main" if cells.raw("ipc_main") else "ipc", "class_unreadable", texts[0], "warning")
    return (), locarno


def _announced(cells: Cells, publication: str | None) -> tuple[date | None, date | None]:
    """Publication and grant day; one announcement day belongs to what the publication number announced."""
    published_on, granted_on = cells.day("published_on"), cells.day("granted_on")
    if published_on and not granted_on and publication and identifiers.is_granted_publication(publication):
        return None, published_on
    return published_on, granted_on


def _status(cells: Cells, publication: str | None, announced_on: date | None) -> StatusClaim | None:
    """The status column, on its own day; else what the announced document itself proves on its day."""
    written = cells.all_raw("status")
    if written:
        wording = "; ".join(dict.fromkeys(written))
        validity, reason = _legal_status(";".join(written))
        if not reason:
            cells.complain("status", "legal_status_unknown", wording, "warning")
        return StatusClaim(validity, reason, wording, cells.day("status_on"))
    if publication and announced_on:
        if identifiers.is_granted_publication(publication):
            return StatusClaim("in_force", "granted", publication, announced_on)
        return StatusClaim("pending", "published", publication, announced_on)
    return None


def _encumbrances(cells: Cells) -> tuple[EncumbranceType, ...]:
    written = cells.all_raw("status") + cells.all_raw("encumbrance")
    return _encumbrances_said(";".join(written)) if written else ()


def _agency(cells: Cells) -> tuple[str | None, str | None]:
    written = cells.text("agency")
    name, code = identifiers.split_agency_code(written) if written else (None, None)
    code = cells.text("agency_code") or code
    if code and (remark := identifiers.agency_code_remark(code)):
        cells.complain("agency_code", remark, code, "warning")
    return name or None, code


def _address(cells: Cells) -> str | None:
    """The address without a postcode glued before it (``100000某省某市…``)."""
    written = cells.text("address")
    if written and len(written) > _POSTCODE_LENGTH and written[:6].isdigit() and not written[6].isdigit():
        return written[6:].strip() or None
    return written


def _check_filing_year(cells: Cells, application: str | None, filed_on: date | None) -> None:
    """A number is given in the year of filing or, for a Chinese phase or a division, later; never before it."""
    if application and filed_on and filed_on.year > identifiers.filing_year_of(application):
        cells.complain("filed_on", "filed_after_number", filed_on.isoformat(), "warning")
