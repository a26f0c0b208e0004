"""The night's look at saved searches: asked again in the name of each account, one letter a day and account."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from matchhub.notify.channel import Letter, Sender
from matchhub.operation.postman import ARRIVED, Postman, close_sender, sender_of
from matchhub.services.accounts.sessions import actor_of_account
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.pushes.bounces import bounced_keys, reach
from matchhub.services.search.saved import Digest, NewsLine, accounts_with_searches, look_again, record_letter
from matchhub.wording import label, sentence


def alert(runtime: Runtime, send: Sender | None = None) -> dict[str, int]:
    """Ask the saved searches of every account; how many accounts were looked after, told, and sent a letter.

    What is new is on record before the letter leaves, so whoever dies in between has told the page and sends no letter
    twice.
    """
    sender = send or sender_of(runtime)
    try:
        return _alert(runtime, Postman(runtime, sender))
    finally:
        if send is None:
            close_sender(sender)


def _alert(runtime: Runtime, send: Postman) -> dict[str, int]:
    told = {"accounts": 0, "told": 0, "letters": 0}
    with runtime.unit(write=False) as unit:
        accounts = accounts_with_searches(unit)
    for account_id in accounts:
        with runtime.unit(write=False) as unit:
            actor = actor_of_account(unit, account_id)
        if actor is None:
            continue
        told["accounts"] += 1
        with runtime.unit(actor) as unit:
            digest = look_again(unit)
        if digest is not None:
            told["told"] += 1
            told["letters"] += _send(runtime, send, digest)
    return told


def _send(runtime: Runtime, send: Postman, digest: Digest) -> bool:
    with runtime.unit(write=False) as unit:
        address = reach((digest.address,), bounced_keys(unit)).address
    if address is None:
        return False
    answer = send(replace(letter_of(digest), to=address))
    with runtime.unit() as unit:
        record_letter(unit, digest, answer.outcome, answer.reply)
    return answer.outcome in ARRIVED


def letter_of(digest: Digest, lang: str = "zh") -> Letter:
    """The digest as an e-mail: what is new for each search, where to see it, where to end it."""
    assert digest.address is not None
    number = sum(line.number for line in digest.lines)
    said = [part for line in digest.lines for part in _said(line, lang)]
    said.append(sentence("saved_mail_foot", lang, link=digest.link))
    return Letter(
        message_id=digest.message_id,
        sender="",
        to=digest.address,
        subject=sentence("saved_mail_subject", lang, number=number),
        text="\n".join(said) + "\n",
        html=f'<html lang="{lang}"><body>{"".join(f"<p>{escape(part)}</p>" for part in said)}</body></html>',
    )


def _said(line: NewsLine, lang: str) -> list[str]:
    kind = label("search_kind", line.kind, lang)
    code = "saved_mail_line" if line.query else "saved_mail_line_filters"
    return [
        sentence(code, lang, kind=kind, query=line.query, number=line.number),
        *(f"  · {name}" for name in line.names),
    ]
