"""Sending what is due: between pushes (services) and channels (notify), called by command, page and worker alike."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from matchhub.notify.channel import Letter, Sender
from matchhub.notify.mail import file_sender, smtp_sender
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor
from matchhub.services.pushes.delivery import Outgoing, claim_due, pending, record_attempt
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


def send_due(runtime: Runtime, actor: Actor = SYSTEM, send: Sender | None = None) -> SendSummary:
    """Deliver every push that is due, until none is left that this round may take."""
    send = send or sender_of(runtime)
    summary = SendSummary()
    while True:
        with runtime.unit(actor) as unit:
            claimed = claim_due(unit)
        summary.suppressed += claimed.suppressed
        if claimed.nothing_left:
            break
        for outgoing in claimed.outgoing:
            state = _send_one(runtime, actor, send, outgoing)
            summary.sent += state == "delivered"
            summary.failed += state == "failed"
    with runtime.unit(actor, write=False) as unit:
        summary.pending = pending(unit)
    return summary


def _send_one(runtime: Runtime, actor: Actor, send: Sender, outgoing: Outgoing) -> str:
    answer = send(letter_of(outgoing)) if outgoing.address else None
    with runtime.unit(actor) as unit:
        if answer is None:
            return record_attempt(unit, outgoing.push_id, "none", None, "")
        return record_attempt(unit, outgoing.push_id, answer.channel, answer.outcome, answer.reply)


def letter_of(outgoing: Outgoing, lang: str = "zh") -> Letter:
    """The push as an e-mail: what, why, how well, where to answer and where to switch off."""
    assert outgoing.address is not None
    subject = sentence("push_mail_subject", lang, title=outgoing.items[0].title)
    return Letter(
        message_id=outgoing.message_id,
        sender=SENDER,
        to=outgoing.address,
        subject=subject,
        text=_text(outgoing, lang),
        html=_html(outgoing, lang),
        off_link=outgoing.off_link,
    )


def _because(outgoing: Outgoing, lang: str) -> str:
    if outgoing.demand_title:
        return sentence("push_mail_because_demand", lang, firm=outgoing.enterprise, demand=outgoing.demand_title)
    return sentence("push_mail_because_profile", lang, firm=outgoing.enterprise)


def reason_words(reasons: tuple[dict[str, object], ...], most: int = 6) -> list[tuple[str, str, float]]:
    """The strongest reasons as (demand's words, patent's words, weight)."""
    named = [r for r in reasons if r.get("feature") not in ("gram", "own_field", "own_words")] or list(reasons)
    return [(str(r["demand_text"]), str(r["patent_text"]), float(str(r["weight"]))) for r in named[:most]]


def _text(outgoing: Outgoing, lang: str) -> str:
    lines = [_because(outgoing, lang), ""]
    for item in outgoing.items:
        lines += [f"{item.title}  {item.number}", sentence("push_mail_score", lang, score=f"{item.score:.2f}")]
        for said, met, weight in reason_words(item.reasons):
            lines.append(f"  +{weight:.3f}  {said}" + (f" → {met}" if met != said else ""))
        lines += [sentence(code, lang) for code in item.warnings]
        lines += ["", item.abstract[:300], ""]
    lines += [sentence("push_mail_answer", lang, link=outgoing.link)]
    lines += [sentence("push_mail_off", lang, link=outgoing.off_link)]
    return "\n".join(lines) + "\n"


def _html(outgoing: Outgoing, lang: str) -> str:
    rows = "".join(f"<p>{escape(line)}</p>" if line else "" for line in _text(outgoing, lang).split("\n"))
    link = escape(outgoing.link, quote=True)
    return f'<html lang="{lang}"><body>{rows}<p><a href="{link}">{link}</a></p></body></html>'
