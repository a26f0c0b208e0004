"""Small forms of the staff's pages: what is refused is shown on its page, filled, with the sentence at its field."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask

from matchhub.db.tables import ReviewItem
from tests.services.desk_base import Base, deal, demand, firm, patent
from tests.services.verifying import FORM
from tests.web.people import Person
from tests.web.shown_forms import fault_at, is_unfolded, leads_to, summary_of, typed_in
from tests.web.test_operator import Desk
from tests.web.test_second_factor import register

TOO_LONG = "长" * 1001


VERIFIED = {**FORM, "on": "2024-03-04"}


@pytest.fixture
def desk(base: Base, desk_app: Flask) -> Desk:
    return Desk(base, desk_app)


@pytest.fixture
def demands(desk: Desk) -> Desk:
    """A firm with two demands, the second like the first."""
    desk.base.take("enterprises", firm(1))
    desk.base.take("demands", demand(1), demand(2))
    return desk


class TestDemandOfTheOperator:
    def test_verifying_without_saying_how_is_told_there_and_the_note_stays(self, demands: Desk) -> None:
        answer = demands.post("/operator/demands/1/verify", **{**VERIFIED, "how": "", "note": "问过王某"})
        assert answer.status_code == 422
        assert fault_at(answer, "verify-how") == "请选择核实方式。"
        assert typed_in(answer, "verify-note") == "问过王某"
        assert leads_to(answer) == ["verify-how"]

    def test_how_it_was_verified_stays_chosen_when_the_note_is_too_long(self, demands: Desk) -> None:
        answer = demands.post("/operator/demands/1/verify", **{**VERIFIED, "how": "visit", "note": "长" * 501})
        assert answer.status_code == 422 and fault_at(answer, "verify-note") == "内容长度应为 1 至 500 个字符。请调整。"
        assert 'value="visit" checked' in answer.text and typed_in(answer, "verify-note") == "长" * 501

    @pytest.mark.parametrize(("length", "status"), [(499, 302), (500, 302), (501, 422)])
    def test_a_note_of_five_hundred_characters_is_taken_whole(self, demands: Desk, length: int, status: int) -> None:
        answer = demands.post("/operator/demands/1/verify", **{**VERIFIED, "note": "长" * length})
        assert answer.status_code == status
        assert ("长" * 500 in demands.get("/operator/demands/1").text) == (length == 500)

    def test_a_return_without_a_reason_stands_unfolded_with_its_sentence(self, demands: Desk) -> None:
        answer = demands.post("/operator/demands/1/return", note=" ")
        assert answer.status_code == 422 and "请写明理由" in fault_at(answer, "return-note")
        assert is_unfolded(answer, "return-note") and not is_unfolded(answer, "move-withdrawn-note")

    def test_a_reason_that_is_too_long_stays_whole(self, demands: Desk) -> None:
        answer = demands.post("/operator/demands/1/return", note=TOO_LONG)
        assert answer.status_code == 422 and typed_in(answer, "return-note") == TOO_LONG
        assert "内容长度" in fault_at(answer, "return-note")

    def test_of_two_forms_for_steps_the_one_that_was_sent_is_shown(self, demands: Desk) -> None:
        answer = demands.post("/operator/demands/1/move", state="withdrawn", note="长" * 501)
        assert answer.status_code == 422 and "内容长度" in fault_at(answer, "move-withdrawn-note")
        assert is_unfolded(answer, "move-withdrawn-note") and typed_in(answer, "move-solved-note") == ""

    def test_a_step_nobody_knows_is_told_above_the_page(self, demands: Desk) -> None:
        answer = demands.post("/operator/demands/1/move", state="lost", note="企业来电")
        assert (
            answer.status_code == 422
            and "没有“lost”这种决定" in summary_of(answer)
            and "企业来电" in summary_of(answer)
        )

    def test_what_was_typed_is_shown_when_the_demand_moved_on_meanwhile(self, demands: Desk) -> None:
        demands.post("/operator/demands/1/move", state="withdrawn")
        answer = demands.post("/operator/demands/1/return", note="请补充指标")
        assert answer.status_code == 409 and "您填写的内容： 请补充指标" in summary_of(answer)

    def test_a_likeness_that_is_none_is_told_at_its_place(self, demands: Desk) -> None:
        answer = demands.post("/operator/demands/1/likeness", decision="same")
        assert answer.status_code == 422 and summary_of(answer) and "鞋底湿滑" in answer.text

    def test_a_demand_that_is_not_there_has_no_page_to_show(self, demands: Desk) -> None:
        assert demands.post("/operator/demands/99/return", note="").status_code == 404


class TestHeldRows:
    @pytest.fixture
    def held(self, desk: Desk) -> Desk:
        desk.base.take("demands", demand(1, of=3))
        return desk

    def test_a_retry_that_is_refused_is_told_on_the_page_of_the_row(self, held: Desk) -> None:
        answer = held.post("/operator/reviews/1/retry")
        assert answer.status_code == 422 and "这一行写了什么" in answer.text and summary_of(answer)
        assert answer.text.count("small-fault") == 1

    @pytest.mark.parametrize("note", ["", "   ", TOO_LONG])
    def test_a_refusal_without_a_fit_reason_is_told_at_the_reason(self, held: Desk, note: str) -> None:
        answer = held.post("/operator/reviews/1/refuse", note=note)
        assert answer.status_code == 422 and fault_at(answer, "refuse-note")
        assert typed_in(answer, "refuse-note") == note.strip() and is_unfolded(answer, "refuse-note")
        assert held.one(ReviewItem).decision is None

    def test_who_links_to_a_firm_that_is_not_there_sees_the_row_again(self, held: Desk) -> None:
        answer = held.post("/operator/reviews/1/link", enterprise_id="99")
        assert answer.status_code == 404 and "这一行写了什么" in answer.text and "企业" in summary_of(answer)


def test_a_push_that_is_no_longer_planned_is_told_on_the_page_of_pushes(desk: Desk) -> None:
    answer = desk.post("/operator/pushes/5/withdraw", reason="不合适")
    assert answer.status_code == 409 and "现在匹配" in answer.text and "不合适" in summary_of(answer)


class TestRecord:
    @pytest.fixture
    def reviewer(self, desk: Desk) -> Person:
        desk.base.take("patents", patent(1, applicants=(firm(2).name,)))
        shared = {"legal_representative": "林某"}
        desk.base.take("enterprises", firm(1, **shared), firm(2, **shared))
        desk.base.take("deals", deal(1, seller_name=firm(2).name, seller_uscc=firm(2).uscc))
        return Person(desk.app, "reviewer")

    def test_a_rejection_without_a_note_is_told_at_the_note(self, reviewer: Person) -> None:
        answer = reviewer.post("/bureau/records/patents/1/word", {"decision": "rejected"})
        assert answer.status_code == 422 and "请写明理由" in fault_at(answer, "confirmation-note")
        assert leads_to(answer) == ["confirmation-note"]

    def test_a_note_that_is_too_long_stays_whole(self, reviewer: Person) -> None:
        answer = reviewer.post("/bureau/records/patents/1/word", {"decision": "rejected", "note": TOO_LONG})
        assert answer.status_code == 422 and typed_in(answer, "confirmation-note") == TOO_LONG
        assert "内容长度" in fault_at(answer, "confirmation-note")

    def test_overruling_an_affiliation_without_a_reason_is_told_at_the_reason(self, reviewer: Person) -> None:
        answer = reviewer.post("/bureau/records/deals/1/overrule", {"note": ""})
        assert answer.status_code == 422 and "请写明理由" in fault_at(answer, "overruling-note")

    def test_a_decision_nobody_knows_leaves_the_note(self, reviewer: Person) -> None:
        answer = reviewer.post("/bureau/records/patents/1/word", {"decision": "maybe", "note": "再看看"})
        assert answer.status_code == 422 and typed_in(answer, "confirmation-note") == "再看看"
        assert "没有“maybe”这种决定" in answer.text

    def test_a_confirmation_of_somebody_else_is_not_taken_back(self, reviewer: Person) -> None:
        reviewer.post("/bureau/records/patents/1/word", {"decision": "confirmed"})
        other = Person(reviewer.app, "colleague")
        answer = other.post("/bureau/records/patents/1/word/1/withdraw", {"note": "看错了"})
        assert answer.status_code == 404 and "确认与否决" in answer.text and summary_of(answer)


class TestImportPages:
    def test_files_of_no_kind_are_told_at_the_kind_and_the_source_stays(self, desk: Desk) -> None:
        answer = desk.post("/intake/uploads", kind="secrets", source_name="某局", files=(BytesIO(b"a,b\n1,2"), "a.csv"))
        assert answer.status_code == 422 and fault_at(answer, "upload-kind") == "请从列表中选择一项。"
        assert typed_in(answer, "upload-source_name") == "某局"

    def test_an_upload_without_files_is_told_there_and_the_kind_stays(self, desk: Desk) -> None:
        answer = desk.post("/intake/uploads", kind="experts", source_name="某局")
        assert answer.status_code == 422 and fault_at(answer, "upload-files")
        assert typed_in(answer, "upload-kind") == "experts" and typed_in(answer, "upload-source_name") == "某局"

    def test_a_text_sent_in_place_of_files_is_no_file(self, desk: Desk) -> None:
        answer = desk.post("/intake/uploads", kind="patents", files="a.csv")
        assert answer.status_code == 422 and fault_at(answer, "upload-files")

    def test_each_file_that_is_no_table_is_told_at_the_files(self, desk: Desk) -> None:
        files = [(BytesIO(b"MZ" + b"\0" * 64), "一.xlsx"), (BytesIO(b"\xff\xd8\xff\xe0" + b"\0" * 64), "二.jpg")]
        answer = desk.post("/intake/uploads", kind="patents", files=files)
        assert answer.status_code == 422 and "一.xlsx" in fault_at(answer, "upload-files")
        assert "二.jpg" in fault_at(answer, "upload-files")

    def upload(self, desk: Desk) -> tuple[str, dict[str, str]]:
        token = desk.upload("enterprises", ("a.csv", "名称,坐落\n晋江某厂,陈埭\n".encode()))
        return token, {"tables-0": "1", "columns-0-0": "2", "file-0-0": "a.csv", "was-read-0-0": "1", "read-0-0": "1",
                       "head-0-0-0": "名称", "was-0-0-0": "name", "map-0-0-0": "name",
                       "head-0-0-1": "坐落", "was-0-0-1": "", "map-0-0-1": "address"}  # fmt: skip

    @pytest.mark.parametrize("page", ["look", "jobs"])
    def test_a_header_row_that_is_no_number_is_told_there_and_the_other_corrections_stay(
        self, desk: Desk, page: str
    ) -> None:
        token, form = self.upload(desk)
        answer = desk.post(f"/intake/uploads/{token}/{page}", **form, **{"line-0-0": "第二行", "mode": "write"})
        assert answer.status_code == 422 and "“第二行”不是行号" in fault_at(answer, "line-0-0")
        assert typed_in(answer, "line-0-0") == "第二行" and typed_in(answer, "map-0-0-1") == "address"
        assert is_unfolded(answer, "line-0-0") and leads_to(answer) == ["line-0-0"]
        assert "还没有导入任务" in desk.get("/intake/").text, "nothing was queued"

    @pytest.mark.parametrize("line", ["", "1", " 1 "])
    def test_a_header_row_may_be_left_empty_or_be_a_number(self, desk: Desk, line: str) -> None:
        token, form = self.upload(desk)
        assert desk.post(f"/intake/uploads/{token}/look", **form, **{"line-0-0": line}).status_code == 200

    def test_a_meaning_that_is_not_on_the_list_is_told_at_its_column(self, desk: Desk) -> None:
        token, form = self.upload(desk)
        answer = desk.post(f"/intake/uploads/{token}/look", **{**form, "map-0-0-1": "title"})
        assert answer.status_code == 422 and "不能对应到" in answer.text
        assert leads_to(answer) == ["map-0-0-1"] and is_unfolded(answer, "map-0-0-1")

    def test_in_a_part_of_the_page_the_fault_stands_too(self, desk: Desk) -> None:
        token, form = self.upload(desk)
        sent = {**form, "line-0-0": "x"}
        answer = desk.person.post(f"/intake/uploads/{token}/look", sent, headers={"HX-Request": "true"})
        assert (
            answer.status_code == 422 and "<html" not in answer.text and "“x”不是行号" in fault_at(answer, "line-0-0")
        )

    def test_a_batch_is_not_taken_back_without_a_reason(self, desk: Desk) -> None:
        desk.base.take("enterprises", firm(1))
        answer = desk.post("/intake/batches/1/undo", note="")
        assert answer.status_code == 422 and "请写明理由" in fault_at(answer, "undo-note")

    def test_the_reason_is_shown_when_something_depends_on_the_batch_meanwhile(self, desk: Desk) -> None:
        desk.base.take("enterprises", firm(1))
        desk.base.take("demands", demand(1))
        answer = desk.post("/intake/batches/1/undo", note="传错了")
        assert answer.status_code == 409 and "传错了" in summary_of(answer) and 'id="in-use"' in answer.text

    def test_a_pair_without_a_decision_keeps_note_and_choice(self, desk: Desk) -> None:
        desk.base.take("enterprises", firm(1, name="晋江市恒步鞋业有限公司", uscc=None))
        desk.base.take("enterprises", firm(2, name="晋江恒步鞋业有限公司", uscc=None))
        answer = desk.post("/intake/pairs/1", note="同一地址", keep="2")
        assert answer.status_code == 422 and typed_in(answer, "decision-note") == "同一地址"
        assert typed_in(answer, "keep") == "2" and "没有“”这种决定" in summary_of(answer)


class TestAccounts:
    @pytest.fixture
    def administrator(self, app: Flask) -> Person:
        return Person(app, "administrator")

    def test_a_weak_password_is_told_at_the_account_and_never_shown_again(self, administrator: Person) -> None:
        answer = administrator.post("/account/1/password", {"password": "kurz"})
        assert answer.status_code == 422 and "10" in fault_at(answer, "password-1-password")
        assert is_unfolded(answer, "password-1-password") and typed_in(answer, "password-1-password") == ""
        assert not is_unfolded(answer, "password-2-password")

    def test_nobody_disables_the_own_account_and_the_list_says_so(self, administrator: Person) -> None:
        with_buttons = self.page(administrator)  # the bureau's accounts, 4 and 6, have none either
        (own,) = [each for each in (1, 2, 3, 5) if f"/account/{each}/disable" not in with_buttons]
        answer = administrator.post(f"/account/{own}/disable")
        assert answer.status_code == 409 and "添加账号" in answer.text and summary_of(answer)

    @staticmethod
    def page(person: Person) -> str:
        return person.get("/account/all").text

    def test_a_role_nobody_has_is_told_at_the_role(self, administrator: Person) -> None:
        sent = {"login": "new", "display_name": "某人", "role": "king", "organisation": "某单位", "password": "x" * 12}
        answer = administrator.post("/account/all", sent)
        assert answer.status_code == 422 and fault_at(answer, "role") == "请从列表中选择一项。"
        assert typed_in(answer, "login") == "new"

    @pytest.mark.parametrize("act", ["confirm", "reject"])
    @pytest.mark.parametrize("note", ["", TOO_LONG])
    def test_a_registration_is_not_decided_without_a_fit_note(
        self, app: Flask, visitor: Person, act: str, note: str
    ) -> None:
        register(visitor)
        answer = Person(app, "operator").post(f"/account/registrations/3/{act}", {"note": note})
        assert answer.status_code == 422 and fault_at(answer, "decision-3-note")
        assert typed_in(answer, "decision-3-note") == note

    def test_the_note_is_shown_when_somebody_else_decided_meanwhile(self, app: Flask, visitor: Person) -> None:
        register(visitor)
        operator = Person(app, "operator")
        assert operator.post("/account/registrations/3/confirm", {"note": "已电话核实"}).status_code == 302
        answer = operator.post("/account/registrations/3/reject", {"note": "查无此人"})
        assert answer.status_code == 409 and "查无此人" in summary_of(answer)


def test_after_a_refusal_the_page_leads_back_to_where_the_form_was_sent_from(desk: Desk) -> None:
    desk.base.take("enterprises", firm(1))
    desk.base.take("demands", demand(1))
    came_from = "http://localhost/operator/demands/1?x=1"
    answer = desk.person.post("/operator/demands/1/return", {"note": ""}, headers={"Referer": came_from})
    assert "next=/operator/demands/1?x%3D1" in answer.text
    for other in ("https://evil.example/there", "http://[", "", "nonsense"):
        answer = desk.person.post("/operator/demands/1/return", {"note": ""}, headers={"Referer": other})
        assert answer.status_code in (403, 422) and 'next=/"' in answer.text
