"""Whether a firm still exists, in the words of registers; former names in brackets and columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from matchhub.domain.existence import ExistenceFact, existence_on, read_existence
from matchhub.domain.former_names import former_names_in, split_former_name
from matchhub.domain.legal_status import status_key

WORDS = {
    "active": "存续 在业 在营 开业 正常 存续（在营、开业、在册） 未注销 尚未吊销 简易注销公告中 拟注销 注销备案 经营异常 执业 Active 營業中",
    "struck_off": "注销 已注销 吊销 吊销未注销 吊销，未注销 吊销（未注销） 撤销 撤销登记 除名 责令关闭 解散 企业已被吊销营业执照 註銷 Cancelled Dissolved",
    "closed": "停业 歇业 清算中 停止执业 暂停营业 非正常户 Closed Dormant",
    "moved_out": "迁出 已迁出 迁往外市",
    "unknown": "某某 码甲",
}


@pytest.mark.parametrize(("state", "word"), [(state, word) for state, words in WORDS.items() for word in words.split()])
def test_the_words_of_registers(state: str, word: str) -> None:
    assert read_existence(word) == state


def test_what_a_person_explained_goes_first() -> None:
    assert read_existence("码 甲", {status_key("码甲"): "struck_off"}) == "struck_off"


def fact(day: int, state, told: bool = True, hour: int = 1) -> ExistenceFact:
    return ExistenceFact(
        state=state, as_of_on=date(2024, 1, day), day_told=told, recorded_at=datetime(2024, 1, 9, hour, tzinfo=UTC)
    )


def test_the_newest_day_speaks_in_any_order_and_of_one_told_day_the_later_stage() -> None:
    facts = [fact(1, "struck_off"), fact(2, "active"), fact(2, "closed"), fact(3, "unknown")]
    assert {existence_on(order, date(2024, 1, 9)).state for order in permutations(facts)} == {"closed"}  # type: ignore[union-attr]


def test_of_an_assumed_day_the_later_word_speaks() -> None:
    facts = [fact(2, "struck_off", told=False, hour=1), fact(2, "active", told=False, hour=2)]
    found = existence_on(facts, date(2024, 1, 2))
    assert found is not None and found.state == "active" and existence_on(facts, date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("晋江市甲鞋业有限公司（原晋江市乙鞋业有限公司）", ("晋江市甲鞋业有限公司", "晋江市乙鞋业有限公司")),
        ("甲公司(曾用名：乙(福建)公司)", ("甲公司", "乙(福建)公司")),
        ("甲公司（原名：乙公司）", ("甲公司", "乙公司")),
        ("安踏（中国）有限公司", ("安踏（中国）有限公司", None)),
        ("晋江某某公司（原料分公司）", ("晋江某某公司（原料分公司）", None)),
        ("原子科技有限公司", ("原子科技有限公司", None)),
    ],
)
def test_a_former_name_in_brackets(written: str, parts: tuple[str, str | None]) -> None:
    assert split_former_name(written) == parts


def test_former_names_of_a_column() -> None:
    assert former_names_in("原：甲公司；乙公司、甲公司") == ("甲公司", "乙公司")
