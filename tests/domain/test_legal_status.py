"""Legal status in the words of registers and vendors: whole words, clauses, parts, and what is left unknown."""

from __future__ import annotations

from datetime import date

import pytest

from matchhub.domain.legal_status import (
    UNKNOWN,
    LegalStatus,
    read_legal_status,
    register_events,
    status_key,
    status_words,
)


def read(wording: str) -> LegalStatus:
    return read_legal_status(wording).status


# Official case states (案件状态) of CNIPA and what they say of the right.
CASE_STATES = {
    "pending": """新申请 新案审查 等待申请费 受理 初审 初审待审 初审待答复 回案初审 等待公布 公布 待质检抽案 等待实审请求 等待实审提案
        进入实审 实审生效 一通出案待答复 一通回案实审 中通出案待答复 中通回案实审 驳回等复审请求 复审受理 复审审查 撤销驳回决定
        等待登记手续 等办登记手续 待办登记手续 等待颁证公告 已下发授权通知书""",
    "in_force": "专利权维持 等年费滞纳金 等待年费滞纳金 授权 部分无效 专利权恢复 无效宣告审查",
    "dead": """未缴年费终止失效 未缴年费终止等恢复 期限届满失效 专利权有效期届满 主动放弃失效 视为放弃失效 视为放弃取得专利权 视为放弃等恢复
        逾期视撤失效 逾期视撤等恢复 未缴申请费视撤失效 未缴实审费视撤失效 主动撤回失效 撤回专利申请失效 驳回失效 不受理 全部无效 全部撤销
        避重授权放弃失效 避免重复授权放弃 终止等恢复 失效""",
    "unknown": "中止 中止程序 著录项目变更 分案申请",
}
VENDORS = {
    "pending": """审中 在审 未决 公开 实质审查 在审-公开 在审-实质审查 PCT指定期内 复审 Pending Published Examining Application Allowed
        Pending-Examination Alive-Pending 等待实审提案""",
    "in_force": """有效 有权 有权-审定授权 有权-部分无效 权利恢复 部分无效 Active Granted Alive In-force Active-Reinstated Reinstated
        Invalid-partial Opposition""",
    "dead": """失效 无权 无权-未缴年费 无权-视为撤回 无权-驳回 无权-避免重复授权 期限届满 未缴年费 撤回 驳回 放弃 全部无效 申请终止 撤销
        PCT指定期满 Inactive Dead Not-in-force Lapsed Ceased Expired Withdrawn Abandoned Rejected Revoked Non-payment Terminated
        Double-patenting Expired-Lifetime""",
    "unknown": "权利转移 许可 转让 诉讼 海关备案 国防解密 未确认 Indeterminate Undetermined Licensed Litigation Unknown",
}


@pytest.mark.parametrize(
    ("validity", "word"),
    [
        (validity, word)
        for table in (CASE_STATES, VENDORS)
        for validity, words in table.items()
        for word in words.split()
    ],
)
def test_official_and_vendors_words_are_known_whole(validity: str, word: str) -> None:
    status = read(word)
    assert (status.validity, bool(status.reason)) == (validity, True)


@pytest.mark.parametrize(
    ("wording", "validity"),
    [
        ("Not in force", "dead"),
        ("Not active", "dead"),
        ("No longer in force", "dead"),
        ("Expired - Fee Related", "dead"),
        ("Expired – Lifetime", "dead"),
        ("Lapsed due to non-payment of fees", "dead"),
        ("  granted ", "in_force"),
        ("ACTIVE", "in_force"),
        ("Application granted", "in_force"),
        ("Deemed withdrawn", "dead"),
        ("Under examination", "pending"),
        ("Not yet granted", "pending"),
        ("專利權維持", "in_force"),
        ("專利權終止", "dead"),
        ("當前狀態:有效", "in_force"),
        ("法律状态：失效。", "dead"),
        ("有 效", "in_force"),
        ("２０１８－０２－０１ 未缴年费终止", "dead"),
    ],
)
def test_case_width_dashes_blanks_labels_and_traditional_characters_do_not_matter(wording: str, validity: str) -> None:
    assert read(wording).validity == validity


