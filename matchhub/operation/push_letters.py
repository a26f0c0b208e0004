"""Pushes written out as a letter: what, why, how well, where to answer and where to switch off."""

from __future__ import annotations

import re
from html import escape

from matchhub.notify.channel import Letter
from matchhub.services.pushes.delivery import Outgoing
from matchhub.services.pushes.grouping import DueLetter
from matchhub.wording import sentence


def letter_of(letter: DueLetter, lang: str = "zh") -> Letter:
    """The pushes as one e-mail: what, why, how well, where to answer and where to switch off."""
    first, number = letter.first, len(letter.parts)
    assert first.address is not None
    code = "push_mail_subject" if number == 1 else "push_mail_subject_several"
    text = _text(letter, lang)
    return Letter(
        message_id=first.message_id,
        sender="",
        to=first.address,
        subject=sentence(code, lang, title=first.items[0].title, number=number),
        text=text,
        html=_html(text, first.link, lang),
        link=first.link,
        off_link=first.off_link,
    )


def text_as_sent(letter: Letter) -> str:
    """Subject and text for the record, without the tokens that open the links: the base holds only their hashes."""
    text = f"{letter.subject}\n\n{letter.text}"
    if letter.link:
        pages, _, _ = letter.link.rpartition("/")
        text = re.sub(re.escape(pages) + r"/[\w=-]+", lambda _: pages + "/…", text)
    return text


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
