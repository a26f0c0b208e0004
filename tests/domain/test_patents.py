"""Legal status, encumbrances, types and terms, in the words that registers and vendors use."""

from __future__ import annotations

from datetime import date

import pytest

from matchhub.domain.patents import (
    REGISTER_EVENTS,
    encumbrances_in,
    parse_legal_status,
    parse_patent_type,
    term_ends_on,
    term_years,
)


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
    assert parse_legal_status(wording) == (validity, reason)


@pytest.mark.parametrize("code", sorted(REGISTER_EVENTS))
def test_a_register_event_means_what_the_gazette_says(code: str) -> None:
    assert parse_legal_status(f"2020.01.01 {code} 专利") == REGISTER_EVENTS[code]


class TestSeveralEvents:
    def test_the_latest_dated_event_decides(self) -> None:
        lapsed = "2015.01.01 授权;2018.02.01 未缴年费专利权终止"
        assert parse_legal_status(lapsed) == ("dead", "fee_lapsed")
        assert parse_legal_status(lapsed + ";2018-06-01 恢复权利") == ("in_force", "restored")

    def test_order_in_the_cell_does_not_matter(self) -> None:
        assert parse_legal_status("2018.02.01 未缴年费;2015.01.01 授权").validity == "dead"

    def test_without_dates_the_worst_is_taken(self) -> None:
        assert parse_legal_status("授权|失效").validity == "dead"

    def test_a_transfer_after_grant_leaves_the_right_alive(self) -> None:
        assert parse_legal_status("2015.01.01 授权;2019.01.01 专利权的转移") == ("in_force", "granted")

    def test_an_impossible_date_is_no_date(self) -> None:
        assert parse_legal_status("2015.13.41 授权;2018.02.01 失效").validity == "dead"


@pytest.mark.parametrize(
    ("wording", "lying"),
    [
        ("专利权质押合同登记的生效", ("pledge",)),
        ("专利权质押合同登记的注销", ()),
        ("2019-01-01 PE01;2020-01-01 PC01", ()),
        ("2020-01-01 PC01;2021-01-01 PE01", ("pledge",)),
        ("授权;独占许可;保全", ("preservation", "exclusive_licence")),
        ("非独占许可", ()),
        ("排他许可", ("sole_licence",)),
        ("开放许可", ("open_licence",)),
        ("开放许可声明撤回", ()),
        ("无效宣告请求审理中", ("dispute",)),
        ("普通许可", ()),
        ("未质押", ()),
        ("授权", ()),
    ],
)
def test_encumbrances_last_until_the_same_source_ends_them(wording: str, lying: tuple[str, ...]) -> None:
    assert encumbrances_in(wording) == lying


@pytest.mark.parametrize(
    ("wording", "kind"),
    [
        ("发明授权", "invention"),
        ("发明专利", "invention"),
        ("实用新型", "utility_model"),
        ("外观设计", "design"),
        ("Utility Model", "utility_model"),
        ("专利", None),
    ],
)
def test_the_type_in_any_vendors_words(wording: str, kind: str | None) -> None:
    assert parse_patent_type(wording) == kind


@pytest.mark.parametrize(
    ("kind", "filed_on", "years"),
    [
        ("invention", date(2010, 5, 1), 20),
        ("utility_model", date(2010, 5, 1), 10),
        ("design", date(2021, 5, 31), 10),
        ("design", date(2021, 6, 1), 15),
        ("design", date(2021, 6, 2), 15),
    ],
)
def test_the_term_follows_type_and_for_designs_the_day_of_filing(kind, filed_on: date, years: int) -> None:
    assert term_years(kind, filed_on) == years


def test_a_right_ends_on_the_anniversary_of_filing() -> None:
    assert term_ends_on("utility_model", date(1999, 9, 6)) == date(2009, 9, 6)


def test_a_leap_days_anniversary_is_the_first_of_march() -> None:
    assert term_ends_on("utility_model", date(2012, 2, 29)) == date(2022, 3, 1)