@pytest.mark.parametrize(
    "wording",
    [
        "没有失效",
        "尚未失效",
        "并未终止",
        "未被宣告无效",
        "还没到期",
        "从未失效",
        "即将到期",
        "快到期",
        "三年后到期",
        "2年内到期",
        "距届满还有3年",
        "有效期届满前",
        "专利权维持（2031年7月到期）",
        "有效（2031到期）",
        "失效风险",
        "不会失效",
        "专利权终止前",
        "有效（预计2030年届满）",
        "有效(2030-01-01到期)",
        "有效，2030-01-01到期",
        "专利权将于2030年1月1日届满",
        "如未缴费将失效",
        "等年费滞纳金",
        "专利有效期内",
        "尚在有效期",
        "授权 有效期至2031-01-01",
        "Not lapsed",
        "Anticipated expiration 2035-01-01",
        "Expires 2031-02-03",
        "will expire on 2031-01-01",
        "Active until 2030",
        "无效宣告请求被驳回",
        "部分权利要求无效",
        "授权，质押解除",
        "有效（未质押）",
        "有权（许可已到期）",
        "专利权有效（开放许可声明已撤回）",
    ],
)
def test_a_right_that_has_not_ended_lives(wording: str) -> None:
    assert read(wording).validity == "in_force"


@pytest.mark.parametrize(
    "wording",
    [
        "授权（已失效）",
        "专利权人主动放弃专利权",
        "办理登记手续后视为放弃",
        "有效期已满",
        "有效期到期",
        "不再有效",
        "不予授权",
        "恢复权利请求未批准",
        "复审请求不予受理",
        "公开后视撤",
        "2018.02.01 期限届满",
        "Patent is inactive",
        "not maintained",
    ],
)
def test_a_right_that_has_ended_is_dead_whatever_else_is_said(wording: str) -> None:
    assert read(wording).validity == "dead"


@pytest.mark.parametrize(
    "wording", ["驳回等复审请求", "驳回，复审中", "预计授权", "撤销驳回决定", "Grant expected", "未驳回"]
)
def test_what_is_not_decided_yet_is_pending(wording: str) -> None:
    assert read(wording).validity == "pending"


@pytest.mark.parametrize(
    "wording",
    [
        "专利权质押合同登记的注销",
        "质押合同已失效",
        "许可合同到期",
        "独占许可期满",
        "海关备案失效",
        "优先权失效",
        "优先权视为未要求",
        "诉讼终止",
        "专利权人已注销",
        "专利代理机构已注销",
        "代理关系终止",
        "专利实施许可合同备案的注销",
        "著录变更请求撤回",
        "Pledge released",
        "Licence agreement terminated",
    ],
)
def test_a_status_about_something_else_says_nothing_of_the_right_but_is_known(wording: str) -> None:
    reading = read_legal_status(wording)
    assert reading.status.validity == "unknown" and reading.status.reason and reading.unread == ()


@pytest.mark.parametrize(
    "wording", ["", "暂缺", "天气很好", "XYZ", "到期日：2030-05-01", "有效期至2031-01-01", "非正常申请"]
)
def test_what_nobody_knows_is_unknown_and_listed(wording: str) -> None:
    reading = read_legal_status(wording)
    assert (reading.status, bool(reading.unread)) == (UNKNOWN, bool(wording))


def test_an_unknown_word_beside_a_known_one_is_listed_too() -> None:
    reading = read_legal_status("授权;状态码 77")
    assert (reading.status.validity, reading.unread) == ("in_force", ("状态码 77",))


def test_what_a_person_explained_goes_before_everything() -> None:
    explained = {status_key("A-77"): "in_force", status_key("公开"): "dead"}
    assert read_legal_status("a 77", explained).status == ("in_force", "explained")  # type: ignore[arg-type]
    assert read_legal_status("公开", explained).status == ("dead", "explained")  # type: ignore[arg-type]


def test_no_word_of_the_table_has_two_meanings() -> None:
    assert len(status_words()) > 700


