"""The inventory of patents in stock: given on the pages, taken along as a table, and brought back without a loss."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from ingest.reading import read_rows
from matchhub.db.tables import Enterprise, FirmGrade, HolderGrade, ImportProblem
from matchhub.domain.records import EnterpriseRecord, PatentRecord, Source
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.imports.review_queue import retry_all
from matchhub.services.imports.undoing import take_back
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Actor
from matchhub.services.patents.grades import inventory
from tests.domain.factories import number
from tests.services.desk_base import Base
from tests.services.small_city import PATENTS, SHOES, UMBRELLAS, City
from tests.web.api.programs import Program
from tests.web.people import Person
from web.home.grading import COLUMNS

GLUE, SOLE, SPRAYER, RIB = (number(at) for at in range(1, 5))
HEADERS = [heading for heading, _, _ in COLUMNS]
Cells = list[list[Any]]


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def graded(app: Flask, city: City) -> City:
    """The sole with its holder's grade and two firms' words, the glue with its holder's alone, given on the pages."""
    sole, glue = city.patent(PATENTS[1][0]), city.patent(PATENTS[0][0])
    college = Person(app, "college")
    assert college.post(f"/patents/{sole}/holder-grade", {"grade": "A"}).status_code == 302
    assert college.post(f"/patents/{glue}/holder-grade", {"grade": "C"}).status_code == 302
    words = (("shoes", "A", "湿滑地面防滑好，愿意试产"), ("umbrellas", "C", "不做鞋底；\n与伞无关"))
    for who, grade, reason in words:
        answer = Person(app, who).post(f"/patents/{sole}/firm-grade", {"grade": grade, "reason": reason})
        assert answer.status_code == 302
    return city


def table(content: bytes) -> Cells:
    book = openpyxl.load_workbook(BytesIO(content))
    (sheet,) = book.worksheets
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def cells(runtime: Runtime, actor: Actor) -> Cells:
    """What the inventory's file of a base holds."""
    with runtime.unit(actor, write=False) as unit:
        return [HEADERS, *([read(line) for _, _, read in COLUMNS] for line in inventory(unit))]


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    for line in book.active.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text stays a text, whatever it begins with
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bring(runtime: Runtime, actor: Actor, path: Path, content: bytes) -> ImportResult:
    """Import an inventory as the operator."""
    path.write_bytes(content)
    rows = read_rows(path, "stock_grades").rows
    with runtime.unit(actor) as unit:
        return import_rows(unit, "stock_grades", rows, files=[{"name": path.name, "sha256": path.stem}])


def sums(result: ImportResult) -> dict[str, int]:
    return {name: number for name, number in result.sums.items() if number and name != "read"}


def told(city: City, batch: int | None) -> list[str]:
    with city.unit() as unit:
        chosen = select(ImportProblem.code).where(ImportProblem.batch_id == batch).order_by(ImportProblem.id)
        return list(unit.session.execute(chosen).scalars())


def test_what_goes_out_comes_back_into_an_empty_base_cell_by_cell(
    app: Flask, graded: City, base: Base, tmp_path: Path
) -> None:
    sent = Person(app, "operator").get("/stock-inventory.xlsx").data
    exported = table(sent)
    assert exported[0] == HEADERS and len(exported) == 4
    assert {(line[0], line[3], line[7]) for line in exported[1:]} == {
        (SOLE, "A", "A"), (SOLE, "A", "C"), (GLUE, "C", None),
    }  # fmt: skip
    base.later(days=600)
    clerk = base.people["clerk"]
    assert sums(bring(base.runtime, clerk, tmp_path / "盘点.xlsx", sent)) == {"review": 3}  # nothing is there yet
    with graded.unit() as unit:
        chosen = select(Enterprise.name, Enterprise.uscc).where(Enterprise.name.in_((SHOES, UMBRELLAS)))
        firms = [
            EnterpriseRecord(Source("f.csv", 2), name=name, uscc=uscc) for name, uscc in unit.session.execute(chosen)
        ]
    base.take("enterprises", *firms)
    patents = [
        PatentRecord(Source("p.csv", at + 2), application_number=number(at + 1), title=PATENTS[at][0],
                     applicants=(PATENTS[at][2],))
        for at in range(2)
    ]  # fmt: skip
    base.take("patents", *patents)
    with base.runtime.unit(clerk) as unit:
        retry_all(unit)
    assert sorted(map(str, cells(base.runtime, clerk))) == sorted(map(str, exported))
    assert sums(bring(base.runtime, clerk, tmp_path / "again.xlsx", sent)) == {"unchanged": 3}


