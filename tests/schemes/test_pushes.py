"""Schemes 26 and 29: pushes that nobody received, or sent on another day than it was."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Push, PushDraftPair
from matchhub.services.counting.counts import count_progress, explain_record, question
from matchhub.services.demands.posting import post_demand
from matchhub.services.pushes.delivery import claim_due, record_attempt
from tests.services.small_city import ZIPPERS, City, demand


def strict_pushes(city: City) -> int:
    with city.runtime.unit(write=False) as unit:
        return count_progress(unit, question(unit)).threshold("pushes").count.strict


def reasons(city: City, push: int) -> set[str]:
    with city.runtime.unit(write=False) as unit:
        return {reason.code for reason in explain_record(unit, "pushes", push, question(unit)).reasons}


def sent(city: City, channel: str) -> list[int]:
    """Plan, claim and send everything that is due; the numbers of the pushes."""
    city.match()
    city.plan()
    with city.unit("operator") as unit:
        outgoing = claim_due(unit).outgoing
    for message in outgoing:
        with city.unit("operator") as unit:
            record_attempt(unit, message.push_id, channel, None if channel == "inbox" else "delivered", "")
    return [message.push_id for message in outgoing]


def test_scheme_26_the_clock_set_back_and_pushes_sent(city: City) -> None:
    city.post()
    city.clock.forward(days=-150)
    pushes = sent(city, "smtp")
    city.clock.forward(days=151)
    assert pushes and all("clock_set_back" in reasons(city, push) for push in pushes)
    assert strict_pushes(city) == 0


def test_scheme_29_a_push_to_the_inbox_of_a_firm_without_an_account(city: City) -> None:
    """The operator posts a demand for a firm that never registered and left no address, and pushes to its inbox."""
    firm = city.firm(ZIPPERS)
    with city.unit("operator") as unit:
        post_demand(unit, demand(enterprise_name=ZIPPERS, contact_email=None), firm)
    assert sent(city, "inbox") == []  # left out of the plan: it reaches nobody
    with city.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Push.id)).all() == []
        left = unit.session.execute(select(PushDraftPair.code)).scalars()
        assert "push_unreachable" in set(left)
    assert strict_pushes(city) == 0


def test_scheme_29_so_it_is_with_a_letter_in_the_folder(city: City) -> None:
    firm = city.firm(ZIPPERS)
    with city.unit("operator") as unit:
        post_demand(unit, demand(enterprise_name=ZIPPERS), firm)
    pushes = sent(city, "file")
    assert pushes and all("push_only_written" in reasons(city, push) for push in pushes)
    assert strict_pushes(city) == 0
