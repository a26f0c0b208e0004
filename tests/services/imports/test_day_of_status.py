"""A legal status is of the day that its row, column, table or file tells; the order of imports never matters."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matchhub.db.tables import PatentStatus
from matchhub.domain.counting.facts import StatusFact
from matchhub.domain.validity import status_on
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.importing import import_files
from matchhub.services.imports.reading import read_files
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.patents.page import newest_statuses
from tests.services.desk_base import Base, number

TODAY = date(2024, 3, 4)


def taken(runtime: Runtime, path: Path) -> None:
    read = read_files(runtime, [path], "patents", "", Corrections())
    import_files(runtime, "patents", read, [path])


def statuses(base: Base) -> list[tuple[str, date, bool]]:
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(PatentStatus).order_by(PatentStatus.id)).scalars()
        return [(row.validity, row.as_of_on, row.day_told) for row in rows]


def validity(base: Base, patent_id: int = 1) -> str:
    with base.runtime.unit(write=False) as unit:
        return newest_statuses(unit, [patent_id])[patent_id].validity


def written(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a.csv", ["申请号,名称,法律状态,数据截止日期", f"{number(1)},鞋底,授权,2020-01-01"]),
        ("a.csv", ["申请号,名称,法律状态,更新日期", f"{number(1)},鞋底,授权,2020-01-01"]),
        ("a.csv", ["申请号,名称,法律状态,状态更新时间", f"{number(1)},鞋底,授权,2020-01-01"]),
        ("a.csv", ["申请号,名称,法律状态,最新法律状态日期", f"{number(1)},鞋底,授权,2020-01-01"]),
        ("a.csv", ["申请号,名称,法律状态,法律状态日期", f"{number(1)},鞋底,授权,2020-01-01"]),
        ("a.csv", ["数据截止日期：2020-01-01", "申请号,名称,法律状态", f"{number(1)},鞋底,授权"]),
        ("a.csv", ["申请号,名称,法律状态（截至2020-01-01）", f"{number(1)},鞋底,授权"]),
        ("a.csv", ["申请号,名称,2020年1月1日法律状态", f"{number(1)},鞋底,授权"]),
        ("专利20200101.csv", ["申请号,名称,法律状态", f"{number(1)},鞋底,授权"]),
        ("a.csv", ["申请号,名称,法律状态", f"{number(1)},鞋底,授权（截至2020-01-01）"]),
        ("a.csv", ["申请号,名称,法律状态", f"{number(1)},鞋底,2020.01.01 授权"]),
        ("b2019-12-31.csv", ["申请号,名称,法律状态,法律状态日期", f"{number(1)},鞋底,授权,2020-01-01"]),
    ],
)
def test_a_status_is_of_the_day_that_its_source_tells(base: Base, tmp_path: Path, name: str, lines: list[str]) -> None:
    taken(base.runtime, written(tmp_path, name, *lines))
    assert statuses(base) == [("in_force", date(2020, 1, 1), True)]


@pytest.mark.parametrize(("day", "told"), [("2024-03-03", True), ("2024-03-04", True), ("2024-03-05", False)])
def test_a_day_still_to_come_is_no_day(base: Base, tmp_path: Path, day: str, told: bool) -> None:
    taken(base.runtime, written(tmp_path, "a.csv", "申请号,名称,法律状态,更新日期", f"{number(1)},鞋底,授权,{day}"))
    assert statuses(base) == [("in_force", date.fromisoformat(day) if told else TODAY, told)]


def test_an_older_status_never_revives_a_patent(base: Base, tmp_path: Path) -> None:
    taken(
        base.runtime, written(tmp_path, "2024年2月.csv", "申请号,名称,法律状态", f"{number(1)},鞋底,未缴年费终止失效")
    )
    taken(base.runtime, written(tmp_path, "2023年1月.csv", "申请号,名称,法律状态", f"{number(1)},鞋底,专利权维持"))
    assert validity(base) == "dead"


def test_a_transfer_of_a_later_day_leaves_the_right_alive(base: Base, tmp_path: Path) -> None:
    taken(base.runtime, written(tmp_path, "2023年1月.csv", "申请号,名称,法律状态", f"{number(1)},鞋底,专利权维持"))
    taken(
        base.runtime, written(tmp_path, "2024年1月.csv", "申请号,名称,法律状态", f"{number(1)},鞋底,质押合同登记的注销")
    )
    assert validity(base) == "in_force"


def test_the_day_of_the_file_is_not_that_of_an_announcement(base: Base, tmp_path: Path) -> None:
    """A bulletin proves the grant on its day, not that the right still stands when the file was exported."""
    lines = ["申请号,名称,公开（公告）号,授权公告日", f"{number(1)},鞋底,CN110000001B,2021-05-04"]
    taken(base.runtime, written(tmp_path, "导出20240101.csv", *lines))
    assert statuses(base) == [("in_force", date(2021, 5, 4), True)]


def test_a_file_without_a_day_speaks_of_today_once(base: Base, tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "申请号,名称,法律状态", f"{number(1)},鞋底,授权")
    for _ in range(2):
        taken(base.runtime, path)
        base.later()
    assert statuses(base) == [("in_force", TODAY, False)]


# Four sources of one patent, one without a day; the words and days differ, two are of one day.
FILES = [
    ("甲20230101.csv", ["申请号,名称,法律状态", f"{number(1)},甲,专利权维持"]),
    ("乙.csv", ["申请号,名称,法律状态,更新日期", f"{number(1)},乙,未缴年费终止失效,2023-06-01"]),
    ("丙20230601.csv", ["申请号,名称,法律状态", f"{number(1)},丙,授权"]),
    ("丁.csv", ["数据截止日期：2023-03-01", "申请号,名称,法律状态", f"{number(1)},丁,无权-期限届满"]),
]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_four_files_never_matters(base: Base, tmp_path: Path, order: tuple[int, ...]) -> None:
    for at in order:
        taken(base.runtime, written(tmp_path, FILES[at][0], *FILES[at][1]))
    assert validity(base) == "dead"
    assert sorted(statuses(base)) == [
        ("dead", date(2023, 3, 1), True),
        ("dead", date(2023, 6, 1), True),
        ("in_force", date(2023, 1, 1), True),
        ("in_force", date(2023, 6, 1), True),
    ]


FACTS = st.builds(
    StatusFact,
    validity=st.sampled_from(["in_force", "pending", "dead", "unknown"]),
    as_of_on=st.dates(date(2024, 1, 1), date(2024, 1, 3)),
    reason=st.just(""),
    recorded_at=st.none(),
    day_told=st.just(True),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_any_order_of_told_statuses_decides_alike(facts: list[StatusFact], random) -> None:
    mixed = random.sample(facts, len(facts))
    stands, other = status_on(facts, TODAY), status_on(mixed, TODAY)
    assert (stands and stands.validity) == (other and other.validity)
