"""Asking a holder from a demand, and what each side then reads of it in the thread."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import PlatformEvent, Thread
from matchhub.errors import Conflict, Refusal
from matchhub.services.conversations import messages
from matchhub.services.conversations.asking import asking_page
from matchhub.services.conversations.interest import express_interest
from matchhub.services.demands.confidentiality import set_confidentiality
from matchhub.services.demands.posting import move_demand
from matchhub.services.pushes.inbox import answer
from tests.services.pushes.read_inbox import inbox_of
from tests.services.small_city import PATENTS, City
from tests.services.verifying import verify

GLUE, SOLE = PATENTS[0][0], PATENTS[1][0]
TEXT = "运动鞋在潮湿环境穿着后鞋底与鞋面开胶"


def asked(city: City, demand: int | None, patent: str = GLUE) -> int:
    with city.unit("shoes") as unit:
        return express_interest(unit, city.patent(patent), demand).thread_id


def number(city: City, table: type[Thread] | type[PlatformEvent]) -> int:
    with city.unit() as unit:
        return unit.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_without_a_demand_nobody_is_asked(city: City) -> None:
    with pytest.raises(Refusal, match="contact_demand_missing"):
        asked(city, None)


def test_an_incomplete_demand_is_refused_with_what_it_lacks_and_nothing_is_recorded(city: City) -> None:
    demand = city.post(
        text="鞋底与鞋面开胶，需要更好的胶粘剂来解决这个问题。", aim="减少开胶", targets=None, cooperation_form=None
    )
    with pytest.raises(Refusal) as refused:
        asked(city, demand)
    assert refused.value.code == "contact_demand_incomplete"
    assert (refused.value.data["number"], refused.value.data["tests"]) == (2, ("target", "terms"))
    assert (number(city, Thread), number(city, PlatformEvent)) == (0, 0)
    with city.unit("operator") as unit:
        verify(unit, demand)
    assert asked(city, demand)


def test_a_demand_that_was_returned_or_solved_asks_nobody(city: City) -> None:
    demand = city.post()
    for state, who in (("returned", "operator"), ("submitted", "shoes"), ("solved", "shoes")):
        with city.unit(who) as unit:
            move_demand(unit, demand, state, "说明")
        if state != "submitted":
            with pytest.raises(Conflict, match="contact_demand_closed"):
                asked(city, demand)


def test_contact_in_answer_to_a_push_opens_the_thread_whatever_became_of_its_demand(city: City) -> None:
    demand = city.post()
    with city.unit("operator") as unit:
        verify(unit, demand)
    city.push()
    with city.unit("operator") as unit:
        move_demand(unit, demand, "returned", "请补充")
    with city.unit("shoes") as unit:
        answer(unit, inbox_of(unit)[0].items[0].item_id, "contact")
    assert number(city, Thread) == 1


def test_the_page_before_asking_shows_each_demand_with_what_it_lacks_and_its_thread(city: City) -> None:
    ready = city.post()
    short = city.post(title="鞋面褪色很严重", text="鞋面日晒后褪色，需要耐光的染料和工艺。", targets=None, aim="不褪色")
    thread = asked(city, ready)
    with city.unit("shoes") as unit:
        page = asking_page(unit, city.patent(GLUE))
    first, second = page.demands
    assert (first.id, first.lacking, first.thread_id) == (ready, (), thread) and first.score > second.score
    assert (second.id, [test.key for test in second.lacking], second.thread_id) == (short, ["target"], None)


def test_the_page_asks_the_base_as_often_for_many_demands_as_for_one(city: City) -> None:
    def statements() -> int:
        with city.unit("shoes") as unit:
            return counted(unit, lambda: asking_page(unit, city.patent(GLUE)))

    city.post()
    statements()
    once = statements()
    for at in range(5):
        city.post(title=f"开胶{at}", text=f"第{at}条产线的鞋底与鞋面开胶，需要更好的胶粘剂。")
    assert statements() == once


def counted(unit, act) -> int:
    from sqlalchemy import event

    seen: list[str] = []
    engine = unit.session.get_bind()

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("level", ["title", "interest", "invited"])
def test_the_holder_whom_the_firm_asked_reads_demand_reasons_and_patent(city: City, level: str) -> None:
    demand = city.post()
    with city.unit("shoes") as unit:
        set_confidentiality(unit, demand, level)
    thread = asked(city, demand)
    with city.unit("college") as unit:
        matter = messages.read_thread(unit, thread).matter
    assert matter.demand is not None and matter.match is not None
    assert TEXT in matter.demand.text and matter.patent.title == GLUE
    assert any(reason.demand_text for reason in matter.match.reasons)


def test_a_holder_that_registers_later_reads_a_demand_shown_on_interest(city: City) -> None:
    demand = city.post()
    with city.unit("shoes") as unit:
        set_confidentiality(unit, demand, "interest")
    thread = asked(city, demand)
    with city.unit() as unit:
        unit.session.get_one(Thread, thread).organisation_id = None
    with city.unit("college") as unit:
        matter = messages.read_thread(unit, thread).matter
    assert matter.demand is not None and TEXT in matter.demand.text


def test_no_contact_data_and_nothing_of_the_firms_own_stand_in_the_matter(city: City) -> None:
    thread = asked(city, city.post())
    with city.unit("college") as unit:
        matter = messages.read_thread(unit, thread).matter
    assert "12345678" not in str(matter) and "王小明" not in str(matter)
    assert matter.match is not None
    assert not {reason.feature for reason in matter.match.reasons} & {"own_field", "own_words", "learned_answer"}
