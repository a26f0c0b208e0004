"""The page of message settings, the pages that say why, the public notices; looks change nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import matchhub.notify
from matchhub.db.tables import LogEntry
from matchhub.operation.channels import tell
from matchhub.services.notices.notices import notify
from matchhub.services.recipients.choices import own_choices
from tests.notify.web_sinks import WebSink, web_sink
from tests.services.small_city import City
from tests.web.people import Person
from web.units import EXTENSION

CHOSEN = {"frequency": "at_once", "quiet_from": "", "quiet_to": "", "uses_profile": "y"}


@pytest.fixture
def sink() -> Iterator[WebSink]:
    with web_sink(reply=b'{"errcode": 0, "errmsg": "ok"}') as opened:
        yield opened


@pytest.fixture
def town_app(made_app: Flask, city: City, sink: WebSink, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application over the small city; the administrator allows the sink."""
    city.runtime.settings = replace(city.runtime.settings, channel_hosts=sink.hosts)
    monkeypatch.setitem(made_app.extensions, EXTENSION, city.runtime)
    return made_app


@pytest.fixture
def shoes(town_app: Flask) -> Person:
    return Person(town_app, "shoes")


def page(who: Person, path: str = "/messages") -> str:
    return who.get(path).get_data(as_text=True)


def add(who: Person, sink: WebSink, key: str = "SECRETKEY-1234", **more: str) -> str:
    fields = {"channel": "wecom", "to": f"{sink.base}/send?key={key}", **more}
    return who.post("/messages/addresses", fields, follow_redirects=True).get_data(as_text=True)


def log_length(city: City) -> int:
    with city.runtime.unit(write=False) as unit:
        return unit.session.execute(select(func.count()).select_from(LogEntry)).scalar_one()


def test_a_robot_is_added_tested_chosen_told_and_switched_off_by_its_link(
    city: City, sink: WebSink, shoes: Person
) -> None:
    shown = add(shoes, sink)
    assert "…1234" in shown and "SECRETKEY" not in shown
    tested = shoes.post("/messages/addresses/1/test", {}, follow_redirects=True).get_data(as_text=True)
    assert "对方服务器已接收" in tested and "测试消息" in sink.posts[0].body.decode()
    shoes.post("/messages/choices", {**CHOSEN, "go": ["threads:wecom", "pushes:email", "threads:pigeon"]})
    city.clock.forward(minutes=1)
    with city.unit() as unit:
        notify(unit, [city.actors["shoes"].organisation_id], "notice_thread_closed", ("threads", 1), "x", patent="鞋底")
    tell(city.runtime)
    found = re.search(r"/messages/letters/[\w-]+", sink.posts[1].said["text"]["content"])
    assert found
    link, stranger, before = found[0], Person(shoes.app), log_length(city)
    for path in (link, f"{link}/off"):
        assert "对接消息" in page(stranger, path) and "…1234" in page(stranger, path)
        assert stranger.client.head(path).status_code == 200
    assert log_length(city) == before, "a look changes nothing"
    off = stranger.client.post(f"{link}/off", data={"List-Unsubscribe": "One-Click"})
    assert off.status_code == 200 and "已关闭" in off.get_data(as_text=True)
    with city.unit("shoes") as unit:
        chosen = own_choices(unit)
    assert (
        not chosen.wants("threads", "wecom")
        and chosen.wants("pushes", "email")
        and not chosen.wants("threads", "pigeon")
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"to": "http://169.254.169.254/?key=1"}, "不能向 169.254.169.254 发送"),
        ({"to": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, "没有机器人的密钥"),
        ({"to": ""}, "必填"),
        ({"channel": "email", "to": "李工@qq.com"}, ""),
        ({"channel": "webhook", "to": "https://x.example/"}, "不能向 x.example 发送"),
        ({"channel": "pigeon"}, ""),
    ],
)
def test_an_address_that_cannot_be_used_is_told_at_its_field_and_kept_as_typed(
    sink: WebSink, shoes: Person, fields: dict[str, str], fault: str
) -> None:
    answer = shoes.post("/messages/addresses", {"channel": "wecom", "to": "x", **fields})
    text = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500 and 'id="refused"' in text and sink.posts == []
    assert fault in text or "必填" in fault