@pytest.mark.parametrize(
    "reason",
    [
        "  两 头  有\u3000空格 ", "隐\u200b形\x01字符", "'123 号样品", '="样品"', "“引号”、<b>标签</b>、a,b;c", "_x000D_ 字面", "第一行\r\n第二行\t制表",
        "身份证 11010519491231002X 的人看过", "１２３ 全角 ＡＢ", "长" * 500, "12345678901234567890", "2024-01-01", "1e5", "TRUE", "#REF!",
    ],
)  # fmt: skip
def test_whatever_a_reason_holds_it_comes_back_the_same(app: Flask, graded: City, tmp_path: Path, reason: str) -> None:
    """No row of a file that just went out is news to the base it came from."""
    rib = graded.patent("一种抗风伞骨")
    kept = Person(app, "shoes").post(f"/patents/{rib}/firm-grade", {"grade": "B", "reason": reason})
    assert kept.status_code == 302, unescape(kept.text)
    for name in ("xlsx", "csv"):
        sent = Person(app, "operator").get(f"/stock-inventory.{name}").data
        result = bring(graded.runtime, graded.actors["operator"], tmp_path / f"x.{name}", sent)
        assert sums(result) == {"unchanged": 4}, name


@pytest.mark.parametrize("reason", ["无", "N/A", "——", "null", "\u200b", '=" "'])
def test_a_reason_that_says_nothing_is_none(app: Flask, graded: City, reason: str) -> None:
    rib = graded.patent("一种抗风伞骨")
    answer = Person(app, "shoes").post(f"/patents/{rib}/firm-grade", {"grade": "B", "reason": reason})
    assert answer.status_code == 422 and "企业评级需要写明理由" in unescape(answer.text)


def test_a_batch_of_grades_is_taken_back_and_the_earlier_grades_stand_again(graded: City, tmp_path: Path) -> None:
    operator = graded.actors["operator"]
    before = cells(graded.runtime, operator)
    row = [SOLE, None, None, "B", "2025-06-02", SHOES, None, "B", "又看了一次", "2025-06-02"]
    result = bring(graded.runtime, operator, tmp_path / "x.xlsx", workbook([HEADERS, row]))
    assert sums(result) == {"updated": 1} and cells(graded.runtime, operator) != before
    assert result.batch_id is not None
    with graded.unit("operator") as unit:
        take_back(unit, result.batch_id, "写错")
    assert cells(graded.runtime, operator) == before


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ((7, "Z"), "stock_grade_unknown"),
        ((7, None), "stock_grade_missing"),
        ((8, None), "stock_reason_missing"),
        ((8, "=1+1"), "stock_reason_formula"),
        ((8, "长" * 501), "stock_reason_long"),
        ((9, "2026-01-01"), "stock_day_ahead"),
        ((9, "昨天"), "date_unreadable"),
        ((6, "91350582MA00000000"), "uscc_check"),
    ],
)
def test_a_hostile_cell_refuses_its_row_and_no_other(
    graded: City, tmp_path: Path, cell: tuple[int, str | None], code: str
) -> None:
    sound = [RIB, None, None, "B", "2025-05-01", SHOES, None, "B", "可试", "2025-05-01"]
    hostile = [SOLE, None, None, "B", "2025-05-01", SHOES, None, "B", "可试", "2025-05-01"]
    hostile[cell[0]] = cell[1]
    content = workbook([HEADERS, hostile, sound])
    result = bring(graded.runtime, graded.actors["operator"], tmp_path / "x.xlsx", content)
    assert sums(result) == {"refused": 1, "updated": 1}
    assert code in told(graded, result.batch_id)


