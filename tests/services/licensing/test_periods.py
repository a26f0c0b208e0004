"""When an offer is open and when a licence is reached: one answer for form, services, pages, search and count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Licence, Offer, PatentEncumbrance
from matchhub.domain.licensing import offer_period
from matchhub.domain.records import LicenceRecord, OfferRecord, Source
from matchhub.errors import Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.evidence.files import store_evidence
from matchhub.services.facts.encumbrances import encumbrances_of
from matchhub.services.licensing.accepting import accept_offer, record_filing, record_payment
from matchhub.services.licensing.declaring import end_offer
from matchhub.services.licensing.pages import offer_view
from matchhub.services.licensing.recording import record_licence, record_offer
from matchhub.services.patents.page import offer_not_over, running_offer
from tests.domain.factories import number
from tests.papers import letter
from tests.services.licensing.test_licensing import accepted, declared
from tests.services.small_city import COLLEGE, SHOES, TODAY, City

DAY = timedelta(days=1)


def reasons(city: City, licence: int) -> set[str]:
    with city.unit() as unit:
        return {reason.code for reason in explain_record(unit, "licences", licence, question(unit)).reasons}


def proof(city: City, licence: int) -> int:
    with city.unit("operator") as unit:
        return store_evidence(unit, "licences", licence, "payment_proof", "回单.pdf", letter(f"paid {licence}"))


@pytest.mark.parametrize(("last", "open"), [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True)])
def test_an_offer_that_ends_today_is_open_today_everywhere(city: City, last: date, open: bool) -> None:
    """Accepting, the page, the search and the burden on the patent: all say the same of the last day."""
    offer = declared(city)
    with city.unit() as unit:
        unit.session.get_one(Offer, offer).valid_to_on = last
    with city.unit("college") as unit:
        assert offer_view(unit, offer).open is open
        assert (unit.session.execute(select(Offer.id).where(*running_offer(unit))).scalar() == offer) is open
        (burden,) = encumbrances_of(unit, [2])[2]
        assert (burden.to_on is None or unit.today <= burden.to_on) is open
    if open:
        assert accepted(city, offer) > 0
    else:
        with pytest.raises(Refusal, match="offer_not_open"):
            accepted(city, offer)


@pytest.mark.parametrize(("late", "under"), [(-1, True), (0, True), (1, False)])
def test_a_notice_on_the_last_day_paid_two_days_later_is_reached_and_counts(city: City, late: int, under: bool) -> None:
    offer = declared(city)
    licence = accepted(city, offer)
    with city.unit() as unit:
        unit.session.get_one(Offer, offer).valid_to_on = TODAY - late * DAY
    assert {"licence_without_offer"} & reasons(city, licence) == set(), "not reached yet is not without an offer"
    city.clock.forward(days=2)
    paper = proof(city, licence)
    with city.unit("shoes") as unit:
        assert record_payment(unit, licence, unit.today, Decimal(20_000), "", paper) == (unit.today if under else None)
    assert ("licence_under_offer" in reasons(city, licence)) is under
    assert ("licence_outside_offer" in reasons(city, licence)) is not under


def test_an_offer_is_withdrawn_from_the_day_after_its_last_notice(city: City) -> None:
    offer = declared(city)
    licence = accepted(city, offer)
    for day in (TODAY - DAY, TODAY):
        with pytest.raises(Refusal) as fault, city.unit("college") as unit:
            end_offer(unit, offer, day)
        assert fault.value.code == "offer_end_after_notice"
        assert fault.value.data["earliest"] == TODAY + DAY
    with city.unit("college") as unit:
        end_offer(unit, offer, TODAY + DAY)
        assert offer_view(unit, offer).open, "until then it is open"
    assert "licence_under_offer" in reasons(city, licence)
    city.clock.forward(days=1)
    with pytest.raises(Refusal, match="offer_not_open"):
        accepted(city, offer, "umbrellas")


def test_a_free_offer_is_reached_by_its_notice_and_nothing_is_to_be_paid(city: City) -> None:
    licence = accepted(city, declared(city, fee_method="free", fee_yuan=None))
    with city.unit("shoes") as unit:
        assert unit.session.get_one(Licence, licence).reached_on == TODAY
        record_filing(unit, licence, TODAY, "BA-1")
    told = reasons(city, licence)
    assert "licence_free" in told and not {"payment_missing", "licence_without_offer"} & told


@pytest.mark.parametrize("kind", ["exclusive_licence", "sole_licence"])
def test_beside_an_exclusive_or_sole_licence_no_open_licence_is_accepted(city: City, kind: str) -> None:
    offer = declared(city)
    with city.unit() as unit:
        unit.session.add(
            PatentEncumbrance(
                patent_id=2,
                encumbrance_type=kind,
                from_on=TODAY,
                to_on=TODAY,
                as_of_on=TODAY,
                register_event="",
                recorded_at=unit.now,
            )
        )
    with pytest.raises(Refusal, match="offer_patent_licensed"):
        accepted(city, offer)
    city.clock.forward(days=1)
    assert accepted(city, offer) > 0


def test_the_search_asks_the_database_for_the_period_that_the_rules_mean(city: City) -> None:
    days = (None, TODAY - DAY, TODAY, TODAY + DAY)
    with city.unit() as unit:
        for serial, (first, declared_on, last, ended) in enumerate(product(days, repeat=4)):
            row = Offer(identity_key=f"o{serial}", patent_id=1, declared_on=declared_on, valid_from_on=first)
            row.valid_to_on, row.ended_on = last, ended
            row.recorded_at = row.updated_at = unit.now
            unit.session.add(row)
        unit.session.flush()
        running = set(unit.session.execute(select(Offer.id).where(*running_offer(unit))).scalars())
        not_over = set(unit.session.execute(select(Offer.id).where(*offer_not_over(unit))).scalars())
        for row in unit.session.execute(select(Offer)).scalars():
            period = offer_period(row.valid_from_on, row.declared_on, row.valid_to_on, row.ended_on)
            assert (row.id in running) is period.is_open_on(TODAY), period
            assert (row.id in not_over) is not period.is_over_on(TODAY), period


def licence(**more: Any) -> LicenceRecord:
    values = {"application_number": number(2), "licensee_name": SHOES, "licensor_name": COLLEGE, **more}
    return LicenceRecord(Source("form", 1), **values)


@pytest.mark.parametrize(("last", "linked"), [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True)])
def test_a_recorded_licence_finds_the_offer_that_was_open_on_its_notice(city: City, last: date, linked: bool) -> None:
    offer = OfferRecord(
        Source("form", 1), number(2), regime="cnipa", declared_on=date(2025, 5, 1), valid_to_on=last, fee_method="fixed"
    )
    with city.unit("operator") as unit:
        offer_id = record_offer(unit, offer)
        key = record_licence(unit, licence(notified_on=TODAY, paid_on=TODAY + DAY, paid_yuan=Decimal(1)))
        row = unit.session.get_one(Licence, key)
        assert row.offer_id == (offer_id if linked else None)
        assert row.reached_on == (TODAY + DAY if linked else None)


def test_a_day_that_a_file_states_is_not_replaced_by_one_that_is_worked_out(city: City) -> None:
    declared(city)
    with city.unit("operator") as unit:
        stated = licence(notified_on=TODAY, reached_on=TODAY)
        key = record_licence(unit, stated)
        record_licence(unit, licence(notified_on=TODAY, paid_on=TODAY + DAY, paid_yuan=Decimal(1)))
        assert unit.session.get_one(Licence, key).reached_on == TODAY


def test_an_accepted_offer_stays_accepted_for_one_firm_only_once(city: City) -> None:
    offer = declared(city)
    accepted(city, offer)
    with pytest.raises(Refusal, match="licence_repeated"), city.unit("shoes") as unit:
        accept_offer(unit, offer)
