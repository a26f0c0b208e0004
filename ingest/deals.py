"""Rows of deals (交易) to records: contracts by which patents are transferred, licensed or contributed."""

from __future__ import annotations

import unicodedata

from ingest.cells import Cells, first_match
from ingest.patent_numbers import patent_numbers
from matchhub.domain import identifiers
from matchhub.domain.records import DealRecord, DealType, Row

# The first match wins, so the words of licences are tried before 转让, which may be said of a right of use too.
_DEAL_TYPES: tuple[tuple[str, DealType], ...] = (
    ("开放许可|open", "open_licence"),
    ("独占|exclusive", "exclusive_licence"),
    ("排他|独家|sole", "sole_licence"),
    ("普通|ordinary", "ordinary_licence"),
    ("作价|入股|出资|投资|contribution", "contribution"),
    ("转让|购买|出售|买断|过户|transfer", "transfer"),
)


def read_deal(cells: Cells) -> Row:
    """Record or refusal of one contract; it must name its patents, both parties and the day of signing."""
    seller, buyer = cells.text("seller_name"), cells.text("buyer_name")
    seller_uscc, buyer_uscc = cells.uscc("seller_uscc"), cells.uscc("buyer_uscc")
    signed_on = cells.day("signed_on", "error")
    cells.expect(seller or seller_uscc, "seller_name", "deal_seller_missing")
    cells.expect(buyer or buyer_uscc, "buyer_name", "deal_buyer_missing")
    cells.expect(signed_on, "signed_on", "deal_signed_on_missing")
    register_number = cells.text("contract_register_number")
    if register_number and (remark := identifiers.check_contract_register_number(register_number)):
        cells.add_problem("contract_register_number", remark, register_number, "warning")
    record = DealRecord(
        source=cells.source,
        contract_number=cells.text("contract_number"),
        deal_type=_deal_type(cells),
        application_numbers=patent_numbers(cells),
        seller_name=seller,
        seller_uscc=seller_uscc,
        buyer_name=buyer,
        buyer_uscc=buyer_uscc,
        signed_on=signed_on,
        amount_yuan=cells.money("amount"),
        register_event=_register_event(cells),
        registered_on=cells.day("registered_on"),
        register_number=cells.text("register_number"),
        contract_register_number=register_number,
        paid_on=cells.day("paid_on"),
        paid_yuan=cells.money("paid"),
        payment_proof=cells.text("payment_proof"),
        refunded_on=cells.day("refunded_on"),
        refunded_yuan=cells.money("refunded"),
        refund_proof=cells.text("refund_proof"),
    )
    return cells.row(record)


def _deal_type(cells: Cells) -> DealType | None:
    """The type that the column names; words that name none hold the row for review."""
    written = cells.text("deal_type")
    if not written:
        return None
    found = first_match(_DEAL_TYPES, written)
    if not found:
        cells.add_problem("deal_type", "deal_type_unknown", written, "review")
    return found


def _register_event(cells: Cells) -> str | None:
    """Code of the register entry: TR01 for a transfer, EE01 for a licence put on file."""
    written = unicodedata.normalize("NFKC", cells.text("register_event") or "").upper()
    if "TR01" in written or "转移" in written or "转让" in written:
        return "TR01"
    return "EE01" if "EE01" in written or "备案" in written or "许可" in written else None
