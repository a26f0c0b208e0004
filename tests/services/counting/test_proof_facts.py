"""What the base can show of pushes and offers: who took a letter, who declared an offer, what is on file."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from matchhub.db.tables import Offer, Push
from matchhub.domain.counting.facts import OfferFacts
from matchhub.domain.papers import Paper
from matchhub.domain.records import OfferRecord, Row, Source
from matchhub.services.evidence.files import store_evidence
from matchhub.services.facts.known import Known
from matchhub.services.facts.licensing import offer_facts
from matchhub.services.facts.pushes import platform_events, push_facts
from matchhub.services.kernel.history import Moment
from matchhub.services.licensing.declaring import NewOffer, declare_offer
from matchhub.services.licensing.recorders import OfferRecorder
from matchhub.services.pushes.delivery import claim_due, record_attempt
from tests.domain.factories import number
from tests.papers import letter
from tests.services.small_city import COLLEGE, SCHOOL, ZIPPERS, City, built_city, city

__all__ = ["built_city", "city"]


def accepted(city: City) -> tuple[bool, bool]:
    """Whether the only push was taken by anybody, and whether it may have led to a deal."""
    with city.unit() as unit:
        (fact,) = push_facts(Known(unit, Moment()))
        assert fact.delivered_at is not None
        return fact.accepted, bool(platform_events(unit, Moment(), {}))


def planned(city: City) -> None:
    city.post()
    city.match()
    city.plan()


def attempt(city: City, channel: str) -> None:
    with city.unit("operator") as unit:
        record_attempt(unit, unit.session.execute(select(Push.id)).scalar_one(), channel, "delivered", "")


def test_a_letter_in_the_folder_was_taken_by_nobody_and_one_that_a_server_took_was(city: City) -> None:
    planned(city)
    attempt(city, "file")
    assert accepted(city) == (False, False)
    attempt(city, "smtp")
    assert accepted(city) == (True, True)


def test_an_inbox_counts_where_the_firm_has_an_account(city: City) -> None:
    planned(city)
    with city.unit("operator") as unit:
        claim_due(unit)
    assert accepted(city) == (True, True)
    firm = city.firm(ZIPPERS)  # it never registered
    with city.unit() as unit:
        unit.session.execute(select(Push)).scalar_one().enterprise_id = firm
    assert accepted(city) == (False, False)


def offers(city: City) -> dict[int, OfferFacts]:
    with city.unit() as unit:
        return {int(fact.record_id): fact for fact in offer_facts(Known(unit, Moment()))}


def test_an_offer_of_a_list_names_a_holder_of_the_patent_or_another(city: City) -> None:
    """Scheme 4: a licensor that owns none of the patents."""
    rows = [
        OfferRecord(Source("offers", line), application_number=number(line), holder_name=holder, regime="cnipa",
                    announcement_number=f"2025-{line}", declared_on=date(2025, 5, 6))
        for line, holder in ((1, COLLEGE), (2, SCHOOL), (4, None))
    ]  # fmt: skip
    with city.unit("operator") as unit:
        OfferRecorder(unit, None).record([Row(row.source, row) for row in rows])
    with city.unit("operator") as unit:
        first = unit.session.execute(select(Offer.id).where(Offer.holder_name == COLLEGE)).scalar_one()
        said = Paper("announcement", "国家知识产权局", "2025-1", date(2025, 5, 6))
        store_evidence(unit, "offers", first, "other", "公告.eml", letter("announcement"), said)
    found = offers(city)
    assert [fact.holder_on_patent for _, fact in sorted(found.items())] == [True, False, None]
    assert not any(fact.declared_by_holder for fact in found.values())
    assert [(each.paper, each.identified) for each in found[first].evidence] == [("announcement", True)]


def test_what_the_holders_account_declared_says_so(city: City) -> None:
    with city.unit("college") as unit:
        declare_offer(unit, NewOffer(
            number=number(2), announcement_number="2025-0601", fee_method="free", valid_from_on=date(2025, 6, 1),
            valid_to_on=date(2027, 6, 1), industry="制鞋", industry_reason="鞋底", annuity_paid=True, all_owners=True,
        ))  # fmt: skip
    (fact,) = offers(city).values()
    assert fact.declared_by_holder and fact.holder_on_patent