def test_half_a_quiet_time_is_refused_and_the_ticks_stay(shoes: Person, sink: WebSink) -> None:
    add(shoes, sink)
    answer = shoes.post("/messages/choices", {**CHOSEN, "quiet_from": "21:00", "go": ["deals:wecom"]})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "免打扰时段要同时填写" in text
    assert re.search(r'value="deals:wecom" checked', text)


def test_the_times_chosen_are_shown_again(shoes: Person) -> None:
    shoes.post(
        "/messages/choices", {"frequency": "weekly", "quiet_from": "21:30", "quiet_to": "07:15", "go": ["pushes:email"]}
    )
    text = page(shoes)
    assert (
        'value="21:30"' in text
        and 'value="07:15"' in text
        and re.search(r'value="weekly"[^>]*selected|selected[^>]*value="weekly"', text)
    )
    assert not re.search(r'name="uses_profile"[^>]*checked|checked[^>]*name="uses_profile"', text)


def test_an_institution_has_no_pushes_to_choose_and_another_sees_nothing_of_mine(
    town_app: Flask, sink: WebSink, shoes: Person
) -> None:
    add(shoes, sink)
    college = Person(town_app, "college")
    text = page(college)
    assert "专利推荐的频率" not in text and "…1234" not in text and "对接消息" in text
    for path in ("confirm", "test"):
        assert college.post(f"/messages/addresses/1/{path}", {"code": "123456"}).status_code == 404
    college.post("/messages/addresses/1/remove", {})
    assert "…1234" in page(shoes)


def test_a_wrong_code_is_told_and_counted(town_app: Flask, city: City, sink: WebSink, shoes: Person) -> None:
    city.runtime.settings = replace(city.runtime.settings, sms_url=f"{sink.base}/sms", sms_key="k")
    sink.reply = b'{"status": "accepted"}'
    shoes.post("/messages/addresses", {"channel": "sms", "to": "13812345678"})
    right = sink.posts[0].said["subject"].rpartition(" ")[2]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        answer = shoes.post("/messages/addresses/1/confirm", {"code": wrong})
        assert answer.status_code >= 400 and "验证码不正确" in answer.get_data(as_text=True)
    assert shoes.post("/messages/addresses/1/confirm", {"code": right}).status_code == 429
    city.clock.forward(minutes=31)
    shoes.post("/messages/addresses/1/test", {})
    fresh = sink.posts[1].said["subject"].rpartition(" ")[2]
    assert shoes.post("/messages/addresses/1/confirm", {"code": fresh}).status_code == 302


def test_a_push_says_why_it_came_to_its_recipient_and_to_who_holds_its_link(
    town_app: Flask, city: City, shoes: Person
) -> None:
    city.post()
    sent = city.push()
    path = sent[0].link.removeprefix(city.runtime.settings.base_url)
    before = log_length(city)
    for text in (page(shoes, f"/enterprise/inbox/{sent[0].push_id}/why"), page(Person(town_app), f"{path}/why")):
        assert "运动鞋鞋底开胶" in text and "不低于公布的下限" in text and "本单位账号填写" in text
        assert "w***@shoes.example" in text and "wang@shoes.example" not in text
    assert log_length(city) == before
    assert Person(town_app, "umbrellas").get(f"/enterprise/inbox/{sent[0].push_id}/why").status_code == 404


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [("/privacy", "不按画像推荐", "no use of the profile"), ("/algorithm", "公布下限", "published floor")],
)
def test_the_notices_lie_open_in_both_languages_and_every_page_leads_there(
    town_app: Flask, path: str, zh: str, en: str
) -> None:
    visitor = Person(town_app)
    assert zh in page(visitor, path) and f'href="{path}"' in page(visitor, "/")
    visitor.client.set_cookie("matchhub_language", "en")
    assert en in page(visitor, path)


def test_a_channel_that_is_one_more_file_is_offered_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shoes: Person
) -> None:
    (tmp_path / "pigeon.py").write_text(
        "from matchhub.notify.offered import Channel\n"
        "CHANNEL = Channel('pigeon', 'loft', lambda t, m: t, lambda t, m: None, lambda t: t.to)\n", encoding="utf-8"
    )  # fmt: skip
    monkeypatch.setattr(matchhub.notify, "__path__", [*matchhub.notify.__path__, str(tmp_path)])
    assert '<option value="pigeon">' in page(shoes)
    shoes.post("/messages/addresses", {"channel": "pigeon", "to": "the old tower"})
    assert "the old tower" in page(shoes)
    sys.modules.pop("matchhub.notify.pigeon", None)
