"""The pages of the other clauses: sums, list with filters and files, records with their form, the claim sheet."""

from __future__ import annotations

from io import BytesIO

import docx

from tests.journey.deal_city import DealCity, town
from tests.services.small_city import SHOES

__all__ = ["town"]  # the fixture
DAY = "2024-05-20"
PROJECT = {"kind": "navigation", "firm": SHOES, "title": "鞋材专利导航", "number": "DH-1", "occurred_on": DAY,
           "reviewed_on": "2024-06-03"}  # fmt: skip


def test_a_record_is_entered_and_seen_in_sums_list_files_and_sheet(town: DealCity) -> None:
    operator = town.at("operator")
    answer = operator.post("/trade/awards/records", PROJECT)
    assert answer.status_code == 302 and "/bureau/records/award_records/1" in answer.location
    page = operator.get("/bureau/records/award_records/1").text
    assert "鞋材专利导航" in page and "专利导航项目" in page and "评审通过日" in page
    reviewer = town.at("reviewer")
    page = reviewer.get("/trade/awards").text
    assert "二（三）专利导航" in page and "5万元" in page and SHOES in page
    assert "四（二）" in page and "四（三）" in page, "the two goals stand beside the other clauses"
    assert SHOES not in reviewer.get("/trade/awards?clause=sales").text
    assert SHOES in reviewer.get("/trade/awards?clause=navigation&year=2024&state=recorded&q=" + SHOES).text
    told = reviewer.get("/trade/awards?as=csv").text
    assert SHOES in told and "50000" in told
    assert reviewer.get("/trade/awards?as=xlsx").status_code == 200
    firm = town.city.firm(SHOES)
    sheet = reviewer.get(f"/trade/awards/payees/enterprises/{firm}").text
    assert "申领表" in sheet and "缺证明材料" in sheet and "严格口径尚缺" in sheet
    answer = reviewer.get(f"/trade/awards/payees/enterprises/{firm}/sheet.docx")
    document = docx.Document(BytesIO(answer.data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert SHOES in cells and "鞋材专利导航" in cells and "仅登记" in cells


def test_a_day_known_later_is_added_and_a_wrong_one_told_at_its_field(town: DealCity) -> None:
    operator = town.at("operator")
    operator.post("/trade/awards/records", PROJECT | {"reviewed_on": ""})
    answer = operator.post("/trade/awards/records/1/days", {"reviewed_on": "2024-05-19"})
    assert answer.status_code == 422 and "评审通过日须在开始日之后" in answer.text
    assert operator.post("/trade/awards/records/1/days", {"reviewed_on": "2024-05-20"}).status_code == 302
    assert "2024-05-20" in operator.get("/trade/awards/records").text


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(town: DealCity) -> None:
    answer = town.at("operator").post("/trade/awards/records", PROJECT | {"firm": "谁也不是"})
    assert answer.status_code in (404, 422) and "鞋材专利导航" in answer.text and "谁也不是" in answer.text
