"""Channels of an installation: settings, the worker's job, what doctor says, two senders on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from matchhub.domain.messages import NO_QUIET
from matchhub.errors import SettingInvalid
from matchhub.operation import diagnosis
from matchhub.operation.channels import enter_address, tell
from matchhub.operation.diagnosis import examine
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import read_settings
from matchhub.services.notices.notices import notify
from matchhub.services.recipients.choices import choose
from matchhub.worker import run_tick
from tests.notify.web_sinks import WebSink, web_sink
from tests.policy.packs import names_days
from tests.services.small_city import City, built_city, city, opened_city

__all__ = ["built_city", "city"]


@pytest.fixture
def sink() -> Iterator[WebSink]:
    with web_sink(reply=b'{"errcode": 0, "errmsg": "ok"}') as opened:
        yield opened


def chosen(city: City, sink: WebSink, robots: int = 1) -> None:
    """The shoes want talks by so many robots."""
    city.runtime.settings = replace(city.runtime.settings, channel_hosts=sink.hosts)
    for number in range(robots):
        enter_address(city.runtime, city.actors["shoes"], "wecom", f"{sink.base}/send?key=K{number}", "")
    with city.unit("shoes") as unit:
        choose(unit, {"threads": frozenset({"wecom"})}, "daily", NO_QUIET, True)


def note(city: City) -> None:
    with city.unit() as unit:
        notify(unit, [city.actors["shoes"].organisation_id], "notice_thread_closed", ("threads", 1), "x", patent="鞋底")


@pytest.mark.parametrize(
    ("said", "hosts"),
    [
        ("", set()),
        ("OA.example, 10.0.0.5:8080", {"oa.example", "10.0.0.5:8080"}),
        ("[::1]:9000 im.example", {"[::1]:9000", "im.example"}),
    ],
)
def test_hosts_are_named_between_commas_or_blanks(tmp_path: Path, said: str, hosts: set[str]) -> None:
    found = read_settings({"MATCHHUB_HOME": str(tmp_path), "MATCHHUB_CHANNEL_HOSTS": said})
    assert found.channel_hosts == hosts


@pytest.mark.parametrize(
    "wrong",
    [
        {"MATCHHUB_CHANNEL_HOSTS": "https://oa.example/hook"}, {"MATCHHUB_CHANNEL_HOSTS": "*"},
        {"MATCHHUB_SMS_URL": "https://sms.example/"}, {"MATCHHUB_SMS_URL": "sms.example", "MATCHHUB_SMS_KEY": "k"},
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_meant_so_stops_the_start(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid):
        read_settings({"MATCHHUB_HOME": str(tmp_path), **wrong})


def test_the_worker_tells_every_minute(city: City, sink: WebSink) -> None:
    chosen(city, sink)
    note(city)
    assert run_tick(city.runtime, "one", "tell") and len(sink.posts) == 1
    city.clock.forward(minutes=1)
    assert run_tick(city.runtime, "one", "tell") and len(sink.posts) == 1


def checks(city: City) -> dict[str, Any]:
    found = examine({"MATCHHUB_HOME": str(city.runtime.home)})["checks"]
    return {each["name"]: each for each in found}


def test_doctor_says_which_provider_refuses_the_installation(city: City, sink: WebSink) -> None:
    chosen(city, sink)
    note(city)
    sink.reply = b'{"errcode": 40008, "errmsg": "invalid message type"}'
    tell(city.runtime)
    found = checks(city)["channels"]
    assert not found["ok"] and found["data"]["channels"] == "wecom" and "invalid message type" in found["data"]["reply"]
    sink.reply = b'{"errcode": 0}'
    city.clock.forward(minutes=6)
    tell(city.runtime)
    assert checks(city)["channels"]["ok"]


@pytest.mark.parametrize(
    ("year", "code"), [(2025, "doctor_calendar"), (2050, "doctor_calendar_weekends"), (2051, "doctor_calendar_pack")]
)
def test_doctor_says_whether_the_holidays_of_the_year_are_known(
    city: City, monkeypatch: pytest.MonkeyPatch, year: int, code: str
) -> None:
    def opened(*words: Any, **more: Any) -> Any:
        runtime, created = open_runtime(*words, **more)
        runtime.clock = lambda: datetime(year, 6, 2, tzinfo=UTC)
        return runtime, created

    monkeypatch.setattr(diagnosis, "open_runtime", opened)
    names_days(city.runtime.home, "off = [2051-02-11, 2051-02-13]\nworking = [2051-02-12]")
    found = checks(city)["calendar"]
    assert found["data"].get("days") == (3 if year == 2051 else None)
    assert (found["ok"], found["code"], found["data"]["year"]) == (True, code, year)


def rounds_at_once(city: City, sink: WebSink) -> list[str]:
    chosen(city, sink, robots=6)
    note(city)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tell(city.runtime), range(4)))
    return sorted(post.path for post in sink.posts)


def test_two_rounds_at_once_tell_every_address_once(city: City, sink: WebSink) -> None:
    assert rounds_at_once(city, sink) == [f"/send?key=K{number}" for number in range(6)]


def test_two_rounds_at_once_tell_every_address_once_on_postgresql(
    tmp_path: Path, postgres_url: str, sink: WebSink
) -> None:
    with opened_city(tmp_path / "postgres", postgres_url) as elsewhere:
        assert rounds_at_once(elsewhere, sink) == [f"/send?key=K{number}" for number in range(6)]
