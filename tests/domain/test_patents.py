"""Encumbrances, types and terms, in the words that registers and vendors use."""

from __future__ import annotations

from datetime import date

import pytest

from matchhub.domain.patents import encumbrances_in, parse_patent_type, term_ends_on, term_years


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
        ("无效宣告请求被驳回", ()),
        ("侵权诉讼已终结", ()),
        ("普通许可", ()),
        ("未质押", ()),
        ("授权", ()),
    ],
)
def test_encumbrances_last_until_the_same_source_ends_them(wording: str, lying: tuple[str, ...]) -> None:
    newest = {claim.kind: claim.ended for claim in encumbrances_in(wording)}
    assert tuple(kind for kind, ended in newest.items() if not ended) == lying


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
