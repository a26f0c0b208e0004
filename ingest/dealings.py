"""Rows of demands, open-licence offers, licences and deals to records."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

from ingest.cells import Cells
from ingest.tables import NumberCell
from matchhub.domain import identifiers
from matchhub.domain.records import DealRecord, DealType, DemandRecord, LicenceRecord, OfferRecord, Regime, Row
from matchhub.errors import IdentifierInvalid

T = TypeVar("T")

_NUMBERS = re.compile(r"[;；,，、|\n/]+|\s{1,}(?=(?:ZL|CN)?\d{8})")
_DEAL_TYPES: tuple[tuple[str, DealType], ...] = (
    ("开放许可|open", "open_licence"),
    ("独占|exclusive", "exclusive_licence"),
    ("排他|独家|sole", "sole_licence"),
    ("普通|ordinary", "ordinary_licence"),
    ("作价|入股|出资|投资|contribution", "contribution"),
    ("转让|购买|出售|买断|过户|transfer", "transfer"),
)
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


def read_demand(cells: Cells) -> Row:
    """Record or refusal of one demand; one without firm is held for a person."""
    title, text = cells.text("title"), cells.text("text")
    cells.expect(title or text, "text", "demand_text_missing")
    name, uscc = cells.text("enterprise_name"), cells.uscc("enterprise_uscc")
    if not name and not uscc and not cells.raw("enterprise_uscc"):
        cells.complain("enterprise_name", "demand_enterprise_missing", severity="review")
    record = DemandRecord(
        source=cells.source,
        title=title,
        text=text,
        object=cells.text("object"),
        aim=cells.text("aim"),
        targets=cells.text("targets"),
        existing=cells.text("existing"),
        enterprise_name=name,
        enterprise_uscc=uscc,
        technical_field=cells.text("technical_field"),
        ipc=identifiers.parse_ipc(cells.text("ipc") or ""),
        cooperation_form=cells.text("cooperation_form"),
        budget_yuan=cells.money("budget"),
        budget_negotiable=cells.negotiable("budget"),
        contact_name=cells.text("contact_name"),
        contact_phone=cells.text("contact_phone"),
        contact_email=cells.text("contact_email"),
        posted_on=cells.day("posted_on"),
        valid_until_on=cells.period("valid_until_on")[1],
        authorised_on=cells.day("authorised_on"),
        authorised_by=cells.text("authorised_by"),
    )
    return cells.row(record)


def read_offer(cells: Cells) -> Row:
    """Record or refusal of one open-licence declaration; a patent is not known by less than its number."""
    begins, ends = cells.period("validity")
    fee_text = cells.text("fee")
    method = _choice(_FEE_METHODS, cells.text("fee_method") or "") or _choice(_FEE_METHODS, fee_text or "")
    is_share = "%" in unicodedata.normalize("NFKC", fee_text or "")
    record = OfferRecord(
        source=cells.source,
        application_number=_patent_number(cells),
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
    """Record or refusal of one licence: one patent, one licensee."""
    name, uscc = cells.text("licensee_name"), cells.uscc("licensee_uscc")
    cells.expect(name or uscc, "licensee_name", "licensee_missing")
    record = LicenceRecord(
        source=cells.source,
        application_number=_patent_number(cells),
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


def read_deal(cells: Cells) -> Row:
    """Record or refusal of one contract: its patents, both parties and the day of signing must be told."""
    seller, buyer = cells.text("seller_name"), cells.text("buyer_name")
    seller_uscc, buyer_uscc = cells.uscc("seller_uscc"), cells.uscc("buyer_uscc")
    signed_on = cells.day("signed_on", "error")
    cells.expect(seller or seller_uscc, "seller_name", "deal_seller_missing")
    cells.expect(buyer or buyer_uscc, "buyer_name", "deal_buyer_missing")
    cells.expect(signed_on, "signed_on", "deal_signed_on_missing")
    register_number = cells.text("contract_register_number")
    if register_number and (remark := identifiers.check_contract_register_number(register_number)):
        cells.complain("contract_register_number", remark, register_number, "warning")
    record = DealRecord(
        source=cells.source,
        contract_number=cells.text("contract_number"),
        deal_type=_deal_type(cells),
        application_numbers=_patent_numbers(cells),
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
    )
    return cells.row(record)


def _choice(choices: tuple[tuple[str, T], ...], text: str) -> T | None:
    low = unicodedata.normalize("NFKC", text).lower()
    return next((value for pattern, value in choices if re.search(pattern, low)), None)


def _regime(cells: Cells) -> Regime | None:
    return _choice(_REGIMES, cells.text("regime") or "")


def _deal_type(cells: Cells) -> DealType | None:
    written = cells.text("deal_type")
    if not written:
        return None
    found = _choice(_DEAL_TYPES, written)
    if not found:
        cells.complain("deal_type", "deal_type_unknown", written, "review")
    return found


def _register_event(cells: Cells) -> str | None:
    written = unicodedata.normalize("NFKC", cells.text("register_event") or "").upper()
    if "TR01" in written or "转移" in written or "转让" in written:
        return "TR01"
    return "EE01" if "EE01" in written or "备案" in written or "许可" in written else None


def _parsed(cells: Cells, field: str, written: str) -> str | None:
    try:
        found = identifiers.parse_application_number(written, isinstance(written, NumberCell))
    except IdentifierInvalid as fault:
        cells.complain(field, fault.code, written)
        return None
    if found.remark:
        cells.complain(field, found.remark, written, "warning")
    return found.number


def _patent_number(cells: Cells) -> str | None:
    written = cells.raw("application_number")
    if not written:
        cells.complain("application_number", "application_number_empty")
        return None
    return _parsed(cells, "application_number", written)


def _patent_numbers(cells: Cells) -> tuple[str, ...]:
    written = cells.raw("application_numbers")
    parts = [written] if isinstance(written, NumberCell) else _NUMBERS.split(written)
    parts = [part for part in parts if part.strip()]
    if not parts:
        cells.complain("application_numbers", "application_number_empty")
    numbers = (_parsed(cells, "application_numbers", part) for part in parts)
    return tuple(dict.fromkeys(number for number in numbers if number))
