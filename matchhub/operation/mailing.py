"""Sending what is due: between pushes (services) and channels (notify), called by command, page and worker alike."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from matchhub.notify.channel import Delivered, Letter, Sender
from matchhub.notify.mail import file_sender, smtp_sender
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor
from matchhub.services.pushes.delivery import Outgoing, claim_due, pending, record_attempt, release_claim
from matchhub.services.pushes.grouping import DueLetter, letters_of
from matchhub.services.pushes.routing import still_wanted
from matchhub.wording import sentence

SENDER = "matchhub@localhost"


@dataclass
class SendSummary:
    """Sums of one round of sending (CONTRACT.md, ``push send``)."""

    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    pending: int = 0

    def to_json(self) -> dict[str, int]:
        """As the contract words it."""
        return {"sent": self.sent, "failed": self.failed, "suppressed": self.suppressed, "pending": self.pending}


def sender_of(runtime: Runtime) -> Sender:
    """The channel this installation sends by; ``SettingInvalid`` for a wrong SMTP address.

    The invented people of a demo base get no real mail: their letters always become files.
    """
    with runtime.unit(write=False) as unit:
        invented = holds_rows(unit, demo=True)
    if runtime.settings.smtp_url and not invented:
        return smtp_sender(runtime.settings.smtp_url, runtime.clock)
    return file_sender(runtime.home / "outbox", runtime.clock)


def send_due(
    runtime: Runtime, actor: Actor = SYSTEM, send: Sender | None = None, courteous: bool = False
) -> SendSummary:
    """Deliver every push that is due, until none is left that this round may take; several to one recipient are one
    letter. ``courteous``: nobody is written to at night or on a day off."""
    send = send or sender_of(runtime)
    summary = SendSummary()
    while True:
        with runtime.unit(actor) as unit:
            claimed = claim_due(unit, courteous=courteous)
        summary.suppressed += claimed.suppressed
        summary.sent += claimed.inbox_only
        if claimed.nothing_left:
            break
        for letter in letters_of(claimed.outgoing):
            states = _send_one(runtime, actor, send, letter)
            summary.sent += states.count("delivered")
            summary.failed += states.count("failed")
    with runtime.unit(actor, write=False) as unit:
        summary.pending = pending(unit)
    return summary


def _send_one(runtime: Runtime, actor: Actor, send: Sender, letter: DueLetter) -> list[str]:
    """Hand one letter over, if it is still wanted; the states of its pushes."""
    with runtime.unit(actor, write=False) as unit:
        wanted = still_wanted(unit, letter.push_ids)
    if not wanted:
        with runtime.unit(actor) as unit:
            release_claim(unit, letter.push_ids)
        return []
    answer = send(letter_of(letter)) if letter.first.address else Delivered("none", "deferred", "")
    result = answer.outcome if letter.first.address else None
    with runtime.unit(actor) as unit:
        return [record_attempt(unit, number, answer.channel, result, answer.reply) for number in letter.push_ids]


def letter_of(letter: DueLetter, lang: str = "zh") -> Letter:
    """The pushes as one e-mail: what, why, how well, where to answer and where to switch off."""
    first = letter.first
    assert first.address is not None
    title, number = first.items[0].title, len(letter.parts)
    code = "push_mail_subject" if number == 1 else "push_mail_subject_several"
    text = _text(letter, lang)
    return Letter(
        message_id=first.message_id,
        sender=SENDER,
        to=first.address,
        subject=sentence(code, lang, title=title, number=number),
        text=text,
        html=_html(text, first.link, lang),
        link=first.link,
        off_link=first.off_link,
    )


def _because(outgoing: Outgoing, lang: str) -> str:
    if outgoing.demand_title:
        return sentence("push_mail_because_demand", lang, firm=outgoing.enterprise, demand=outgoing.demand_title)
    return sentence("push_mail_because_profile", lang, firm=outgoing.enterprise)


def reason_words(reasons: tuple[dict[str, object], ...], most: int = 6) -> list[tuple[str, str, float]]:
    """The strongest reasons as (demand's words, patent's words, weight)."""
    named = [r for r in reasons if r.get("feature") not in ("gram", "own_field", "own_words")] or list(reasons)
    return [(str(r["demand_text"]), str(r["patent_text"]), float(str(r["weight"]))) for r in named[:most]]


def _text(letter: DueLetter, lang: str) -> str:
    lines = [line for part in letter.parts for line in _part(part, lang)]
    first = letter.first
    lines += [sentence("push_mail_why", lang, link=f"{first.link}/why")]
    lines += [sentence("push_mail_off", lang, link=first.off_link)]
    return "\n".join(lines) + "\n"


def _part(outgoing: Outgoing, lang: str) -> list[str]:
    """One push of a letter, with the link that answers it."""
    lines = [_because(outgoing, lang), ""]
    for item in outgoing.items:
        lines += [f"{item.title}  {item.number}", sentence("push_mail_score", lang, score=f"{item.score:.2f}")]
        for said, met, weight in reason_words(item.reasons):
            lines.append(f"  +{weight:.3f}  {said}" + (f" → {met}" if met != said else ""))
        lines += [sentence(code, lang) for code in item.warnings]
        lines += ["", item.abstract[:300], ""]
    return [*lines, sentence("push_mail_answer", lang, link=outgoing.link), ""]


def _html(text: str, first_link: str, lang: str) -> str:
    rows = "".join(f"<p>{escape(line)}</p>" if line else "" for line in text.split("\n"))
    link = escape(first_link, quote=True)
    return f'<html lang="{lang}"><body>{rows}<p><a href="{link}">{link}</a></p></body></html>'
