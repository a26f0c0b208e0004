"""Struck-off firms and closed agencies: dated facts in any order, not counted strictly, not pushed to, told at a deal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Agency, Demand, Enterprise, EnterpriseName, PartyExistence, ReviewItem
from matchhub.domain.records import DealRecord, EnterpriseRecord, ExistenceClaim, Kind, Source
from matchhub.services.deals.gone_parties import gone_parties
from matchhub.services.facts.existence import gone_enterprises
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.importing import import_files
from matchhub.services.imports.merging import merge_records
from matchhub.services.imports.reading import read_files
from matchhub.services.imports.review_queue import link_review, list_reviews, retry_review
from matchhub.services.imports.undoing import undo_batch
from tests.services.desk_base import Base, code, demand, firm, number, patent

TODAY = date(2024, 3, 4)


def taken(base: Base, kind: Kind, path: Path, *lines: str, **words: str) -> ImportResult:
    path.write_text("\n".join(lines), "utf-8")
    corrections = Corrections(words=words)
    read = read_files(base.runtime, [path], kind, "某局" if words else "", corrections)
    return import_files(base.runtime, kind, read, [path], source_name="某局" if words else "", corrections=corrections)


def gone(base: Base, day: date = TODAY) -> list[int]:
    with base.runtime.unit(write=False) as unit:
        return sorted(gone_enterprises(unit, day))


FILES = [
    ("甲20230101.csv", ["企业名称,统一社会信用代码,经营状态", f"晋江甲,{code(1)},存续（在营、开业、在册）"]),
    ("乙.csv", ["企业名称,统一社会信用代码,登记状态,更新日期", f"晋江甲,{code(1)},吊销，未注销,2023-06-01"]),
    ("丙20230601.csv", ["企业名称,统一社会信用代码,企业状态", f"晋江甲,{code(1)},在业"]),
    ("丁.csv", ["数据截止日期：2023-03-01", "企业名称,统一社会信用代码,经营状态", f"晋江甲,{code(1)},迁出"]),
]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_the_order_of_four_files_never_matters(base: Base, tmp_path: Path, order: tuple[int, ...]) -> None:
    for at in order:
        taken(base, "enterprises", tmp_path / FILES[at][0], *FILES[at][1])
    assert [gone(base, date(2023, month, 1)) for month in (1, 2, 3, 5, 6)] == [[], [], [1], [1], [1]]
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count(PartyExistence.id))).scalar() == 4


def test_the_day_of_the_end_is_a_fact_of_its_own(base: Base, tmp_path: Path) -> None:
    head = "企业名称,统一社会信用代码,注销日期"
    taken(base, "enterprises", tmp_path / "a.csv", head, f"晋江甲,{code(1)},2023-05-04", f"晋江乙,{code(2)},")
    assert [gone(base, date(2023, 5, day)) for day in (3, 4, 5)] == [[], [1], [1]]


def test_a_closed_agency_is_one_too(base: Base, tmp_path: Path) -> None:
    taken(
        base,
        "agencies",
        tmp_path / "a.csv",
        "机构名称,服务类型,机构状态",
        "某代理事务所,专利代理,停业",
        "乙,专利代理,正常",
    )
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(Agency.name, PartyExistence.state).join(PartyExistence)).all()
    assert sorted(rows) == [("乙", "active"), ("某代理事务所", "closed")]


def test_an_unknown_word_is_told_and_can_be_explained(base: Base, tmp_path: Path) -> None:
    lines = ["企业名称,统一社会信用代码,经营状态", f"晋江甲,{code(1)},码甲"]
    assert [p.code for p in taken(base, "enterprises", tmp_path / "a.csv", *lines).problems] == ["existence_unknown"]
    assert gone(base) == []
    base.later()
    taken(base, "enterprises", tmp_path / "b.csv", *lines, "", 码甲="struck_off")
    assert gone(base, date(2024, 3, 5)) == [1]


def test_the_same_file_again_says_nothing_new_and_an_undone_one_nothing(base: Base, tmp_path: Path) -> None:
    lines = ["企业名称,统一社会信用代码,经营状态", f"晋江甲,{code(1)},注销"]
    base.take("enterprises", replace(firm(1), name="晋江甲"))
    base.later()
    first = taken(base, "enterprises", tmp_path / "a.csv", *lines)
    base.later()
    assert (first.sums["updated"], taken(base, "enterprises", tmp_path / "a.csv", *lines).sums["unchanged"]) == (1, 1)
    base.later()
    with base.runtime.unit(base.people["operator"]) as unit:
        assert first.batch_id is not None
        undo_batch(unit, first.batch_id, "传错文件")
    assert gone(base, date(2024, 4, 1)) == []


def test_a_merged_firms_end_is_that_of_the_kept_one(base: Base) -> None:
    base.take(
        "enterprises", firm(1), firm(2, uscc=None, existence=ExistenceClaim("struck_off", "注销", date(2024, 1, 1)))
    )
    with base.runtime.unit(base.people["operator"]) as unit:
        merge_records(unit, "enterprises", 1, 2)
    assert gone(base) == [1]


def test_a_struck_off_party_is_told_at_a_deal(base: Base) -> None:
    base.take("patents", patent(1))
    base.take("enterprises", firm(1, existence=ExistenceClaim("struck_off", "吊销", date(2024, 1, 1))))
    base.take("deals", DealRecord(Source("d.csv", 2), "1", "transfer", (number(1),), "晋水理工学院", None,
                                  firm(1).name, code(1), date(2024, 2, 1)))  # fmt: skip
    with base.runtime.unit(write=False) as unit:
        found = [gone_parties(unit, 1, day) for day in (date(2023, 12, 31), date(2024, 1, 1))]
    assert [[each.code for each in day] for day in found] == [[], ["deal_party_gone"]]
    assert found[1][0].level == "warns" and found[1][0].data["name"] == firm(1).name


class TestFormerNames:
    def test_a_demand_under_the_old_name_finds_the_firm_as_a_candidate(self, base: Base) -> None:
        base.take("enterprises", firm(1, name="晋江市新鞋业有限公司", former_names=("晋江市旧鞋业有限公司",)))
        result = base.take("demands", demand(1, enterprise_name="晋江市旧鞋业有限公司", enterprise_uscc=None))
        assert [problem.code for problem in result.problems] == ["enterprise_former_name"]
        with base.runtime.unit(base.people["operator"]) as unit:
            (waiting,) = list_reviews(unit).items
            assert (waiting.candidate, waiting.value, waiting.can_be_linked) == (
                "晋江市新鞋业有限公司", "晋江市旧鞋业有限公司", True
            )  # fmt: skip
            link_review(unit, waiting.id, waiting.candidate_id or 0)
            assert unit.session.execute(select(Demand.enterprise_id)).scalars().all() == [1]

    @pytest.mark.parametrize(
        "written",
        [
            "晋江市旧鞋业有限公司",
            "晋江市某鞋业有限公司（原晋江市旧鞋业有限公司）",
            "晋江市某鞋业有限公司(曾用名：晋江市新鞋业有限公司)",
        ],
    )
    def test_a_renaming_under_one_code_is_remembered(self, base: Base, written: str) -> None:
        base.take("enterprises", firm(1, name="晋江市旧鞋业有限公司"))
        base.later()
        assert base.take("enterprises", firm(1, name="晋江市新鞋业有限公司")).sums["updated"] == 1
        result = base.take("demands", demand(1, enterprise_name=written, enterprise_uscc=None))
        assert [problem.code for problem in result.problems] == ["enterprise_former_name"]

    def test_a_present_name_with_a_former_one_in_brackets_is_the_present_firm(self, base: Base) -> None:
        base.take("enterprises", firm(1, name="晋江市新鞋业有限公司"))
        result = base.take(
            "demands", demand(1, enterprise_name="晋江市新鞋业有限公司（原晋江市旧鞋业有限公司）", enterprise_uscc=None)
        )
        assert result.sums["created"] == 1

    def test_an_older_file_with_the_older_name_teaches_it(self, base: Base) -> None:
        new = replace(firm(1, name="晋江市新鞋业有限公司"), source=Source("a.csv", 2, as_of_on=date(2024, 1, 1)))
        base.take("enterprises", new)
        old = replace(new, name="晋江市旧鞋业有限公司", source=Source("b.csv", 2, as_of_on=date(2020, 1, 1)))
        assert base.take("enterprises", old).sums["updated"] == 1
        with base.runtime.unit(write=False) as unit:
            assert unit.session.execute(select(Enterprise.name)).scalars().all() == ["晋江市新鞋业有限公司"]
            assert unit.session.execute(select(EnterpriseName.name)).scalars().all() == ["晋江市旧鞋业有限公司"]

    def test_a_firm_without_code_under_a_former_name_waits_and_may_be_accepted(self, base: Base) -> None:
        base.take("enterprises", firm(1, name="晋江市新鞋业有限公司", former_names=("晋江市旧鞋业有限公司",)))
        other = EnterpriseRecord(Source("x.csv", 2), "晋江市旧鞋业有限公司")
        assert base.take("enterprises", other).sums["review"] == 1
        with base.runtime.unit(base.people["operator"]) as unit:
            item = unit.session.execute(select(ReviewItem)).scalar_one()
            assert (item.code, item.candidate_id) == ("enterprise_former_name", 1)
            assert retry_review(unit, item.id) == 2

    def test_brackets_and_columns_of_a_file_are_read(self, base: Base, tmp_path: Path) -> None:
        taken(base, "enterprises", tmp_path / "a.csv", "企业名称,统一社会信用代码,曾用名",
              f"晋江市新鞋业有限公司（原晋江市旧鞋业有限公司）,{code(1)},晋江市更旧鞋厂；晋江市新鞋业有限公司")  # fmt: skip
        with base.runtime.unit(write=False) as unit:
            assert unit.session.execute(select(Enterprise.name)).scalars().all() == ["晋江市新鞋业有限公司"]
            assert set(unit.session.execute(select(EnterpriseName.name)).scalars()) == {
                "晋江市旧鞋业有限公司", "晋江市更旧鞋厂"
            }  # fmt: skip
