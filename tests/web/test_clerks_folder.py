"""A folder of twenty-two files goes in through the page, and afterwards nothing in the base is wrong."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    Agency,
    Deal,
    DealPatent,
    Demand,
    Enterprise,
    EnterpriseCategory,
    EnterpriseName,
    Expert,
    ImportBatch,
    ImportJob,
    Licence,
    Offer,
    PartyExistence,
    Patent,
    PatentClass,
    PatentHolder,
    ReviewItem,
)
from matchhub.services.facts.encumbrances import recorded_encumbrances
from matchhub.services.imports.running import run_waiting_imports
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.page import newest_statuses
from matchhub.wording import sentence
from tests.web.clerks_folder import DESIGN, PERSON, C, ClerkFile, P, folder
from tests.web.people import Person
from tests.web.test_intake import begin, operator, send

__all__ = ["operator"]
TODAY = date(2025, 6, 2)
SCHOOL = "泉州师范学院"

# (read, created, updated, review), codes of problems, codes of remarks, codes of doubts
OUTCOMES: dict[str, tuple[tuple[int, int, int, int], list[str], list[str], list[str]]] = {
    "专利20240601.csv": ((3, 3, 0, 0), ["legal_status_unknown"], ["status_word_unknown"], []),
    "专利20230101.xlsx": ((2, 0, 2, 0), ["newer_value_kept"], ["row_left_out_total"], []),
    "專利.csv": ((1, 1, 0, 0), [], [], []),
    "专利与质押.csv": ((3, 3, 0, 0), ["application_number_completed", "locarno_without_design"], [], []),
    "海外.csv": ((2, 2, 0, 0), ["patent_foreign"], [], []),
    "检索结果.html": ((2, 2, 0, 0), [], [], []),
    "包.zip": ((1, 0, 1, 0), [], ["table_left_out"], []),
    "企业名录.xlsx": (
        (3, 3, 0, 0), [],
        ["rows_hidden", "sheet_hidden", "row_left_out_group", "row_left_out_group", "row_left_out_total", "row_left_out_note"], [],
    ),
    "高企名单.docx": ((2, 1, 1, 0), [], [], ["doubt_document"]),
    "科小名单.pdf": ((2, 2, 0, 0), [], [], ["doubt_document"]),
    "待核对企业.csv": ((3, 1, 0, 2), ["uscc_is_personal_number", "certificate_shared"], [], []),
    "代理机构.xlsx": ((2, 2, 0, 0), [], [], []),
    "专家.csv": ((1, 1, 0, 0), [], ["row_left_out_note"], []),
    "技术需求.csv": ((2, 1, 0, 1), ["money_upper_limit", "enterprise_former_name"], [], []),
    "开放许可.csv": ((2, 2, 0, 0), ["fee_graded"], [], []),
    "开放许可（更正）.csv": ((2, 0, 2, 0), ["fee_graded"], [], []),
    "交易.xlsx": ((2, 2, 0, 0), ["money_approximate"], ["row_left_out_total"], []),
    "外币交易.csv": ((1, 1, 0, 0), ["money_foreign"], [], []),
    "许可.csv": ((1, 1, 0, 0), [], [], []),
}  # fmt: skip


def _columns(told: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The unknown columns as the page must tell them."""
    unknown = told["unknown_columns"]
    return [("column_not_understood", {**each, "examples": "、".join(each["examples"])}) for each in unknown]


def outcome_of(runtime: Runtime, job: str) -> dict[str, Any]:
    with runtime.unit(write=False) as unit:
        return dict(unit.session.get_one(ImportJob, int(job)).outcome or {})


def put_in(operator: Person, runtime: Runtime, file: ClerkFile) -> tuple[Any, ...]:
    """Send, look, write and, where the whole was doubted, say yes; what the page told of it."""
    job = begin(operator, send(operator, file.content, kind=file.kind, name=file.name))
    run_waiting_imports(runtime)
    first = outcome_of(runtime, job)
    doubts = [doubt["code"] for doubt in first["doubts"]]
    if doubts:
        assert "已核对，确实要写入" in operator.get(f"/intake/jobs/{job}").text
        again = operator.post(f"/intake/jobs/{job}/again", {"accept": "1"})
        job = re.findall(r"/intake/jobs/(\d+)", again.headers["Location"])[0]
        run_waiting_imports(runtime)
    told = outcome_of(runtime, job)
    page = unescape(operator.get(f"/intake/jobs/{job}").text)
    for code, words in (*((each["code"], each) for each in told["remarks"]), *_columns(told)):
        assert sentence(code, "zh", **words) in page
    sums = tuple(told[name] for name in ("read", "created", "updated", "review"))
    return sums, [each["code"] for each in told["problems"]], [each["code"] for each in told["remarks"]], doubts


