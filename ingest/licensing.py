"""Rows of open-licence declarations (开放许可声明) and of licences reached under them to records."""

from __future__ import annotations

from ingest.cells import Cells, first_match
from ingest.fees import read_fee
from ingest.patent_numbers import patent_number
from matchhub.domain.records import LicenceRecord, OfferRecord, Regime, Row

# The first match wins.
_REGIMES: tuple[tuple[str, Regime], ...] = (
    ("试点|pilot", "pilot"),
    ("国家知识产权局|国知局|cnipa|正式|专利法", "cnipa"),
)


def read_offer(cells: Cells) -> Row:
    """Record or refusal of one open-licence declaration; one without a valid application number is refused.

    The fee's text is kept as written, whatever of it could be read (``fees``).
    """
    declared_on, valid_from_on = cells.day("declared_on"), cells.day("valid_from_on")
    begins, ends = cells.term("validity", valid_from_on or declared_on)
    fee = read_fee(cells)
    record = OfferRecord(
        source=cells.source,
        application_number=patent_number(cells),
        title=cells.text("title"),
        holder_name=cells.text("holder_name"),
        regime=_regime(cells),
        platform=cells.text("platform"),
        announcement_number=cells.text("announcement_number"),
        declared_on=declared_on,
        fee_method=fee.method,
        fee_yuan=fee.yuan,
        royalty_percent=fee.percent,
        fee_text=cells.text("fee"),
        valid_from_on=valid_from_on or begins,
        valid_to_on=cells.day("valid_to_on") or ends,
        industry=cells.text("industry"),
        industry_reason=cells.text("industry_reason"),
        withdrawn_on=cells.day("withdrawn_on"),
    )
    return cells.row(record)


def read_licence(cells: Cells) -> Row:
    """Record or refusal of one licence: one patent and one licensee, both of which must be named."""
    name, uscc = cells.text("licensee_name"), cells.uscc("licensee_uscc")
    cells.expect(name or uscc, "licensee_name", "licensee_missing")
    record = LicenceRecord(
        source=cells.source,
        application_number=patent_number(cells),
        licensee_name=name,
        licensee_uscc=uscc,
        licensor_name=cells.text("licensor_name"),
        regime=_regime(cells),
        notified_on=cells.day("notified_on"),
        reached_on=cells.day("reached_on"),
        paid_on=cells.day("paid_on"),
        paid_yuan=cells.money("paid"),
        payment_proof=cells.text("payment_proof"),
        refunded_on=cells.day("refunded_on"),
        refunded_yuan=cells.money("refunded"),
        filing_number=cells.text("filing_number"),
        filed_on=cells.day("filed_on"),
    )
    return cells.row(record)


def _regime(cells: Cells) -> Regime | None:
    return first_match(_REGIMES, cells.text("regime") or "")
