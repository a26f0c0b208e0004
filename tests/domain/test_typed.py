"""What people type for an amount, a share and a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from matchhub.domain.typed import amount_of, budget_of, day_of, percent_of


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("50000", "50000"), ("1,000", "1000"), ("５０，０００元", "50000"), ("5万", "50000"), ("３．５ 万元", "35000"),
        ("3.5 万元", "35000"), ("¥1.2亿元", "120000000"), ("人民币 8万元整", "80000"), ("5w", "50000"), ("8千", "8000"),
        ("1亿2000万", "120000000"), ("3万5千元", "35000"), ("3万5000", "35000"), ("二十万", "200000"), ("两万元", "20000"),
        ("伍万元整", "50000"), ("壹佰贰拾万圆整", "1200000"), ("十二元五角", "12.5"), ("0.01", "0.01"), ("-5", "-5"),
        (" 300块 ", "300"), ("999999999999.99", "999999999999.99"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(written: str, yuan: str) -> None:
    assert amount_of(written) == Decimal(yuan)


@pytest.mark.parametrize(
    "written",
    ["", "viel", "5万美元", "$5", "1,00", "10,0000", "1e5", "5--", "1.234", "0.005万万", "一万五", "一二三", "面议", "5-8万",
     "约5万", "1000000000000", "٥٠", "2000万1亿", "3万50000", "nan", "inf", "5万元元", "¥", "十元五"],
)  # fmt: skip
def test_what_is_no_amount_is_none_and_never_guessed(written: str) -> None:
    assert amount_of(written) is None


@pytest.mark.parametrize(("written", "share"), [("2.5", "2.5"), ("2.5%", "2.5"), ("２．５％", "2.5"), ("百分之3", "3")])
def test_a_share_is_read_as_people_write_it(written: str, share: str) -> None:
    assert percent_of(written) == Decimal(share)


@pytest.mark.parametrize("written", ["", "viel", "2.555", "12345", "-1", "٥"])
def test_what_is_no_share_is_none(written: str) -> None:
    assert percent_of(written) is None


@pytest.mark.parametrize(
    "written",
    ["2026-03-05", "2026-3-5", "2026.3.5", "2026/3/5", "20260305", "2026年3月5日", "2026年03月05号", "２０２６．３．５",
     "2026 年 3 月 5 日", "二〇二六年三月五日", "2026—03—05", "2026 3 5"],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert day_of(written) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "written",
    ["", "morgen", "26-3-5", "2026-3", "2026年3月", "2026年3-5", "2026-13-1", "2026-02-29", "2026-3.5", "05/03/2026",
     "2026030", "1899-12-31", "2101-01-01", "二〇二六年十三月五日", "２０２６年二月三十日"],
)  # fmt: skip
def test_what_is_no_day_is_none_and_never_completed(written: str) -> None:
    assert day_of(written) is None


def test_a_leap_day_is_one_only_in_a_leap_year() -> None:
    assert (day_of("2024-02-29"), day_of("2025-02-29")) == (date(2024, 2, 29), None)


@pytest.mark.parametrize(
    ("written", "yuan"),
    [("5", "50000"), ("5万", "50000"), ("3.5 万元", "35000"), ("二十", "200000"), ("二十万", "200000"), ("50000元", "50000"),
     ("1,000", "10000000")],
)  # fmt: skip
def test_a_bare_number_in_a_field_of_ten_thousands_counts_them(written: str, yuan: str) -> None:
    assert budget_of(written) == Decimal(yuan)


@pytest.mark.parametrize("written", ["", "面议", "5-8", "100000000"])
def test_what_is_no_budget_is_none(written: str) -> None:
    assert budget_of(written) is None
