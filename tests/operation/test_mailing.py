"""Sending what is due: every message once, the cap of the day kept, invented people never mailed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchhub.db.tables import Push, PushItem
from matchhub.notify.channel import Delivered, Letter
from matchhub.operation.mailing import send_due, sender_of
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.pushes.links import token_hash
from tests.web.installation import Clock, clock, filled_home, runtime

__all__ = ["clock", "filled_home", "runtime"]
CAP = 3


def planned(runtime: Runtime, count: int, address: str | None = "boss@example.com", firm: int = 1) -> None:
    """That many planned pushes to one firm, each with the same patent (the plan would not do that; sending is tested)."""
    with runtime.unit() as unit:
        first = (unit.session.execute(select(Push.id).order_by(Push.id.desc()).limit(1)).scalar() or 0) + 1
        for number in range(first, first + count):
            row = {
                "id": number,
                "enterprise_id": firm,
                "model": "tfidf-bm25f-3:x",
                "unique_key": f"k{number}",
                "message_id": f"<push.{number}@matchhub>",
                "token_hash": token_hash(str(number)),
                "recipient_email": address,
                "due_on": unit.today,
                "state": "planned",
                "demo": False,
                "recorded_at": unit.now,
            }
            insert_rows(unit, Push.__table__, [row])  # type: ignore[arg-type]
            item = {
                "push_id": number,
                "patent_id": 1,
                "position": 1,
                "score": 0.5,
                "floor": 0.2,
                "reasons": [],
                "warnings": [],
            }
            insert_rows(unit, PushItem.__table__, [item])  # type: ignore[arg-type]


def states(runtime: Runtime) -> list[str]:
    with runtime.unit(write=False) as unit:
        return list(unit.session.execute(select(Push.state).order_by(Push.id)).scalars())


class Sink:
    """A channel that answers what it was told to and keeps what it got."""

    def __init__(self, outcome: str = "delivered") -> None:
        self.outcome, self.letters = outcome, list[Letter]()

    def __call__(self, letter: Letter) -> Delivered:
        self.letters.append(letter)
        return Delivered("smtp", self.outcome, "250 kept")  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [CAP - 1, CAP, CAP + 1])
def test_no_firm_gets_more_than_three_messages_a_day(runtime: Runtime, clock: Clock, count: int) -> None:
    planned(runtime, count)
    sink = Sink()
    summary = send_due(runtime, send=sink)
    assert (summary.sent, summary.pending) == (min(count, CAP), max(0, count - CAP))
    clock.forward(timedelta(days=1))
    send_due(runtime, send=sink)
    assert states(runtime) == ["delivered"] * count
    assert len(sink.letters) == (1 if count <= CAP else 2), "those of a day are one letter"


def test_a_round_goes_on_past_messages_that_must_wait(runtime: Runtime) -> None:
    planned(runtime, 230)
    assert send_due(runtime, send=Sink()).to_json() == {
        "sent": CAP, "failed": 0, "suppressed": 0, "pending": 227
    }  # fmt: skip


def test_a_message_whose_recording_was_cut_off_is_sent_again_as_the_same_message(
    runtime: Runtime, clock: Clock
) -> None:
    planned(runtime, 1)

    def dies(letter: Letter) -> Delivered:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(runtime, send=dies)
    sink = Sink()
    assert send_due(runtime, send=sink).sent == 0, "another sender may still have it"
    clock.forward(timedelta(minutes=6))
    assert send_due(runtime, send=sink).sent == 1
    assert [letter.message_id for letter in sink.letters] == ["<push.1@matchhub>"]


def test_a_letter_says_why_where_to_answer_and_where_to_switch_off(runtime: Runtime) -> None:
    planned(runtime, 1)
    sink = Sink()
    send_due(runtime, send=sink)
    (letter,) = sink.letters
    assert letter.to == "boss@example.com"
    assert "/p/" in letter.text and letter.off_link and letter.off_link in letter.text
    assert "一种防滑耐磨鞋底" in letter.subject


def test_the_invented_people_of_a_demo_base_get_no_real_mail(runtime: Runtime) -> None:
    from sqlalchemy import update

    from matchhub.db.tables import Patent

    with runtime.unit() as unit:
        unit.session.execute(update(Patent).values(demo=True))
    wired = Runtime(replace(runtime.settings, smtp_url="smtp://127.0.0.1:9"), runtime.engine, runtime.clock)
    letter = Letter("<x@matchhub>", "a@example.com", "b@example.com", "x", "x")
    assert sender_of(wired)(letter).channel == "file"
