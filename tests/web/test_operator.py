"""Pages of the operator: batches, held rows, review of demands, pushes, deals with evidence."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from matchhub.db.tables import Deal, Demand, Enterprise, Offer, Patent, Push, ReviewItem
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.imports.running import run_waiting_imports
from tests.papers import letter
from tests.services.desk_base import Base, code, deal, demand, firm, number, patent
from tests.web.people import Person

PATENT_HEADERS = ("申请号", "专利名称", "摘要", "申请人", "法律状态", "备用列")
PATENT_ROWS = [
    (number(1), "一种防滑鞋底", "橡胶与二氧化硅", "晋水理工学院", "有效", "x"),
    (number(2), "一种拉链", "防水拉链", "晋水理工学院", "有效", ""),
    ("2.01E+12", "一种坏号", "看不出", "某校", "有效", ""),
]


def as_csv(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    out = StringIO()
    csv.writer(out).writerows([list(headers), *map(list, rows)])
    return out.getvalue().encode("utf-8-sig")


class Desk:
    """The operator's browser over an installation."""

    def __init__(self, base: Base, app: Flask) -> None:
        self.base, self.app, self.person = base, app, Person(app, "operator")

    def get(self, path: str) -> TestResponse:
        return self.person.get(path)

    def post(self, path: str, **data: Any) -> TestResponse:
        return self.person.post(path, data, content_type="multipart/form-data")

    def upload(self, kind: str, *files: tuple[str, bytes]) -> str:
        """Send files; returns the upload's token."""
        sent = [(BytesIO(content), name) for name, content in files]
        return self.post("/intake/uploads", kind=kind, files=sent).headers["Location"].rsplit("/", 1)[1]

    def write(self, token: str) -> None:
        """Write an upload as it is understood."""
        assert self.post(f"/intake/uploads/{token}/jobs", mode="write").status_code == 302
        assert run_waiting_imports(self.base.runtime) == 1

    def number(self, table: Any) -> int:
        with self.base.runtime.unit(write=False) as unit:
            return unit.session.execute(select(func.count()).select_from(table)).scalar_one()

    def one(self, table: Any) -> Any:
        with self.base.runtime.unit(write=False) as unit:
            found = unit.session.execute(select(table)).scalar_one()
            unit.session.expunge(found)  # so that it can be looked at after the unit's end
        return found


@pytest.fixture
def desk(base: Base, desk_app: Flask) -> Desk:
    return Desk(base, desk_app)


