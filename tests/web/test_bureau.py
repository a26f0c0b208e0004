"""Pages of the bureau: progress, drill-down, records, words, samples, exports, the log; nothing to edit, no push."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchhub import worker
from matchhub.db.tables import Account, EvidenceFile
from matchhub.domain.calendar import CHINA
from matchhub.domain.records import StatusClaim
from matchhub.errors import NotAllowed
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.evidence.checking import check_evidence
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import place_of, store_evidence
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import VISITOR, Actor
from tests.papers import letter
from tests.services.desk_base import Base, deal, demand, firm, patent
from tests.web.people import Person
from web.gate import may_call

BUREAU_PAGES = (
    "/bureau/",
    "/bureau/base?kind=deals",
    "/bureau/records/deals/1",
    "/bureau/records/enterprises/1",
    "/bureau/thresholds/invention_deals",
    "/bureau/thresholds/patents/sample",
    "/bureau/log",
)
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def filled(base: Base) -> Base:
    base.take("patents", patent(1, applicants=(firm(2).name,)), patent(2, title=None))
    base.take("enterprises", firm(1, legal_representative="林某"), firm(2, legal_representative="林某"))
    base.take("demands", demand(1))
    base.take("deals", deal(1, seller_name=firm(2).name, seller_uscc=firm(2).uscc))
    base.later(10)
    return base


@pytest.fixture
def reviewer(filled: Base, desk_app: Flask) -> Person:
    return Person(desk_app, "reviewer")


def told(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_progress_shows_both_goals_literal_and_strict(reviewer: Person) -> None:
    page = told(reviewer.get("/bureau/"))
    assert "专利交易匹配基础数据库" in page and "专利开放许可" in page
    assert re.search(r"1 / 10,000 文义口径 2", page)
    assert 'class="chart"' in reviewer.get("/bureau/").text


@pytest.mark.parametrize(("day", "says"), [("2025-12-30", "政策期2023年1月1日至2025年12月31日 "),
                                           ("2025-12-31", "政策期2023年1月1日至2025年12月31日 "),
                                           ("2026-01-01", "2025年12月31日已结束")])  # fmt: skip
def test_the_ended_window_is_said_from_the_day_after_its_last(reviewer: Person, day: str, says: str) -> None:
    page = told(reviewer.get(f"/bureau/?as_of={day}"))
    assert says in page
    assert ("已结束" in page.split("适用规则")[0]) == (day == "2026-01-01")


def test_the_moment_of_knowledge_can_be_chosen(filled: Base, reviewer: Person) -> None:
    filled.take("patents", patent(3))
    assert re.search(r"2 / 10,000 文义口径 3", told(reviewer.get("/bureau/")))
    assert re.search(r"1 / 10,000 文义口径 2", told(reviewer.get("/bureau/?known_at=2024-03-05")))
    assert re.search(r"0 / 10,000 文义口径 0", told(reviewer.get("/bureau/?known_at=2024-03-03")))


@pytest.mark.parametrize("query", ["as_of=yesterday", "as_of=2024-02-30", "as_of=0001-01-01", "as_of=9999-12-31", "known_at=soon", "known_at=0001-01-01T00:00",
                                   "policy=dream"])  # fmt: skip
def test_a_question_that_cannot_be_read_is_told(reviewer: Person, query: str) -> None:
    answer = reviewer.get(f"/bureau/?{query}")
    assert answer.status_code == 422
    assert "fault" in answer.text


def test_every_number_opens_into_its_rows_and_every_row_into_its_reasons(reviewer: Person) -> None:
    rows = reviewer.get("/bureau/thresholds/patents?show=literal_only")
    assert "patent_title_missing" in rows.text and "/bureau/records/patents/2" in rows.text
    assert "/bureau/records/patents/1" not in rows.text
    record = told(reviewer.get("/bureau/records/patents/2"))
    assert "仅按文义口径计入" in record and "patents.csv" in record and "第 3 行" in record and "批次 1" in record


def test_rows_are_filtered_by_reason_and_words(reviewer: Person) -> None:
    by_reason = reviewer.get("/bureau/thresholds/patents?code=patent_title_missing")
    assert "records/patents/2" in by_reason.text and "records/patents/1" not in by_reason.text
    by_words = reviewer.get("/bureau/thresholds/enterprises?q=某某2")
    assert "records/enterprises/2" in by_words.text and "records/enterprises/1" not in by_words.text
    assert reviewer.get("/bureau/thresholds/dreams").status_code == 404


def test_a_record_not_yet_known_at_the_moment_says_so(reviewer: Person) -> None:
    assert "当时还没有这条记录" in told(reviewer.get("/bureau/records/patents/1?known_at=2024-03-01"))


def test_the_bureau_confirms_rejects_with_a_note_and_takes_back(reviewer: Person) -> None:
    assert reviewer.post("/bureau/records/deals/1/word", {"decision": "rejected"}).status_code == 422
    assert reviewer.post("/bureau/records/deals/1/word", {"decision": "perhaps"}).status_code == 422
    reviewer.post("/bureau/records/deals/1/word", {"decision": "rejected", "note": "合同看不清"})
    page = told(reviewer.get("/bureau/records/deals/1"))
    assert "合同看不清" in page and "主管部门核查后未予认可" in page and "record_rejected" not in page
    reviewer.post("/bureau/records/deals/1/word/1/withdraw", {"note": "已补"})
    assert "record_rejected" not in reviewer.get("/bureau/records/deals/1").text


def test_an_affiliation_is_overruled_with_a_reason(reviewer: Person) -> None:
    assert "parties_affiliated" in reviewer.get("/bureau/records/deals/1").text
    assert reviewer.post("/bureau/records/deals/1/overrule", {"note": ""}).status_code == 422
    reviewer.post("/bureau/records/deals/1/overrule", {"note": "同名不同人"})
    page = reviewer.get("/bureau/records/deals/1").text
    assert "交易双方存在关联关系" not in page and "同名不同人" in page
    assert reviewer.post("/bureau/records/patents/1/overrule", {"note": "x"}).status_code == 404


def test_a_sample_is_drawn_looked_at_and_closed(app: Flask, reviewer: Person) -> None:
    page = "/bureau/thresholds/patents/sample"
    assert reviewer.post(f"{page}?seed=20240315", {}).location == "/bureau/samples/1"
    assert "即日志第" in reviewer.get("/bureau/samples/1").text
    assert reviewer.post(page, {}).status_code == 409  # one that is open at a time
    (record,) = re.findall(r'id="record-(\d+)"', reviewer.get("/bureau/samples/1").text)
    found = f"/bureau/samples/1/records/{record}"
    refused = reviewer.post(found, {"decision": "wrong", "note": ""})
    assert refused.status_code == 422 and "请写明" in told(refused)
    assert reviewer.post("/bureau/samples/1/close", {"note": ""}).status_code == 422
    reviewer.post(found, {"decision": "wrong", "note": "登记簿上已失效"})
    reviewer.post("/bureau/samples/1/close", {"note": "请运营机构核对"})
    assert reviewer.post(found, {"decision": "confirmed", "note": ""}).status_code == 409
    for who in ("reviewer", "operator"):  # the share stands beside the count, for whoever is sampled too
        shown = Person(app, who).get("/bureau/thresholds/patents").text
        assert "已核 1 条，属实 0 条" in shown and "低于要求，还差" in shown and "/bureau/samples/1" not in shown
    for path, beside in (
        ("/trade/awards", "1 / 10,000"),
        ("/bureau/statistics", "合计"),
        ("/bureau/packs?a=jinjiang-2023-6&b=example-successor-2026", "1 / 10,000"),
    ):
        shown = told(reviewer.get(path))
        assert re.search(beside + r".{0,60}可支持数 0", shown), (
            f"{path}: the count stands there without what supports it"
        )
        assert shown.count("可支持数") == 1, f"{path}: only this number was sampled, and by the rules of this pack"
    both = "policy_a=jinjiang-2023-6&policy_b=example-successor-2026"
    shown = told(reviewer.get(f"/bureau/compare?{both}"))
    assert re.search(r"专利 1 可支持数 0", shown) and shown.count("可支持数") == 1
    for path, row in (("/bureau/statistics?as=xlsx", "可支持数"), (f"/bureau/compare.xlsx?{both}", "专利：可支持数")):
        sheet = openpyxl.load_workbook(BytesIO(reviewer.get(path).data)).worksheets[0]
        (found,) = [each for each in sheet.iter_rows(values_only=True) if each[0] == row]
        assert [each for each in found[1:] if isinstance(each, int)] == [0], path


def test_the_export_answers_the_same_question_as_the_screen(filled: Base, reviewer: Person) -> None:
    answer = reviewer.get("/bureau/thresholds/patents/rows.xlsx?as_of=2024-03-20&known_at=2024-03-19T12:00")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    about = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
    with filled.runtime.unit(write=False) as unit:
        counted = count_progress(unit, question(unit)).threshold("patents")
        digest = unit.pack.digest
    assert (about["严格口径"], about["文义口径"]) == (counted.count.strict, counted.count.literal) == (1, 2)
    assert about["规则包 SHA-256"] == digest
    assert str(about["截至日期"])[:10] == "2024-03-20" and about["只看某一时刻之前登记的"] == "2024-03-19 12:00"
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[7], row[8]) for row in rows] == [(1, True, True), (2, True, False)]
    assert "patent_title_missing" in str(rows[1][9])


def test_the_export_follows_the_filter(reviewer: Person) -> None:
    address = (
        "/bureau/thresholds/patents/rows.xlsx?show=strict&trade=footwear&act=pair_decide&q=鞋&lack=patent_title_missing"
    )
    book = openpyxl.load_workbook(BytesIO(reviewer.get(address).data))
    about = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
    said = {name.removeprefix("筛选："): value for name, value in about.items() if name.startswith("筛选：")}
    assert list(said) == ["名称或号码", "口径", "原因", "只差这一步", "产业", "来源", "登记人", "只差一项"]
    assert said["名称或号码"] == "鞋" and said["口径"] == "按严格口径计入" and said["来源"] in (None, "")
    assert said["产业"] and said["产业"] != "footwear" and said["只差这一步"] != "pair_decide" and said["只差一项"]


def test_changes_are_asked_about_now_whatever_the_desk_looks_at(filled: Base, reviewer: Person) -> None:
    desk = reviewer.get("/bureau/?known_at=2024-03-04T11:00").text
    assert "/bureau/changes?" not in desk and 'hx-get="/bureau/changes"' in desk
    now, then = (told(reviewer.get(f"/bureau/changes{more}")) for more in ("", "?known_at=2024-03-04T10:00"))
    assert "新计入" in now and re.findall("新计入 .{1,9} 条", now) == re.findall("新计入 .{1,9} 条", then)


def test_the_log_is_shown_and_checked(reviewer: Person) -> None:
    assert "import.finished" in reviewer.get("/bureau/log?verb=import.").text
    assert "日志完整" in told(reviewer.get("/bureau/log/check"))


def test_an_entry_of_the_log_is_a_sentence_with_its_record_and_the_raw_data_folded(
    filled: Base, reviewer: Person
) -> None:
    with filled.runtime.unit(Actor("operator", account_id=number_of(filled, "operator"))) as unit:
        append_event(unit, "demand.verified", "demands", 1, how="phone")
    page = reviewer.get("/bureau/log?kind=demands").text
    entry = page.partition('<li id="entry-')[2].partition("</li>")[0]
    seen, _, folded = entry.partition("<details")
    assert re.search(
        r"<strong>[^<]+</strong>\s*核实通过了需求：<a href=\"/bureau/records/demands/1\">技术需求 1：", seen
    )
    assert "demand.verified" not in seen and '"how"' not in seen
    assert "demand.verified" in folded and "phone" in folded
    reviewer.client.set_cookie("matchhub_language", "en")
    assert "verified the demand" in told(reviewer.get("/bureau/log?kind=demands"))


def test_the_log_is_narrowed_by_person_kind_and_day(filled: Base, reviewer: Person) -> None:
    def entries(asked: str) -> int:
        return reviewer.get(f"/bureau/log?{asked}").text.count('<li id="entry-')

    with filled.runtime.unit(Actor("operator", account_id=number_of(filled, "operator"))) as unit:
        append_event(unit, "demand.verified", "demands", 1, how="phone")
        today = unit.today
    assert entries("who=operator") == 1 and entries("who=nobody-of-that-name") == 0
    assert entries("who=operator&kind=patents") == 0
    assert entries(f"kind=demands&since={today}") == 1 and entries(f"kind=demands&until={today}") == entries(
        "kind=demands"
    )
    assert entries(f"since={today + timedelta(days=1)}") == 0
    assert entries(f"until={today - timedelta(days=400)}") == 0


def number_of(base: Base, login: str) -> int:
    with base.runtime.unit(write=False) as unit:
        return unit.session.execute(select(Account.id).where(Account.login == login)).scalar_one()


def test_the_check_names_what_was_changed_past_the_platform(filled: Base, reviewer: Person) -> None:
    with filled.runtime.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE patents SET demo = NOT demo WHERE id = 2")
    assert "表 patents 第 2 行" in told(reviewer.get("/bureau/log/check"))


def test_the_check_tells_a_clock_set_back_as_a_sign(filled: Base, reviewer: Person) -> None:
    filled.later(-60)
    filled.take("patents", patent(3))
    page = told(reviewer.get("/bureau/log/check"))
    assert "日志完整" in page and "时钟被拨回" in page


def test_the_bureau_has_no_way_to_edit_or_push(reviewer: Person) -> None:
    """What it may change is its own word, its own judgement of affiliations and its own accounts, nothing else."""
    app = reviewer.app
    may = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & CHANGING and may_call(app, rule.endpoint, Actor("reviewer"))
        if not rule.endpoint.startswith(
            ("account.", "api.")
        )  # the API offers the same acts: tests/web/api/test_roles.py
        if not may_call(app, rule.endpoint, VISITOR)
    }
    assert may == {
        "bureau.give_confirmation",
        "bureau.settle_objection",
        "bureau.withdraw_confirmation",
        "bureau.overrule",
        "bureau.judge_offer_industry",
        "bureau.draw_sample",
        "bureau.note_finding",
        "bureau.close_sample",
        "bureau.build_package",  # a file of what is counted
        "bureau.send_worksheet",
        "bureau.decide_similar_evidence",
        "bureau.allow_payments",
        "bureau.confirm_rule_pack",
        "bureau.decide_source",
        "bureau.keep_changes",  # when the account itself last looked
        "bureau.make_checkpoint",
        "bureau.add_bureau_account",
        "bureau.disable_bureau_account",
        "bureau.enable_bureau_account",
        "bureau.set_bureau_password",
        "bureau.reset_bureau_codes",
        "trade.relate",
        "trade.withdraw_related",
        "home.save",  # a search of one's own
        "home.see",
        "home.remove",
    }


@pytest.mark.parametrize("path", [*BUREAU_PAGES, "/trade/awards", "/trade/deals/1", "/matching/thesaurus"])
def test_the_auditor_reads_what_the_bureau_reads_and_is_offered_no_act(reviewer: Person, path: str) -> None:
    auditor = Person(reviewer.app, "auditor")
    seen, page = reviewer.get(path), auditor.get(path)
    assert (seen.status_code, page.status_code) == (200, 200)
    assert re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', page.text) == [
        "/account/sign-out",
        "/account/session",  # asks for the password where the session has ended, on every page
    ]
    assert re.findall(r"<h[12][^>]*>[^<]*", page.text) == re.findall(r"<h[12][^>]*>[^<]*", seen.text)


def test_the_auditor_confirms_nothing(filled: Base, reviewer: Person) -> None:
    auditor = Person(reviewer.app, "auditor")
    assert auditor.post("/bureau/records/deals/1/word", {"decision": "confirmed"}).status_code == 403
    with pytest.raises(NotAllowed), filled.runtime.unit(filled.people["auditor"]) as unit:
        confirm(unit, "deals", 1)


def test_a_record_page_offers_the_bureau_no_form_of_the_operator(reviewer: Person) -> None:
    for kind in ("deals", "enterprises", "demands", "patents"):
        assert 'action="/operator/' not in reviewer.get(f"/bureau/records/{kind}/1").text


def test_contact_data_never_stand_in_full_on_the_pages_of_the_bureau(reviewer: Person) -> None:
    for path in ("/bureau/records/demands/1", "/bureau/thresholds/local_demands", "/bureau/log"):
        assert "13800000000" not in reviewer.get(path).text


def test_late_evidence_changes_what_is_known_now_and_not_what_was_known(filled: Base, reviewer: Person) -> None:
    before = filled.clock.now
    filled.clock.forward(timedelta(hours=1))
    filled.take("patents", patent(2))  # its title is learned late
    shown = before.strftime("%Y-%m-%dT%H:%M")
    assert re.search(r"2 / 10,000", told(reviewer.get("/bureau/")))
    assert re.search(r"1 / 10,000", told(reviewer.get(f"/bureau/?known_at={shown}%2B00:00")))


def test_the_first_page_fetches_what_left_the_count(filled: Base, desk_app: Flask) -> None:
    reviewer = Person(desk_app, "reviewer")
    assert 'hx-get="/bureau/losses"' in reviewer.get("/bureau/").text
    filled.later(31)
    filled.take("patents", patent(1, status=StatusClaim("dead", "fee_lapse", "未缴年费终止", filled.clock().date())))
    filled.later()
    reviewer = Person(desk_app, "reviewer")  # a month later nobody is signed in any more
    part = reviewer.get("/bureau/losses", headers={"HX-Request": "true"}).text
    assert "<html" not in part and "当时按严格口径计入的 1 条中，有 1 条现已不再计入" in part
    page = reviewer.get("/bureau/losses").text
    assert "/bureau/records/patents/1" in page and "<html" in page
    assert "没有记录退出计数" in told(reviewer.get("/bureau/losses?claimed_at=2024-03-01T10:00"))


def test_the_first_page_tells_when_the_log_was_verified_and_what_came_of_it(
    filled: Base, desk_app: Flask, reviewer: Person
) -> None:
    def line(person: Person) -> str:
        page = person.get("/bureau/").text
        found = re.search(r'<li id="verified">.*?</li>', page, re.S)
        assert found and 'href="/bureau/log"' in found[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))

    assert "尚未校验" in line(reviewer)
    assert worker.run_tick(filled.runtime, "one", "evidence")
    said = line(reviewer)
    assert "与登记时一致" in said and "天前" not in said
    assert "日志完整" in said and f"{filled.clock().astimezone(CHINA):%Y-%m-%d %H:%M}" in said
    with filled.runtime.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE patents SET demo = NOT demo WHERE id = 2")
    assert "与登记时一致" in line(reviewer), "it tells of that moment"
    filled.later(2)
    assert "2 天前" in line(Person(desk_app, "reviewer"))
    assert worker.run_tick(filled.runtime, "one", "evidence")
    said = line(Person(desk_app, "reviewer"))
    assert "发现问题" in said and "表 patents 第 2 行" in said and "天前" not in said


@pytest.mark.parametrize("moment", ["2099-01-01T00:00", "gestern"])
def test_a_moment_that_cannot_be_compared_with_is_told_at_its_field_and_kept(reviewer: Person, moment: str) -> None:
    answer = reviewer.get(f"/bureau/losses?claimed_at={moment}")
    assert answer.status_code == 422
    assert 'id="claimed_at-error"' in answer.text and f'value="{moment}"' in answer.text


def test_the_first_page_tells_when_the_evidence_was_checked_and_what_is_damaged(filled: Base, reviewer: Person) -> None:
    assert "尚未核对过" in reviewer.get("/bureau/").text
    with filled.runtime.unit(filled.people["clerk"]) as unit:
        number = store_evidence(unit, "deals", 1, "contract", "合同.pdf", letter("signed"))
        place = place_of(filled.runtime.home, unit.session.get_one(EvidenceFile, number).sha256)
    with filled.runtime.unit() as unit:
        check_evidence(unit)
    assert "全部与存入时一致" in reviewer.get("/bureau/").text
    place.unlink()
    with filled.runtime.unit() as unit:
        check_evidence(unit)
    page = reviewer.get("/bureau/").text
    assert "全部与存入时一致" not in page
    assert re.search(r'href="/bureau/records/deals/1">合同.pdf</a>', page)
