"""A clock set back: what was written then proves no day, whoever wrote it, until the bureau confirms it (scheme 26)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchhub.services.counting.counts import Question, explain_record, question
from matchhub.services.counting.kept import kept_verdicts
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.facts.clocks import written_back
from matchhub.services.facts.known import Known
from matchhub.services.facts.pushes import platform_events
from matchhub.services.kernel.history import Moment
from matchhub.services.pushes.delivery import record_attempt
from tests.policy.packs import changed_pack
from tests.services.small_city import City


def pushed(city: City, back: dict[str, float]) -> int:
    """A push to a firm with an account, planned and sent under a clock set back by ``back``; its number."""
    city.post()
    city.match()
    city.clock.forward(**back)
    city.plan()
    message = city.claim().outgoing[0]
    with city.unit("operator") as unit:
        record_attempt(unit, message.push_id, "smtp", "delivered", "250 ok")
    return message.push_id


def told(city: City, kind: str, record_id: int) -> dict[str, str]:
    """Effects of the reasons about the clock."""
    with city.runtime.unit(write=False) as unit:
        reasons = explain_record(unit, kind, record_id, question(unit)).reasons
        return {reason.code: reason.effect for reason in reasons if reason.code.startswith("clock_")}


@pytest.mark.parametrize(
    ("back", "seen"),
    [
        ({"hours": -1}, True),
        ({"seconds": -301}, True),
        ({"seconds": -300}, False),  # clocks of machines differ; the audit tells it
        ({"hours": 1}, False),
    ],
)
def test_a_push_sent_under_a_clock_set_back_does_not_count(city: City, back: dict[str, float], seen: bool) -> None:
    push = pushed(city, back)
    assert told(city, "pushes", push) == ({"clock_set_back": "not_strict"} if seen else {})


def test_it_stays_so_when_the_clock_is_right_again(city: City) -> None:
    push = pushed(city, {"days": -200})
    city.clock.forward(days=201)
    assert told(city, "pushes", push) == {"clock_set_back": "not_strict"}
    assert told(city, "demands", city.post(text="另一条需求,鞋面褪色严重,需要耐光染料。", title="鞋面褪色")) == {}


def test_no_deal_comes_from_what_was_seen_under_such_a_clock(city: City) -> None:
    pushed(city, {"days": -200})
    with city.unit() as unit:
        back = written_back(unit, Moment(), unit.pack)
        assert platform_events(unit, Moment(), {}) and not platform_events(unit, Moment(), back)


def test_a_demand_posted_under_a_clock_set_back_waits_for_the_bureau(city: City) -> None:
    city.post()
    city.clock.forward(days=-100)
    demand = city.post(text="登山鞋鞋带受力后断裂,需要更耐磨的编织结构。", title="鞋带断裂")
    assert told(city, "demands", demand) == {"clock_set_back": "not_strict"}
    with city.unit("reviewer") as unit:
        confirm(unit, "demands", demand)  # while the clock still runs behind
    assert told(city, "demands", demand) == {"clock_set_back": "not_strict"}
    city.clock.forward(days=101)
    with city.unit("operator") as unit:
        confirm(unit, "demands", demand)
    assert told(city, "demands", demand) == {"clock_set_back": "not_strict"}
    with city.unit("reviewer") as unit:
        confirm(unit, "demands", demand)
    assert told(city, "demands", demand) == {"clock_set_back_accepted": "flagged"}


def test_another_pack_lets_pass_what_it_says(city: City) -> None:
    push = pushed(city, {"seconds": -400})
    strict, patient = changed_pack(), changed_pack(clock_seconds=600)
    for own, asked, counts in ((strict, patient, True), (patient, strict, False), (strict, strict, False)):
        with city.runtime.unit(write=False) as unit:
            unit = replace(unit, pack=own)
            said = explain_record(unit, "pushes", push, Question(asked, unit.today, None)).reasons
            deals = bool(platform_events(unit, Moment(), Known(unit, Moment(), asked=asked).written_back))
        assert ("clock_set_back" not in {reason.code for reason in said}, deals) == (counts, counts)


def test_kept_verdicts_are_of_the_pack_that_counts(city: City) -> None:
    push = pushed(city, {"seconds": -400})
    with city.runtime.unit(write=False) as unit:
        unit = replace(unit, pack=changed_pack())  # in force here; kept are those of the other
        for pack, counts in ((changed_pack(clock_seconds=600), True), (changed_pack(clock_seconds=200), False)):
            with kept_verdicts(unit, pack, unit.today) as store:
                (atom,) = store.atoms_of("pushes", {push})
            assert ("clock_set_back" not in {reason.code for reason in atom.reasons}) == counts
