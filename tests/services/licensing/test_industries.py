"""Offers whose industry no class of the patent serves, and holders and licensors that hold nothing: through services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyotp
import pytest

from matchhub.domain.records import LicenceRecord, OfferRecord, PatentRecord, Row, Source
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.accounts.second_factor import SecondFactorRefused, proving
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.licensing.industries import give_industry_word, industry_view, proposed_industries
from matchhub.services.licensing.recorders import OfferRecorder
from matchhub.services.licensing.recording import record_licence, record_offer
from matchhub.services.patents.recorder import PatentRecorder
from tests.domain.factories import number
from tests.services.codes import telephone
from tests.services.small_city import COLLEGE, SCHOOL, SHOES, TODAY, City

OFFER = OfferRecord(
    source=Source("form", 1), application_number=number(2), holder_name=COLLEGE, regime="cnipa",
    announcement_number="2025-0601", declared_on=TODAY, industry="食品", industry_reason="食品厂员工穿防滑鞋",
)  # fmt: skip


def offered(city: City, who: str = "operator", **changes: Any) -> int:
    with city.unit(who) as unit:
        return record_offer(unit, replace(OFFER, **changes))


def codes_of(city: City, kind: str, record_id: int) -> set[str]:
    with city.runtime.unit(write=False) as unit:
        return {reason.code for reason in explain_record(unit, kind, record_id, question(unit)).reasons}


def judged(city: City, offer: int, phone: pyotp.TOTP, *, accepted: bool = True, note: str = "") -> None:
    city.clock.forward(minutes=1)
    with proving(city.runtime, city.actors["reviewer"]) as unit:
        give_industry_word(unit, offer, accepted, note, phone.at(city.clock.now))


def test_a_tag_agrees_with_a_class_of_the_patent_or_is_told(city: City) -> None:
    shoes, food = offered(city, industry="鞋服"), offered(city, announcement_number="2025-0602")
    assert "offer_industry_given" in codes_of(city, "offers", shoes)
    assert "industry_disagrees" in codes_of(city, "offers", food)


def test_a_patent_without_a_class_proves_no_industry(city: City) -> None:
    with city.unit() as unit:
        bare = PatentRecord(Source("patents", 9), application_number=number(9), title="一种鞋", applicants=(COLLEGE,))
        PatentRecorder(unit, None).record([Row(bare.source, bare)])
    offer = offered(city, application_number=number(9), industry="制鞋")
    assert "industry_unproved" in codes_of(city, "offers", offer)


def test_a_second_person_accepts_the_reason_until_tag_or_reason_change(city: City) -> None:
    offer, phone = offered(city), telephone(city, "reviewer")
    judged(city, offer, phone)
    assert "industry_accepted" in codes_of(city, "offers", offer)
    offered(city, industry_reason="食品厂也买鞋")  # the list comes again with another reason
    assert "industry_disagrees" in codes_of(city, "offers", offer)
    with city.unit("reviewer") as unit:
        assert [word.current for word in industry_view(unit, offer).words] == [False]
    judged(city, offer, phone)
    judged(city, offer, phone, accepted=False, note="与食品无关")
    assert "industry_disagrees" in codes_of(city, "offers", offer)


def test_who_may_accept_and_with_what(city: City) -> None:
    offer, phone = offered(city), telephone(city, "reviewer")
    with city.unit("operator") as unit, pytest.raises(NotAllowed):
        give_industry_word(unit, offer, True, "", "123456")
    with proving(city.runtime, city.actors["reviewer"]) as unit, pytest.raises(SecondFactorRefused):
        give_industry_word(unit, offer, True, "", "")
    with pytest.raises(Refusal) as refused:
        judged(city, offer, phone, accepted=False)
    assert refused.value.code == "note_missing"
    agreeing = offered(city, industry="制鞋", announcement_number="2025-0603")
    with pytest.raises(Refusal) as refused:
        judged(city, agreeing, phone)
    assert refused.value.code == "industry_needs_no_word"


def test_an_import_says_which_rows_disagree(city: City) -> None:
    rows = [replace(OFFER, source=Source("offers.xlsx", line), industry=tag, announcement_number=f"{line}")
            for line, tag in ((2, "制鞋"), (3, "食品"))]  # fmt: skip
    with city.unit() as unit:
        outcomes = OfferRecorder(unit, None).record([Row(row.source, row) for row in rows])
    assert [(each.verdict, [one.code for one in each.problems]) for each in outcomes] == [
        ("created", []),
        ("created", ["industry_row_disagrees"]),
    ]


def test_forms_propose_what_fits(city: City) -> None:
    with city.unit("operator") as unit:
        symbols, fitting = proposed_industries(unit, number(2))
        assert symbols == ("A43B 13/22",)
        assert [each.key for each in fitting] == ["footwear"]
        assert proposed_industries(unit, "no number") == proposed_industries(unit, number(77)) == ((), ())


@pytest.mark.parametrize(
    ("holder", "code"),
    [
        (COLLEGE, "offer_holder_on_patent"),
        (SCHOOL, "offer_holder_not_on_patent"),
        (f"{COLLEGE}、{SCHOOL}", "offer_holder_not_on_patent"),
    ],
)
def test_the_holder_of_an_offer_is_one_of_the_patent(city: City, holder: str, code: str) -> None:
    assert code in codes_of(city, "offers", offered(city, holder_name=holder))


@pytest.mark.parametrize(
    ("declared_on", "code"),
    [
        (date(2025, 6, 9), "offer_holder_on_patent"),
        (date(2025, 6, 10), "offer_holder_not_on_patent"),
    ],
)
def test_the_holder_is_that_of_the_day(city: City, declared_on: date, code: str) -> None:
    """The patent goes to the school on 10 June; what the college declares from then on is not its own any more."""
    city.clock.forward(days=30)
    offer = offered(city, declared_on=declared_on)
    with city.unit() as unit:
        source = Source("register", 2, as_of_on=date(2025, 6, 10))
        now = PatentRecord(source, application_number=number(2), owners=(SCHOOL,))
        PatentRecorder(unit, None).record([Row(now.source, now)])
    assert code in codes_of(city, "offers", offer)


@pytest.mark.parametrize(
    ("licensor", "code"),
    [
        (COLLEGE, "licence_licensor_on_patent"),
        (SCHOOL, "licence_licensor_not_on_patent"),
        (None, "licence_licensor_unknown"),
    ],
)
def test_only_who_holds_the_patent_licenses_it(city: City, licensor: str | None, code: str) -> None:
    record = LicenceRecord(
        source=Source("form", 1), application_number=number(2), licensee_name=SHOES, licensor_name=licensor,
        notified_on=TODAY, reached_on=TODAY,
    )  # fmt: skip
    with city.unit("operator") as unit:
        licence = record_licence(unit, record)
    assert code in codes_of(city, "licences", licence)
