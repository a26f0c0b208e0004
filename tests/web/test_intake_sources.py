"""Of several files in one batch: which of them a problem, a value or a dated fact came from."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Enterprise, ImportBatch
from matchhub.services.imports.running import run_waiting_imports
from matchhub.services.kernel.runtime import Runtime
from tests.services.desk_base import code
from tests.web.people import Person
from tests.web.test_intake import ROWS, begin, operator, send, sheet
from tests.web.test_intake_files import HTMX, zipped

__all__ = ["operator"]


def test_several_files_are_one_batch_and_its_problems_can_be_seen_file_by_file(
    operator: Person, runtime: Runtime
) -> None:
    bad = "晋江市坏号鞋业有限公司,12345,某处"
    files = [(BytesIO(sheet(ROWS[0], bad)), "甲.csv"), (BytesIO(sheet(bad.replace("坏号", "错码"))), "乙.csv")]
    data: dict[str, Any] = {"kind": "enterprises", "files": files}
    answer = operator.post("/intake/uploads", data, content_type="multipart/form-data")
    begin(operator, answer.headers["Location"].rsplit("/", 1)[1])
    run_waiting_imports(runtime)
    with runtime.unit(write=False) as unit:
        key, files = unit.session.execute(select(ImportBatch.id, ImportBatch.files)).one()
    assert [each["name"] for each in files] == ["甲.csv", "乙.csv"]
    rows = [re.findall(r'<td[^>]* class="file-names"[^>]*>(.*?\.csv)', operator.get(f"/operator/batches/{key}?file={name}").text)
            for name in ("", "甲.csv", "乙.csv")]  # fmt: skip
    assert set(rows[0]) == {"甲.csv", "乙.csv"} and set(rows[1]) == {"甲.csv"} and set(rows[2]) == {"乙.csv"}


def category_rows(person: Person, runtime: Runtime, at: int) -> list[str]:
    """The lines of a firm's origins that tell a category."""
    with runtime.unit(write=False) as unit:
        key = unit.session.execute(select(Enterprise.id).where(Enterprise.uscc == code(at))).scalar_one()
    rows = re.findall(r"<tr.*?</tr>", person.get(f"/intake/origins/enterprises/{key}", headers=HTMX).text, re.S)
    return [row for row in rows if "高新技术企业" in row or "专精特新" in row]


def test_a_dated_fact_of_several_files_tells_its_file(operator: Person, runtime: Runtime) -> None:
    begin(operator, send(operator, sheet(*ROWS[:2])))
    run_waiting_imports(runtime)
    # The firms are known already: the rows record categories and change nothing else.
    first = sheet(f"晋江市甲乙1鞋业有限公司,{code(1)},是", header="企业名称,统一社会信用代码,高新技术企业")
    second = sheet(f"晋江市甲乙2鞋业有限公司,{code(2)},是", header="企业名称,统一社会信用代码,高新技术企业")
    third = sheet(f"晋江市甲乙1鞋业有限公司,{code(1)},是", header="企业名称,统一社会信用代码,专精特新中小企业")
    files = [(BytesIO(first), "甲.csv"), (BytesIO(zipped(内=second)), "包.zip"), (BytesIO(third), "丙.csv")]
    data: dict[str, Any] = {"kind": "enterprises", "files": files}
    answer = operator.post("/intake/uploads", data, content_type="multipart/form-data")
    begin(operator, answer.headers["Location"].rsplit("/", 1)[1])
    run_waiting_imports(runtime)
    told = [
        [re.findall(r"(?:甲|丙|包|内)\.(?:csv|zip)", row) for row in category_rows(operator, runtime, at)]
        for at in (1, 2)
    ]
    assert told == [[["甲.csv"], ["丙.csv"]], [["包.zip", "内.csv"]]]


def test_the_page_of_a_record_names_the_one_file_of_several_that_it_came_from(
    operator: Person, runtime: Runtime
) -> None:
    files = [(BytesIO(sheet(ROWS[at])), f"{name}.csv") for at, name in enumerate("甲乙")]
    data: dict[str, Any] = {"kind": "enterprises", "files": files}
    answer = operator.post("/intake/uploads", data, content_type="multipart/form-data")
    begin(operator, answer.headers["Location"].rsplit("/", 1)[1])
    run_waiting_imports(runtime)
    with runtime.unit(write=False) as unit:
        key = unit.session.execute(select(Enterprise.id).where(Enterprise.uscc == code(2))).scalar_one()
    page = operator.get(f"/bureau/records/enterprises/{key}").text
    assert "乙.csv 第 2 行" in page and "甲.csv" not in page
