"""What every channel takes and answers: one letter in, one answer out; a channel is one file beside this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

# "written": kept in a folder only. "deferred": this letter may be tried again. "refused": this address is no good.
# "sender_fault": the server refuses this installation (connection, sign-in, sender, content, rate), so the round stops.
Outcome = Literal["delivered", "written", "deferred", "refused", "sender_fault"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, written out. ``off_link`` becomes the one-click switch of RFC 8058.

    ``to`` is an address of the channel: a mailbox, a telephone number, the web address of a robot. ``sender`` may be
    empty: then the channel sends in the name of the installation.
    """

    message_id: str
    sender: str
    to: str
    subject: str
    text: str
    html: str | None = None
    link: str | None = None
    off_link: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the channel answered, in the words of its server; ``wait_seconds`` where it said when to come again.

    A ``sender_fault`` says what to do about it with ``trouble``, a code of the words; ``of_letter``: it came at this
    letter's recipient or text, so that another letter may fare better.
    """

    channel: str
    outcome: Outcome
    reply: str
    wait_seconds: int | None = None
    trouble: str = ""
    of_letter: bool = False


Sender = Callable[[Letter], Delivered]
