"""An import that is not plausible as a whole is told, writes nothing, and goes in with one explicit yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Account, ImportJob, Patent, PatentHolder
from matchhub.domain.records import DealRecord, PatentRecord, Problem, Row, Source
from matchhub.services.imports import jobs
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.importing import import_files
from matchhub.services.imports.plausibility import Plausibility
from matchhub.services.imports.reading import read_files
from matchhub.services.imports.running import run_waiting_imports
from matchhub.services.imports.uploads import keep_upload
from tests.services.desk_base import Base, number

TODAY = date(2024, 3, 4)


def codes(watch: Plausibility, known: int = 0, **replaced: int) -> list[tuple[str, str]]:
    return [(doubt.code, doubt.field) for doubt in watch.doubts(known, replaced, {})]


def patents(count: int, same: int = 0, one_day: bool = False) -> list[Row]:
    return [
        Row(Source("a.csv", at), PatentRecord(
            Source("a.csv", at), number(at), title="鞋底" if at < same else f"鞋底{at}",
            filed_on=date(2020, 1, 1) + timedelta(days=0 if one_day else at)))
        for at in range(count)
    ]  # fmt: skip


def watched(rows: list[Row], kind="patents") -> Plausibility:
    watch = Plausibility(kind, TODAY)
    for row in rows:
        watch.note(row)
    return watch


@pytest.mark.parametrize(
    ("count", "same", "told"), [(40, 20, []), (40, 21, [("doubt_one_value", "title")]), (19, 19, [])]
)
def test_a_value_in_more_than_half_of_the_rows_is_told(count: int, same: int, told: list[tuple[str, str]]) -> None:
    assert codes(watched(patents(count, same))) == told


@pytest.mark.parametrize(("count", "told"), [(19, []), (20, [("doubt_one_day", "filed_on")])])
def test_one_day_in_all_rows_is_told(count: int, told: list[tuple[str, str]]) -> None:
    assert codes(watched(patents(count, one_day=True))) == told
    assert codes(watched([*patents(count, one_day=True), *patents(count + 1)[-1:]])) == []


def test_days_that_are_all_of_today_are_told() -> None:
    rows = [Row(Source("d.csv", at), DealRecord(Source("d.csv", at), str(at), signed_on=TODAY)) for at in range(20)]
    assert codes(watched(rows, "deals")) == [("doubt_days_of_today", "signed_on")]


@pytest.mark.parametrize(
    ("known", "replaced", "told"), [(100, 20, False), (100, 21, True), (95, 19, False), (99, 20, True)]
)
def test_a_replaced_share_above_a_fifth_is_told(known: int, replaced: int, told: bool) -> None:
    assert codes(watched([]), known, owners=replaced) == [("doubt_replaces_many", "owners")] * told


@pytest.mark.parametrize(
    ("problem", "code"), [("patent_foreign", "doubt_foreign_patents"), ("money_foreign", "doubt_foreign_currency")]
)
def test_foreign_patents_and_currencies_are_told(problem: str, code: str) -> None:
    odd = [replace(row, problems=(Problem("a.csv", 1, "", "", problem, "warning"),)) for row in patents(20)]
    assert codes(watched([*odd, *patents(80)])) == []
    assert codes(watched([*odd, *patents(79)])) == [(code, "")]


def written(path: Path, owner: str) -> Path:
    lines = [f"{number(at)},鞋底{at},{owner}{at}公司" for at in range(1, 31)]
    path.write_text("\n".join(["申请号,名称,专利权人,坐落", *(f"{line},地块" for line in lines)]), "utf-8")
    return path


def taken(base: Base, path: Path, *accepted: str) -> ImportResult:
    read = read_files(base.runtime, [path], "patents", "", Corrections())
    return import_files(base.runtime, "patents", read, [path], accepted=accepted)


def owners(base: Base) -> set[str]:
    with base.runtime.unit(write=False) as unit:
        return {name[:1] for name in unit.session.execute(select(PatentHolder.name)).scalars()}


def test_a_file_that_would_replace_all_owners_wants_a_yes(base: Base, tmp_path: Path) -> None:
    taken(base, written(tmp_path / "a.csv", "甲"))
    base.later()
    doubted = taken(base, written(tmp_path / "b.csv", "乙"))
    assert [doubt.to_json() for doubt in doubted.doubts] == [
        {"code": "doubt_replaces_many", "field": "owners", "value": "甲1公司 → 乙1公司", "rows": 30, "percent": 100}
    ]
    assert (dict(doubted.replaced), owners(base)) == ({"owners": 30}, {"甲"})
    assert taken(base, tmp_path / "b.csv", "doubt_one_day").doubts and owners(base) == {"甲"}
    taken(base, tmp_path / "b.csv", "doubt_replaces_many")
    assert owners(base) == {"乙"}


def test_a_job_with_doubts_writes_nothing_before_the_yes(base: Base, tmp_path: Path) -> None:
    taken(base, written(tmp_path / "a.csv", "甲"))
    base.later()

    def run(**more: object) -> jobs.JobView:
        with base.runtime.unit(base.people["operator"]) as unit:
            with written(tmp_path / "b.csv", "乙").open("rb") as stream:
                upload = keep_upload(unit, "patents", [("b.csv", stream)])
            (file,) = upload.files
            kept = jobs.JobFile(file.name, file.sha256, file.size, Corrections(**more))  # type: ignore[arg-type]
            job = jobs.add_job(unit, "write", "patents", "", [kept])
        run_waiting_imports(base.runtime)
        with base.runtime.unit(base.people["operator"], write=False) as unit:
            return jobs.job_view(unit, job)

    refused = run()
    (column,) = refused.outcome["unknown_columns"]
    assert (column["column"], column["examples"]) == ("坐落", ["地块"])
    assert refused.outcome["replaced_examples"] == {"owners": "甲1公司 → 乙1公司"}
    assert (refused.state, refused.outcome["code"], refused.batch_id) == ("refused", "import_doubtful", None)
    assert [doubt["code"] for doubt in refused.outcome["doubts"]] == ["doubt_replaces_many"] and owners(base) == {"甲"}
    done = run(accepted=("doubt_replaces_many",))
    assert done.state == "done" and owners(base) == {"乙"}
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count(Patent.id))).scalar() == 30


def test_nothing_is_imported_in_the_name_of_an_account_that_was_disabled(base: Base, tmp_path: Path) -> None:
    asker = base.people["operator"]
    with base.runtime.unit(asker) as unit:
        with written(tmp_path / "a.csv", "甲").open("rb") as stream:
            (file,) = keep_upload(unit, "patents", [("a.csv", stream)]).files
        job = jobs.add_job(
            unit, "write", "patents", "", [jobs.JobFile(file.name, file.sha256, file.size, Corrections())]
        )
        account = unit.session.get_one(Account, asker.account_id)
        account.disabled_at = unit.now
    run_waiting_imports(base.runtime)
    with base.runtime.unit(write=False) as unit:
        row = unit.session.get_one(ImportJob, job)
        assert (row.state, (row.outcome or {})["code"], row.batch_id) == ("refused", "import_account_gone", None)
        assert unit.session.execute(select(func.count(Patent.id))).scalar() == 0
