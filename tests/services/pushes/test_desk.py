"""The operator's desk: a plan is a draft until it is confirmed, and confirmed once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from matchhub import worker
from matchhub.db.tables import Enterprise, Notice, Patent, PatentStatus, Push, PushDraft, PushDraftPair, PushItem
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.demands.posting import move_demand
from matchhub.services.matching.runs import latest_run
from matchhub.services.pushes import delivery, desk, drafting, inbox
from matchhub.services.pushes.drafting import Drafted
from tests.services.small_city import UMBRELLAS, City, opened_city
from tests.services.verifying import verify

GLUE, SPRAYER, MOULD = "一种鞋底用水性聚氨酯胶粘剂", "一种鞋面胶粘剂喷涂设备", "一种鞋底硫化成型模具"


def drafted(city: City) -> Drafted:
    city.match()
    with city.unit("operator") as unit:
        return drafting.make_draft(unit)


def pairs(city: City, draft_id: int, state: str = "") -> list[PushDraftPair]:
    chosen = select(PushDraftPair).where(PushDraftPair.draft_id == draft_id).order_by(PushDraftPair.place)
    with city.runtime.unit(write=False) as unit:
        found = list(unit.session.execute(chosen).scalars())
        unit.session.expunge_all()
    return [each for each in found if state in ("", each.state)]


def low_pair(city: City, made: Drafted) -> PushDraftPair:
    """A pair below the floor with a patent that lives and is free."""
    free = {city.patent(title) for title in (GLUE, MOULD, "一种防滑耐磨橡胶鞋底", "一种抗风伞骨")}
    left = pairs(city, made.draft_id, "left_out")
    return next(each for each in left if each.code == "push_below_floor" and each.patent_id in free)


def pushes(city: City) -> list[Push]:
    with city.runtime.unit(write=False) as unit:
        found = list(unit.session.execute(select(Push).order_by(Push.id)).scalars())
        unit.session.expunge_all()
    return found


def confirm(city: City, draft_id: int, ids: list[int] | None = None) -> desk.Confirmed:
    with city.unit("operator") as unit:
        return desk.confirm_draft(unit, draft_id, ids)


def reasons(city: City, push_id: int) -> dict[str, str]:
    with city.unit("operator") as unit:
        return {each.code: each.effect for each in explain_record(unit, "pushes", push_id, question(unit)).reasons}


def test_a_draft_queues_nothing_and_shows_every_pair_of_the_run_with_its_reason(city: City) -> None:
    city.post()
    made = drafted(city)
    assert pushes(city) == [] and city.claim().outgoing == ()
    with city.unit() as unit:
        run = latest_run(unit)
    found = pairs(city, made.draft_id)
    assert run is not None and len(found) >= run.pairs
    assert all(each.reasons for each in found if each.state == "chosen") and made.chosen
    assert all(each.code for each in found if each.state == "left_out")


def test_confirming_queues_what_was_chosen_once_however_often_it_is_confirmed(city: City) -> None:
    city.post()
    made = drafted(city)
    first = confirm(city, made.draft_id)
    again = confirm(city, made.draft_id)
    assert (first.queued, again.queued, again.already) == (made.chosen, 0, made.chosen)
    assert len(pushes(city)) == made.chosen
    with city.unit() as unit:
        item = unit.session.execute(select(PushItem).order_by(PushItem.id)).scalars().first()
    kept = pairs(city, made.draft_id, "queued")[0]
    assert (
        item is not None and (item.score, item.reasons) == (kept.score, kept.reasons) and kept.push_id == item.push_id
    )


def test_only_the_selected_pairs_are_confirmed_and_the_rest_waits(city: City) -> None:
    city.post()
    city.post(title="鞋底成型", text="鞋底硫化成型模具,想要鞋底成型快。")
    made = drafted(city)
    first, *rest = pairs(city, made.draft_id, "chosen")
    assert rest
    assert confirm(city, made.draft_id, [first.id]).queued == 1
    with city.unit() as unit:
        assert unit.session.get_one(PushDraft, made.draft_id).state == "open"
    assert confirm(city, made.draft_id).queued == len(rest)
    with city.unit() as unit:
        assert unit.session.get_one(PushDraft, made.draft_id).state == "confirmed"


def test_only_the_operator_has_a_desk(city: City) -> None:
    city.post()
    made = drafted(city)
    for who in ("shoes", "college", "reviewer"):
        with pytest.raises(NotAllowed), city.unit(who) as unit:
            drafting.make_draft(unit)
        with pytest.raises(NotAllowed), city.unit(who) as unit:
            desk.confirm_draft(unit, made.draft_id)
        with pytest.raises(NotAllowed), city.unit(who) as unit:
            desk.take_out(unit, made.draft_id, [1], "不合适")


def test_what_was_taken_out_stays_out_of_later_plans_until_it_is_put_back(city: City) -> None:
    city.post()
    made = drafted(city)
    out = pairs(city, made.draft_id, "chosen")[0]
    with pytest.raises(Refusal, match="push_reason_missing"), city.unit("operator") as unit:
        desk.take_out(unit, made.draft_id, [out.id], "  ")
    with city.unit("operator") as unit:
        assert desk.take_out(unit, made.draft_id, [out.id], "企业已自行解决") == 1
    confirm(city, made.draft_id)
    assert out.patent_id not in {each.patent_id for each in _items(city)}
    later = drafted(city)
    (left,) = [each for each in pairs(city, later.draft_id) if each.patent_id == out.patent_id]
    assert (left.state, left.code, left.data) == ("left_out", "push_taken_out", {"reason": "企业已自行解决"})
    with city.unit("operator") as unit:
        desk.put_back(unit, later.draft_id, left.id)
    assert confirm(city, later.draft_id).queued == 1
    assert out.patent_id in {each.patent_id for each in _items(city)}


def _items(city: City) -> list[PushItem]:
    with city.runtime.unit(write=False) as unit:
        found = list(unit.session.execute(select(PushItem)).scalars())
        unit.session.expunge_all()
    return found


def test_below_the_floor_a_pair_is_added_with_a_reason_and_does_not_count_strictly(city: City) -> None:
    city.post()
    made = drafted(city)
    low = low_pair(city, made)
    with city.unit("operator") as unit:
        desk.add_pair(unit, made.draft_id, low.id, "企业来电要求")
    confirm(city, made.draft_id)
    for message in city.claim().outgoing:
        with city.unit("operator") as unit:
            delivery.record_attempt(unit, message.push_id, "smtp", "delivered", "250 ok")
    by_hand = next(each for each in pushes(city) if each.hand_reason)
    assert by_hand.hand_reason == "企业来电要求"
    said = reasons(city, by_hand.id)
    assert said["push_by_hand_below_floor"] == "not_strict" and said["push_added_by_hand"] == "flagged"


def test_neither_a_dead_patent_nor_an_unwilling_firm_is_added_by_hand(city: City) -> None:
    city.post()
    made = drafted(city)
    rows = pairs(city, made.draft_id, "left_out")
    dead = next(each for each in rows if each.patent_id == city.patent(SPRAYER))
    with pytest.raises(Conflict, match="push_patent_dead"), city.unit("operator") as unit:
        desk.add_pair(unit, made.draft_id, dead.id, "试试")
    low = low_pair(city, made)
    with city.unit("shoes") as unit:
        inbox.switch_off(unit)
    with pytest.raises(Conflict, match="push_recipient_suppressed"), city.unit("operator") as unit:
        desk.add_pair(unit, made.draft_id, low.id, "试试")


def test_a_patent_is_added_by_its_number(city: City) -> None:
    number = city.post()
    made = drafted(city)
    with city.unit() as unit:
        wanted = unit.session.execute(select(Patent).where(Patent.title == MOULD)).scalar_one()
        named, key = wanted.application_number or "", wanted.id
    with pytest.raises(NotFound, match="push_patent_unknown"), city.unit("operator") as unit:
        desk.add_patent(unit, made.draft_id, number, "201010596747.4", "展会上问过")
    with city.unit("operator") as unit:
        desk.add_patent(unit, made.draft_id, number, f"ZL{named}", "展会上问过")
    assert key in {each.patent_id for each in pairs(city, made.draft_id, "added")}


def test_a_day_that_is_full_takes_no_more_and_a_day_gone_by_none(city: City) -> None:
    texts = (
        "鞋底开胶,胶粘剂不牢。",
        "鞋底打滑,耐磨性差,橡胶鞋底。",
        "鞋底硫化成型模具,想要鞋底成型快。",
        "抗风伞骨,碳纤维伞骨。",
    )
    for text in texts:
        city.post(title=text[:6], text=text * 2)
    made = drafted(city)
    chosen = [each.id for each in pairs(city, made.draft_id, "chosen")]
    late = next(each for each in pairs(city, made.draft_id) if each.code == "push_cap_enterprise_day")
    tomorrow = city.clock.now.date() + timedelta(days=1)
    with city.unit("operator") as unit:
        assert desk.move_to(unit, made.draft_id, chosen[:2], tomorrow).moved == 2
    with city.unit("operator") as unit:
        desk.add_pair(unit, made.draft_id, late.id, "当天改期后有名额")
    with pytest.raises(Refusal, match="push_day_past"), city.unit("operator") as unit:
        desk.move_to(unit, made.draft_id, chosen, date(2025, 6, 1))
    with city.unit("operator") as unit:
        moved = desk.move_to(unit, made.draft_id, [late.id, chosen[2]], tomorrow)
    assert (moved.moved, moved.kept) == (1, {"push_cap_enterprise_day": 1})
    confirm(city, made.draft_id)
    assert len(city.claim().outgoing) == 1
    assert sorted(each.due_on for each in pushes(city)) == [city.clock.now.date(), *[tomorrow] * 3]


@pytest.mark.parametrize("change", ["dead", "off", "closed"])
def test_what_changed_since_the_draft_falls_out_at_confirmation_and_is_told(city: City, change: str) -> None:
    number = city.post()
    made = drafted(city)
    if change == "dead":
        with city.unit() as unit:
            for key in {each.patent_id for each in pairs(city, made.draft_id, "chosen")}:
                unit.session.add(
                    PatentStatus(patent_id=key, validity="dead", as_of_on=date(2025, 6, 1), recorded_at=unit.now)
                )
        code = "push_patent_dead"
    elif change == "off":
        with city.unit("shoes") as unit:
            inbox.switch_off(unit)
        code = "push_recipient_suppressed"
    else:
        with city.unit("shoes") as unit:
            move_demand(unit, number, "withdrawn")
        code = "push_demand_closed"
    done = confirm(city, made.draft_id)
    assert (done.queued, done.fell_out) == (0, {code: made.chosen})
    assert pushes(city) == [] and {each.code for each in pairs(city, made.draft_id, "fell_out")} == {code}


def test_a_new_draft_replaces_the_open_one_and_keeps_what_was_added_by_hand(city: City) -> None:
    city.post()
    old = drafted(city)
    low = low_pair(city, old)
    with city.unit("operator") as unit:
        desk.add_pair(unit, old.draft_id, low.id, "企业来电要求")
    new = drafted(city)
    assert low.patent_id in {each.patent_id for each in pairs(city, new.draft_id, "added")}
    with pytest.raises(Conflict, match="push_draft_settled"):
        confirm(city, old.draft_id)
    assert confirm(city, new.draft_id).queued == new.chosen + 1


def test_a_discarded_draft_sends_nothing(city: City) -> None:
    city.post()
    made = drafted(city)
    with city.unit("operator") as unit:
        desk.discard(unit, made.draft_id)
    with pytest.raises(Conflict, match="push_draft_settled"):
        confirm(city, made.draft_id)
    assert pushes(city) == []


def test_a_holder_with_an_account_is_told_once_of_a_demand_its_patents_fit(city: City) -> None:
    number = city.post()
    with city.unit("operator") as unit:
        verify(unit, number)
    made = drafted(city)
    confirm(city, made.draft_id)
    city.plan()
    with city.unit() as unit:
        told = unit.session.execute(select(Notice).where(Notice.code == "notice_demand_fits")).scalars().all()
        assert {(each.subject_kind, each.subject_id) for each in told} == {("fitting_demands", number)}
        college = city.actors["college"].organisation_id
        assert [each.organisation_id for each in told].count(college or 0) == 1


def test_the_plan_without_the_desk_is_kept_too(city: City) -> None:
    city.post()
    city.match()
    planned = city.plan().planned
    with city.unit() as unit:
        draft = unit.session.execute(select(PushDraft)).scalar_one()
        assert (draft.state, draft.automatic) == ("confirmed", True)
    assert len(pairs(city, draft.id, "queued")) == planned == len(pushes(city))
    assert {each.push_id for each in pairs(city, draft.id, "queued")} == {each.id for each in pushes(city)}


def new_trade_city(city: City) -> int:
    """A firm whose scope of business a patent of today answers; no demand is open."""
    firm = city.firm(UMBRELLAS)
    with city.unit() as unit:
        row = unit.session.get_one(Enterprise, firm)
        row.local, row.industry = True, "雨伞"
        row.business_scope = "抗风伞骨、碳纤维伞骨的生产和销售,要求抗风能力强、不易折断。"
    city.post()
    return firm


def test_a_new_patent_goes_to_a_firm_whose_trade_it_fits_and_an_old_one_does_not(city: City) -> None:
    firm = new_trade_city(city)
    made = drafted(city)
    found = [each for each in pairs(city, made.draft_id) if each.demand_id is None]
    (chosen,) = [each for each in found if each.state == "chosen"]
    assert (chosen.enterprise_id, chosen.patent_id) == (firm, city.patent("一种抗风伞骨"))
    assert chosen.score >= chosen.floor == 0.55
    assert sum(each["weight"] for each in chosen.reasons or ()) == pytest.approx(chosen.score, abs=1e-3)
    confirm(city, made.draft_id)
    assert any(each.demand_id is None and each.enterprise_id == firm for each in pushes(city))
    city.clock.forward(days=40)
    later = drafted(city)
    assert [each for each in pairs(city, later.draft_id) if each.demand_id is None] == []


def test_the_worker_plans_by_itself_or_leaves_a_draft_and_never_beside_somebody_who_works_on_one(city: City) -> None:
    city.post()
    city.match()
    desk_only = replace(city.runtime.settings, automatic_pushes=False)
    automatic = city.runtime.settings
    city.runtime.settings = desk_only
    outcome = worker.plan_job(city.runtime)
    assert outcome["chosen"] and pushes(city) == []
    city.runtime.settings = automatic
    with city.unit("operator") as unit:
        drafting.make_draft(unit)
    assert worker.plan_job(city.runtime) == {"planned": 0, "draft": True}
    city.clock.forward(days=1)
    assert worker.plan_job(city.runtime)["planned"] == len(pushes(city)) > 0


def test_two_operators_who_confirm_at_once_queue_each_pair_once_on_postgres(tmp_path: Path, postgres_url: str) -> None:
    with opened_city(tmp_path / "postgres", postgres_url) as city:
        city.post()
        made = drafted(city)
        with ThreadPoolExecutor(4) as several:
            done = list(several.map(lambda _: confirm(city, made.draft_id), range(4)))
        assert sorted(each.queued for each in done) == [0, 0, 0, made.chosen]
        assert len(pushes(city)) == made.chosen > 0
