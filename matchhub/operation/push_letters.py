"""A push written out as a letter: what, why, how well, where to answer and where to switch off."""

from __future__ import annotations

from html import escape

from matchhub.notify.channel import Letter
from matchhub.services.pushes.delivery import Outgoing
from matchhub.wording import sentence


def letter_of(outgoing: Outgoing, lang: str = "zh") -> Letter:
    """The push as an e-mail: what, why, how well, where to answer and where to switch off."""
    assert outgoing.address is not None
    subject = sentence("push_mail_subject", lang, title=outgoing.items[0].title)
    return Letter(
        message_id=outgoing.message_id,
        sender="",
        to=outgoing.address,
        subject=subject,
        text=_text(outgoing, lang),
        html=_html(outgoing, lang),
        off_link=outgoing.off_link,
    )


def text_as_sent(letter: Letter) -> str:
    """Subject and text for the record, without the token that opens the link: the base holds only its hash."""
    text = f"{letter.subject}\n\n{letter.text}"
    if letter.off_link:
        page, _, _ = letter.off_link.rpartition("/")
        text = text.replace(page, page.rpartition("/")[0] + "/…")
    return text


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
