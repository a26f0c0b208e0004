"""Sending what is due: between pushes (services) and channels (notify), called by command, page and worker alike."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from matchhub.errors import Conflict, Refusal
from matchhub.notify.channel import Delivered, Sender
from matchhub.operation.postman import Postman, close_sender, sender_of
from matchhub.operation.push_letters import letter_of, text_as_sent
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor, Unit
from matchhub.services.pushes import delivery
from matchhub.services.pushes.attempts import free_at
from matchhub.services.pushes.delivery import (
    CHANNELS,
    MAIL,
    Outgoing,
    claim_due,
    pending,
    record_attempt,
    release_claims,
    renew_claims,
    still_mine,
)
from matchhub.services.pushes.grouping import DueLetter, letters_of
from matchhub.services.pushes.troubles import clear_trouble, in_trouble, note_trouble

__all__ = ["Postman", "SendSummary", "send_due", "sender_of"]

BATCH = 20  # pushes claimed in one transaction, each with a claim of its own
_BEATS = 5  # signs of life in the time of one claim
_PAUSES = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds between tries to put down what was sent
_LIKE_REFUSALS = 3  # letters put off one after another: then it is no matter of their mailboxes

log = logging.getLogger("matchhub.mail")


@dataclass
class SendSummary:
    """Sums of one round of sending (CONTRACT.md, ``push send``); ``written`` of the sent ones only to a folder.

    ``trouble`` is a code of the words for what stopped the round, ``reply`` what the server said.
    """

    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    pending: int = 0
    written: int = 0
    trouble: str = ""
    reply: str = ""

    def to_json(self) -> dict[str, int | str]:
        """As the contract words it; the trouble only when there is one."""
        told = {"sent": self.sent, "failed": self.failed, "suppressed": self.suppressed, "pending": self.pending}
        trouble = {"trouble": self.trouble, "reply": self.reply} if self.trouble else {}
        return told | trouble


def send_due(
    runtime: Runtime,
    actor: Actor = SYSTEM,
    send: Sender | None = None,
    *,
    patient: bool = True,
    courteous: bool = False,
) -> SendSummary:
    """Deliver every push that is due, until none is left that this round may take; several to one recipient are one
    letter.

    When the server refuses the installation, the round stops and what is left stays planned; inboxes are still filled.
    At the limit of letters a minute a ``patient`` round waits, another leaves the rest for the next. ``courteous``:
    nobody is written to at night or on a day off, unless it chose so.
    """
    sender = send or sender_of(runtime)
    try:
        return _Round(runtime, actor, sender, patient, courteous).run()
    finally:
        if send is None:
            close_sender(sender)


@dataclass
class _Round:
    runtime: Runtime
    actor: Actor
    send: Sender
    patient: bool
    courteous: bool = False
    summary: SendSummary = field(default_factory=SendSummary)
    stopped: bool = False
    put_off: int = 0  # letters one after another
    troubled: bool = False  # the channel was in trouble when the round began, and nothing got through since

    @property
    def limit(self) -> int:
        """Letters a minute; 0: as many as there are."""
        return getattr(self.send, "per_minute", 0)

    def run(self) -> SendSummary:
        with self.runtime.unit(self.actor, write=False) as unit:
            self.troubled = in_trouble(unit, MAIL)
        while True:
            with self.runtime.unit(self.actor) as unit:
                claimed = claim_due(unit, BATCH, () if self.stopped else CHANNELS, courteous=self.courteous)
            self.summary.suppressed += claimed.suppressed
            self.summary.sent += claimed.inbox_only
            if claimed.nothing_left:
                break
            with _alive(self.runtime, self.actor, claimed.outgoing):
                self._send_each(letters_of(claimed.outgoing))
        with self.runtime.unit(self.actor, write=False) as unit:
            self.summary.pending = pending(unit)
        return self.summary

    def _send_each(self, letters: Sequence[DueLetter]) -> None:
        mine: DueLetter | None = None  # what may go of the next letter; None: not looked at
        for place, letter in enumerate(letters):
            waited, mine = mine, None
            if not self._may_send():
                with self.runtime.unit(self.actor) as unit:
                    release_claims(unit, [part for each in letters[place:] for part in each.parts])
                return
            following = letters[place + 1] if place + 1 < len(letters) and not self.limit else None
            mine = self._send_one(letter, waited, following)

    def _may_send(self) -> bool:
        """Whether the round goes on; waits here, before the claim is looked at, while the minute is used up."""
        while not self.stopped and self.limit:
            with self.runtime.unit(self.actor, write=False) as unit:
                free = free_at(unit, "smtp", self.limit)
                seconds = 0.0 if free is None else (free - unit.now).total_seconds()
            if free is None:
                break
            if self.patient:
                time.sleep(min(seconds, 1.0))
            else:
                self.stopped = True
        return not self.stopped

    def _send_one(self, letter: DueLetter, mine: DueLetter | None, following: DueLetter | None) -> DueLetter | None:
        """Send what is still wanted of one letter under claims that are in force just before, and put down what became
        of each of its pushes.

        The claims of the letter that ``follows`` at once are looked at in the same transaction: what of it may go.
        """
        if mine is None:
            with self.runtime.unit(self.actor) as unit:
                mine = _still_mine(unit, letter)
        if not mine.parts:
            return None
        answer, text = self._hand_over(mine) if mine.first.address else (None, None)
        if answer is not None and answer.outcome == "sender_fault":
            self._stop(answer)
        for pause in _PAUSES:
            try:
                with self.runtime.unit(self.actor) as unit:
                    states = [self._put_down(unit, part, answer, text) for part in mine.parts]
                    further = None if following is None or self.stopped else _still_mine(unit, following)
                break
            except Refusal as refusal:  # the base is busy or full: what was handed over must not be forgotten
                log.warning("not recorded yet: pushes %s: %s", mine.push_ids, refusal.code)
                time.sleep(pause)
        else:
            raise Conflict("database_busy")
        for state in states:
            self.summary.sent += state in ("delivered", "written")
            self.summary.written += state == "written"
            self.summary.failed += state == "failed"
        return further

    def _put_down(self, unit: Unit, outgoing: Outgoing, answer: Delivered | None, text: str | None) -> str:
        state = record_attempt(
            unit,
            outgoing.push_id,
            answer.channel if answer else "none",
            answer.outcome if answer else None,
            answer.reply if answer else "",
            key=outgoing.channel,
            fence=outgoing.fence,
            address=outgoing.address,
            why_not=outgoing.why_not,
            wait_seconds=answer.wait_seconds if answer else None,
            of_letter=answer.of_letter if answer else False,
            text=text,
        )
        if answer is not None and answer.outcome == "delivered" and self.troubled:
            clear_trouble(unit, MAIL)
            self.troubled = False
        return state

    def _hand_over(self, due: DueLetter) -> tuple[Delivered, str | None]:
        """What became of one letter; a fault of the letter itself never reaches the others."""
        try:
            letter = letter_of(due)
            answer = self.send(letter)
        except Exception as error:
            log.exception("letter of pushes %s", due.push_ids)
            return Delivered("none", "deferred", f"{type(error).__name__}: {error}"[:400]), None
        self.put_off = self.put_off + 1 if answer.outcome == "deferred" else 0
        if self.put_off >= (1 if self.troubled else _LIKE_REFUSALS):
            return Delivered(answer.channel, "sender_fault", answer.reply, None, "mail_trouble_rate", True), None
        return answer, text_as_sent(letter)

    def _stop(self, answer: Delivered) -> None:
        """The server refuses the installation: told until a letter gets through."""
        self.stopped = True
        self.summary.trouble, self.summary.reply = answer.trouble or "channel_trouble", answer.reply
        log.warning("sending stopped, nothing is lost: %s: %s", self.summary.trouble, answer.reply)
        with suppress(Conflict), self.runtime.unit(self.actor) as unit:  # another sender may be telling it too
            note_trouble(unit, MAIL, self.summary.trouble, answer.reply)


def _still_mine(unit: Unit, letter: DueLetter) -> DueLetter:
    """What of a letter may still be handed over; its claims are renewed."""
    return DueLetter(tuple(part for part in letter.parts if still_mine(unit, part)))


@contextmanager
def _alive(runtime: Runtime, actor: Actor, letters: Sequence[Outgoing]) -> Iterator[None]:
    """While the block runs, the claims of its letters are renewed from beside: a server may be slow for long."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(delivery.CLAIM.total_seconds() / _BEATS):
            try:
                with runtime.unit(actor) as unit:
                    renew_claims(unit, letters)
            except Refusal as refusal:  # the next sign of life is in time
                log.warning("claims not renewed: %s", refusal.code)

    thread = threading.Thread(target=beat, name="claims", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
