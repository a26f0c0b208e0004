"""Pushes written out as a letter: what, why, how well, where to answer and where to switch off."""

from __future__ import annotations

import re
from decimal import Decimal

from matchhub.notify.channel import Letter
from matchhub.operation.letter_html import WrittenLetter, WrittenPart, WrittenPatent, html_of
from matchhub.services.pushes.grouping import DueLetter
from matchhub.services.pushes.outgoing import OpenLicence, Outgoing, OutgoingItem
from matchhub.wording import label, sentence

ONE_TAP = ("contact", "fits", "not_my_field", "already_solved")  # answers that a letter offers as links


def letter_of(letter: DueLetter, lang: str = "zh") -> Letter:
    """The pushes as one e-mail: what, why, how well, where to answer and where to switch off."""
    first, number = letter.first, len(letter.parts)
    assert first.address is not None
    code = "push_mail_subject" if number == 1 else "push_mail_subject_several"
    words = written(letter, lang)
    return Letter(
        message_id=first.message_id,
        sender="",
        to=first.address,
        subject=sentence(code, lang, title=first.items[0].title, number=number),
        text=_text(words, lang),
        html=html_of(words, lang),
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


def reason_words(reasons: tuple[dict[str, object], ...], most: int = 3) -> list[tuple[str, str, float]]:
    """The strongest reasons as (demand's words, patent's words, weight)."""
    named = [r for r in reasons if r.get("feature") not in ("gram", "own_field", "own_words")] or list(reasons)
    strongest = sorted(named, key=lambda r: -float(str(r["weight"])))[:most]
    return [(str(r["demand_text"]), str(r["patent_text"]), float(str(r["weight"]))) for r in strongest]


def written(letter: DueLetter, lang: str) -> WrittenLetter:
    """The words of a letter, the same for its text and its HTML."""
    first = letter.first
    base = first.link.rpartition("/p/")[0]
    links = (("letter_why", f"{first.link}/why"), ("letter_off", first.off_link),
             ("letter_privacy", f"{base}/privacy"), ("letter_algorithm", f"{base}/algorithm"))  # fmt: skip
    return WrittenLetter(
        parts=tuple(WrittenPart(_because(part, lang), _patents(part, lang)) for part in letter.parts),
        ask=sentence("letter_ask", lang),
        sender=sentence("letter_from", lang, city=first.city),
        links=tuple((sentence(code, lang), link) for code, link in links),
    )


def _patents(outgoing: Outgoing, lang: str) -> tuple[WrittenPatent, ...]:
    return tuple(
        WrittenPatent(
            title=item.title or item.number,
            number=item.number,
            facts=_facts(item, lang),
            score=sentence("letter_score", lang, score=f"{item.score:.2f}"),
            reasons=tuple(_reason(*each, lang) for each in reason_words(item.reasons)),
            warnings=tuple(sentence(code, lang) for code in item.warnings),
            abstract=item.abstract[:200] + ("…" if len(item.abstract) > 200 else ""),
            answers=tuple(
                (label("push_answer", code, lang), f"{outgoing.link}?item={item.item_id}&answer={code}")
                for code in ONE_TAP
            ),
            more=(sentence("letter_more", lang), outgoing.link),
        )
        for item in outgoing.items
    )


def _facts(item: OutgoingItem, lang: str) -> tuple[tuple[str, str], ...]:
    unknown = sentence("letter_unknown", lang)
    joint = "、" if lang == "zh" else ", "
    return (
        (sentence("letter_holder", lang), joint.join(item.holders) or unknown),
        (sentence("letter_kind", lang), label("patent_type", item.kind, lang) if item.kind else unknown),
        (sentence("letter_status", lang), label("validity", item.validity, lang)),
        (sentence("letter_terms", lang), _terms(item, lang)),
    )


def _terms(item: OutgoingItem, lang: str) -> str:
    """How the patent may be had and for how much: the holder's offer and the open licence, as far as published."""
    said = []
    if item.terms is not None:
        modes = [label("patent_offer_mode", each, lang) for each in item.terms.modes]
        price = item.terms.price_yuan
        told = sentence("letter_price_open", lang) if price is None else _yuan(price, lang)
        said += [("、" if lang == "zh" else ", ").join(modes), told, item.terms.fee_text]
    if item.open_licence is not None:
        said.append(sentence("letter_open_licence", lang, fee=_fee(item.open_licence, lang)))
    return ("；" if lang == "zh" else "; ").join(each for each in said if each) or sentence("letter_no_terms", lang)


def _fee(declared: OpenLicence, lang: str) -> str:
    if declared.fee_text:
        return declared.fee_text
    method = label("fee_method", declared.fee_method, lang) if declared.fee_method else ""
    if declared.fee_yuan is not None:
        return f"{method} {_yuan(declared.fee_yuan, lang)}".strip()
    if declared.percent is not None:
        return f"{method} {declared.percent.normalize():f}%".strip()
    return method or sentence("letter_unknown", lang)


def _yuan(amount: Decimal, lang: str) -> str:
    return sentence("letter_price", lang, yuan=f"{amount:,.2f}".removesuffix(".00"))


def _reason(said: str, met: str, weight: float, lang: str) -> str:
    if said == met:
        return sentence("letter_reason_same", lang, said=said, weight=f"+{weight:.2f}")
    return sentence("letter_reason", lang, said=said, met=met, weight=f"+{weight:.2f}")


def _text(letter: WrittenLetter, lang: str) -> str:
    lines: list[str] = []
    for part in letter.parts:
        lines += [part.because, ""]
        for each in part.patents:
            lines.append(f"{each.title}  {each.number}")
            lines += [sentence("letter_fact", lang, name=name, value=value) for name, value in each.facts]
            lines += [each.score, *(f"· {reason}" for reason in each.reasons), *each.warnings]
            lines += ["", each.abstract, "", letter.ask]
            lines += [sentence("letter_answer", lang, answer=name, link=link) for name, link in each.answers]
            lines += [sentence("letter_link", lang, name=each.more[0], link=each.more[1]), ""]
    lines.append(letter.sender)
    lines += [sentence("letter_link", lang, name=name, link=link) for name, link in letter.links]
    return "\n".join(lines) + "\n"