def told(answer: TestResponse) -> str:
    """The text of a page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def follow(desk: Desk, answer: TestResponse) -> TestResponse:
    assert answer.status_code == 302, told(answer)
    return desk.get(answer.location)


def test_what_is_imported_into_a_demo_base_is_demo_and_said_to_be(desk: Desk) -> None:
    desk.base.take("patents", patent(9), demo=True)
    token = desk.upload("patents", ("a.csv", as_csv(PATENT_HEADERS, PATENT_ROWS[:1])))
    assert "会标为演示数据" in told(desk.get(f"/intake/uploads/{token}/look"))
    desk.write(token)
    with desk.base.runtime.unit(write=False) as unit:
        assert list(unit.session.execute(select(Patent.demo)).scalars()) == [True, True]


def test_the_problems_of_a_batch_are_a_workbook_that_can_be_corrected_and_sent_again(desk: Desk) -> None:
    rows = [*PATENT_ROWS, ("2020", '=HYPERLINK("http://x")', "", "", "", "")]
    desk.write(desk.upload("patents", ("a.csv", as_csv(PATENT_HEADERS, rows))))
    answer = desk.get("/operator/batches/1/problems.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    sheet = book.worksheets[0]
    written = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in written] == ["2.01E+12", "2020"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    sheet.cell(2, 1).value = number(3)
    corrected = BytesIO()
    book.save(corrected)
    before = desk.number(Patent)
    desk.write(desk.upload("patents", ("更正.xlsx", corrected.getvalue())))
    assert desk.number(Patent) == before + 1


def test_markup_in_a_file_stays_text_on_the_pages(desk: Desk) -> None:
    rows = [
        (number(1), "<script>alert(1)</script>", "<b>x</b>", "<i>y</i>", "有效", ""),
        ("2020", "<b>x", "", "", "", ""),
    ]
    token = desk.upload("patents", ("<img src=x>.csv", as_csv(PATENT_HEADERS, rows)))
    paths = [f"/intake/uploads/{token}/look", "/intake/jobs/1", "/operator/batches/1", "/intake/", "/intake/batches",
             "/intake/batches/1/undo", "/intake/origins/patents/1", "/bureau/records/patents/1", "/bureau/base"]  # fmt: skip
    pages = [desk.get(paths[0])]
    desk.write(token)
    for page in [*pages, *map(desk.get, paths[1:])]:
        assert page.status_code == 200
        assert not re.search(r"<script>alert|<img src=x|<i>y|<b>x", page.text)


def test_a_held_row_is_retried_after_its_enterprise_was_added(desk: Desk) -> None:
    desk.base.take("demands", demand(1, of=3))
    page = desk.get("/operator/reviews/1")
    assert "晋江市某某3鞋业有限公司" in told(page)
    refused = desk.post("/operator/reviews/1/retry")
    assert refused.status_code == 422
    desk.base.take("enterprises", firm(3))
    assert "鞋底湿滑" in told(follow(desk, desk.post("/operator/reviews/1/retry")))
    assert desk.one(ReviewItem).decision == "accepted"


def test_a_held_demand_is_linked_to_an_enterprise_that_was_searched(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1), firm(2))
    desk.base.take("demands", demand(1, enterprise_name="某某厂", enterprise_uscc=None))
    found = desk.person.get("/operator/reviews/1?q=某某2", headers={"HX-Request": "true"})
    assert "某某2" in found.text and "某某1鞋业" not in found.text and "<html" not in found.text
    follow(desk, desk.post("/operator/reviews/1/link", enterprise_id="2"))
    assert desk.one(Demand).enterprise_id == 2


@pytest.mark.parametrize("number", ["", "x", "-1", "99", "9" * 30, "１"])
def test_a_link_to_no_enterprise_is_refused(desk: Desk, number: str) -> None:
    desk.base.take("demands", demand(1, of=3))
    assert desk.post("/operator/reviews/1/link", enterprise_id=number).status_code == 404
    assert desk.one(ReviewItem).decision is None


def test_a_refused_row_stays_to_be_seen_with_its_reason(desk: Desk) -> None:
    desk.base.take("demands", demand(1, of=3))
    assert desk.post("/operator/reviews/1/refuse", note="").status_code == 422
    desk.post("/operator/reviews/1/refuse", note="不是本市企业")
    assert "没有待核对记录" in told(desk.get("/operator/reviews"))
    assert "不是本市企业" in told(desk.get("/operator/reviews?decided=1"))


def test_a_demand_is_verified_with_how_it_was_done(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1))
    desk.base.take("demands", demand(1))
    assert "8/8" in told(desk.get("/operator/demands/1"))
    said = {"how": "call", "spoken_to": "王某", "spoken_post": "厂长", "on": "2024-03-01", "note": "与王某通话"}
    for field, value, sentence in (
        ("how", "dream", "请选择核实方式"), ("how", "", "请选择核实方式"), ("spoken_to", " ", "姓名"), ("spoken_post", "", "职务"),
        ("on", "", "核实日期"), ("on", "2024-03-05", "不能晚于今天"), ("on", "2024-01-31", "不能早于"), ("note", "", "核实到的情况"),
        ("how", "signed_sheet", "请先上传确认单"),
    ):  # fmt: skip
        refused = desk.post("/operator/demands/1/verify", **{**said, field: value})
        assert refused.status_code == 422 and f'id="verify-{field}-error"' in refused.text and sentence in told(refused)
    assert desk.one(Demand).state == "submitted"
    page = told(follow(desk, desk.post("/operator/demands/1/verify", **said)))
    assert all(each in page for each in ("电话核实", "与王某通话", "王某", "厂长", "2024-03-01"))
    assert desk.one(Demand).state == "verified"


def test_a_signed_sheet_is_kept_and_shown_on_the_demand(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1))
    desk.base.take("demands", demand(1))
    assert "没有签章的确认单" in told(desk.get("/operator/demands/1"))
    sheet = {"signed_by": "王某 总经理", "signed_on": "2024-03-01"}
    for change, field in (({"signed_by": ""}, "signed_by"), ({"signed_on": ""}, "signed_on"),
                          ({"signed_on": "2024-03-05"}, "signed_on")):  # fmt: skip
        refused = desk.post(
            "/operator/demands/1/sheet", file=(BytesIO(letter("x")), "确认单.eml"), **{**sheet, **change}
        )
        assert refused.status_code == 422 and f'id="sheet-{field}-error"' in refused.text
    assert desk.post("/operator/demands/1/sheet", **sheet).status_code == 422
    page = told(
        follow(desk, desk.post("/operator/demands/1/sheet", file=(BytesIO(letter("x")), "确认单.eml"), **sheet))
    )
    assert "确认单.eml" in page and "王某 总经理" in page and "签章的确认单在案" in page


def test_what_is_typed_of_a_demand_counts_literally_only(desk: Desk) -> None:
    """Schemes 8 and 9, by the pages: rows of a sheet with columns of verification, and the form with its tick."""
    desk.base.take("enterprises", firm(1))
    headers = ("企业名称", "需求名称", "拟解决的技术难题", "授权人", "核实方式", "核实人", "是否核实")
    rows = [
        (firm(1).name or "", f"鞋底防滑{n}", f"雨天打滑{n}次。鞋底磨损后变差。", "总经理", "电话", "王某", "是")
        for n in range(3)
    ]
    desk.write(desk.upload("demands", ("征集表.csv", as_csv(headers, rows))))
    job = told(desk.get("/intake/jobs/1"))
    assert "核实方式" in job and "是否核实" in job  # the columns that were ignored are told
    form = {
        "title": "注塑机换模",
        "text": "注塑机换模时间过长,希望自动换模",
        "authorised": "y",
        "authorised_by": "总经理",
    }
    follow(desk, desk.post("/operator/enterprises/1/demands/new", **form))
    with desk.base.runtime.unit(write=False) as unit:
        asked = question(unit)
        for number in range(1, 5):
            codes = {reason.code for reason in explain_record(unit, "demands", number, asked).reasons}
            assert {"demand_unverified", "demand_authorisation_unproven"} <= codes


def test_a_demand_is_returned_with_a_reason_only(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1))
    desk.base.take("demands", demand(1))
    assert desk.post("/operator/demands/1/return", note=" ").status_code == 422
    follow(desk, desk.post("/operator/demands/1/return", note="请补指标"))
    assert desk.one(Demand).state == "returned"


def test_a_likely_repetition_stands_beside_its_twin_and_is_decided(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1), firm(2))
    desk.base.take("demands", demand(1), demand(1, of=2))
    page = told(desk.get("/operator/demands/2"))
    assert "与更早的一条相似度 100%" in page and "晋江市某某1鞋业有限公司" in page
    assert "认定为同一条" in told(follow(desk, desk.post("/operator/demands/2/likeness", decision="same")))


def test_a_demand_is_entered_for_an_enterprise(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1))
    assert "某某1" in told(desk.get("/operator/demands/new?q=某某1"))
    wrong = desk.post("/operator/enterprises/1/demands/new", title="", text="短")
    assert wrong.status_code == 422
    page = follow(
        desk,
        desk.post(
            "/operator/enterprises/1/demands/new",
            title="鞋底防滑",
            text="雨天地砖上容易滑倒,大底磨损后变差",
            object="鞋底",
        ),
    )
    assert "鞋底防滑" in told(page)
    assert desk.one(Demand).enterprise_id == 1


def test_nobody_enters_a_demand_for_an_enterprise_that_is_not_there(desk: Desk) -> None:
    assert desk.get("/operator/enterprises/9/demands/new").status_code == 404


def test_contact_data_are_in_part_until_shown_on_purpose(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1))
    desk.base.take("demands", demand(1))
    assert "13800000000" not in desk.get("/operator/demands/1").text
    assert "13800000000" in desk.post("/operator/records/demands/1/contact").text


def test_pushes_go_from_match_over_plan_to_sending_and_single_ones_are_taken_back(desk: Desk) -> None:
    base = desk.base
    wanted = demand(1)
    same = {"title": wanted.title, "abstract": f"{wanted.text}{wanted.aim}{wanted.targets}"}
    other = {**same, "title": f"用于{wanted.title}的多层复合环保新型材料体系及连续化低能耗制备工艺"}
    base.take("patents", patent(1, **same), patent(2, **other), patent(3, title="一种注塑机", abstract="换模"))
    base.take("enterprises", firm(1, contact_email="a@firm.example"))
    base.take("demands", wanted)
    assert desk.post("/operator/pushes/plan").status_code == 409  # nothing was matched yet
    follow(desk, desk.post("/operator/pushes/match"))
    page = told(follow(desk, desk.post("/operator/pushes/plan")))
    assert "入选 2 条" in page and "匹配理由" in page and desk.number(Push) == 0
    assert "已确认 2 条" in told(follow(desk, desk.post("/operator/pushes/drafts/1/confirm")))
    follow(desk, desk.post("/operator/pushes/1/withdraw", reason="不合适"))
    assert desk.post("/operator/pushes/1/withdraw", reason="再次").status_code == 409
    sent = told(follow(desk, desk.post("/operator/pushes/send")))
    assert "发出 1 条" in sent and "其中 1 条只写入了文件夹，没有送达" in sent and "送达 1 条" not in sent
    with base.runtime.unit(write=False) as unit:
        assert sorted(unit.session.execute(select(Push.state)).scalars()) == ["suppressed", "written"]
    assert len(list((base.runtime.home / "outbox").glob("*.eml"))) == 1


DEAL_FORM = {
    "contract_number": "HT-1",
    "deal_type": "transfer",
    "application_numbers": number(1),
    "seller_name": "晋水理工学院",
    "buyer_name": "晋江市某某1鞋业有限公司",
    "buyer_uscc": code(1),
    "signed_on": "2024-03-01",
    "amount_yuan": "80,000.00",
}


@pytest.fixture
def trading(desk: Desk) -> Desk:
    desk.base.take("patents", patent(1))
    desk.base.take("enterprises", firm(1))
    return desk


def test_a_deal_is_recorded_by_form_and_says_at_once_why_it_counts_or_not(trading: Desk) -> None:
    page = told(follow(trading, trading.post("/operator/deals/new", **DEAL_FORM)))
    assert "HT-1" in page and "仅按文义口径计入" in page and "没有付款" in page.replace("截至统计日期", "")
    assert trading.one(Deal).amount_yuan == 80000
    assert trading.post("/operator/deals/new", **DEAL_FORM).status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("application_numbers", "12345", 422),
        ("application_numbers", number(9), 422),
        ("buyer_uscc", "91350582XXXX", 422),
        ("signed_on", "2024-02-30", 422),
        ("amount_yuan", "1e5", 422),
        ("deal_type", "gift", 422),
        ("seller_name", "", 422),
    ],
)
def test_a_wrong_field_of_a_deal_is_told_and_nothing_is_recorded(
    trading: Desk, field: str, value: str, status: int
) -> None:
    answer = trading.post("/operator/deals/new", **{**DEAL_FORM, field: value})
    assert answer.status_code == status
    assert "invalid-feedback" in answer.text
    assert trading.number(Deal) == 0


def test_stages_payments_and_evidence_are_added_on_the_page_of_the_deal(trading: Desk) -> None:
    trading.post("/operator/deals/new", **DEAL_FORM)
    event = {
        "to": "registered",
        "on": "2024-03-02",
        "number": "变更1",
        "file": (BytesIO(letter("register")), "变更.pdf"),
    }
    assert trading.post("/operator/deals/1/event", **event).status_code == 302
    payment = {
        "paid_on": "2024-03-02",
        "amount_yuan": "8万",
        "voucher": "V1",
        "file": (BytesIO(letter("paid")), "回单.pdf"),
    }
    page = told(follow(trading, trading.post("/operator/deals/1/payment", **payment)))
    assert "专利权转移登记" in page and "付款有凭证" in page and "回单.pdf" in page
    assert trading.get("/bureau/evidence/2").data == letter("paid")
    assert trading.post("/operator/records/deals/1/evidence/2/withdraw", reason="").status_code == 422
    page = told(follow(trading, trading.post("/operator/records/deals/1/evidence/2/withdraw", reason="放错了")))
    assert "放错了" in page and "付款有凭证" not in page


def test_a_step_without_day_or_amount_is_refused(trading: Desk) -> None:
    trading.post("/operator/deals/new", **DEAL_FORM)
    assert trading.post("/operator/deals/1/event", to="registered").status_code == 422
    assert trading.post("/operator/deals/1/payment", paid_on="2024-03-02").status_code == 422
    assert trading.post("/operator/deals/1/payment", paid_on="gestern", amount_yuan="1").status_code == 422
    assert trading.post("/operator/records/deals/1/evidence", purpose="contract").status_code == 422


def test_the_evidence_comes_as_a_download_and_never_as_a_page(trading: Desk) -> None:
    trading.post("/operator/deals/new", **DEAL_FORM)
    file = (BytesIO(letter("<script>alert(1)</script>")), "a.html")
    trading.post("/operator/records/deals/1/evidence", purpose="contract", file=file)
    answer = trading.get("/bureau/evidence/1")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=a.html.eml"


def test_who_entered_a_deal_sees_that_the_own_word_does_not_count(trading: Desk) -> None:
    trading.post("/operator/deals/new", **DEAL_FORM)
    Person(trading.app, "reviewer").post("/bureau/records/deals/1/word", {"decision": "confirmed"})
    page = told(follow(trading, trading.post("/bureau/records/deals/1/word", decision="confirmed")))
    assert "录入人不能确认自己录入的记录" in page


def test_an_offer_and_a_licence_are_recorded_by_form(trading: Desk) -> None:
    offer = {
        "application_number": f"ZL{number(1)}",
        "holder_name": "晋水理工学院",
        "regime": "cnipa",
        "declared_on": "2024-02-01",
        "fee_method": "fixed",
        "fee_yuan": "20000",
    }
    assert "不计入" not in told(follow(trading, trading.post("/operator/offers/new", **offer)))[:200]
    assert trading.one(Offer).patent_id == 1
    licence = {
        "application_number": number(1),
        "licensee_name": "晋江市某某1鞋业有限公司",
        "licensee_uscc": code(1),
        "regime": "",
        "notified_on": "2024-03-01",
        "reached_on": "2024-03-01",
        "paid_on": "2024-03-01",
        "paid_yuan": "20000",
    }
    page = told(follow(trading, trading.post("/operator/licences/new", **licence)))
    assert "付款" in page
    proof = {"purpose": "payment_proof", "file": (BytesIO(letter("paid")), "回单.pdf")}
    page = told(follow(trading, trading.post("/operator/records/licences/1/evidence", **proof)))
    assert "付款有凭证" in page
    assert "应在 2024-06-03 前备案" in told(trading.get("/trade/records?kind=licences"))


def test_a_firm_is_called_local_by_hand_with_a_reason(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1, uscc=None, name="某某鞋业有限公司"))
    assert desk.post("/operator/enterprises/1/local", local="yes", reason="").status_code == 422
    assert desk.post("/operator/enterprises/1/local", local="maybe", reason="x").status_code == 422
    page = told(follow(desk, desk.post("/operator/enterprises/1/local", local="yes", reason="纳税地在陈埭镇")))
    assert "运营人员认定" in page and "纳税地在陈埭镇" in page
    assert desk.one(Enterprise).local is True


def test_the_first_page_leads_to_what_waits(desk: Desk) -> None:
    desk.base.take("demands", demand(1, of=3))
    page = desk.get("/operator/")
    assert re.search(r'href="/operator/reviews"><strong>1</strong>\s*行导入数据待核对', page.text)
    assert "严格口径" in desk.get("/bureau/summary").text


@pytest.mark.parametrize("path", ["/trade/records", "/operator/demands",
                                  "/operator/pushes", "/intake/batches", "/operator/reviews", "/bureau/base"])  # fmt: skip
@pytest.mark.parametrize("page", ["0", "99999999", "x", "２"])
def test_any_page_number_in_the_address_shows_a_list(desk: Desk, path: str, page: str) -> None:
    assert desk.get(f"{path}?page={page}&q=%25&state=x&kind=x").status_code == 200


def test_a_recorded_deal_is_not_shown_as_deal_of_somebody_else(trading: Desk) -> None:
    trading.base.take("deals", deal(1))
    assert trading.get("/bureau/records/deals/2").status_code == 404
