"""Amounts: exact Decimal yuan, with a remark when a unit was assumed, never converted, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.money import MoneyUnreadable, is_negotiable, parse_money, parse_percent, unit_of_header


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("1,001(万元人民币)", "10010000"),
        ("5000万人民币", "50000000"),
        ("53万人民币", "530000"),
        ("350(万)", "3500000"),
        ("1.5亿元", "150000000"),
        ("￥20,000.50", "20000.50"),
        ("人民币20000元整", "20000"),
        ("3千元", "3000"),
        ("200万人民币元", "2000000"),
        ("1000元/年", "1000"),
        ("免费", "0"),
        ("０．１万元", "1000"),
    ],
)
def test_an_amount_with_its_unit(written: str, yuan: str) -> None:
    amount = parse_money(written)
    assert amount == (Decimal(yuan), "")


def test_a_bare_number_takes_the_headers_unit() -> None:
    assert parse_money("30", unit_of_header("预算金额(万元)")) == (Decimal(300000), "")
    assert parse_money("30", unit_of_header("成交金额（元）")) == (Decimal(30), "")


def test_a_unit_in_the_cell_beats_the_headers() -> None:
    assert parse_money("30元", unit_of_header("金额(万元)")).yuan == 30


def test_a_bare_number_without_any_unit_is_yuan_and_says_so() -> None:
    assert parse_money("30", unit_of_header("预算金额")) == (Decimal(30), "money_unit_assumed")


@pytest.mark.parametrize("written", ["10-20万元", "10万元至20万元", "10万-20万"])
def test_of_a_range_the_lower_end_is_taken_and_reported(written: str) -> None:
    assert parse_money(written) == (Decimal(100000), "money_range")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("449(万美元)", "money_foreign"),
        ("100(万港币)", "money_foreign"),
        ("$100", "money_foreign"),
        ("万人民币", "money_unreadable"),
        ("1,00,1万", "money_unreadable"),
        ("几十万", "money_unreadable"),
        ("1e5", "money_unreadable"),
        ("-5万元", "money_negative"),
    ],
)
def test_what_is_no_clear_amount_in_yuan_is_refused(written: str, code: str) -> None:
    with pytest.raises(MoneyUnreadable) as caught:
        parse_money(written)
    assert caught.value.code == code


def test_open_to_negotiation_is_no_amount() -> None:
    assert is_negotiable("面议") and is_negotiable("双方协商") and not is_negotiable("20万元")


@pytest.mark.parametrize(
    ("written", "percent"), [("5%", "5"), ("５％", "5"), ("0.5%", "0.5"), ("3", "3"), ("百分之8", "8")]
)
def test_per_cent(written: str, percent: str) -> None:
    assert parse_percent(written) == Decimal(percent)


@pytest.mark.parametrize("written", ["0.05", "五", "5-8%"])
def test_an_ambiguous_per_cent_is_refused(written: str) -> None:
    with pytest.raises(MoneyUnreadable):
        parse_percent(written)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("99999999999999", ""),
        ("100000000000000", "money_too_large"),
        ("100000000000001", "money_too_large"),
        ("1000000亿元", "money_too_large"),
        ("9" * 400, "money_too_large"),
    ],
)
def test_a_number_beyond_all_money_is_refused(written: str, code: str) -> None:
    if not code:
        assert parse_money(f"{written}元").yuan == Decimal(written)
        return
    with pytest.raises(MoneyUnreadable) as caught:
        parse_money(written)
    assert caught.value.code == code


@pytest.mark.parametrize(("written", "reads"), [("999%", True), ("1000%", False), ("1001%", False)])
def test_a_share_of_a_thousand_per_cent_is_none(written: str, reads: bool) -> None:
    if reads:
        assert parse_percent(written) == 999
    else:
        with pytest.raises(MoneyUnreadable):
            parse_percent(written)