@pytest.mark.parametrize(
    ("wording", "validity", "reason"),
    [
        ("授权", "in_force", "granted"),
        ("有效", "in_force", "granted"),
        ("有权", "in_force", "granted"),
        ("专利权维持", "in_force", "granted"),
        ("Active", "in_force", "granted"),
        ("尚未失效", "in_force", "granted"),
        ("避免重复授权放弃专利权", "dead", "abandoned_double_grant"),
        ("授权后放弃", "dead", "abandoned"),
        ("无效", "dead", "invalidated"),
        ("宣告专利权全部无效", "dead", "invalidated"),
        ("部分无效", "in_force", "partly_invalidated"),
        ("有权-部分无效", "in_force", "partly_invalidated"),
        ("宣告专利权部分无效", "in_force", "partly_invalidated"),
        ("无效宣告请求审理中", "in_force", "disputed"),
        ("维持专利权有效", "in_force", "upheld"),
        ("未缴年费", "dead", "fee_lapsed"),
        ("未缴纳年费专利权终止", "dead", "fee_lapsed"),
        ("Expired - Fee Related", "dead", "fee_lapsed"),
        ("专利权有效期届满", "dead", "expired"),
        ("失效-期限届满", "dead", "expired"),
        ("失效", "dead", "ceased"),
        ("无权", "dead", "ceased"),
        ("Inactive", "dead", "ceased"),
        ("发明专利申请公布后的视为撤回", "dead", "withdrawn"),
        ("驳回", "dead", "rejected"),
        ("审中", "pending", "under_examination"),
        ("实质审查的生效", "pending", "under_examination"),
        ("未授权", "pending", "under_examination"),
        ("驳回复审", "pending", "under_examination"),
        ("公开", "pending", "published"),
        ("受理", "pending", "filed"),
        ("专利权质押合同登记的生效", "in_force", "pledged"),
        ("专利权质押合同登记的注销", "unknown", "encumbrance_changed"),
        ("专利实施许可合同备案的生效", "unknown", "licence_filed"),
        ("专利申请权、专利权的转移", "unknown", "transferred"),
        ("专利权的恢复权利", "in_force", "restored"),
        ("", "unknown", ""),
        ("暂缺", "unknown", ""),
        ("天气很好", "unknown", ""),
    ],
)
def test_negative_words_come_first(wording: str, validity: str, reason: str) -> None:
    assert read(wording) == (validity, reason)


@pytest.mark.parametrize("code", sorted(register_events()))
def test_a_register_event_means_what_the_gazette_says(code: str) -> None:
    assert read(f"2020.01.01 {code} 专利") == register_events()[code]


class TestSeveralEvents:
    def test_the_latest_dated_event_decides(self) -> None:
        lapsed = "2015.01.01 授权;2018.02.01 未缴年费专利权终止"
        assert read(lapsed) == ("dead", "fee_lapsed")
        assert read(lapsed + ";2018-06-01 恢复权利") == ("in_force", "restored")

    def test_order_in_the_cell_does_not_matter(self) -> None:
        assert read("2018.02.01 未缴年费;2015.01.01 授权").validity == "dead"

    def test_without_dates_the_worst_is_taken(self) -> None:
        assert read("授权|失效").validity == "dead"

    def test_a_transfer_after_grant_leaves_the_right_alive(self) -> None:
        assert read("2015.01.01 授权;2019.01.01 专利权的转移") == ("in_force", "granted")

    def test_an_impossible_date_is_no_date(self) -> None:
        assert read("2015.13.41 授权;2018.02.01 失效").validity == "dead"


@pytest.mark.parametrize(
    ("wording", "day"),
    [
        ("专利权维持（截至2024-06-30）", date(2024, 6, 30)),
        ("2018.02.01 未缴年费终止", date(2018, 2, 1)),
        ("20180201 未缴年费终止", date(2018, 2, 1)),
        ("2015.01.01 授权;2018.02.01 未缴年费专利权终止", date(2018, 2, 1)),
        ("授权;2018.02.01 权利转移", None),
        ("有效(2030-01-01到期)", None),
        ("Anticipated expiration 2035-01-01", None),
        ("授权 201710601862.3", None),
    ],
)
def test_a_cell_tells_the_day_on_which_its_status_was_so(wording: str, day: date | None) -> None:
    assert read_legal_status(wording).day_on == day
