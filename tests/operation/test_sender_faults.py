"""P28: a fault of the sender is never a fault of the recipient: nobody suppressed, nothing lost, the rest goes out once."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bench.mail import plan_letters
from matchhub.db.tables import BouncedAddress, Enterprise, Push, PushDelivery, Suppression
from matchhub.notify import mail
from matchhub.notify.channel import Letter
from matchhub.operation.diagnosis import mail_state
from matchhub.operation.mailing import SendSummary, send_due
from matchhub.operation.push_letters import letter_of
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.pushes.bounces import list_bounced
from matchhub.services.pushes.grouping import DueLetter
from matchhub.services.pushes.troubles import standing_troubles
from tests.machine import cases
from tests.notify.sinks import MailSink, serving
from tests.operation.relay import settings
from tests.web.installation import Clock

LETTERS = 8
FAULTS = {
    "sender 530": ("sender", "530 5.7.0 Authentication required", "mail_trouble_sign_in"),
    "sender 550": ("sender", "550 5.7.60 not permitted to send as this sender", "mail_trouble_sender"),
    "sender 553": ("sender", "553 Mail from must equal authorized user", "mail_trouble_sender"),
    "sender 421": ("sender", "421 4.7.0 try again later", "mail_trouble_rate"),
    "recipient 421": ("recipient", "421 4.7.0 too many recipients", "mail_trouble_rate"),
    "recipient 450": ("recipient", "450 4.7.1 rate limited", "mail_trouble_rate"),
    "recipient 450 bare": ("recipient", "450 not now", "mail_trouble_rate"),
    "recipient 550 policy": ("recipient", "550 5.7.1 relaying denied", "mail_trouble_policy"),
    "recipient 554": ("recipient", "554 5.7.1 client host blocked", "mail_trouble_policy"),
    "content 550": ("content", "550 Mail content denied", "mail_trouble_content"),
    "content 554": ("content", "554 DT:SPM 163 smtp", "mail_trouble_content"),
    "content 451": ("content", "451 4.3.0 later", "mail_trouble_rate"),
}


@contextmanager
def outbox(home: Path, url: str, port: int, letters: int = LETTERS) -> Iterator[tuple[Runtime, Clock]]:
    runtime, _ = open_runtime(settings(home, url, port))
    clock = Clock()
    runtime.clock = clock
    plan_letters(runtime, letters)
    yield runtime, clock
    runtime.close()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'matchhub.db'}"
    return str(request.getfixturevalue("postgres_url"))


def numbers(runtime: Runtime) -> tuple[dict[str, int], int, int]:
    """States of pushes, suppressions and bounces."""
    with runtime.unit(write=False) as unit:
        states = dict(unit.session.execute(select(Push.state, func.count()).group_by(Push.state)).all())
        held = [unit.session.execute(select(func.count()).select_from(each)).scalar_one()
                for each in (Suppression, BouncedAddress)]  # fmt: skip
        return states, held[0], held[1]


def rounds(runtime: Runtime, clock: Clock, most: int = 60) -> SendSummary:
    """Round after round, some hours apart, until nothing is pending."""
    for _ in range(most):
        done = send_due(runtime)
        if not done.pending:
            return done
        clock.forward(timedelta(hours=8))
    raise AssertionError(f"{done.pending} letters still wait")


def arrived(sink: MailSink) -> list[str]:
    return sorted(str(message_from_bytes(each.content)["Message-ID"]) for each in sink.letters)


def nothing_lost(runtime: Runtime, sink: MailSink, letters: int = LETTERS) -> None:
    assert numbers(runtime) == ({"delivered": letters}, 0, 0)
    assert arrived(sink) == sorted(f"<push.{each}@jinjiang.example>" for each in range(1, letters + 1)), "each once"


ON_POSTGRES = ("sender 550", "recipient 450 bare", "content 554")  # one of each kind


@pytest.mark.parametrize(
    ("url", "fault"),
    [*(("sqlite", each) for each in FAULTS), *(("postgres", each) for each in ON_POSTGRES)],
    indirect=["url"],
)
def test_the_round_stops_everything_stays_planned_and_goes_out_once_when_it_is_mended(
    url: str, tmp_path: Path, fault: str
) -> None:
    step, reply, trouble = FAULTS[fault]
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port) as (runtime, clock):
        sink.replies[step] = reply
        for _ in range(4):
            done = send_due(runtime)
            assert (done.sent, done.failed, done.pending) == (0, 0, LETTERS)
            assert (done.trouble, done.reply) == (trouble, reply)
            assert numbers(runtime) == ({"planned": LETTERS}, 0, 0)
            clock.forward(timedelta(minutes=5))
        state = mail_state(runtime)
        assert (state["ok"], state["code"], state["data"]["reply"]) == (False, trouble, reply)
        sink.replies.clear()
        rounds(runtime, clock)
        nothing_lost(runtime, sink)
        assert mail_state(runtime)["ok"]


def test_a_refused_sign_in_suppresses_nobody(url: str, tmp_path: Path) -> None:
    with serving(MailSink(password="right")) as sink, outbox(tmp_path, url, sink.port) as (runtime, clock):
        plain = runtime.settings
        for password in ("wrong", ""):
            user = f"match%40jinjiang.example:{password}@" if password else ""
            runtime.settings = replace(plain, smtp_url=f"smtp://{user}127.0.0.1:{sink.port}")
            done = send_due(runtime)
            assert (done.trouble, done.pending, done.reply[:3]) == (
                "mail_trouble_sign_in", LETTERS, "535" if password else "530"
            )  # fmt: skip
        runtime.settings = replace(plain, smtp_url=f"smtp://match%40jinjiang.example:right@127.0.0.1:{sink.port}")
        rounds(runtime, clock)
        nothing_lost(runtime, sink)


@pytest.mark.parametrize("how", ["absent", "hangs", "hangs up", "greets with 421"])
def test_a_server_that_is_not_there_costs_nobody_anything(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.5)
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port) as (runtime, clock):
        with socket.create_server(("127.0.0.1", 0)) as silent, serving(MailSink(greeting="421 busy")) as busy:
            wrong = {"absent": 1, "hangs": silent.getsockname()[1], "greets with 421": busy.port}.get(how, sink.port)
            right = runtime.settings
            runtime.settings = replace(right, smtp_url=f"smtp://127.0.0.1:{wrong}")
            sink.drop_at = "content" if how == "hangs up" else ""
            done = send_due(runtime)
            assert (done.trouble, done.pending) == ("mail_trouble_connection", LETTERS)
            assert numbers(runtime) == ({"planned": LETTERS}, 0, 0)
        runtime.settings, sink.drop_at = right, ""
        rounds(runtime, clock)
        nothing_lost(runtime, sink)


def test_one_unusable_address_and_one_that_bounces_stop_no_other_letter(url: str, tmp_path: Path) -> None:
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port) as (runtime, _):
        with runtime.unit() as unit:
            for number, typed in ((2, "李工@qq.com"), (3, "a@x.cn；b@y.cn"), (4, ""), (5, "gone@firm.example")):
                unit.session.get_one(Push, number).recipient_email = typed
                unit.session.get_one(Enterprise, number).contact_email = typed
        sink.replies["recipient"] = lambda envelope: (
            "550 5.1.1 no such user" if envelope.rcpt_tos[-1] == "gone@firm.example" else None
        )
        done = send_due(runtime)
        assert (done.sent, done.failed, done.pending, done.trouble) == (LETTERS - 3, 3, 0, "")
        with runtime.unit(write=False) as unit:
            assert [each.address for each in list_bounced(unit).items] == ["gone@firm.example"]
            assert standing_troubles(unit) == []
        assert [each.rcpt_tos for each in sink.letters if "a@x.cn" in each.rcpt_tos] == [["a@x.cn"]]


def test_an_exception_over_one_letter_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(due: DueLetter) -> Letter:
        if 3 in due.push_ids:
            raise ValueError("a broken letter")
        return letter_of(due)

    monkeypatch.setattr("matchhub.operation.mailing.letter_of", fails)
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port) as (runtime, _):
        done = send_due(runtime)
    assert (done.sent, done.pending, done.trouble) == (LETTERS - 1, 1, "")


def test_one_letter_that_the_server_refuses_again_and_again_keeps_no_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port) as (runtime, clock):
        sink.replies["content"] = lambda envelope: "554 DT:SPM" if "f1@" in envelope.rcpt_tos[0] else None
        assert send_due(runtime).trouble == "mail_trouble_content"
        clock.forward(timedelta(minutes=5))
        assert send_due(runtime).sent == LETTERS - 1, "it stands behind the others"
        assert numbers(runtime)[0] == {"planned": 1, "delivered": LETTERS - 1}


def test_a_mailbox_that_puts_letters_off_is_given_up_with_a_reason_and_stops_no_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port) as (runtime, clock):
        sink.replies["recipient"] = lambda envelope: "452 4.2.2 full" if "f1@" in envelope.rcpt_tos[0] else None
        assert send_due(runtime).sent == LETTERS - 1
        rounds(runtime, clock)
        assert numbers(runtime) == ({"delivered": LETTERS - 1, "failed": 1}, 0, 0)
        with runtime.unit(write=False) as unit:
            tries = select(func.count()).select_from(PushDelivery).where(PushDelivery.outcome == "deferred")
            assert unit.session.execute(tries).scalar_one() == 5


def test_the_text_is_kept_as_sent_and_opens_no_link(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port, 1) as (runtime, _):
        send_due(runtime)
        with runtime.unit(write=False) as unit:
            kept = unit.session.execute(select(PushDelivery.sent_text)).scalar_one()
    message = message_from_bytes(sink.letters[0].content)
    part: Any = next(each for each in message.walk() if each.get_content_type() == "text/plain")
    text = part.get_payload(decode=True).decode()
    token = text.partition("/p/")[2].split("?")[0]
    assert kept is not None and kept.partition("\n\n")[2] == text.replace("\r\n", "\n").replace(token, "…")
    assert len(token) > 20 and token not in kept


def test_no_more_letters_a_minute_than_the_setting_says(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port) as (runtime, clock):
        settled = runtime.settings
        runtime.settings = replace(settled, mail=replace(settled.mail, per_minute=3))
        for sent in (3, 3, 2):
            assert send_due(runtime, patient=False).sent == sent
            assert send_due(runtime, patient=False).sent == 0
            clock.forward(timedelta(seconds=61))
        nothing_lost(runtime, sink)


def test_faults_in_any_order_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(28)
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    with serving(MailSink()) as sink, outbox(tmp_path, url, sink.port, 30) as (runtime, clock):
        for _ in range(cases(20, 450)):
            step, reply, _ = chance.choice(list(FAULTS.values()))
            sink.replies = {step: reply} if chance.random() < 0.8 else {}
            send_due(runtime)
            assert numbers(runtime)[1:] == (0, 0)
            clock.forward(timedelta(minutes=chance.randint(1, 90)))
        sink.replies = {}
        rounds(runtime, clock)
        nothing_lost(runtime, sink, 30)
