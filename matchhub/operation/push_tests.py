"""Test letters of the operator's desk: what a recipient would get, to one's own address; never a push."""

from __future__ import annotations

import secrets
from dataclasses import replace

from matchhub.notify.channel import Delivered, Letter
from matchhub.operation.postman import close_sender, sender_of
from matchhub.operation.push_letters import letter_of
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Actor
from matchhub.services.pushes.grouping import DueLetter
from matchhub.services.pushes.previews import letter_to_oneself, note_test, preview
from matchhub.wording import sentence


def previewed_letter(runtime: Runtime, actor: Actor, pair_id: int, lang: str = "zh") -> Letter:
    """The letter of a pair of a draft as its recipient would get it."""
    with runtime.unit(actor, write=False) as unit:
        return letter_of(DueLetter((preview(unit, pair_id),)), lang)


def send_test(runtime: Runtime, actor: Actor, pair_id: int, lang: str = "zh") -> tuple[str, Delivered]:
    """Send the letter of a pair to the actor's own address, marked as a test; the address and what the server said."""
    with runtime.unit(actor, write=False) as unit:
        outgoing = letter_to_oneself(unit, pair_id)
    outgoing = replace(outgoing, message_id=f"<test.{secrets.token_hex(12)}@matchhub>")
    letter = letter_of(DueLetter((outgoing,)), lang)
    sender = sender_of(runtime)
    try:
        answer = sender(replace(letter, subject=sentence("push_test_subject", lang, subject=letter.subject)))
    finally:
        close_sender(sender)
    with runtime.unit(actor) as unit:
        note_test(unit, pair_id, answer.outcome)
    return letter.to, answer
