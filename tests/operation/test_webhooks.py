"""Events posted to programs of organisations: signed, in order, tried again under one id, into the public network only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from matchhub.client import Event, Forged, verified
from matchhub.db.tables import Account, LogEntry, Notice, Webhook, WebhookEvent
from matchhub.errors import Conflict, NotFound
from matchhub.notify import web
from matchhub.notify.offered import AddressRefused
from matchhub.operation.webhooks import checked_address, post_events
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.notices.notices import notify
from matchhub.services.recipients import webhook_events
from matchhub.services.recipients.webhooks import (
    make_webhook,
    own_posts,
    own_webhooks,
    resume_webhook,
    withdraw_webhook,
)
from tests.notify.web_sinks import WebSink, web_sink
from tests.services.small_city import City, built_city, city

__all__ = ["built_city", "city"]


@pytest.fixture
def sink() -> Iterator[WebSink]:
    with web_sink() as opened:
        yield opened


@pytest.fixture
def site(city: City, sink: WebSink) -> Runtime:
    city.runtime.settings = replace(city.runtime.settings, channel_hosts=sink.hosts)
    return city.runtime


def enter(city: City, sink: WebSink, who: str = "shoes", path: str = "/hook") -> str:
    to, shown = checked_address(city.runtime, sink.base + path)
    with city.unit(who) as unit:
        return make_webhook(unit, to, shown)


def note(city: City, key: str, subject: str = "threads", who: str = "shoes", account: int | None = None) -> None:
    with city.unit() as unit:
        notify(unit, [city.actors[who].organisation_id], "notice_thread_closed", (subject, 1), key, account_id=account,
               patent=f"鞋底 {key}", reason="已签约")  # fmt: skip


def told(city: City, sink: WebSink, secret: str) -> list[Event]:
    now = city.clock().timestamp()
    return [verified(secret, post.headers, post.body, now=now) for post in sink.posts]


def states(city: City, who: str = "shoes") -> tuple[list[str], list[tuple[str, int]]]:
    with city.unit(who) as unit:
        return [each.state for each in own_webhooks(unit)], [(each.state, each.attempts) for each in own_posts(unit)]


def test_what_an_organisation_is_told_is_posted_once_signed_and_in_order(
    city: City, site: Runtime, sink: WebSink
) -> None:
    note(city, "before")
    city.clock.forward(minutes=1)
    secret = enter(city, sink)
    for subject in ("threads", "deals", "licences", "registrations", "saved_searches"):
        note(city, subject, subject)
    note(city, "of another", who="college")
    note(city, "of one account", account=city.actors["shoes"].account_id)
    city.post()
    assert city.push() and post_events(site)["delivered"] == len(sink.posts) and post_events(site) == {"events": 0}
    events = told(city, sink, secret)
    assert [each.kind for each in events[:4]] == ["message", "deal", "licence", "registration"]
    assert {each.kind for each in events[4:]} == {"push"} and len({each.id for each in events}) == len(events)
    assert events[1].subject == ("deals", 1) and "鞋底 deals" in events[1].sentence["zh"] and events[1].sentence["en"]
    assert set(sink.posts[0].said) == {"id", "kind", "at", "subject", "sentence"}
    assert states(city) == (["live"], [("delivered", 1)] * len(events))
    with city.unit() as unit:
        assert secret not in str(unit.session.execute(select(Webhook.sealed, Webhook.shown)).all())


def test_a_signature_of_another_secret_another_body_or_another_day_is_forged(
    city: City, site: Runtime, sink: WebSink
) -> None:
    secret, now = enter(city, sink), city.clock().timestamp()
    note(city, "one")
    post_events(site)
    (post,) = sink.posts
    assert verified(secret, post.headers, post.body, now=now + 300).id == post.headers["Idempotency-Key"]
    later = {**post.headers, "X-Matchhub-Timestamp": str(int(now) + 60)}
    for key, headers, body, when in (
        ("whs_x", post.headers, post.body, now), (secret, post.headers, post.body + b" ", now),
        (secret, later, post.body, now), (secret, post.headers, post.body, now + 301), (secret, {}, post.body, now),
    ):  # fmt: skip
        with pytest.raises(Forged):
            verified(key, headers, body, now=when)


def test_a_receiver_that_fails_drops_or_is_slow_gets_the_same_event_again_and_the_rest_behind_it(
    city: City, site: Runtime, sink: WebSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = web.post
    monkeypatch.setattr(web, "post", lambda url, body, headers, seconds, public: post(url, body, headers, 0.3, public))
    secret = enter(city, sink)
    note(city, "first")
    note(city, "second", "deals")
    rest = 1
    for status, manner in ((500, "well"), (200, "drops"), (200, "silent"), (302, "well")):
        sink.status, sink.manner = status, manner
        assert post_events(site).get("again") == 1, manner
        assert post_events(site) == {"events": 0}, "it rests"
        city.clock.forward(minutes=rest)
        rest *= 2
    assert states(city) == (["failing"], [("waiting", 4), ("waiting", 0)])
    sink.status, sink.manner = 200, "well"
    assert post_events(site) == {"events": 0, "delivered": 2}
    events = [each.said for each in sink.posts]
    assert len({each["id"] for each in events[:5]}) == 1 and all(each == events[0] for each in events[:5])
    assert [each["kind"] for each in events] == ["message"] * 5 + ["deal"]
    assert verified(secret, sink.posts[4].headers, sink.posts[4].body, now=city.clock().timestamp())
    assert states(city) == (["live"], [("delivered", 1), ("delivered", 5)])


def test_an_address_that_fails_for_long_is_switched_off_with_a_notice_and_can_go_on(
    city: City, site: Runtime, sink: WebSink
) -> None:
    enter(city, sink)
    note(city, "one")
    sink.status = 500
    for left in range(webhook_events.MOST_FAILURES, 0, -1):
        assert states(city)[0] == ["failing" if left < webhook_events.MOST_FAILURES else "live"]
        post_events(site)
        city.clock.forward(hours=6)
    assert states(city)[0] == ["off"] and post_events(site) == {"events": 0}
    with city.unit() as unit:
        notices = unit.session.execute(select(Notice.code, Notice.fields).where(Notice.subject_kind == "webhooks"))
        ((code, fields),) = notices.all()
        assert code == "notice_webhook_off" and fields == {"address": f"{sink.base}/…"}
        assert "webhook.switched_off" in set(unit.session.execute(select(LogEntry.verb)).scalars())
    sink.status = 200
    with city.unit("shoes") as unit:
        resume_webhook(unit, own_webhooks(unit)[0].id)
    assert post_events(site) == {"events": 0, "delivered": 1}


def test_nothing_goes_to_an_address_that_was_withdrawn_or_whose_account_is_shut_out(
    city: City, site: Runtime, sink: WebSink
) -> None:
    enter(city, sink)
    with pytest.raises(Conflict, match="webhook_known"):
        enter(city, sink)
    note(city, "one")
    with city.unit("college") as unit, pytest.raises(NotFound):
        withdraw_webhook(unit, 1)
    with city.unit() as unit:
        webhook_events.gather_events(unit)
        posting = webhook_events.claim_event(unit)
    assert posting is not None
    with city.unit("shoes") as unit:
        withdraw_webhook(unit, posting.webhook_id)
    with city.unit() as unit:
        assert webhook_events.record_post(unit, posting, "delivered", "200") is None
        assert unit.session.execute(select(Webhook.sealed)).scalars().all() == [""]
    enter(city, sink)
    note(city, "two")
    with city.unit() as unit:
        webhook_events.gather_events(unit)
        account = unit.session.get_one(Account, city.actors["shoes"].account_id)
        account.disabled_at = unit.now
    city.clock.forward(hours=1)
    assert post_events(site) == {"events": 0} and sink.posts == []
    with city.unit() as unit:
        assert set(unit.session.execute(select(WebhookEvent.state)).scalars()) == {"waiting"}


@pytest.mark.parametrize(
    "to",
    ["http://hooks.example.com/x", "https://127.0.0.1/x", "https://10.1.2.3/x", "https://[::1]/x", "https://localhost/x",
     "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]/", "https://db.internal/", "https://2130706433/",
     "https://me@hooks.example.com/", "ftp://hooks.example.com/"],
)  # fmt: skip
def test_addresses_of_the_inner_network_are_refused_when_entered(city: City, to: str) -> None:
    with pytest.raises(AddressRefused):
        checked_address(city.runtime, to)
    assert (
        checked_address(city.runtime, "https://hooks.example.com:8443/k?s=1")[1] == "https://hooks.example.com:8443/…"
    )


def test_a_name_that_leads_inside_is_refused_before_anything_is_said(
    sink: WebSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(web.Unreachable, match=web.NOT_PUBLIC):
        web.post(f"http://localhost:{sink.port}/", b"{}", {}, 2.0, public=True)
    monkeypatch.setattr(web, "_see_public", lambda host, port: None)  # it led elsewhere when it was looked up
    with pytest.raises(web.Unreachable, match=web.NOT_PUBLIC):
        web.post(f"http://localhost:{sink.port}/", b"{}", {}, 2.0, public=True)
    assert sink.posts == [] and web.post(f"{sink.base}/", b"{}", {}, 2.0).status == 200
