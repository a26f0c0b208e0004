"""Demands: posted, judged by eight tests, returned and changed, re-confirmed, withdrawn; nobody else's are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Demand, DemandEvent, LogEntry, Revision
from matchhub.domain.demands import TEST_KEYS, assess_demand
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.demands.editing import reconfirm_demand, resubmit_demand
from matchhub.services.demands.posting import assess_draft, assessment_of, decide_duplicate, move_demand, post_demand
from matchhub.services.demands.repetition import compare_before
from matchhub.services.facts.known import Known
from matchhub.services.facts.patents import demand_facts
from matchhub.services.kernel.history import Moment
from matchhub.services.records.own_demand import demand_page
from matchhub.services.worklists.enterprise_home import desk
from tests.policy.packs import changed_pack
from tests.services.small_city import ZIPPERS, City, demand
from tests.services.verifying import verify

OTHER_TEXT = "雨伞在台风天伞骨折断,希望伞骨更抗风。"


def missing(city: City, number: int) -> list[str]:
    with city.unit() as unit:
        return [test.key for test in assessment_of(unit, number).missing]


def test_a_complete_demand_of_a_local_enterprise_passes_all_eight_tests_at_once(city: City) -> None:
    with city.unit("shoes") as unit:
        posted = post_demand(unit, demand())
    assert posted.assessment.valid and posted.assessment.passed == 8


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"contact_name": None}, "contact"),
        ({"contact_phone": None, "contact_email": None}, "contact"),
        ({"object": None}, "problem"),
        ({"aim": None, "targets": "≥ 4 N/mm"}, "problem"),
        ({"targets": None}, "target"),
        ({"technical_field": None}, "field"),
        ({"cooperation_form": None}, "terms"),
        ({"budget_negotiable": False}, "terms"),
        ({"budget_negotiable": False, "budget_yuan": Decimal(0)}, "terms"),
        ({"valid_until_on": None}, "validity"),
        ({"valid_until_on": date(2025, 6, 1)}, "validity"),
        ({"authorised_by": None}, "original"),
        ({"authorised_on": None}, "original"),
    ],
)
def test_each_missing_part_is_named_in_the_draft_and_after_posting(
    city: City, changes: dict[str, Any], key: str
) -> None:
    with city.unit("shoes") as unit:
        assert [test.key for test in assess_draft(unit, demand(**changes)).missing] == [key]
    assert missing(city, city.post(**changes)) == [key]


def test_a_draft_writes_nothing(city: City) -> None:
    with city.unit("shoes") as unit:
        assert [test.key for test in assess_draft(unit, demand()).tests] == list(TEST_KEYS)
    with city.unit() as unit:
        assert unit.session.execute(select(Demand)).first() is None


def test_a_demand_of_a_firm_elsewhere_is_taken_but_is_not_local(city: City) -> None:
    assert missing(city, city.post("umbrellas")) == ["enterprise"]


def test_a_demand_without_words_is_refused(city: City) -> None:
    with pytest.raises(Refusal) as refused, city.unit("shoes") as unit:
        post_demand(unit, demand(text="  "))
    assert refused.value.code == "demand_empty"


def test_the_same_words_again_are_refused_and_named(city: City) -> None:
    first = city.post()
    with pytest.raises(Conflict) as refused:
        city.post()
    assert (refused.value.code, refused.value.data["demand"]) == ("demand_repeated", first)


def test_a_clone_with_other_numbers_is_held_with_its_twin_until_a_person_decides(city: City) -> None:
    first = city.post()
    with city.unit("operator") as unit:
        copy = demand(targets="剥离强度 ≥ 5 N/mm", text=f"{demand().text}共3处。")
        second = post_demand(unit, copy, city.firm(ZIPPERS)).demand_id
    with city.unit() as unit:
        fault = assessment_of(unit, second).missing[0]
    assert (fault.code, fault.data["other"]) == ("demand_repetition", first)
    with city.unit("operator") as unit:
        decide_duplicate(unit, second, "different")
    assert missing(city, second) == []
    with city.unit("operator") as unit:
        decide_duplicate(unit, second, "same")
    assert missing(city, second) == ["original"]


@pytest.mark.parametrize("meanwhile", ["nothing", "a nearer one", "the nearest is changed", "other words"])
def test_a_comparison_made_before_the_line_is_brought_up_in_it(city: City, meanwhile: str) -> None:
    first = city.post(targets="剥离强度 ≥ 5 N/mm", text=f"{demand().text}共3处，另有一处在前掌。")
    copy = demand(text=f"{demand().text}共7处。")
    with city.unit("operator") as unit:
        before = compare_before(unit, copy.title or "", copy.text or "")
    assert before is not None and before.nearest == first
    expected = first
    if meanwhile == "a nearer one":
        expected = city.post(text=f"{demand().text}共9处。")
    if meanwhile == "the nearest is changed":
        with city.unit("shoes") as unit:
            resubmit_demand(unit, first, demand(title="伞骨折断", text=OTHER_TEXT))
    if meanwhile == "other words":
        copy = demand(title="伞骨折断", text=OTHER_TEXT)
    with city.unit("operator") as unit:
        number = post_demand(unit, copy, city.firm(ZIPPERS), before).demand_id
        alone = unit.session.get_one(Demand, number).duplicate_of_id
    assert alone == (expected if meanwhile in ("nothing", "a nearer one") else None)


def test_another_matter_is_no_repetition(city: City) -> None:
    city.post()
    assert missing(city, city.post(title="伞骨折断", text=OTHER_TEXT)) == []


def test_the_operator_posts_for_a_firm_and_an_institution_posts_for_nobody(city: City) -> None:
    with city.unit("operator") as unit:
        assert post_demand(unit, demand(), city.firm(ZIPPERS)).demand_id
    with pytest.raises(NotAllowed), city.unit("college") as unit:
        post_demand(unit, demand(), city.firm(ZIPPERS))


def test_an_enterprise_cannot_post_for_another(city: City) -> None:
    with city.unit("shoes") as unit:
        number = post_demand(unit, demand(), city.firm(ZIPPERS)).demand_id
        assert unit.session.get_one(Demand, number).enterprise_id == unit.actor.enterprise_id


def test_a_returned_demand_is_changed_and_submitted_again(city: City) -> None:
    number = city.post(targets=None, budget_negotiable=False, budget_yuan=Decimal("120000"))
    with city.unit("operator") as unit:
        move_demand(unit, number, "returned", "请写明指标")
    with city.unit("shoes") as unit:
        assert demand_page(unit, number).returned_note == "请写明指标"
        resubmit_demand(unit, number, demand(existing=None))
    with city.unit("shoes") as unit:
        page = demand_page(unit, number)
    assert (page.state, page.assessment.passed, page.returned_note) == ("submitted", 8, None)
    assert page.record.budget_yuan is None, "an emptied field is emptied"
    assert [step.state for step in page.steps] == ["submitted", "authorised", "returned", "authorised", "submitted"]


def test_what_changed_is_written_as_a_revision_and_the_rest_is_not(city: City) -> None:
    number = city.post(targets=None)
    with city.unit("operator") as unit:
        move_demand(unit, number, "returned", "请写明指标")
    with city.unit("shoes") as unit:
        resubmit_demand(unit, number, demand())
    with city.unit() as unit:
        last = select(Revision.fields).where(Revision.kind == "demands", Revision.record_id == number)
        assert unit.session.execute(last.order_by(Revision.id.desc())).scalars().first() == {
            "targets": "剥离强度 ≥ 4 N/mm"
        }


def test_a_demand_that_waits_is_completed_and_stays_in_line(city: City) -> None:
    number = city.post(targets=None)
    with city.unit("shoes") as unit:
        resubmit_demand(unit, number, demand())
    with city.unit("shoes") as unit:
        page = demand_page(unit, number)
        verbs = unit.session.execute(select(LogEntry.verb).order_by(LogEntry.id)).scalars().all()
    assert (page.state, page.assessment.passed, [step.state for step in page.steps]) == (
        "submitted",
        8,
        ["submitted", "authorised", "authorised"],
    )
    assert verbs[-2:] == ["demand.changed", "facts.bound"]


@pytest.mark.parametrize("state", ["verified", "withdrawn", "solved"])
def test_a_demand_beyond_review_is_not_changed_any_more(city: City, state: str) -> None:
    number = city.post()
    with city.unit("operator") as unit:
        if state == "verified":
            verify(unit, number)
        else:
            move_demand(unit, number, state)
    with pytest.raises(Conflict) as refused, city.unit("shoes") as unit:
        resubmit_demand(unit, number, demand(title="别的"))
    assert refused.value.code == "demand_moved_on"


def test_nobody_decides_about_a_repetition_in_advance(city: City) -> None:
    number = city.post()
    with pytest.raises(Refusal) as refused, city.unit("operator") as unit:
        decide_duplicate(unit, number, "different")
    assert refused.value.code == "demand_without_twin"


def test_new_words_are_compared_again_and_an_old_decision_no_longer_speaks(city: City) -> None:
    city.post()
    number = city.post(text=f"{demand().text}共3处。")
    with city.unit("operator") as unit:
        decide_duplicate(unit, number, "different")
        move_demand(unit, number, "returned", "请补充")
    with city.unit("shoes") as unit:
        resubmit_demand(unit, number, demand(text=f"{demand().text}两处。"))
    assert missing(city, number) == ["original"]


def test_a_change_into_the_words_of_another_own_demand_is_refused(city: City) -> None:
    first, second = city.post(), city.post(title="伞骨折断", text=OTHER_TEXT)
    with city.unit("operator") as unit:
        move_demand(unit, second, "returned", "请补充")
    with pytest.raises(Conflict) as refused, city.unit("shoes") as unit:
        resubmit_demand(unit, second, demand())
    assert refused.value.data["demand"] == first


def test_a_return_needs_its_reason(city: City) -> None:
    number = city.post()
    with pytest.raises(Refusal) as refused, city.unit("operator") as unit:
        move_demand(unit, number, "returned", "  ")
    assert refused.value.code == "note_missing"


@pytest.mark.parametrize(("state", "who"), [("returned", "shoes"), ("reconfirmed", "operator")])
def test_each_step_belongs_to_its_role(city: City, state: str, who: str) -> None:
    number = city.post()
    with pytest.raises(NotAllowed), city.unit(who) as unit:
        move_demand(unit, number, state, "因为")


def test_a_step_from_a_state_that_has_passed_is_refused(city: City) -> None:
    number = city.post()
    with city.unit("shoes") as unit:
        move_demand(unit, number, "withdrawn")
    with pytest.raises(Conflict) as refused, city.unit("operator") as unit:
        verify(unit, number)
    assert refused.value.data["state"] == "withdrawn"


def test_a_withdrawn_demand_stays_on_record_with_its_steps_and_the_log(city: City) -> None:
    number = city.post()
    with city.unit("shoes") as unit:
        move_demand(unit, number, "withdrawn", "不再需要")
    with city.unit() as unit:
        assert unit.session.get_one(Demand, number).state == "withdrawn"
        steps = select(DemandEvent.state).where(DemandEvent.demand_id == number).order_by(DemandEvent.id)
        assert list(unit.session.execute(steps).scalars()) == ["submitted", "authorised", "withdrawn"]
        verbs = select(LogEntry.verb).where(LogEntry.subject_kind == "demands", LogEntry.subject_id == number)
        assert list(unit.session.execute(verbs.order_by(LogEntry.id)).scalars()) == [
            "demand.posted",
            "demand.withdrawn",
        ]


@pytest.mark.parametrize("number_of_days", [181, 182, 183])
def test_after_six_months_the_enterprise_is_asked_again(city: City, number_of_days: int) -> None:
    number = city.post()
    city.clock.forward(days=number_of_days)
    with city.unit("shoes") as unit:
        page = demand_page(unit, number)
    assert page.reconfirm_due_on == date(2025, 12, 2)
    assert page.reconfirm is (number_of_days >= 183)


def test_confirming_again_extends_the_term_and_asks_no_more(city: City) -> None:
    number = city.post()
    city.clock.forward(days=400)
    assert missing(city, number) == ["validity"]
    with city.unit("shoes") as unit:
        assert demand_page(unit, number).reconfirm
        assert reconfirm_demand(unit, number) == date(2027, 7, 7)
    with city.unit("shoes") as unit:
        page = demand_page(unit, number)
    assert page.assessment.valid and not page.reconfirm


def test_confirming_again_extends_by_the_months_of_the_pack(city: City) -> None:
    number = city.post()
    longer = changed_pack(usual_months=18, max_validity_months=20)
    with city.unit("shoes") as unit:
        other = replace(unit, pack=longer)
        assert reconfirm_demand(other, number) == date(2026, 12, 2)
        with pytest.raises(Refusal) as refused:
            reconfirm_demand(other, number, date(2027, 2, 3))
        assert refused.value.data["most"] == date(2027, 2, 2)


@pytest.mark.parametrize(
    ("until", "fine"),
    [
        (date(2025, 6, 1), False),
        (date(2025, 6, 2), True),
        (date(2028, 6, 1), True),
        (date(2028, 6, 2), True),
        (date(2028, 6, 3), False),
    ],
)
def test_the_term_lies_between_today_and_three_years(city: City, until: date, fine: bool) -> None:
    number = city.post()
    with city.unit("shoes") as unit:
        if fine:
            assert reconfirm_demand(unit, number, until) == until
            return
        with pytest.raises(Refusal) as refused:
            reconfirm_demand(unit, number, until)
    assert refused.value.code == "demand_term_invalid"


def test_a_foreign_demand_is_not_there_for_another_enterprise_or_an_institution(city: City) -> None:
    number = city.post()
    for act in (
        lambda unit: demand_page(unit, number),
        lambda unit: move_demand(unit, number, "withdrawn"),
        lambda unit: resubmit_demand(unit, number, demand()),
        lambda unit: reconfirm_demand(unit, number),
    ):
        with pytest.raises(NotFound), city.unit("umbrellas") as unit:
            act(unit)
        with pytest.raises((NotFound, NotAllowed)), city.unit("college") as unit:
            act(unit)


def test_the_desk_shows_own_demands_those_that_wait_for_the_enterprise_first(city: City) -> None:
    first, second = city.post(), city.post(title="伞骨折断", text=OTHER_TEXT)
    city.post("umbrellas")
    with city.unit("operator") as unit:
        move_demand(unit, first, "returned", "请补充")
    with city.unit("shoes") as unit:
        view = desk(unit)
    assert [line.id for line in view.demands] == [first, second]
    assert (view.open, view.valid) == (1, 1)
    assert view.firm.local and view.firm.local_decided_by == "division"


def test_the_list_judges_a_demand_exactly_as_the_count_does(city: City) -> None:
    number = city.post(contact_name=None, valid_until_on=date(2025, 7, 1))
    city.clock.forward(days=40)
    with city.unit("shoes") as unit:
        counted = next(each for each in demand_facts(Known(unit, Moment())) if each.record_id == number)
        judged = assess_demand(counted, unit.pack.demands, unit.today)
        assert desk(unit).demands[0].assessment == assessment_of(unit, number) == judged
        assert demand_page(unit, number).assessment == judged
