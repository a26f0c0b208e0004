"""Amounts in capital Chinese numerals."""

from __future__ import annotations

import pytest

from matchhub.domain.amounts import yuan_in_capitals


@pytest.mark.parametrize(
    ("yuan", "said"),
    [
        (0, "零元整"), (5, "伍元整"), (10, "壹拾元整"), (105, "壹佰零伍元整"), (1_001, "壹仟零壹元整"),
        (100_000, "壹拾万元整"), (500_000, "伍拾万元整"), (1_000_500, "壹佰万零伍佰元整"), (20_304_050, "贰仟零叁拾万肆仟零伍拾元整"),
        (100_000_000, "壹亿元整"), (100_000_005, "壹亿零伍元整"), (100_050_000, "壹亿零伍万元整"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_papers_write_it(yuan: int, said: str) -> None:
    assert yuan_in_capitals(yuan) == said
