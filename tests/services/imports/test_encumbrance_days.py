"""What lies on a patent is of the day that its source tells; the order of imports never matters."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matchhub.db.tables import PatentEncumbrance
from matchhub.domain.counting.facts import EncumbranceWord
from matchhub.domain.records import Kind
from matchhub.domain.validity import encumbrances_on, periods_of
from matchhub.services.facts.encumbrances import recorded_encumbrances
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.importing import import_files
from matchhub.services.imports.reading import read_files
from tests.services.desk_base import Base, number

TODAY = date(2024, 3, 4)
HEADER = "申请号,名称,法律状态"


def taken(base: Base, folder: Path, name: str, *lines: str, kind: Kind = "patents") -> None:
    path = folder / name
    path.write_text("\n".join(lines), "utf-8")
    read = read_files(base.runtime, [path], kind, "", Corrections())
    import_files(base.runtime, kind, read, [path])


def words(base: Base) -> list[tuple[str, bool, date, bool]]:
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(PatentEncumbrance).order_by(PatentEncumbrance.id)).scalars()
        return [(row.encumbrance_type, row.ended, row.as_of_on, row.day_told) for row in rows]


def lying(base: Base, day: date) -> list[str]:
    with base.runtime.unit(write=False) as unit:
        return [each.kind for each in encumbrances_on(recorded_encumbrances(unit).get(1, ()), day)]


DAY = date(2023, 1, 2)


@pytest.mark.parametrize(
    ("name", "lines", "told"),
    [
        ("a.csv", [f"{HEADER},更新日期", f"{number(1)},鞋底,授权;质押,2023-01-02"], [("pledge", False, DAY, True)]),
        ("a20230102.csv", [HEADER, f"{number(1)},鞋底,授权;独占许可"], [("exclusive_licence", False, DAY, True)]),
        ("a.csv", ["申请号,名称,质押状态,数据截止日期", f"{number(1)},鞋底,已质押,2023-01-02"], [("pledge", False, DAY, True)]),
        ("a.csv", ["截至2023年1月2日", "申请号,名称,是否质押", f"{number(1)},鞋底,是"], [("pledge", False, DAY, True)]),
        ("a.csv", ["截至2023年1月2日", "申请号,名称,是否质押", f"{number(1)},鞋底,否"], [("pledge", True, DAY, True)]),
        ("a.csv", [HEADER, f"{number(1)},鞋底,授权;2023.01.02 专利权质押合同登记的生效"], [("pledge", False, DAY, True)]),
        ("a.csv", [HEADER, f"{number(1)},鞋底,2023.01.02 专利权质押合同登记的注销"], [("pledge", True, DAY, True)]),
        ("a.csv", [f"{HEADER},法律状态日期", f"{number(1)},鞋底,专利权的保全,2023-01-02"], [("preservation", False, DAY, True)]),
        ("a.csv", [HEADER, f"{number(1)},鞋底,授权;质押"], [("pledge", False, TODAY, False)]),
        ("a.csv", ["申请号,名称,权利负担,公开（公告）号,公告日", f"{number(1)},鞋底,质押,CN110000001B,2019-05-03"], [("pledge", False, TODAY, False)]),
        ("a.csv", [f"{HEADER},更新日期", f"{number(1)},鞋底,授权;质押,2024-03-05"], [("pledge", False, TODAY, False)]),
    ],
)  # fmt: skip
def test_an_encumbrance_is_of_the_day_that_its_source_tells(
    base: Base, tmp_path: Path, name: str, lines: list[str], told: list[tuple[str, bool, date, bool]]
) -> None:
    taken(base, tmp_path, name, *lines)
    assert words(base) == told


FILES = [
    ("甲20230101.csv", [HEADER, f"{number(1)},甲,授权;质押"]),
    ("乙.csv", [HEADER, f"{number(1)},乙,授权;2023-06-01 质押合同登记的注销"]),
    ("丙20230301.csv", [HEADER, f"{number(1)},丙,授权;质押"]),
    ("丁.csv", ["数据截止日期：2023-09-01", "申请号,名称,质押", f"{number(1)},丁,是"]),
]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_the_order_of_four_files_never_matters(base: Base, tmp_path: Path, order: tuple[int, ...]) -> None:
    for at in order:
        taken(base, tmp_path, FILES[at][0], *FILES[at][1])
    found = {day: lying(base, day) for day in (date(2022, 1, 1), date(2023, 5, 31), date(2023, 9, 1), TODAY)}
    assert set(map(tuple, found.values())) == {("pledge",)}
    with base.runtime.unit(write=False) as unit:
        (first, second) = recorded_encumbrances(unit)[1]
    assert (first.from_on, first.to_on, second.from_on, second.to_on) == (
        None,
        date(2023, 5, 31),
        date(2023, 6, 1),
        None,
    )


def test_an_older_pledge_does_not_come_back_after_its_end(base: Base, tmp_path: Path) -> None:
    taken(base, tmp_path, "a.csv", HEADER, f"{number(1)},鞋底,授权;2023-06-01 质押合同登记的注销")
    taken(base, tmp_path, "b20230101.csv", HEADER, f"{number(1)},鞋底,授权;质押")
    assert (lying(base, TODAY), lying(base, date(2023, 5, 31))) == ([], ["pledge"])


def test_the_same_file_again_says_nothing_new(base: Base, tmp_path: Path) -> None:
    for _ in range(2):
        taken(base, tmp_path, "a.csv", HEADER, f"{number(1)},鞋底,授权;质押")
        base.later()
    assert words(base) == [("pledge", False, TODAY, False)]


WORDS = st.builds(
    EncumbranceWord,
    kind=st.sampled_from(["pledge", "dispute"]),
    as_of_on=st.dates(date(2024, 1, 1), date(2024, 1, 4)),
    ended=st.booleans(),
    day_told=st.just(True),
    from_on=st.none() | st.dates(date(2023, 12, 30), date(2024, 1, 1)),
)


@given(st.lists(WORDS, max_size=6), st.randoms(use_true_random=False))
def test_any_order_of_words_gives_the_same_periods(said: list[EncumbranceWord], random) -> None:
    mixed = random.sample(said, len(said))
    assert periods_of(said) == periods_of(mixed)
    last = max((each for each in said), key=lambda each: (each.as_of_on, not each.ended), default=None)
    if last is not None:
        kinds = [each.kind for each in encumbrances_on(periods_of(said), last.as_of_on)]
        assert (last.kind in kinds) == (not last.ended)


@pytest.mark.parametrize(
    ("said", "periods"),
    [
        ([(1, False)], [(None, None)]),
        ([(1, True)], []),
        ([(1, False), (3, True)], [(None, 2)]),
        ([(1, True), (3, False)], [(1, None)]),
        ([(1, False), (2, False), (3, True), (3, False)], [(None, None)]),
        ([(1, False), (2, True), (3, False), (4, True)], [(None, 1), (2, 3)]),
    ],
)
def test_periods_follow_from_words_of_days(said: list[tuple[int, bool]], periods: list[tuple[int | None, ...]]) -> None:
    found = periods_of(
        EncumbranceWord(kind="pledge", as_of_on=date(2024, 1, day), ended=ended, day_told=True) for day, ended in said
    )
    days = [tuple(None if day is None else date(2024, 1, day) for day in period) for period in periods]
    assert [(each.from_on, each.to_on) for each in found] == days
