"""Letters by the channels that recipients chose: what is told, when, once, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import ChannelLetter, Notice, Patent, PushDelivery, RecipientAddress
from matchhub.domain.messages import NO_QUIET, QuietTimes
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.notify.offered import AddressRefused
from matchhub.operation.channels import enter_address, tell, try_address
from matchhub.services.accounts.applicants import Applicant
from matchhub.services.accounts.registration import register_enterprise
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.kernel.limits import LimitReached
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.sealing import SealBroken, seal, unseal
from matchhub.services.kernel.unit import VISITOR, Actor
from matchhub.services.licensing.accepting import accept_offer
from matchhub.services.notices.notices import notify
from matchhub.services.pushes.inbox import switch_off
from matchhub.services.recipients.addresses import confirm_address, count_guess, own_addresses, remove_address
from matchhub.services.recipients.choices import choose, own_choices
from matchhub.services.recipients.why import letter_by_token, turn_off_by_token
from tests.domain.factories import number, uscc
from tests.notify.web_sinks import WebSink, web_sink
from tests.services.licensing.test_licensing import declared
from tests.services.small_city import COLLEGE, SHOES, City, built_city, city

__all__ = ["built_city", "city"]
OK = b'{"errcode": 0, "errmsg": "ok"}'
BUSY = b'{"errcode": -1, "errmsg": "system busy"}'


@pytest.fixture
def sink() -> Iterator[WebSink]:
    with web_sink(reply=OK) as opened:
        yield opened


@pytest.fixture
def site(city: City, sink: WebSink) -> Runtime:
    """The installation of the city; the administrator allows the sink."""
    more = {"channel_hosts": sink.hosts, "sms_url": f"{sink.base}/sms", "sms_key": "k"}
    city.runtime.settings = replace(city.runtime.settings, **more)  # type: ignore[arg-type]
    return city.runtime


def robot(site: Runtime, who: Actor, sink: WebSink, key: str = "K") -> int:
    enter_address(site, who, "wecom", f"{sink.base}/send?key={key}", "")
    with site.unit(who, write=False) as unit:
        return own_addresses(unit)[-1].id


def wants(city: City, who: str = "shoes", quiet: QuietTimes = NO_QUIET, frequency: str = "at_once", profile: bool = True,
          **channels: set[str]) -> None:  # fmt: skip
    with city.unit(who) as unit:
        choose(unit, {kind: frozenset(names) for kind, names in channels.items()}, frequency, quiet, profile)


def note(city: City, key: str, who: str = "shoes", code: str = "notice_thread_closed") -> None:
    with city.unit() as unit:
        notify(unit, [city.actors[who].organisation_id], code, ("threads", 1), key, patent="一种鞋底", reason="已签约")


def texts(sink: WebSink) -> list[str]:
    return [post.said["text"]["content"] for post in sink.posts]


def letters(city: City) -> list[ChannelLetter]:
    with city.runtime.unit(write=False) as unit:
        found = list(unit.session.execute(select(ChannelLetter).order_by(ChannelLetter.id)).scalars())
        unit.session.expunge_all()
        return found


def test_pushes_of_a_day_are_one_letter_on_the_chosen_channel_and_on_the_chain_of_each(
    city: City, site: Runtime, sink: WebSink
) -> None:
    robot(site, city.actors["shoes"], sink)
    wants(city, pushes={"email", "wecom"})
    city.post()
    city.post(title="鞋底打滑", text="鞋底打滑,耐磨性差,需要防滑耐磨橡胶鞋底。")
    pushed = len(city.push())
    assert pushed > 1 and tell(site).outcomes == {"delivered": 1}
    (text,) = texts(sink)
    assert f"{pushed} 件专利" in text and "一种鞋底用水性聚氨酯胶粘剂" in text and "/messages/letters/" in text
    with city.unit() as unit:
        noted = list(
            unit.session.execute(select(PushDelivery.push_id).where(PushDelivery.channel == "wecom")).scalars()
        )
    assert len(set(noted)) == len(noted) == pushed
    city.clock.forward(days=2)
    assert tell(site).to_json() == {"made": 0}, "told once"


def test_only_chosen_kinds_go_and_only_to_who_chose_them(city: City, site: Runtime, sink: WebSink) -> None:
    robot(site, city.actors["shoes"], sink)
    robot(site, city.actors["college"], sink, "C")
    wants(city, threads={"wecom"})
    for who in ("shoes", "college"):
        note(city, "one", who)
        note(city, "two", who, "notice_silent")
    tell(site)
    assert [post.path for post in sink.posts] == ["/send?key=K"]
    assert "1 条新通知" in texts(sink)[0]


@pytest.mark.parametrize(
    ("kind", "who", "said"),
    [("threads", "college", "一种鞋底"), ("deals", "college", "已登记洽谈"), ("licences", "college", "开放许可"),
     ("registrations", "operator", "晋江市新路鞋业有限公司")],
)  # fmt: skip
def test_threads_deals_licences_and_registrations_are_told_by_the_chosen_channel_once(
    city: City, site: Runtime, sink: WebSink, kind: str, who: str, said: str
) -> None:
    robot(site, city.actors[who], sink)
    channels: dict[str, Any] = {kind: {"wecom"}}
    wants(city, who, **channels)
    happen(city, kind)
    assert tell(site).outcomes == {"delivered": 1}
    (text,) = texts(sink)
    assert said in text
    city.clock.forward(minutes=5)
    assert tell(site).to_json() == {"made": 0}, "told once"


def happen(city: City, kind: str) -> None:
    """One thing of a kind that somebody is told of; what else it brings about is of another kind."""
    if kind == "threads":
        note(city, "threads", "college")
    elif kind == "deals":
        new = NewDeal("ordinary_licence", (number(1),), ((COLLEGE, None),), ((SHOES, None),))
        with city.unit("shoes") as unit:
            open_deal(unit, new)
    elif kind == "licences":
        offer = declared(city)
        with city.unit("operator") as unit:
            accept_offer(unit, offer, city.firm(SHOES))
    else:
        with city.runtime.unit(VISITOR) as unit:
            who = Applicant(
                uscc(9), "晋江市新路鞋业有限公司", "李四", "0595-12345678", "", "newfirm", "a long sentence 12"
            )
            register_enterprise(unit, who)


def test_what_came_before_the_choice_or_was_read_already_is_not_sent(city: City, site: Runtime, sink: WebSink) -> None:
    robot(site, city.actors["shoes"], sink)
    note(city, "before")
    city.clock.forward(minutes=1)
    wants(city, threads={"wecom"})
    city.clock.forward(minutes=1)
    note(city, "read")
    with city.unit("shoes") as unit:
        for row in unit.session.execute(select(Notice)).scalars():
            row.read_at = unit.now
    assert tell(site).made == 0
    note(city, "after")
    assert tell(site).made == 1


def test_night_and_holiday_wait_and_the_morning_sends_one_letter_of_all(
    city: City, site: Runtime, sink: WebSink
) -> None:
    from matchhub.domain.messages import USUAL_QUIET

    robot(site, city.actors["shoes"], sink)
    wants(city, quiet=USUAL_QUIET, threads={"wecom"})  # 2 June 2025 is a holiday
    note(city, "one")
    assert tell(site).made == 0
    city.clock.forward(hours=19)  # seven in the morning of a working day
    note(city, "two")
    assert tell(site).made == 0
    city.clock.forward(hours=1)
    assert tell(site).outcomes == {"delivered": 1}
    assert "2 条新通知" in texts(sink)[0]


def test_switching_off_holds_for_letters_that_are_queued(city: City, site: Runtime, sink: WebSink) -> None:
    robot(site, city.actors["shoes"], sink)
    wants(city, threads={"wecom"})
    note(city, "one")
    sink.reply = BUSY
    assert tell(site).outcomes == {"deferred": 1}
    wants(city, deals={"wecom"})
    sink.reply = OK
    city.clock.forward(minutes=10)
    tell(site)
    assert [row.state for row in letters(city)] == ["suppressed"] and len(sink.posts) == 1


@pytest.mark.parametrize("how", ["address", "pushes", "link"])
def test_every_way_of_switching_off_reaches_the_queue(city: City, site: Runtime, sink: WebSink, how: str) -> None:
    number = robot(site, city.actors["shoes"], sink)
    wants(city, pushes={"wecom", "email"})
    city.post()
    city.push()
    sink.reply = BUSY
    tell(site)
    token = texts(sink)[0].rpartition("/messages/letters/")[2].strip()
    with city.unit("shoes") as unit:
        if how == "address":
            remove_address(unit, number)
        elif how == "pushes":
            switch_off(unit)
    if how == "link":
        with site.unit() as unit:
            assert letter_by_token(unit, token).on
            turn_off_by_token(unit, token)
            assert not letter_by_token(unit, token).on
    city.clock.forward(minutes=10)
    tell(site)
    assert letters(city)[0].state == "suppressed" and len(sink.posts) == 1
    with city.unit("shoes") as unit:
        assert own_choices(unit).wants("pushes", "email"), "other channels stay as they are"


def test_a_deferred_letter_is_the_same_letter_with_growing_waits_until_it_is_given_up(
    city: City, site: Runtime, sink: WebSink
) -> None:
    robot(site, city.actors["shoes"], sink)
    wants(city, threads={"wecom"})
    note(city, "one")
    sink.reply = BUSY
    for _ in range(200):
        tell(site)
        city.clock.forward(minutes=10)
    (row,) = letters(city)
    assert (row.state, row.attempts, len(sink.posts), len(set(texts(sink)))) == ("given_up", 10, 10, 1)
    assert "system busy" in (row.reply or "")


def test_a_refused_address_rests_and_a_good_test_wakes_it(city: City, site: Runtime, sink: WebSink) -> None:
    number = robot(site, city.actors["shoes"], sink)
    wants(city, threads={"wecom"})
    note(city, "one")
    sink.reply = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    tell(site)
    note(city, "two")
    assert tell(site).to_json() == {"made": 0}
    with city.unit("shoes") as unit:
        (view,) = own_addresses(unit)
    assert view.trouble and "invalid webhook url" in view.trouble and not view.usable
    assert try_address(site, city.actors["shoes"], number).outcome == "refused"
    sink.reply = OK
    assert try_address(site, city.actors["shoes"], number).outcome == "delivered"
    assert tell(site).outcomes == {"delivered": 1}


def test_a_fault_of_the_sender_stops_the_channel_and_costs_the_letters_nothing(
    city: City, site: Runtime, sink: WebSink
) -> None:
    for who in ("shoes", "umbrellas"):
        robot(site, city.actors[who], sink, who)
        wants(city, who, threads={"wecom"})
        note(city, "one", who)
    sink.reply = b'{"errcode": 40008, "errmsg": "invalid message type"}'
    for _ in range(30):
        tell(site)
        city.clock.forward(minutes=6)
    assert len(sink.posts) == 30, "one try a round"
    sink.reply = OK
    city.clock.forward(minutes=6)
    assert tell(site).outcomes == {"delivered": 2}


def test_a_robot_takes_twenty_letters_a_minute_however_many_wait(city: City, site: Runtime, sink: WebSink) -> None:
    robot(site, city.actors["shoes"], sink)
    wants(city, threads={"wecom"})
    sink.reply = BUSY
    for each in range(25):
        note(city, str(each))
        tell(site)
        if each % 5 == 4:
            city.clock.forward(minutes=1, seconds=1)
    sink.reply = OK
    city.clock.forward(hours=2)
    before = len(sink.posts)
    tell(site)
    assert len(sink.posts) - before == 20
    city.clock.forward(minutes=1, seconds=1)
    tell(site)
    assert {row.state for row in letters(city)} == {"delivered"} and len(letters(city)) == 25


def test_a_sender_that_died_leaves_a_letter_that_another_sends_as_the_same(
    city: City, site: Runtime, sink: WebSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matchhub.operation import channels

    robot(site, city.actors["shoes"], sink)
    wants(city, threads={"wecom"})
    note(city, "one")

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(channels, "record_letter", dies)
        tell(site)
    assert tell(site).outcomes == {}, "it is still in hand"
    city.clock.forward(minutes=6)
    assert tell(site).outcomes == {"delivered": 1}
    assert len(set(texts(sink))) == 1


def test_a_mailbox_and_a_telephone_take_nothing_before_their_code(city: City, site: Runtime, sink: WebSink) -> None:
    sink.reply = b'{"status": "accepted"}'
    who = city.actors["shoes"]
    assert enter_address(site, who, "sms", "138 1234 5678", "") == "delivered"
    said = sink.posts[0].said
    code = said["subject"].rpartition(" ")[2]
    assert said["to"] == "13812345678" and len(code) == 6
    wants(city, threads={"sms"})
    note(city, "one")
    assert tell(site).made == 0
    with city.unit("shoes") as unit:
        number = own_addresses(unit)[0].id
    with pytest.raises(Refusal, match="address_code_wrong"), city.unit("shoes") as unit:
        confirm_address(unit, number, "000000" if code != "000000" else "111111")
    with pytest.raises(Refusal, match="address_not_found"), city.unit("umbrellas") as unit:
        confirm_address(unit, number, code)
    with city.unit("shoes") as unit:
        confirm_address(unit, number, f" {code} ")
    city.clock.forward(minutes=1)
    note(city, "two")
    assert tell(site).outcomes == {"delivered": 1}


def test_a_code_holds_half_an_hour_and_five_guesses(city: City, site: Runtime, sink: WebSink) -> None:
    sink.reply = b'{"status": "accepted"}'
    enter_address(site, city.actors["shoes"], "sms", "13812345678", "")
    code = sink.posts[0].said["subject"].rpartition(" ")[2]
    with city.unit("shoes") as unit:
        number = own_addresses(unit)[0].id
        for _ in range(5):
            count_guess(unit, number)
        with pytest.raises(LimitReached):
            count_guess(unit, number)
    city.clock.forward(minutes=31)
    with pytest.raises(Refusal, match="address_code_wrong"), city.unit("shoes") as unit:
        confirm_address(unit, number, code)


def test_one_telephone_is_not_flooded_with_codes(city: City, site: Runtime, sink: WebSink) -> None:
    sink.reply = b'{"status": "accepted"}'
    for who in ("shoes", "umbrellas", "college"):
        enter_address(site, city.actors[who], "sms", "13812345678", "")
    with pytest.raises(LimitReached):
        enter_address(site, city.actors["school"], "sms", "13812345678", "")
    assert len(sink.posts) == 3


def test_an_address_is_kept_sealed_and_forgotten_when_removed(city: City, site: Runtime, sink: WebSink) -> None:
    number = robot(site, city.actors["shoes"], sink, "TOPSECRET")
    whole = (site.home / "matchhub.db").read_bytes() + b"".join(p.read_bytes() for p in site.home.glob("*.db-wal"))
    assert b"TOPSECRET" not in whole
    with pytest.raises(Conflict, match="address_known"):
        robot(site, city.actors["shoes"], sink, "TOPSECRET")
    with city.unit("shoes") as unit:
        remove_address(unit, number)
    with city.unit() as unit:
        assert unit.session.get_one(RecipientAddress, number).sealed == ""


def test_who_may_not_choose_enters_no_address(city: City, site: Runtime, sink: WebSink) -> None:
    with pytest.raises(NotAllowed):
        enter_address(site, city.actors["reviewer"], "wecom", f"{sink.base}/send?key=K", "")
    with pytest.raises(NotAllowed):
        tell(site, city.actors["reviewer"])
    with pytest.raises(AddressRefused):
        enter_address(site, city.actors["shoes"], "wecom", "http://127.0.0.1:1/send?key=K", "")


@pytest.mark.parametrize("changed", ["x", "", "AAAA", "汉"])
def test_what_was_sealed_elsewhere_or_changed_is_not_read(changed: str) -> None:
    sealed = seal("key", "https://robot.example/?key=汉字")
    assert unseal("key", sealed) == "https://robot.example/?key=汉字" and seal("key", "a") != seal("key", "a")
    with pytest.raises(SealBroken):
        unseal("another", sealed)
    with pytest.raises(SealBroken):
        unseal("key", changed or sealed[:-5] + ("AAAA=" if sealed[-5:] != "AAAA=" else "BBBB="))


def test_a_demo_base_writes_to_a_folder_what_would_leave_for_strangers(
    city: City, site: Runtime, sink: WebSink
) -> None:
    with city.unit() as unit:
        for row in unit.session.execute(select(Patent)).scalars():
            row.demo = True
    site.settings = replace(site.settings, channel_hosts=frozenset({"elsewhere.example"}))
    who = city.actors["shoes"]
    enter_address(site, who, "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K", "")
    with city.unit("shoes") as unit:
        number = own_addresses(unit)[0].id
    assert try_address(site, who, number).outcome == "written"
    (kept,) = (site.home / "outbox").glob("wecom-*.json")
    assert "测试消息" in kept.read_text("utf-8") and "key=K" not in kept.read_text("utf-8")
    site.settings = replace(site.settings, channel_hosts=sink.hosts)
    assert try_address(site, who, robot(site, who, sink)).outcome == "delivered", "allowed by name: a test on purpose"


def test_the_log_tells_what_was_chosen_and_no_address(city: City, site: Runtime, sink: WebSink) -> None:
    from matchhub.db.tables import LogEntry

    robot(site, city.actors["shoes"], sink, "TOPSECRET")
    wants(city, threads={"wecom"}, profile=False)
    with city.unit() as unit:
        rows = list(unit.session.execute(select(LogEntry).where(LogEntry.verb.like("message.%"))).scalars())
    assert {row.verb for row in rows} >= {"message.address_added", "message.chosen"}
    chosen = json.loads(next(row.payload for row in rows if row.verb == "message.chosen"))["choices"]
    assert chosen["uses_profile"] is False and "TOPSECRET" not in "".join(row.payload for row in rows)
