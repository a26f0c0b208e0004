"""What an upload shows and lets a person correct: tables, header rows, meanings, kinds; and what is refused at once."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from matchhub.db.tables import Enterprise, HeaderMemory
from matchhub.services.imports.running import run_waiting_imports
from matchhub.services.kernel.jobs import hold_lease
from matchhub.services.kernel.runtime import Runtime
from tests.ingest.documents import write_docx
from tests.services.desk_base import code
from tests.web.installation import Clock
from tests.web.people import Person
from tests.web.test_intake import HEADER, ROWS, begin, firms, form_of, operator, send, sheet

__all__ = ["operator"]
HTMX = {"HX-Request": "1"}


def look(person: Person, token: str, form: dict[str, str] | None = None) -> str:
    path = f"/intake/uploads/{token}/look"
    return (person.get(path, headers=HTMX) if form is None else person.post(path, form, headers=HTMX)).text


def place_of(form: dict[str, str], header: str) -> str:
    """``0-1-2`` for the column ``header`` of a form."""
    return next(name.removeprefix("head-") for name, value in form.items() if value == header and "head-" in name)


def stored(runtime: Runtime) -> list[Path]:
    return [path for path in (runtime.home / "uploads").rglob("*") if path.is_file()]


def workbook(*sheets: tuple[str, list[list[str]]], hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        made = book.create_sheet(title)
        for row in rows:
            made.append(row)
        made.sheet_state = "hidden" if title == hidden else "visible"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.csv", content)
    return out.getvalue()


def test_headers_nobody_knows_are_given_a_meaning_and_remembered_for_the_source(
    operator: Person, runtime: Runtime
) -> None:
    strange = "某某名号,信用码十八位,坐落"
    token = send(operator, sheet(*ROWS[:2], header=strange), "某局")
    page = look(operator, token)
    assert 'role="alert"' in page and 'value="write"' not in page
    said = form_of(page)
    for header, field in (("某某名号", "name"), ("信用码十八位", "uscc"), ("坐落", "address")):
        said[f"map-{place_of(said, header)}"] = field
    again = look(operator, token, said)
    assert again.count('name="meant-') == 3 and 'value="write"' in again
    operator.post(f"/intake/uploads/{token}/jobs", {**form_of(again), "mode": "write", "remember": "1"})
    run_waiting_imports(runtime)
    with runtime.unit(write=False) as unit:
        memory = unit.session.execute(select(HeaderMemory)).scalar_one()
        assert memory.mapping == {"某某名号": "name", "信用码十八位": "uscc", "坐落": "address"}
        known = select(Enterprise.uscc, Enterprise.address).where(Enterprise.name == "晋江市甲乙1鞋业有限公司")
        assert unit.session.execute(known).one() == (code(1), "福建省晋江市陈埭镇1号")
    token = send(operator, sheet(ROWS[2], header=strange), " 某局 ")
    assert "按记住或更正的含义读取" in look(operator, token)
    begin(operator, token)
    run_waiting_imports(runtime)
    with runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Enterprise.id).where(Enterprise.uscc == code(3))).scalar_one()


@pytest.mark.parametrize("fate", ["not asked", "cancelled"])
def test_an_import_that_was_not_to_be_remembered_or_failed_teaches_nothing(
    operator: Person, runtime: Runtime, fate: str
) -> None:
    token = send(operator, sheet(*ROWS, header="企业名称,信用码十八位,坐落"), "某局")
    said = form_of(look(operator, token))
    said[f"map-{place_of(said, '坐落')}"] = "address"
    job = begin(operator, token, **said, **({} if fate == "not asked" else {"remember": "1"}))
    if fate == "cancelled":
        operator.post(f"/intake/jobs/{job}/cancel")
    run_waiting_imports(runtime)
    with runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(HeaderMemory)).scalar_one() == 0


def test_every_row_of_a_document_is_shown_before_it_is_written(operator: Person, tmp_path: Path) -> None:
    rows = [["企业名称", "所属镇街"], *([f"晋江市甲{at}鞋业有限公司", "陈埭镇"] for at in range(20))]
    content = write_docx(tmp_path / "w.docx", ["名单"], rows).read_bytes()
    page = look(operator, send(operator, content, name="名单.docx"))
    assert 'id="compare"' in page and all(f"晋江市甲{at}鞋业有限公司" in page for at in range(20))
    ordinary = look(operator, send(operator, sheet(*(f"甲{at}公司,," for at in range(20)))))
    assert 'id="compare"' not in ordinary and "甲19公司" not in ordinary


def test_a_proposal_is_offered_and_not_taken_by_itself(operator: Person) -> None:
    page = look(operator, send(operator, sheet(*ROWS, header="企业名称,统一社会信用代码,企业注册地址所在")))
    offer = re.search(r'data-choose="(map-[\d-]+)" data-value="(\w+)"', page)
    assert offer is not None and offer[2] == "address"
    assert form_of(page)[offer[1]] == ""


def test_a_meaning_that_does_not_exist_is_refused(operator: Person) -> None:
    token = send(operator, sheet(*ROWS))
    form = {
        "tables-0": "1",
        "file-0-0": "名单.csv",
        "columns-0-0": "1",
        "head-0-0-0": "坐落",
        "map-0-0-0": "password_hash",
    }
    assert operator.post(f"/intake/uploads/{token}/look", form).status_code == 422


def test_the_header_row_can_be_corrected(operator: Person) -> None:
    token = send(operator, b"a,b\n" + sheet(*ROWS))
    said = form_of(look(operator, token))
    assert "第 2 行作为表头" in look(operator, token, {**said, "line-0-0": "2"})


def two_sheets() -> bytes:
    first = [["名录"], ["企业名称", "信用代码", "坐落"], ["晋江市甲乙1鞋业有限公司", code(1), "陈埭"]]
    second = [["行次", "厂家叫法", "号牌"], ["1", "晋江市甲乙2鞋业有限公司", code(2)]]
    cover = [["说明"], ["本表由某局编制"]]
    old = [["企业名称", "统一社会信用代码"], ["晋江市甲乙3鞋业有限公司", code(3)]]
    return workbook(("一", first), ("二", second), ("封面", cover), ("旧", old), hidden="旧")


def test_each_sheet_is_corrected_by_itself_left_out_or_taken_in(operator: Person, runtime: Runtime) -> None:
    before = firms(runtime)
    token = send(operator, two_sheets(), name="两张.xlsx")
    said = form_of(look(operator, token))
    sheets = {said[name]: name.removeprefix("sheet-") for name in said if name.startswith("sheet-")}
    assert list(sheets) == ["一", "二", "封面", "旧"]
    assert [name for name in sheets if f"read-{sheets[name]}" in said] == ["一"]
    said[f"map-{place_of(said, '坐落')}"] = "address"
    said |= {f"map-{place_of(said, '厂家叫法')}": "name", f"map-{place_of(said, '号牌')}": "uscc"}
    said |= {f"read-{sheets['旧']}": "1"}
    again = form_of(look(operator, token, said))
    assert {again.get(f"read-{sheets[name]}") for name in ("一", "二", "旧")} == {"1"}
    assert f"read-{sheets['封面']}" not in again
    begin(operator, token)  # what was said is kept with the upload
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 3
    with runtime.unit(write=False) as unit:
        assert {code(1), code(2), code(3)} <= set(unit.session.execute(select(Enterprise.uscc)).scalars())


def test_a_sheet_that_was_unticked_is_not_read(operator: Person, runtime: Runtime) -> None:
    before = firms(runtime)
    rows = [["企业名称", "统一社会信用代码"]]
    book = workbook(
        ("一", [*rows, ["晋江市甲乙1鞋业有限公司", code(1)]]), ("二", [*rows, ["晋江市甲乙2鞋业有限公司", code(2)]])
    )
    token = send(operator, book, name="两张.xlsx")
    said = form_of(look(operator, token))
    said.pop("read-0-1")
    again = look(operator, token, said)
    assert again.count("不读取") == 1
    operator.post(f"/intake/uploads/{token}/jobs", {**form_of(again), "mode": "write"})
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 1


def test_members_of_an_archive_are_corrected_one_by_one(operator: Person, runtime: Runtime) -> None:
    before = firms(runtime)
    archive = zipped(甲=sheet(ROWS[0]), 乙=sheet(ROWS[1], header="公司,码,地"))
    token = send(operator, archive, name="包.zip")
    page = look(operator, token)
    said = form_of(page)
    assert "甲.csv" in page and "乙.csv" in page
    said |= {f"map-{place_of(said, '公司')}": "name", f"map-{place_of(said, '码')}": "uscc"}
    begin(operator, token, **form_of(look(operator, token, said)))
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 2


def test_what_was_said_outlives_a_trial(operator: Person, runtime: Runtime) -> None:
    before = firms(runtime)
    token = send(operator, sheet(*ROWS, header="公司,码,地"))
    said = form_of(look(operator, token))
    said |= {f"map-{place_of(said, '公司')}": "name", f"map-{place_of(said, '码')}": "uscc"}
    answer = operator.post(f"/intake/uploads/{token}/jobs", {**said, "mode": "try"})
    run_waiting_imports(runtime)
    assert "写入" in operator.get(answer.headers["Location"]).text and firms(runtime) == before
    operator.post(f"/intake/uploads/{token}/jobs", {"mode": "write"})  # the button of the trial's page
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 3


def test_a_cancelled_trial_leads_back_to_its_files(operator: Person, runtime: Runtime) -> None:
    token = send(operator, sheet(*ROWS))
    job = begin(operator, token, "try")
    page = operator.get(f"/intake/jobs/{job}?token={token}").text
    assert f'name="token" value="{token}"' in page
    back = operator.post(f"/intake/jobs/{job}/cancel", {"token": token}).headers["Location"]
    run_waiting_imports(runtime)
    assert f"/intake/uploads/{token}" in operator.get(back).text


def test_the_files_of_a_cancelled_import_are_looked_at_again_with_what_was_said(
    app: Flask, operator: Person, runtime: Runtime
) -> None:
    before = firms(runtime)
    token = send(operator, sheet(*ROWS, header="某某名号,统一社会信用代码,坐落"))
    said = form_of(look(operator, token))
    job = begin(operator, token, **{**said, f"map-{place_of(said, '某某名号')}": "name"})
    assert operator.post(f"/intake/jobs/{job}/again").status_code == 409
    operator.post(f"/intake/jobs/{job}/cancel")
    run_waiting_imports(runtime)
    assert "重新核对这些文件" in operator.get(f"/intake/jobs/{job}").text
    again = operator.post(f"/intake/jobs/{job}/again").headers["Location"].rsplit("/", 1)[1]
    assert "人工确认" in look(operator, again)
    begin(operator, again)
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 3


@pytest.mark.parametrize(("minutes", "told"), [(None, True), (1, False), (3, True)])
def test_a_job_that_waits_without_a_worker_says_so(
    operator: Person, runtime: Runtime, clock: Clock, minutes: int | None, told: bool
) -> None:
    job = begin(operator, send(operator, sheet(*ROWS)))
    if minutes is not None:
        with runtime.unit() as unit:
            hold_lease(unit, "a worker")
        clock.forward(timedelta(minutes=minutes))
    assert ('id="asleep"' in operator.get(f"/intake/jobs/{job}/progress").text) == told


def test_files_of_another_kind_are_taken_for_that_kind_at_once(operator: Person, runtime: Runtime) -> None:
    before = firms(runtime)
    token = send(operator, sheet(*ROWS), kind="patents")
    page = look(operator, token)
    assert "看起来是企业数据" in page and "改按“企业”导入" in page
    assert operator.post(f"/intake/uploads/{token}/kind", {"kind": "nothing"}).status_code == 422
    assert operator.post(f"/intake/uploads/{token}/kind", {"kind": "enterprises"}).status_code == 302
    begin(operator, token)
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 3


def test_one_file_among_several_is_left_out(operator: Person, runtime: Runtime) -> None:
    before = firms(runtime)
    data: dict[str, Any] = {
        "kind": "enterprises",
        "files": [(BytesIO(sheet(row)), f"{at}.csv") for at, row in enumerate(ROWS)],
    }
    answer = operator.post("/intake/uploads", data, content_type="multipart/form-data")
    token = answer.headers["Location"].rsplit("/", 1)[1]
    digest = re.search(r'name="sha256" value="(\w+)"', look(operator, token))
    assert digest is not None
    operator.post(f"/intake/uploads/{token}/drop", {"sha256": digest[1]})
    begin(operator, token)
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.csv", b"", "空"),
        ("照片.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 64, "图片"),
        ("程序.xlsx", b"MZ" + b"\x00" * 64, "程序"),
        ("损坏.xlsx", b"PK\x03\x04" + b"\x00" * 64, "损坏"),
        ("加密.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_what_is_no_table_is_refused_at_once_and_not_kept(
    operator: Person, runtime: Runtime, name: str, content: bytes, says: str
) -> None:
    data: dict[str, Any] = {"kind": "patents", "files": [(BytesIO(content), name), (BytesIO(sheet(*ROWS)), "好.csv")]}
    answer = operator.post("/intake/uploads", data, content_type="multipart/form-data")
    assert answer.status_code == 422
    fault = re.search(r'id="upload-files-error">(.*?)</p>', answer.text, re.S)
    assert fault is not None and says in fault[1] and "没有写入" in fault[1] and name in fault[1]
    assert stored(runtime) == []


def entity_bomb() -> bytes:
    out, honest = BytesIO(), workbook(("一", [["企业名称", "统一社会信用代码"], ["某", code(1)]]))
    with zipfile.ZipFile(BytesIO(honest)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            content = source.read(entry)
            if entry.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            target.writestr(entry, content)
    return out.getvalue()


def test_what_only_parsing_shows_to_be_hostile_is_dropped_with_its_reason(operator: Person, runtime: Runtime) -> None:
    token = send(operator, entity_bomb(), name="炸弹.xlsx")
    page = look(operator, token)
    assert "DTD" in page and page.count('role="alert"') == 1 and 'value="write"' not in page
    assert stored(runtime) == []
    assert operator.get(f"/intake/uploads/{token}").status_code == 404


def test_an_upload_belongs_to_who_sent_it(app: Flask, operator: Person) -> None:
    token = send(operator, sheet(*ROWS))
    for path in ("", "/look"):
        assert operator.get(f"/intake/uploads/{token}{path}").status_code == 200
        assert Person(app, "administrator").get(f"/intake/uploads/{token}{path}").status_code in (403, 404)


def test_of_many_strange_columns_only_those_that_resemble_something_stand_first(operator: Person) -> None:
    strange = [f"备用信息第{at}项" for at in range(30)]
    header = ",".join(["企业名称", "统一社会信用代码", "企业注册地址所在", *strange])
    page = look(operator, send(operator, sheet(f"晋江市甲乙鞋业有限公司,{code(1)},x{',y' * 30}", header=header)))
    first, _, folded = page.partition("<summary>其余 32 列（30 列未识别")
    assert "企业注册地址所在" in first and "备用信息" not in first and folded.count("备用信息第29项") > 0


def test_what_was_dropped_already_can_be_discarded(operator: Person) -> None:
    assert operator.post(f"/intake/uploads/{'0' * 32}/discard").headers["Location"] == "/intake/"


def test_tables_that_the_page_does_not_show_keep_what_is_remembered_of_them(operator: Person, runtime: Runtime) -> None:
    strange, before = "厂家叫法,号牌,坐落", firms(runtime)
    token = send(operator, sheet(f"晋江市先例鞋业有限公司,{code(90)},x", header=strange), "某局")
    said = form_of(look(operator, token))
    said |= {f"map-{place_of(said, '厂家叫法')}": "name", f"map-{place_of(said, '号牌')}": "uscc"}
    begin(operator, token, **said, remember="1")
    run_waiting_imports(runtime)
    rows = [f"晋江市甲乙{at}鞋业有限公司,{code(at)},x" for at in range(1, 15)]
    members = {f"{at:02}": sheet(row, header=HEADER if at < 13 else strange) for at, row in enumerate(rows)}
    token = send(operator, zipped(**members), "某局", name="包.zip")
    page = look(operator, token)
    assert "另有 2 个表" in page and "12.csv" not in page
    operator.post(f"/intake/uploads/{token}/jobs", {**form_of(page), "mode": "write"})
    run_waiting_imports(runtime)
    assert firms(runtime) == before + 1 + 14


def test_remembered_headers_are_found_below_a_longer_title_too(operator: Person, runtime: Runtime) -> None:
    strange = "厂家叫法,号牌,坐落"
    token = send(operator, b"x,y\n" + sheet(f"晋江市先例鞋业有限公司,{code(90)},z", header=strange), "某局")
    said = form_of(look(operator, token))
    said = form_of(look(operator, token, {**said, "line-0-0": "2"}))
    said |= {f"map-{place_of(said, '厂家叫法')}": "name", f"map-{place_of(said, '号牌')}": "uscc"}
    begin(operator, token, **said, remember="1")
    run_waiting_imports(runtime)
    title = "某局名单,二〇二五年\n共,一家\n更新,今日\n".encode()
    token = send(operator, title + sheet(f"晋江市后来鞋业有限公司,{code(91)},z", header=strange), "某局")
    page = look(operator, token)
    assert "第 4 行作为表头" in page and "按记住或更正的含义读取" in page


def test_a_source_is_named_on_the_page_and_stands_on_batch_and_record(operator: Person, runtime: Runtime) -> None:
    said = {"kind": "enterprises", "source_name": "", "source_kind": "list", "issuer": "", "issued_on": "2024-01-05"}

    def sent(**more: str) -> Any:
        return operator.post("/intake/uploads", {**said, **more, "files": (BytesIO(sheet(*ROWS[:2])), "名单.csv")})

    assert "请填写文件的出具单位" in sent().text
    assert "请填写文件的出具日期" in sent(issuer="某局", issued_on="").text
    token = sent(issuer="某局").headers["Location"].rsplit("/", 1)[1]
    job = begin(operator, token)
    run_waiting_imports(runtime)
    assert 'id="own-list"' not in operator.get(f"/intake/jobs/{job}").text
    batch = operator.get("/operator/batches/1").text
    assert "主管部门公布的名单 · 某局 · 2024年1月5日" in batch
    with runtime.unit(write=False) as unit:
        newest = unit.session.execute(select(func.max(Enterprise.id))).scalar()
    assert "主管部门公布的名单 · 某局" in operator.get(f"/intake/origins/enterprises/{newest}").text


def test_a_file_without_a_kind_is_told_to_be_an_own_list(operator: Person, runtime: Runtime) -> None:
    job = begin(operator, send(operator, sheet(*ROWS[:2])))
    run_waiting_imports(runtime)
    assert 'id="own-list"' in operator.get(f"/intake/jobs/{job}").text
    assert "自有名单" in operator.get("/operator/batches/1").text
