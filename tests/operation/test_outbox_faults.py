"""P7: nothing to be sent is lost and nothing counted twice, whatever servers do and whoever is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bench.mail import plan_letters
from matchhub.db.tables import Account, BouncedAddress, Organisation, Push, PushDelivery, Suppression
from matchhub.services.facts.pushes import deliveries
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.runtime import Runtime, open_runtime
from tests.machine import ROOT, cases
from tests.notify.sinks import MailSink, serving
from tests.operation.relay import settings
from tests.services.speaking import let_speak

SEED = 20261130
DEADLINE = 600.0  # seconds after which the test gives up instead of hanging


class Moody(MailSink):
    """A server in every bad mood: refusals of the sender at each step, greylisting, hanging up, being slow."""

    REFUSALS = {
        "sender": ("450 too fast", "550 5.7.1 not now", "421 busy"),
        "recipient": ("450 4.2.0 greylisted", "421 4.7.0 too many connections", "554 5.7.1 policy"),
        "content": ("451 later", "554 DT:SPM", "550 Mail content denied"),
    }

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance

    async def answer(self, server: Any, step: str, envelope: Any) -> str | None:
        luck = self.chance.random()
        self.drop_at = step if luck < 0.01 else ""
        self.slow = 0.05 if luck > 0.9 else 0.0
        if 0.01 < luck < 0.03:
            return self.chance.choice(self.REFUSALS[step])
        return await super().answer(server, step, envelope)


def with_accounts(runtime: Runtime, firms: int) -> None:
    """The first firms have an account, so their pushes come into an inbox too."""
    with runtime.unit() as unit:
        for each in range(1, firms + 1):
            place = Organisation(name=f"企业{each}", name_key=f"企业{each}", kind="enterprise", enterprise_id=each,
                                 created_at=unit.now)  # fmt: skip
            unit.session.add(place)
            unit.session.flush()
            unit.session.add(Account(login=f"firm{each}", display_name="x", role="enterprise", organisation_id=place.id,
                                     password_hash="none", created_at=unit.now))  # fmt: skip
        unit.session.flush()
        let_speak(unit)


@pytest.fixture(params=["sqlite", "postgres"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    if request.param == "sqlite":
        return tmp_path, f"sqlite:///{tmp_path / 'matchhub.db'}"
    return tmp_path, request.getfixturevalue("postgres_url")


def relay(home: Path, url: str, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.operation.relay", str(home), url, str(port)]
    with (home / "said").open("ab") as said:
        return subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)


def test_two_senders_that_are_killed_lose_nothing_and_count_nothing_twice(base: tuple[Path, str]) -> None:
    home, url = base
    letters, most_kills = cases(90, 1000), cases(4, 40)
    chance = random.Random(SEED)
    with serving(Moody(chance)) as sink:
        runtime, _ = open_runtime(settings(home, url, sink.port))
        plan_letters(runtime, letters)
        with_accounts(runtime, letters // 3)
        kills, ends = 0, time.monotonic() + DEADLINE
        senders = [relay(home, url, sink.port) for _ in range(2)]
        try:
            while any(each.poll() is None for each in senders):
                assert time.monotonic() < ends, "the senders never came to an end"
                time.sleep(chance.uniform(0.5, 2.5))
                if kills < most_kills and len(sink.letters) > letters * (kills + 1) // (most_kills + 2):
                    victim = chance.randrange(2)
                    senders[victim].kill()
                    senders[victim].wait()
                    senders[victim], kills = relay(home, url, sink.port), kills + 1
        finally:
            for each in senders:
                each.kill()
                each.wait()
        assert [each.returncode for each in senders] == [0, 0], (home / "said").read_text("utf-8")[-3000:]
        arrived = Counter(message_from_bytes(each.content)["Message-ID"] for each in sink.letters)
        try:
            judge(runtime, letters, arrived, kills)
        finally:
            runtime.close()


def judge(runtime: Runtime, letters: int, arrived: Counter[str], kills: int) -> None:
    assert len(arrived) == letters, "lost"
    assert arrived.total() - len(arrived) <= kills, "a letter came twice that no kill accounts for"
    with runtime.unit(write=False) as unit:
        assert dict(unit.session.execute(select(Push.state, func.count()).group_by(Push.state)).all()) == {
            "delivered": letters
        }
        inboxes = unit.session.execute(select(PushDelivery.push_id).where(PushDelivery.channel == "inbox")).scalars()
        assert sorted(inboxes) == list(range(1, letters // 3 + 1)), "once into each inbox"
        assert len(deliveries(unit, Moment())) == letters, "the count is of distinct pushes"
        for table in (Suppression, BouncedAddress):
            assert unit.session.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_a_server_slower_than_a_claim_gets_each_letter_once(base: tuple[Path, str]) -> None:
    home, url = base
    letters = cases(4, 12)
    with serving(MailSink()) as sink:
        sink.slow = 3.0  # a claim lasts two seconds
        runtime, _ = open_runtime(settings(home, url, sink.port))
        plan_letters(runtime, letters)
        senders = [relay(home, url, sink.port) for _ in range(2)]
        for each in senders:
            assert each.wait(DEADLINE) == 0
        runtime.close()
    assert len(sink.letters) == letters