def refusal(operator: Person, file: ClerkFile) -> str:
    """What the page says of a file that cannot be read, at once or when it is looked at."""
    data: dict[str, Any] = {"kind": file.kind, "files": (BytesIO(file.content), file.name)}
    answer = operator.post("/intake/uploads", data, content_type="multipart/form-data")
    if answer.status_code != 302:
        return answer.text
    page = operator.get(answer.headers["Location"] + "/look", headers={"HX-Request": "1"}).text
    assert 'value="write"' not in page
    return page


def rows(unit: Unit, table: Any, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of what the imports recorded, in its order."""
    found = unit.session.execute(select(table).where(table.batch_id.is_not(None)).order_by(table.id)).scalars()
    return [tuple(getattr(row, name) for name in names) for row in found]


def listed(unit: Unit, table: Any, value: str, **wanted: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in unit.session.execute(select(table).filter_by(**wanted).order_by(table.id)).scalars():
        found.setdefault(row.patent_id, []).append(getattr(row, value))
    return found


def test_a_clerks_folder_goes_in_through_the_page_with_nothing_wrong(
    operator: Person, runtime: Runtime, tmp_path: Path
) -> None:
    files = folder(tmp_path)
    assert len(files) == 22
    told = {file.name: put_in(operator, runtime, file) for file in files if not file.refused}
    assert told == OUTCOMES
    sentences = {file.refused: refusal(operator, file) for file in files if file.refused}
    for code, words in {
        "file_looks_like_patents": "看起来是专利数据",
        "file_is_heic": "HEIC",
        "file_is_numbers": "Numbers",
    }.items():
        assert words in sentences[code], code
    assert outcome_of(runtime, "4")["unknown_columns"][0]["column"] == "所在地块"
    with runtime.unit(write=False) as unit:
        check_patents(unit)
        check_parties(unit)
        check_trade(unit)
        assert len(unit.session.execute(select(ImportBatch.id)).all()) == len(OUTCOMES)
        held = unit.session.execute(select(ReviewItem).order_by(ReviewItem.id)).scalars().all()
        assert [(item.kind, item.code) for item in held] == [
            ("enterprises", "uscc_is_personal_number"), ("enterprises", "certificate_shared"), ("demands", "enterprise_former_name"),
        ]  # fmt: skip
        assert PERSON not in str([item.record for item in held])


def check_patents(unit: Unit) -> None:
    recorded = rows(unit, Patent, "id", "application_number", "publication_number", "title", "patent_type")
    newest = newest_statuses(unit, [each[0] for each in recorded])
    owners = listed(unit, PatentHolder, "name", role="owner")
    status = {each[0]: (newest[each[0]].validity, newest[each[0]].as_of_on) for each in recorded if each[0] in newest}
    assert [(*each[1:], status.get(each[0]), owners.get(each[0], [])) for each in recorded] == [
        (P[0], None, "鞋底甲", "invention", ("dead", date(2024, 6, 1)), ["晋江市甲一鞋业有限公司", SCHOOL]),
        (P[1], None, "鞋底乙", "invention", ("in_force", date(2024, 6, 1)), ["晋江市甲一鞋业有限公司", SCHOOL]),
        (P[2], None, "鞋底丙", "invention", ("unknown", date(2024, 6, 1)), ["晋江市甲二鞋业有限公司"]),
        (P[3], None, "一種鞋底", "invention", ("in_force", TODAY), ["某某鞋業有限公司"]),
        (P[4], None, "伞丁", "invention", ("in_force", date(2024, 5, 1)), []),
        (P[5], None, "伞戊", "invention", ("in_force", date(2020, 1, 1)), []),
        (DESIGN, None, "伞面", "design", ("in_force", date(2024, 5, 1)), []),
        (None, "US10123456B2", "shoe", None, ("in_force", TODAY), []),
        (None, "CN109996757A", "伞己", "invention", ("pending", TODAY), []),
        (P[6], None, "拉链庚", "invention", ("in_force", date(2024, 2, 29)), []),
        (P[7], None, "拉链辛", "invention", None, []),
    ]
    numbers = {each[0]: each[1] for each in recorded}
    symbols = listed(unit, PatentClass, "symbol", scheme="locarno")
    assert {numbers[key]: each for key, each in symbols.items() if key in numbers} == {DESIGN: ["03-03"]}
    burdens = {numbers[key]: [each.kind for each in found] for key, found in recorded_encumbrances(unit).items()}
    assert burdens == {P[4]: ["pledge"], DESIGN: []}
    filed = dict(rows(unit, Patent, "application_number", "filed_on"))
    assert (filed[P[6]], filed[P[7]]) == (date(2020, 7, 21), date(2020, 7, 22))


def check_parties(unit: Unit) -> None:
    firms = rows(unit, Enterprise, "id", "name", "uscc")
    names = {key: name for key, name, _ in firms}
    assert {(name, uscc) for _, name, uscc in firms} == {
        (f"晋江市甲{number}鞋业有限公司", C[at]) for at, number in ((1, "一"), (2, "二"), (4, "四"), (5, "五"), (6, "六"), (8, "八"))
    } | {("晋江市甲三服饰有限公司", C[3])}  # fmt: skip
    claims = rows(unit, EnterpriseCategory, "enterprise_id", "category", "certificate_number")
    assert sorted((names[key], *rest) for key, *rest in claims) == [
        ("晋江市甲一鞋业有限公司", "high_tech_enterprise", None),
        ("晋江市甲五鞋业有限公司", "tech_sme", None),
        ("晋江市甲八鞋业有限公司", "high_tech_enterprise", "GR202335008001"),
        ("晋江市甲六鞋业有限公司", "tech_sme", None),
        ("晋江市甲四鞋业有限公司", "high_tech_enterprise", None),
    ]
    former = rows(unit, EnterpriseName, "enterprise_id", "name")
    assert [(names[key], name) for key, name in former] == [("晋江市甲三服饰有限公司", "晋江市旧三服饰有限公司")]
    agencies = {
        key: (name, *rest) for key, name, *rest in rows(unit, Agency, "id", "name", "agency_code", "service_types")
    }
    assert list(agencies.values()) == [("泉州市甲专利代理事务所", "35997", []), ("泉州市乙专利代理事务所", "35998", [])]
    existences = rows(unit, PartyExistence, "enterprise_id", "agency_id", "state", "as_of_on")
    assert [(names[firm] if firm else agencies[agency][0], state, day) for firm, agency, state, day in existences] == [
        ("晋江市甲一鞋业有限公司", "active", date(2024, 6, 30)),
        ("晋江市甲二鞋业有限公司", "struck_off", date(2024, 6, 30)),
        ("晋江市甲三服饰有限公司", "active", date(2024, 6, 30)),
        ("泉州市甲专利代理事务所", "active", TODAY),
        ("泉州市乙专利代理事务所", "closed", date(2024, 1, 2)),
    ]
    assert rows(unit, Expert, "name", "organisation", "title") == [("李某", SCHOOL, "教授")]
    demands = rows(unit, Demand, "enterprise_id", "title", "budget_yuan", "posted_on", "valid_until_on")
    assert [(names[key], *rest) for key, *rest in demands] == [
        ("晋江市甲一鞋业有限公司", "鞋底防滑", 500_000, date(2024, 2, 1), date(2026, 1, 31))
    ]
    (waiting,) = unit.session.execute(select(ReviewItem).where(ReviewItem.kind == "demands")).scalars()
    assert names[waiting.candidate_id or 0] == "晋江市甲三服饰有限公司"


def check_trade(unit: Unit) -> None:
    numbers = dict(rows(unit, Patent, "id", "application_number"))
    offers = rows(
        unit, Offer, "patent_id", "regime", "declared_on", "fee_method", "fee_yuan", "royalty_percent", "valid_to_on",
        "industry_reason",
    )  # fmt: skip
    assert [(numbers[key], *rest) for key, *rest in offers] == [
        (P[1], "pilot", date(2024, 1, 10), "fixed", None, None, date(2027, 1, 9), "制鞋与鞋材"),
        (P[5], "pilot", date(2024, 1, 11), "royalty_sales", None, 3, None, "制伞"),
    ]
    deals = rows(unit, Deal, "id", "deal_type", "signed_on", "amount_yuan")
    sold = {
        key: numbers[patent] for key, patent in unit.session.execute(select(DealPatent.deal_id, DealPatent.patent_id))
    }
    assert [(sold[key], *rest) for key, *rest in deals] == [
        (P[1], "transfer", date(2025, 1, 1), 50_000),
        (P[5], "transfer", date(2024, 7, 1), 100_000),
        (P[6], "transfer", date(2024, 8, 1), None),
    ]
    licences = rows(unit, Licence, "patent_id", "licensee_name", "notified_on", "paid_on", "paid_yuan")
    assert [(numbers[key], *rest) for key, *rest in licences] == [
        (P[5], "晋江市甲四鞋业有限公司", date(2024, 5, 1), date(2024, 5, 2), 10_000)
    ]
