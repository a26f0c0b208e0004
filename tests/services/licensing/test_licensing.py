"""Open licences made here: notice, payment, filing, their reminders, both regimes, withdrawal, the fee calculator."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Licence, Offer
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.reports.notices import LicenceNotice, notice_docx
from matchhub.services.conversations.reminders import remind_filing
from matchhub.services.evidence.files import store_evidence
from matchhub.services.licensing.accepting import accept_offer, record_filing, record_payment
from matchhub.services.licensing.declaring import NewOffer, announce_offer, check_offer, declare_offer, end_offer
from matchhub.services.licensing.pages import fee_for, offer_view
from matchhub.services.notices.notices import own_notices
from matchhub.services.records.licences import licence_view
from tests.domain.factories import number
from tests.papers import letter
from tests.services.small_city import TODAY, UMBRELLAS, City

OFFER = NewOffer(
    number=number(2),
    fee_method="fixed",
    fee_yuan=Decimal(20_000),
    valid_from_on=date(2025, 6, 1),
    valid_to_on=date(2026, 6, 1),
    industry="制鞋",
    industry_reason="本市主导产业",
    annuity_paid=True,
    all_owners=True,
)


def declared(city: City, who: str = "college", **changes: Any) -> int:
    with city.unit(who) as unit:
        return declare_offer(unit, replace(OFFER, **changes))


def accepted(city: City, offer: int, who: str = "shoes") -> int:
    with city.unit(who) as unit:
        return accept_offer(unit, offer)


def reached(city: City, offer: int, who: str = "shoes") -> int:
    licence = accepted(city, offer, who)
    with city.unit(who) as unit:
        assert record_payment(unit, licence, unit.today, Decimal(20_000), f"V-{who}") == unit.today
    return licence


@pytest.mark.parametrize(("days", "open"), [(-2, False), (-1, True), (364, True), (365, False)])
def test_an_offer_is_accepted_within_its_period_both_ends_included(city: City, days: int, open: bool) -> None:
    offer = declared(city)
    city.clock.forward(days=days)
    if open:
        accepted(city, offer)
        return
    with pytest.raises(Refusal) as refused:
        accepted(city, offer)
    assert refused.value.code == "offer_not_open"


def test_a_licence_is_reached_by_notice_and_payment_together(city: City) -> None:
    licence = accepted(city, declared(city))
    with city.unit("shoes") as unit:
        assert licence_view(unit, licence).reached_on is None
    city.clock.forward(days=3)
    with city.unit("shoes") as unit:
        assert record_payment(unit, licence, unit.today, Decimal(20_000), "V1") == TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"paid_on": TODAY + timedelta(days=1)}, "day_to_come"),
        ({"paid_on": TODAY - timedelta(days=1)}, "licence_paid_before_notice"),
        ({"voucher": ""}, "payment_unproven"),
        ({"paid_yuan": Decimal(-1)}, "amount_not_positive"),
    ],
)
def test_a_payment_out_of_order_or_unproven_is_refused(city: City, changes: dict[str, Any], code: str) -> None:
    licence = accepted(city, declared(city))
    fields = {"paid_on": TODAY, "paid_yuan": Decimal(20_000), "voucher": "V1", **changes}
    with city.unit("shoes") as unit, pytest.raises(Refusal) as refused:
        record_payment(unit, licence, **fields)
    assert refused.value.code == code


def test_one_voucher_proves_one_licence_and_a_file_only_its_own(city: City) -> None:
    offer = declared(city)
    first, second = reached(city, offer), accepted(city, offer, "umbrellas")
    with city.unit("umbrellas") as unit, pytest.raises(Conflict) as refused:
        record_payment(unit, second, TODAY, Decimal(20_000), "V-shoes")
    assert refused.value.code == "voucher_in_use"
    with city.unit("operator") as unit:
        proof = store_evidence(unit, "licences", first, "payment_proof", "a.pdf", letter("a"))
        with pytest.raises(Refusal):
            record_payment(unit, second, TODAY, Decimal(20_000), "", proof)


def test_strangers_find_no_licence(city: City) -> None:
    licence = reached(city, declared(city))
    for who in ("umbrellas", "school"):
        with city.unit(who) as unit, pytest.raises(NotFound):
            licence_view(unit, licence)
    with city.unit("college") as unit:
        assert licence_view(unit, licence).licensee_is_actor is False


def test_withdrawal_ends_acceptance_and_leaves_earlier_licences(city: City) -> None:
    offer = declared(city)
    licence = reached(city, offer)
    with city.unit("school") as unit, pytest.raises(NotFound):
        end_offer(unit, offer, unit.today)
    city.clock.forward(days=1)
    with city.unit("college") as unit:
        with pytest.raises(Refusal):
            end_offer(unit, offer, date(2025, 5, 31))
        end_offer(unit, offer, unit.today)
        with pytest.raises(Conflict):
            end_offer(unit, offer, unit.today)
        assert offer_view(unit, offer).open is False
        assert licence_view(unit, licence).reached_on == TODAY
    with pytest.raises(Refusal):
        accepted(city, offer, "umbrellas")


def test_the_operator_enters_an_acceptance_for_a_firm(city: City) -> None:
    offer = declared(city)
    with city.unit("operator") as unit:
        licence = accept_offer(unit, offer, city.firm(UMBRELLAS))
    with city.unit("college") as unit:
        assert licence_view(unit, licence).licensee == UMBRELLAS


def test_only_one_declaration_of_a_patent_runs_and_only_its_holder_declares(city: City) -> None:
    declared(city)
    with pytest.raises(Conflict) as refused:
        declared(city)
    assert refused.value.code == "offer_running"
    with pytest.raises(NotAllowed):
        declared(city, "school", number=number(1))


def test_the_pilot_regime_needs_its_platform_and_its_time(city: City) -> None:
    with pytest.raises(Refusal) as refused:
        declared(city, regime="pilot", platform="某平台")
    assert refused.value.code == "offer_regime_out_of_time"
    city.clock.now = datetime(2023, 11, 1, 4, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        declared(city, regime="pilot", valid_from_on=date(2023, 11, 1))
    assert refused.value.code == "offer_platform_missing"
    offer = declared(city, regime="pilot", platform="某平台", valid_from_on=date(2023, 11, 1))
    with city.unit() as unit:
        assert unit.session.get_one(Offer, offer).regime == "pilot"


def test_the_announcement_comes_later(city: City) -> None:
    offer = declared(city)
    city.clock.forward(days=20)
    with city.unit("college") as unit:
        announce_offer(unit, offer, "2025-0620", unit.today)
        assert offer_view(unit, offer).announcement_number == "2025-0620"
        with pytest.raises(Refusal):
            announce_offer(unit, offer, " ", unit.today)


def test_the_checklist_names_articles_and_blocks(city: City) -> None:
    with city.unit("college") as unit:
        checks = check_offer(unit, replace(OFFER, annuity_paid=False, fee_yuan=Decimal(20_000_001)))
    found = {check.code: (check.level, check.article) for check in checks}
    assert found["declaration_annuity_unpaid"][0] == "blocks"
    assert found["declaration_fee_high"][0] == "warns"
    assert all(article for _, article in found.values())


@pytest.mark.parametrize(("days", "code"), [(59, None), (62, "notice_filing_due"), (93, "notice_filing_overdue")])
def test_the_filing_is_reminded_in_time_and_once(city: City, days: int, code: str | None) -> None:
    reached(city, declared(city))
    city.clock.forward(days=days)
    with city.unit() as unit:
        assert (remind_filing(unit) > 0) is (code is not None)
        assert remind_filing(unit) == 0
    with city.unit("shoes") as unit:
        told = [notice.code for notice in own_notices(unit)]
    assert ([code] if code else []) == [each for each in told if each.startswith("notice_filing")]


def test_a_filed_licence_is_reminded_no_more(city: City) -> None:
    licence = reached(city, declared(city))
    with city.unit("shoes") as unit:
        record_filing(unit, licence, unit.today, "BA-1")
        with pytest.raises(Conflict):
            record_filing(unit, licence, unit.today, "BA-2")
    city.clock.forward(days=100)
    with city.unit() as unit:
        assert remind_filing(unit) == 0


def test_a_filing_number_serves_one_licence(city: City) -> None:
    offer = declared(city)
    first, second = reached(city, offer), reached(city, offer, "umbrellas")
    with city.unit("operator") as unit:
        record_filing(unit, first, unit.today, "BA-1")
        with pytest.raises(Conflict) as refused:
            record_filing(unit, second, unit.today, "BA-1")
    assert refused.value.code == "filing_number_in_use"


@pytest.mark.parametrize(
    ("method", "percent", "base", "fee"),
    [
        ("fixed", None, None, Decimal(20_000)),
        ("royalty_sales", Decimal("2.5"), Decimal(1_000_000), Decimal("25000.00")),
        ("royalty_sales", Decimal("2.5"), None, None),
        ("royalty_profit", Decimal(30), Decimal(1000), Decimal("300.00")),
        ("free", None, None, Decimal(0)),
    ],
)
def test_the_calculator_says_what_an_offer_costs(
    city: City, method: Any, percent: Decimal | None, base: Decimal | None, fee: Decimal | None
) -> None:
    offer = declared(city, fee_method=method, royalty_percent=percent)
    with city.unit() as unit:
        assert fee_for(unit, offer, base) == fee


def test_the_notice_names_both_parties_the_patent_and_the_fee_and_is_well_formed(city: City) -> None:
    notice = LicenceNotice(
        licensor="甲<校>", licensee="乙&厂", licensee_uscc="91", title="一种鞋底", number="201710601862.3",
        announcement_number="2025-1", fee_method="royalty_sales", fee_yuan=None, royalty_percent=Decimal("2.50"),
        fee_text="", notified_on=TODAY, filing_months=4,
    )  # fmt: skip
    from xml.etree import ElementTree

    with zipfile.ZipFile(io.BytesIO(notice_docx(notice))) as package:
        text = "".join(ElementTree.fromstring(package.read("word/document.xml")).itertext())
    for part in (
        "甲<校>",
        "乙&厂",
        "201710601862.3",
        "按净销售额的 2.5% 支付",
        "2025年6月2日",
        "第五十一条",
        "4 个月内",
    ):
        assert part in text
    assert not set(text) & set(",:()")  # Chinese in full-width punctuation
    assert notice_docx(notice) == notice_docx(notice)


def test_nothing_is_written_when_acceptance_is_refused(city: City) -> None:
    with city.unit("shoes") as unit:
        with pytest.raises(NotFound):
            accept_offer(unit, 999)
        assert unit.session.execute(select(Licence.id)).first() is None


@pytest.mark.parametrize(("proven", "taken"), [(False, False), (True, True)])
def test_an_unconfirmed_account_accepts_no_offer(city: City, proven: bool, taken: bool) -> None:
    offer = declared(city)
    city.actors["shoes"] = replace(city.actors["shoes"], proven=proven)
    if taken:
        assert accepted(city, offer) > 0
        return
    with pytest.raises(NotAllowed) as refused:
        accepted(city, offer)
    assert refused.value.code == "account_unconfirmed"
    with city.unit() as unit:
        assert unit.session.execute(select(Licence.id)).first() is None
