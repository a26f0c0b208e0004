"""Rows of open-licence declarations (开放许可声明) and of licences reached under them to records."""

from __future__ import annotations

import unicodedata

from ingest.cells import Cells, first_match
from ingest.patent_numbers import patent_number
from matchhub.domain.records import LicenceRecord, OfferRecord, Regime, Row

# The first match wins: 销售额的5%,每年付 is a royalty, although 每年 alone means a fixed fee.
_FEE_METHODS: tuple[tuple[str, str], ...] = (
    ("免费|无偿|free", "free"),
    ("利润|profit", "royalty_profit"),
    ("提成|销售额|销售收入|净销售|比例|royalty|sales", "royalty_sales"),
    ("固定|一次|总付|定额|包干|按年|分期|每年|元|fixed|lump", "fixed"),
)
_REGIMES: tuple[tuple[str, Regime], ...] = (
    ("试点|pilot", "pilot"),
    ("国家知识产权局|国知局|cnipa|正式|专利法", "cnipa"),
)


def read_offer(cells: Cells) -> Row:
    """Record or refusal of one open-licence declaration; one without a valid application number is refused.

    The fee column may hold a sum, a share of sales (5%) or words; its text is kept as written.
    """
    begins, ends = cells.period("validity")
    fee_text = cells.text("fee")
    method = first_match(_FEE_METHODS, cells.text("fee_method") or "") or first_match(_FEE_METHODS, fee_text or "")
    is_share = "%" in unicodedata.normalize("NFKC", fee_text or "")
    record = OfferRecord(
        source=cells.source,
        application_number=patent_number(cells),
        title=cells.text("title"),
        holder_name=cells.text("holder_name"),
        regime=_regime(cells),
        platform=cells.text("platform"),
        announcement_number=cells.text("announcement_number"),
        declared_on=cells.day("declared_on"),
        fee_method=method,
        fee_yuan=None if is_share else cells.money("fee"),
        royalty_percent=cells.percent("royalty") or (cells.percent("fee") if is_share else None),
        fee_text=fee_text,
        valid_from_on=cells.day("valid_from_on") or begins,
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
        filing_number=cells.text("filing_number"),
        filed_on=cells.day("filed_on"),
    )
    return cells.row(record)


def _regime(cells: Cells) -> Regime | None:
    return first_match(_REGIMES, cells.text("regime") or "")
