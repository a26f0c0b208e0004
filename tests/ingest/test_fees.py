"""Fees and terms as lists of open licences word them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.terms import read_term
from tests.ingest.tables_on_disk import codes, read_one

NUMBER, BEGINS = "201710601862.3", date(2023, 1, 1)


def offer(tmp_path: Path, **cells: str) -> Any:
    return read_one(tmp_path, "offers", 专利号=NUMBER, 专利名称="鞋底", 声明日期="2023-01-01", **cells)


@pytest.mark.parametrize(
    ("fee", "method", "yuan", "percent"),
    [
        ("免费", "free", "0", None),
        ("免费许可", "free", "0", None),
        ("2万元/年", "fixed", "20000", None),
        ("一次性支付5万元", "fixed", "50000", None),
        ("净销售额的3%", "royalty_sales", None, "3"),
        ("按净利润的百分之五提成", "royalty_profit", None, "5"),
        ("5%", None, None, "5"),  # of what is not said
        ("入门费10万元+销售额的3%", "royalty_sales", "100000", "3"),
        ("首付5万元，另按年销售额2%提成", "royalty_sales", "50000", "2"),
        ("销售额的3%，入门费10万元", "royalty_sales", "100000", "3"),
    ],
)
def test_a_fee_in_its_ordinary_forms(
    tmp_path: Path, fee: str, method: str | None, yuan: str | None, percent: str | None
) -> None:
    row = offer(tmp_path, 许可使用费=fee)
    found = row.record
    assert (found.fee_method, found.fee_yuan, found.royalty_percent) == (
        method, yuan and Decimal(yuan), percent and Decimal(percent)
    )  # fmt: skip
    assert (found.fee_text, codes(row)) == (fee, [])


@pytest.mark.parametrize(
    ("fee", "method"),
    [
        ("前3年免费，第4年起2万元/年", "fixed"),
        ("首年免费，次年起每年1万元", "fixed"),
        ("免费期满后按2万元/年收取", "fixed"),
        ("前两年免费，之后按销售额的2%提成", "royalty_sales"),
        ("第1年1万元，第2年起2万元", "fixed"),
        ("前1000双免费，超过1000双部分0.5元/双", "fixed"),
    ],
)
def test_a_graded_fee_is_not_free_and_has_no_amount(tmp_path: Path, fee: str, method: str) -> None:
    for columns in ({"许可使用费": fee}, {"许可使用费": fee, "许可使用费支付方式": "免费"}):
        row = offer(tmp_path, **columns)
        assert (row.record.fee_method, row.record.fee_yuan) == (method, None)
        assert ("fee_graded", "warning") in codes(row)


@pytest.mark.parametrize("fee", ["非免费", "不免费"])
def test_what_is_denied_is_not_free(tmp_path: Path, fee: str) -> None:
    assert offer(tmp_path, 许可使用费支付方式=fee, 许可使用费="1万元").record.fee_method == "fixed"


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("3年", (BEGINS, date(2025, 12, 31))),
        ("三年", (BEGINS, date(2025, 12, 31))),
        ("叁年期", (BEGINS, date(2025, 12, 31))),
        ("36个月", (BEGINS, date(2025, 12, 31))),
        ("许可期限为3年", (BEGINS, date(2025, 12, 31))),
        ("半年", (BEGINS, date(2023, 6, 30))),
        ("5年（可续）", (BEGINS, date(2027, 12, 31))),
        ("三年（36个月）", (BEGINS, date(2025, 12, 31))),
        ("许可期限3年", (BEGINS, date(2025, 12, 31))),
        ("至2026年12月31日", (BEGINS, date(2026, 12, 31))),
        ("自2023年5月1日起3年", (date(2023, 5, 1), date(2026, 4, 30))),
        ("自声明公告之日起3年", (BEGINS, date(2025, 12, 31))),
        ("自许可生效之日起三年", (BEGINS, date(2025, 12, 31))),
        ("自声明公告之日起至专利权终止", (BEGINS, None)),
        ("自公告之日起至专利权有效期届满之日止", (BEGINS, None)),
        ("至专利权终止", (BEGINS, None)),
        ("专利权有效期内", (BEGINS, None)),
        ("专利有效期", (BEGINS, None)),
        ("与专利权有效期一致", (BEGINS, None)),
        ("自声明公告之日起", (BEGINS, None)),
    ],
)
def test_a_term_in_its_ordinary_forms(tmp_path: Path, written: str, term: tuple[date, date | None]) -> None:
    assert read_term(written, BEGINS) == term
    row = offer(tmp_path, 许可期限=written)
    assert ((row.record.valid_from_on, row.record.valid_to_on), codes(row)) == (term, [])


@pytest.mark.parametrize(
    "written", ["若干年", "0年", "101年", "另行约定", "至2023年2月30日", "三", "2023年", "2023年7月"]
)
def test_what_is_no_term_is_told(tmp_path: Path, written: str) -> None:
    assert read_term(written, BEGINS) is None
    assert [severity for _, severity in codes(offer(tmp_path, 许可期限=written))] == ["warning"]


def test_a_length_without_a_first_day_has_no_last_one() -> None:
    assert read_term("3年", None) == (None, None)
