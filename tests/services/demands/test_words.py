"""Verified by the operator, authorised by the enterprise: what each word needs, and what takes it out of force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from matchhub.db.tables import DemandEvent, Registration
from matchhub.domain.records import DemandRecord, Row, Source
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.verification import confirm_registration
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.demands.drafts import CollectedDemand, confirm_draft, enter_batch
from matchhub.services.demands.editing import reconfirm_demand, resubmit_demand
from matchhub.services.demands.posting import move_demand, post_demand
from matchhub.services.demands.words import authorise_demand, file_sheet, last_verification, sheets_of, verify_demand
from matchhub.services.evidence.files import withdraw_evidence
from matchhub.services.imports.batch import import_rows
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.verifying import row_faults
from matchhub.services.records.own_demand import demand_page
from tests.papers import letter
from tests.services.small_city import SHOES, TODAY, ZIPPERS, City, demand
from tests.services.verifying import prove, verification, verify

UNPROVEN = {"demand_unverified", "demand_authorisation_unproven"}


def held_by(city: City, number: int) -> set[str]:
    """What keeps a demand from the strict count."""
    with city.unit() as unit:
        reasons = explain_record(unit, "demands", number, question(unit)).reasons
    return {reason.code for reason in reasons if reason.effect.startswith("not_")}


def entered(city: City, **changes: Any) -> int:
    """A demand that the operator typed for a firm, with a name in the column of authorisation."""
    with city.unit("operator") as unit:
        return post_demand(unit, demand(**changes), city.firm(SHOES)).demand_id


def imported(city: City, *records: DemandRecord) -> list[int]:
    with city.unit("operator") as unit:
        rows = [Row(each.source, each) for each in records]
        result = import_rows(unit, "demands", rows, files=[{"name": f"{len(rows)}.csv"}], source_name="征集表")
        return list(result.created_ids)


def line(at: int, **changes: Any) -> DemandRecord:
    values = {"enterprise_name": SHOES, "posted_on": TODAY, **changes}
    return replace(demand(**values), source=Source("demands.csv", at))


def test_a_name_typed_authorises_nothing_and_nobody_verified_it(city: City) -> None:
    assert held_by(city, entered(city)) == UNPROVEN


def test_the_firms_own_account_authorises_what_it_posts(city: City) -> None:
    assert held_by(city, city.post()) == {"demand_unverified"}


def test_one_tap_of_the_firm_authorises_what_the_operator_entered(city: City) -> None:
    number = entered(city, authorised_on=None, authorised_by=None)
    assert "demand_not_authorised" in held_by(city, number)
    with city.unit("shoes") as unit:
        assert demand_page(unit, number).may_authorise
        authorise_demand(unit, number)
        assert not demand_page(unit, number).may_authorise
    assert held_by(city, number) == {"demand_unverified"}
    with city.unit("operator") as unit:
        verify(unit, number)
    assert held_by(city, number) == set()


@pytest.mark.parametrize(("who", "refusal"), [("umbrellas", NotFound), ("operator", NotAllowed), ("reviewer", NotAllowed),
                                              ("college", NotAllowed)])  # fmt: skip
def test_nobody_else_authorises_it(city: City, who: str, refusal: type[Refusal]) -> None:
    number = entered(city)
    with pytest.raises(refusal), city.unit(who) as unit:
        authorise_demand(unit, number)
    assert held_by(city, number) == UNPROVEN


def test_an_account_that_nobody_confirmed_authorises_nothing(city: City) -> None:
    number = entered(city)
    actor = city.actors["shoes"]
    city.actors["shoes"] = replace(
        actor, proven=False, enterprise_id=None, organisation_id=None, claims=actor.enterprise_id
    )
    with pytest.raises(NotAllowed) as refused, city.unit("shoes") as unit:
        authorise_demand(unit, number)
    assert refused.value.code == "account_unconfirmed"
    assert "demand_authorisation_unproven" in held_by(
        city, city.post(title="另一件事", text="伞骨在台风天折断,希望更抗风的伞骨。")
    )


def test_a_signed_sheet_authorises_while_it_is_on_file(city: City) -> None:
    number = entered(city, authorised_on=None, authorised_by=None)
    with city.unit("operator") as unit:
        prove(unit, number, how="signed_sheet")
        (sheet,) = sheets_of(unit, number)
    assert (sheet.signed_by, sheet.signed_on, sheet.intact) == ("王小明", TODAY, True)
    assert held_by(city, number) == set()
    with city.unit("operator") as unit:
        withdraw_evidence(unit, sheet.id, "不是这家企业的章")
    assert held_by(city, number) == {"demand_authorisation_unproven"}


@pytest.mark.parametrize(("changes", "code"), [
    ({"how": ""}, "how_verified_missing"),
    ({"how": "dream"}, "how_verified_missing"),
    ({"spoken_to": " "}, "verified_with_missing"),
    ({"spoken_post": ""}, "verified_post_missing"),
    ({"on": None}, "verified_day_missing"),
    ({"on": TODAY + timedelta(days=1)}, "verified_day_to_come"),
    ({"on": TODAY - timedelta(days=1)}, "verified_day_before_posting"),
    ({"note": ""}, "verified_note_missing"),
    ({"how": "signed_sheet"}, "verified_sheet_missing"),
])  # fmt: skip
def test_a_verification_says_how_with_whom_and_when(city: City, changes: dict[str, Any], code: str) -> None:
    number = city.post()
    with pytest.raises(Refusal) as refused, city.unit("operator") as unit:
        verify_demand(unit, number, verification(unit, **changes))
    assert refused.value.code == code
    assert held_by(city, number) == {"demand_unverified"}


def test_a_step_called_verified_without_how_and_with_whom_verifies_nothing(city: City) -> None:
    number = city.post()
    with pytest.raises(KeyError), city.unit("operator") as unit:
        move_demand(unit, number, "verified")
    with city.unit() as unit:
        unit.session.add(DemandEvent(demand_id=number, state="verified", occurred_on=TODAY, note="call",
                                     recorded_at=unit.now))  # fmt: skip
    assert held_by(city, number) == {"demand_unverified"}


@pytest.mark.parametrize("who", ["shoes", "college", "reviewer", "system"])
def test_only_a_person_of_the_operator_verifies(city: City, who: str) -> None:
    number = city.post()
    with pytest.raises(NotAllowed), city.unit(who) as unit:
        verify(unit, number)


def test_how_it_was_verified_stands_on_the_demand(city: City) -> None:
    number = city.post()
    with city.unit("operator") as unit:
        verify(unit, number, how="visit", note="看过生产线")
        seen = last_verification(unit, number)
    assert seen is not None
    assert (seen.how, seen.spoken_to, seen.spoken_post, seen.on, seen.note) == (
        "visit", "王小明", "技术负责人", TODAY, "看过生产线")  # fmt: skip
    assert seen.account_id == city.actors["operator"].account_id


def proven(city: City) -> int:
    (number,) = imported(city, line(2))
    with city.unit("shoes") as unit:
        authorise_demand(unit, number)
    with city.unit("operator") as unit:
        verify(unit, number)
    assert held_by(city, number) == set()
    city.clock.forward(days=1)
    return number


def test_a_change_by_import_takes_both_words_out_of_force_until_they_are_said_again(city: City) -> None:
    number = proven(city)
    imported(city, line(2, targets="剥离强度 ≥ 9 N/mm"))
    assert held_by(city, number) == {"demand_changed_since_verified", "demand_changed_since_authorised"}
    city.clock.forward(days=1)
    with city.unit("operator") as unit:
        verify(unit, number)
    with city.unit("shoes") as unit:
        authorise_demand(unit, number)
    assert held_by(city, number) == set()


def test_a_term_prolonged_by_import_is_not_the_firms_word(city: City) -> None:
    number = proven(city)
    imported(city, line(2, valid_until_on=date(2027, 1, 1)))
    assert held_by(city, number) == {"demand_changed_since_authorised"}
    city.clock.forward(days=1)
    with city.unit("shoes") as unit:
        reconfirm_demand(unit, number)
    assert held_by(city, number) == set()


def test_a_sheet_authorises_what_was_there_when_it_was_filed(city: City) -> None:
    (number,) = imported(city, line(2))
    with city.unit("operator") as unit:
        prove(unit, number)
    city.clock.forward(days=1)
    imported(city, line(2, budget_negotiable=True, cooperation_form="转让"))
    assert "demand_changed_since_authorised" in held_by(city, number)


def test_taking_the_change_back_puts_the_words_in_force_again(city: City) -> None:
    number = proven(city)
    with city.unit("operator") as unit:
        row = line(2, targets="剥离强度 ≥ 9 N/mm")
        batch = import_rows(
            unit, "demands", [Row(row.source, row)], files=[{"name": "b.csv"}], source_name="b"
        ).batch_id
    assert held_by(city, number)
    city.clock.forward(days=1)
    with city.unit("operator") as unit:
        undo_batch(unit, batch or 0, "不是企业的意思")
    assert held_by(city, number) == set()


def test_what_the_firm_changes_itself_stays_authorised(city: City) -> None:
    number = city.post(targets=None)
    city.clock.forward(days=1)
    with city.unit("shoes") as unit:
        resubmit_demand(unit, number, demand())
    assert held_by(city, number) == {"demand_unverified"}


def test_a_past_count_knows_only_the_words_of_then(city: City) -> None:
    number = city.post()
    city.clock.forward(days=1)
    before = city.clock.now
    city.clock.forward(days=1)
    with city.unit("operator") as unit:
        verify(unit, number)
    with city.unit() as unit:
        then = explain_record(unit, "demands", number, question(unit, known_at=before))
        now = explain_record(unit, "demands", number, question(unit))
    assert (then.strict, now.strict) == (False, True)


def test_a_draft_that_the_firm_confirms_is_authorised_by_it(city: City) -> None:
    with city.unit("operator") as unit:
        (draft,) = enter_batch(unit, "fair", "展会", [CollectedDemand(SHOES, "鞋底开胶", demand().text or "")])
    with city.unit("shoes") as unit:
        number = confirm_draft(unit, draft, "王小明")
    assert not held_by(city, number) & {"demand_authorisation_unproven", "demand_not_authorised"}


@pytest.mark.parametrize(("signed_by", "signed_on", "code"), [
    (" ", TODAY, "authorised_by_missing"),
    ("王小明", None, "sheet_day_missing"),
    ("王小明", TODAY + timedelta(days=1), "paper_day_to_come"),
])  # fmt: skip
def test_a_sheet_says_who_signed_it_and_when(city: City, signed_by: str, signed_on: date | None, code: str) -> None:
    number = entered(city)
    with pytest.raises(Refusal) as refused, city.unit("operator") as unit:
        file_sheet(unit, number, "a.eml", letter("x"), signed_by, signed_on)
    assert refused.value.code == code


def test_one_sheet_authorises_one_demand(city: City) -> None:
    first, second = entered(city), entered(city, title="另一件", text="伞骨在台风天折断,希望更抗风的伞骨。")
    with city.unit("operator") as unit:
        file_sheet(unit, first, "a.eml", letter("x"), "王小明", TODAY)
        with pytest.raises(Conflict, match="evidence_used_elsewhere"):
            file_sheet(unit, second, "a.eml", letter("x"), "王小明", TODAY)


def test_words_are_bound_into_the_chain(city: City) -> None:
    number = city.post()
    with city.unit("operator") as unit:
        verify(unit, number)
    with city.runtime.engine.begin() as connection:
        connection.execute(update(DemandEvent).where(DemandEvent.state == "verified").values(how="visit"))
        connection.execute(delete(DemandEvent).where(DemandEvent.state == "authorised"))
    with city.unit() as unit:
        assert {(fault.table, fault.what) for fault in row_faults(unit) if fault} >= {
            ("demand_events", "changed"), ("demand_events", "deleted")}  # fmt: skip


_PARTS = ("鞋底在瓷砖上打滑", "顾客摔倒{}次", "试过{}种橡胶", "摩擦系数要高于0.{}", "不能降低耐磨性")


def template(at: int) -> DemandRecord:
    """One template, its numbers and the order of its sentences changed, dated two years back."""
    turned = [*_PARTS[at % 5 :], *_PARTS[: at % 5]]
    text = "。".join(each.format(at + 1) for each in turned)
    return line(at + 2, title=f"鞋底防滑{at}", text=text, posted_on=TODAY - timedelta(days=700),
                authorised_on=TODAY - timedelta(days=700), authorised_by="总经理")  # fmt: skip


def test_a_template_dated_two_years_back_counts_for_nothing(city: City) -> None:
    """Schemes 8 and 9, by import."""
    numbers = imported(city, *(template(at) for at in range(12)))
    assert len(numbers) == 12
    for number in numbers:
        assert {*UNPROVEN, "recorded_late"} <= held_by(city, number)
    with city.unit("operator") as unit:  # the operator goes as far as it can alone: it calls and files sheets
        for number in numbers:
            prove(unit, number)
    assert all("recorded_late" in held_by(city, number) for number in numbers)


@pytest.mark.parametrize("by_form", [False, True])
def test_one_template_in_other_orders_counts_once(city: City, by_form: bool) -> None:
    """Schemes 8 and 9, by import and by the form, all of them verified and with a sheet: one counts."""
    records = [replace(template(at), posted_on=TODAY, authorised_on=TODAY) for at in range(12)]
    if by_form:
        with city.unit("operator") as unit:
            numbers = [post_demand(unit, record, city.firm(ZIPPERS)).demand_id for record in records]
    else:
        numbers = imported(city, *records)
    with city.unit("operator") as unit:
        for number in numbers:
            prove(unit, number)
    held = [held_by(city, number) for number in numbers]
    assert held.count(set()) == 1
    assert all(each & {"demand_same_text", "demand_repetition"} for each in held if each)


def test_an_authorisation_ticked_before_the_account_was_confirmed_takes_effect_with_it(city: City) -> None:
    proven_actor = city.actors["shoes"]
    with city.unit() as unit:
        unit.session.execute(
            update(Registration)
            .where(Registration.account_id == proven_actor.account_id)
            .values(decision=None, decided_at=None)
        )
    waiting = replace(
        proven_actor, proven=False, enterprise_id=None, organisation_id=None, claims=proven_actor.enterprise_id
    )
    city.actors["shoes"] = waiting
    number = city.post()
    city.clock.forward(days=1)
    assert "demand_authorisation_unproven" in held_by(city, number)
    with city.unit("operator") as unit:
        chosen = select(Registration.id).where(Registration.account_id == proven_actor.account_id)
        confirm_registration(unit, unit.session.execute(chosen).scalar_one(), "已致电核实")
    assert held_by(city, number) == {"demand_unverified"}