def send(person: Person, content: bytes) -> str:
    answer = person.post("/institution/lists", {"kind": "stock_grades", "files": (BytesIO(content), "盘点.xlsx")})
    assert answer.status_code == 302, unescape(answer.text)
    return str(answer.location)


def test_an_institution_sends_its_own_table_back_and_speaks_for_itself_alone(app: Flask, graded: City) -> None:
    college = Person(app, "college")
    exported = table(college.get("/stock-inventory.xlsx").data)
    assert {line[0] for line in exported[1:]} == {GLUE, SOLE, SPRAYER}
    page = unescape(college.get(send(college, workbook(exported))).text)
    assert "无变化<strong>4</strong>" in page and "没有问题" in page
    changed = [[*line[:3], "B", None, *line[5:8], "我替企业说" if line[7] else None, line[9]] for line in exported[1:]]
    foreign = [RIB, "一种抗风伞骨", None, "A", None, None, None, None, None, None]
    preview = send(college, workbook([HEADERS, *changed, foreign]))
    assert "不属于贵单位" in unescape(college.get(preview).text)
    assert college.post(preview).status_code == 302
    after = {(line[0], line[3], line[8]) for line in table(college.get("/stock-inventory.xlsx").data)[1:]}
    reasons = {line[8] for line in exported[1:] if line[8]}
    assert after == {(GLUE, "B", None), (SPRAYER, "B", None), *((SOLE, "B", reason) for reason in reasons)}
    with graded.unit() as unit:
        assert unit.session.execute(select(func.count()).select_from(FirmGrade)).scalar() == 2
        others = select(HolderGrade.id).where(HolderGrade.patent_id == graded.patent("一种抗风伞骨"))
        assert unit.session.execute(others).first() is None


def test_the_page_of_grades_shows_a_firm_its_own_word_and_the_holder_all(app: Flask, graded: City) -> None:
    sole = graded.patent(PATENTS[1][0])
    firm = unescape(Person(app, "shoes").get(f"/patents/{sole}/grades").text)
    assert "愿意试产" in firm and "与伞无关" not in firm and "可立即转化" not in firm
    holder = unescape(Person(app, "college").get(f"/patents/{sole}/grades").text)
    assert "愿意试产" in holder and "与伞无关" in holder and "可立即转化" in holder
    assert f"/patents/{sole}/grades" in Person(app, "shoes").get(f"/patents/{sole}").text
    assert f"/patents/{sole}/grades" not in Person(app).get(f"/patents/{sole}").text


def test_a_reason_that_is_missing_is_said_at_its_field(app: Flask, graded: City) -> None:
    answer = Person(app, "shoes").post(f"/patents/{graded.patent(PATENTS[3][0])}/firm-grade", {"grade": "A"})
    assert answer.status_code == 422 and "企业评级需要写明理由" in unescape(answer.text)


def test_a_program_grades_as_its_organisation_and_sees_as_much(app: Flask, graded: City) -> None:
    path = f"/patents/{graded.patent(PATENTS[1][0])}"
    shoes, college = Program(app, "shoes"), Program(app, "college")
    assert shoes.post(f"{path}/firm-grade", {"grade": "B", "reason": "改用新模具"}).status_code == 200
    assert college.post(f"{path}/holder-grade", {"grade": "B"}).status_code == 200
    assert shoes.post(f"{path}/holder-grade", {"grade": "B"}).status_code == 403
    mine, both = shoes.get(f"{path}/grades").json, college.get(f"{path}/grades").json
    assert (mine["holder"], [each["reason"] for each in mine["firms"]]) == (None, ["改用新模具"])
    assert (both["holder"]["grade"], len(both["firms"])) == ("B", 2)
