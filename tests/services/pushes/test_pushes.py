"""Pushes: planned by the rules, claimed, delivered once, read, answered, switched off."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import PlatformEvent, Push, PushAnswer, PushDelivery, PushItem, Suppression
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.demands.posting import move_demand, post_demand
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.pushes import delivery, inbox, plan
from matchhub.services.pushes.links import token_hash, token_of
from tests.policy.packs import changed_pack
from tests.services.pushes.read_inbox import inbox_of
from tests.services.small_city import ZIPPERS, City, demand

GLUE = "一种鞋底用水性聚氨酯胶粘剂"
UMBRELLA = {"title": "伞骨折断", "text": "雨伞在台风天伞骨折断,希望碳纤维伞骨更抗风。", "contact_email": "li@u.example"}


def pushes(city: City) -> list[Push]:
    with city.runtime.unit(write=False) as unit:
        found = list(unit.session.execute(select(Push).order_by(Push.id)).scalars())
        unit.session.expunge_all()
        return found


def token_in(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_there_is_no_plan_without_a_run(city: City) -> None:
    city.post()
    with pytest.raises(Conflict) as refused:
        city.plan()
    assert refused.value.code == "no_match_run"


def test_only_the_operator_plans(city: City) -> None:
    for who in ("shoes", "college", "reviewer"):
        with pytest.raises(NotAllowed), city.unit(who) as unit:
            plan.plan(unit)


def test_a_plan_keeps_score_reasons_floor_and_address_of_each_push(city: City) -> None:
    number = city.post()
    city.match()
    assert city.plan().planned >= 1
    first = pushes(city)[0]
    with city.unit() as unit:
        item = unit.session.execute(select(PushItem).where(PushItem.push_id == first.id)).scalar_one()
    assert (first.demand_id, first.state, first.recipient_email) == (number, "planned", "wang@shoes.example")
    assert item.patent_id == city.patent(GLUE) and item.score >= item.floor > 0
    assert sum(reason["weight"] for reason in item.reasons) == pytest.approx(item.score, abs=1e-4)


def test_dead_and_pledged_patents_are_not_pushed_and_a_pending_one_is_told(city: City) -> None:
    city.post(title="防水拉链", text="需要防水拉链,链牙啮合紧密,拉头顺滑,防水性能好。")
    city.post(title="喷胶不匀", text="鞋面胶粘剂喷涂设备喷胶不均匀。")
    city.post(title="鞋底成型", text="鞋底硫化成型模具,想要鞋底成型快。")
    city.match()
    summary = city.plan()
    assert {"push_patent_encumbered", "push_patent_dead"} <= summary.left_out.keys()
    with city.unit() as unit:
        told = {item.patent_id: item.warnings for item in unit.session.execute(select(PushItem)).scalars()}
    assert city.patent("一种防水拉链") not in told and city.patent("一种鞋面胶粘剂喷涂设备") not in told
    assert told[city.patent("一种鞋底硫化成型模具")] == ["push_warns_not_granted"]


def test_one_enterprise_gets_at_most_three_a_day(city: City) -> None:
    for text in (
        "鞋底开胶,胶粘剂不牢。",
        "鞋底打滑,耐磨性差,橡胶鞋底。",
        "鞋底硫化成型模具,想要鞋底成型快。",
        "抗风伞骨,碳纤维伞骨。",
    ):
        city.post(title=text[:6], text=text * 2)
    city.match()
    assert city.plan().planned == 3


@pytest.mark.parametrize("cap", [1, 2, 5])
def test_the_cap_of_a_day_is_the_packs(city: City, monkeypatch: pytest.MonkeyPatch, cap: int) -> None:
    for text in (
        "鞋底开胶,胶粘剂不牢。",
        "鞋底打滑,耐磨性差,橡胶鞋底。",
        "鞋底硫化成型模具,想要鞋底成型快。",
        "抗风伞骨,碳纤维伞骨。",
    ):
        city.post(title=text[:6], text=text * 2)
    monkeypatch.setattr(Runtime, "pack", changed_pack(per_enterprise_day=cap))
    city.match()
    assert city.plan().planned == min(cap, 4)
    assert len(city.claim().outgoing) == min(cap, 4)


def test_a_patent_is_pushed_to_an_enterprise_once_however_often_one_plans(city: City) -> None:
    city.post()
    city.push()
    before = len(pushes(city))
    for _ in range(3):
        city.clock.forward(days=1)
        city.match()
        city.plan()
    with city.unit() as unit:
        pairs = unit.session.execute(select(Push.enterprise_id, PushItem.patent_id).join(PushItem)).all()
    assert len(pairs) == len(set(pairs)) >= before


def test_a_switched_off_enterprise_is_not_planned_for(city: City) -> None:
    city.post()
    with city.unit("shoes") as unit:
        inbox.switch_off(unit)
    city.match()
    summary = city.plan()
    assert summary.planned == 0 and "push_recipient_suppressed" in summary.left_out


def test_switching_off_after_the_plan_still_stops_the_message(city: City) -> None:
    city.post()
    city.match()
    planned = city.plan().planned
    with city.unit("shoes") as unit:
        inbox.switch_off(unit)
    claimed = city.claim()
    assert (claimed.outgoing, claimed.suppressed) == ((), planned)
    assert {push.state for push in pushes(city)} == {"suppressed"}
    assert {push.delivered_at for push in pushes(city)} == {None}


def test_switched_on_again_the_pair_gets_a_second_chance(city: City) -> None:
    city.post()
    city.match()
    planned = city.plan().planned
    with city.unit("shoes") as unit:
        inbox.switch_off(unit)
    city.claim()
    with city.unit("shoes") as unit:
        inbox.switch_on(unit)
        assert not inbox.is_off(unit, unit.actor.enterprise_id or 0)
    assert city.plan().planned == planned
    assert len(city.claim().outgoing) == planned


def test_a_claimed_message_is_not_claimed_again_until_the_claim_runs_out(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    first = city.claim().outgoing
    assert first and city.claim().outgoing == ()
    city.clock.forward(minutes=6)
    again = city.claim().outgoing
    assert [each.message_id for each in again] == [each.message_id for each in first], "the same message, not a new one"


def test_a_firm_with_an_account_has_the_message_in_its_inbox_before_any_mail(city: City) -> None:
    number = city.post()
    city.match()
    city.plan()
    with city.unit("shoes") as unit:
        assert inbox_of(unit) == []
    city.claim()
    with city.unit("shoes") as unit:
        found = inbox_of(unit)
    assert {(view.demand_id, view.opened_at) for view in found} == {(number, None)}
    assert GLUE in {view.items[0].title for view in found}


def test_a_firm_without_account_and_address_cannot_be_reached(city: City) -> None:
    with city.unit("operator") as unit:
        post_demand(unit, demand(contact_email=None), city.firm(ZIPPERS))
    city.match()
    summary = city.plan()
    assert summary.planned == 0 and "push_unreachable" in summary.left_out
    assert pushes(city) == []


def test_a_deferred_message_is_tried_again_later_and_given_up_after_five_times(city: City) -> None:
    with city.unit("operator") as unit:
        post_demand(unit, demand(), city.firm(ZIPPERS))
    city.match()
    city.plan()
    seen, first = [], pushes(city)[0].id
    for _ in range(6):
        for message in city.claim().outgoing:
            if message.push_id == first:
                with city.unit("operator") as unit:
                    seen.append(delivery.record_attempt(unit, first, "smtp", "deferred", "451 later"))
        assert first not in {message.push_id for message in city.claim().outgoing}, "not at once"
        city.clock.forward(hours=6)
    assert seen == ["planned"] * 4 + ["failed"]


def test_a_delivery_is_counted_once_and_every_attempt_is_on_record(city: City) -> None:
    city.post()
    sent = city.push()
    push = pushes(city)[0]
    assert push.state == "delivered" and push.delivered_at == city.clock.now
    with city.unit() as unit:
        channels = select(PushDelivery.channel).where(PushDelivery.push_id == sent[0].push_id)
        assert sorted(unit.session.execute(channels).scalars()) == ["inbox", "smtp"]
    assert city.claim().outgoing == ()


def test_a_plan_taken_back_is_not_sent(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    ids = [push.id for push in pushes(city)]
    with city.unit("operator") as unit:
        assert delivery.withdraw_plan(unit, ids, "重复") == len(ids)
        assert delivery.pending(unit) == 0
    assert city.claim().outgoing == ()


def test_withdrawing_the_demand_after_the_match_stops_its_pushes(city: City) -> None:
    number = city.post()
    city.match()
    with city.unit("shoes") as unit:
        move_demand(unit, number, "withdrawn")
    assert city.plan().planned == 0


# -- links, reading, answers ------------------------------------------------------------------------------------------


def test_the_link_opens_the_push_and_the_base_holds_only_its_hash(city: City) -> None:
    city.post()
    message = city.push()[0]
    token = token_in(message.link)
    with city.unit() as unit:
        assert inbox.push_by_token(unit, token).push_id == message.push_id
        assert unit.session.get_one(Push, message.push_id).token_hash == token_hash(token) != token
    assert message.off_link == f"{message.link}/off"


@pytest.mark.parametrize("forged", ["", "x", "A" * 32])
def test_a_forged_link_opens_nothing(city: City, forged: str) -> None:
    city.post()
    token = token_in(city.push()[0].link)
    with city.unit() as unit:
        for other in (forged, token[:-1], token + "A", token_of("another key", "<x>")):
            with pytest.raises(NotFound):
                inbox.push_by_token(unit, other)
            with pytest.raises(NotFound):
                inbox.switch_off(unit, token=other or "x")


def test_looking_does_not_count_as_reading_and_the_first_reading_stays(city: City) -> None:
    city.post()
    message = city.push()[0]
    with city.unit("shoes") as unit:
        assert inbox.push_of(unit, message.push_id).opened_at is None
        inbox.mark_read(unit, message.push_id)
    read_at = city.clock.now
    city.clock.forward(hours=1)
    with city.unit() as unit:
        inbox.mark_read(unit, message.push_id, token_in(message.link))
        assert inbox.push_by_token(unit, token_in(message.link)).opened_at == read_at


@pytest.mark.parametrize("code", inbox.ANSWERS)
def test_each_of_the_nine_answers_is_kept_and_the_newest_speaks(city: City, code: str) -> None:
    city.post()
    message = city.push()[0]
    with city.unit("shoes") as unit:
        item = inbox.push_of(unit, message.push_id).items[0]
        inbox.answer(unit, item.item_id, "too_early")
        inbox.answer(unit, item.item_id, code, "  说明 ")
    with city.unit("shoes") as unit:
        assert inbox.push_of(unit, message.push_id).items[0].answer == code
        kept = unit.session.execute(select(PushAnswer.code, PushAnswer.note).order_by(PushAnswer.id)).all()
        contacts = unit.session.execute(select(func.count()).select_from(PlatformEvent)).scalar()
    assert kept == [("too_early", None), (code, "说明")]
    assert contacts == (1 if code == "contact" else 0)


def test_an_answer_nobody_offers_is_refused(city: City) -> None:
    city.post()
    message = city.push()[0]
    with pytest.raises(Refusal) as refused, city.unit("shoes") as unit:
        inbox.answer(unit, inbox.push_of(unit, message.push_id).items[0].item_id, "maybe")
    assert refused.value.code == "answer_unknown"


def test_pushes_of_another_enterprise_are_not_there(city: City) -> None:
    city.post()
    city.post("umbrellas", **UMBRELLA)
    sent = city.push()
    mine = next(each for each in sent if each.enterprise.startswith("晋江"))
    other = next(each for each in sent if not each.enterprise.startswith("晋江"))
    with city.unit("shoes") as unit:
        assert {each.push_id for each in inbox_of(unit)} == {
            each.push_id for each in sent if each.enterprise == mine.enterprise
        }
        (item,) = unit.session.execute(select(PushItem.id).where(PushItem.push_id == other.push_id)).scalars()
        for act in (
            lambda: inbox.push_of(unit, other.push_id),
            lambda: inbox.mark_read(unit, other.push_id),
            lambda: inbox.answer(unit, item, "fits"),
            lambda: inbox.answer(unit, item, "fits", token=token_in(mine.link)),
            lambda: inbox.mark_read(unit, other.push_id, token_in(mine.link)),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_push_that_was_never_delivered_is_not_in_the_inbox(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    with pytest.raises(NotFound), city.unit("shoes") as unit:
        inbox.push_of(unit, pushes(city)[0].id)


def test_the_link_switches_pushes_off_for_its_own_enterprise_only(city: City) -> None:
    city.post()
    city.post("umbrellas", **UMBRELLA)
    message = next(each for each in city.push() if each.enterprise.startswith("晋江"))
    with city.unit() as unit:
        inbox.switch_off(unit, token=token_in(message.link))
        inbox.switch_off(unit, token=token_in(message.link))
        off = list(unit.session.execute(select(Suppression.enterprise_id)).scalars())
    assert off == [city.actors["shoes"].enterprise_id]


def test_an_enterprise_cannot_switch_off_another(city: City) -> None:
    with pytest.raises(NotAllowed), city.unit("shoes") as unit:
        inbox.switch_off(unit, city.firm(ZIPPERS))


def test_looking_at_a_patent_is_kept_once_a_day(city: City) -> None:
    for hours in (0, 1, 24):
        city.clock.forward(hours=hours)
        with city.unit("shoes") as unit:
            inbox.note_view(unit, city.patent(GLUE))
    with city.unit() as unit:
        assert [each.event for each in unit.session.execute(select(PlatformEvent)).scalars()] == ["view", "view"]
