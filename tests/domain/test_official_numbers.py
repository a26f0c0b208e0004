"""Numbers on papers: one number is one however it is written, and other numbers stay others."""

from __future__ import annotations

import pytest

from matchhub.domain.official_numbers import number_key, same_number

SPELLINGS = [
    "FP-2025 1", "ｆｐ２０２５1", "凭证号：FP20251", "银行回单编号 FP2025/1", "fp2025.1", "流水号FP2025—1", "No.FP2025-1", "№ FP20251",
    "第FP20251号", "网上银行电子回单号码：FP２０２５_1", "回单 FP\u200b20251", "合同编号：FP2025-1", "技术合同登记编号 FP(2025)1",
    "专利实施许可合同备案证明 FP2025-1", "证书编号：FP2025-1", "增值税专用发票号码FP20251", "手续合格通知书FP2025·1", "编号 编号 FP20251",
    "变更登记号：〔FP〕2025第1号".replace("第", "-"), "公告号：FP2025 1",
]  # fmt: skip


@pytest.mark.parametrize("written", SPELLINGS)
def test_one_number_is_one_however_it_is_written(written: str) -> None:
    assert number_key(written) == "fp20251"
    assert same_number(written, "FP20251")


@pytest.mark.parametrize(
    "written",
    [
        "FP20252",
        "FP2025",
        "回单",
        "演示回单1",
        "NOFP20251",
        "晋匹字〔2025〕1号",
        "泉匹字〔2025〕1号",
        "FP02025-1",
        "号",
    ],
)
def test_other_numbers_stay_others(written: str) -> None:
    assert number_key(written) not in {"fp20251", ""}
    assert not same_number(written, "FP20251")


def test_numbers_of_two_offices_stay_two() -> None:
    assert not same_number("晋匹字〔2025〕1号", "泉匹字〔2025〕1号")


@pytest.mark.parametrize("nothing", ["", " ", "-", "（）", None])
def test_nothing_is_no_number_and_never_the_same(nothing: str | None) -> None:
    assert not same_number(nothing, nothing)


@pytest.mark.parametrize("written", SPELLINGS)
def test_the_normal_form_of_a_normal_form_is_itself(written: str) -> None:
    assert number_key(number_key(written)) == number_key(written)
