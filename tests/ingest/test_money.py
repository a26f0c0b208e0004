"""Amounts: exact Decimal yuan, with a remark when a unit was assumed, never converted, never guessed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.money import MoneyUnreadable, is_negotiable, parse_money, parse_percent, unit_of_header, unit_of_title
from ingest.reading import read_rows


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


@pytest.mark.parametrize(
    ("written", "yuan", "remark"),
    [
        ("人民币壹佰万元整", "1000000", ""),
        ("伍拾万元整", "500000", ""),
        ("五十万元", "500000", ""),
        ("十万", "100000", ""),
        ("一千零五十元", "1050", ""),
        ("壹佰贰拾叁元肆角伍分", "123.45", ""),
        ("人民幣伍拾萬元整", "500000", ""),
        ("50W", "500000", ""),
        ("50w元", "500000", ""),
        ("1亿2000万元", "120000000", ""),
        ("50万元(人民币)", "500000", ""),
        ("50万元(含税)", "500000", ""),
        ("总价50万元", "500000", ""),
        ("人民币伍拾万元整(￥500,000.00)", "500000", ""),
        ("50万元人民币（大写：伍拾万元整）", "500000", ""),
        ("不超过50万元", "500000", "money_upper_limit"),
        ("50万元以内", "500000", "money_upper_limit"),
        ("≤50万元", "500000", "money_upper_limit"),
        ("不低于50万元", "500000", "money_lower_limit"),
        ("50万元以上", "500000", "money_lower_limit"),
        ("50万+", "500000", "money_lower_limit"),
        ("约5万元左右", "50000", "money_approximate"),
        ("50余万元", "500000", "money_approximate"),
        ("50万元（不含税）", "500000", "money_without_tax"),
        ("5000元/月", "5000", "money_per_period"),
        ("五十至一百万元", "500000", "money_range"),
        ("约10-20万元", "100000", "money_range"),
    ],
)
def test_amounts_in_words_and_with_what_they_leave_open(written: str, yuan: str, remark: str) -> None:
    assert parse_money(written) == (Decimal(yuan), remark)


@pytest.mark.parametrize(
    "written", ["十百万", "几十万", "一二三元", "一万五元", "伍拾万元整(￥600,000.00)", "5万元，另付税", "若干"]
)
def test_words_that_are_no_clear_amount_are_refused(written: str) -> None:
    with pytest.raises(MoneyUnreadable):
        parse_money(written)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("合同金额/万元", "万"), ("合同金额 万元", "万"), ("合同金额（万）", "万"), ("合同金额(单位：万元)", "万"), ("金额[万元]", "万"),
        ("合同金额（人民币万元）", "万"), ("合同金额万", "万"), ("成交额_万元", "万"), ("預算（萬元）", "万"), ("预算（千元）", "千"), ("合同金额（W）", "w"),
        ("合同金额(RMB)", ""), ("合同金额（元）", ""), ("合同金额", None), ("单元数", None), ("合同金额（万美元）", "foreign"), ("金额(USD)", "foreign"),
    ],
)  # fmt: skip
def test_a_headers_unit_in_every_form(header: str, unit: str | None) -> None:
    assert unit_of_header(header) == unit


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("晋江市交易统计表 单位：万元", "万"), ("金额单位:人民币万元", "万"), ("（单位：万美元）", "foreign"), ("成交一览表（万元）", "万"),
        ("单位:元", ""), ("以万元计", "万"), ("填报单位：某某公司", None), ("单位：家", None), ("2023年交易", None),
    ],
)  # fmt: skip
def test_the_unit_of_a_whole_table(title: str, unit: str | None) -> None:
    assert unit_of_title(title) == unit


DEAL = {"专利号": "201710601862.3", "转让方": "甲公司", "受让方": "乙公司", "签订日期": "2024-01-02"}


def amount(path: Path, *lines: str) -> tuple[Decimal | None, list[str]]:
    path.write_text("\n".join(lines), "utf-8")
    row = next(read_rows(path, "deals").rows)
    record: Any = row.record
    return record.amount_yuan, [problem.code for problem in row.problems]


@pytest.mark.parametrize(
    "header", ["合同金额/万元", "合同金额 万元", "合同金额（万）", "合同金额(单位：万元)", "合同金额万元"]
)
def test_a_unit_in_the_header_reaches_the_amount(tmp_path: Path, header: str) -> None:
    names = ",".join([*DEAL, header])
    assert amount(tmp_path / "a.csv", names, ",".join([*DEAL.values(), "30"])) == (Decimal(300000), [])


def test_a_unit_beside_the_title_or_in_its_own_column_reaches_the_amount(tmp_path: Path) -> None:
    names, cells = ",".join([*DEAL, "合同金额"]), ",".join([*DEAL.values(), "30"])
    assert amount(tmp_path / "a.csv", "交易统计表,,,单位：万元", names, cells) == (Decimal(300000), [])
    assert amount(tmp_path / "b.csv", f"{names},金额单位", f"{cells},万元") == (Decimal(300000), [])
    assert amount(tmp_path / "e.csv", f"{names},单位", f"{cells},万元") == (Decimal(300000), [])
    assert amount(tmp_path / "f.csv", names, cells, "注：金额单位为万元") == (Decimal(300000), [])
    assert amount(tmp_path / "c.csv", names, cells) == (Decimal(30), ["money_unit_assumed"])
    assert amount(tmp_path / "d.csv", "单位：万元,,", f"{names}（元）", cells) == (Decimal(30), [])


def test_another_currency_gives_no_amount_and_is_told(tmp_path: Path) -> None:
    names, cells = ",".join([*DEAL, "合同金额"]), ",".join([*DEAL.values(), "30"])
    for at, lines in enumerate(
        [(f"{names}（万美元）", cells), ("单位：万美元", names, cells), (f"{names},币种", f"{cells},美元")]
    ):
        assert amount(tmp_path / f"{at}.csv", *lines) == (None, ["money_foreign"])
