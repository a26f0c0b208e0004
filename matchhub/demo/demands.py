"""Demands (技术需求) of the demo city: shop-floor talk composed from the topics, no two of them near-repetitions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from matchhub.demo.names import Names
from matchhub.demo.parties import Firm, source
from matchhub.demo.trades import Topic, choose_words, fill, read_texts
from matchhub.domain.likeness import gram_counts, masked_text, masked_text_similarity
from matchhub.domain.records import DemandRecord

_MOST_ALIKE = 0.70  # the pack questions a demand from 0.75 on
_TRIES = 400
_QUESTIONED = (0.77, 0.83)  # neither held at once nor let through


@dataclass(frozen=True, slots=True)
class Posted:
    """A demand with its firm and topic, before it is recorded."""

    record: DemandRecord
    firm: Firm
    topic: Topic


class DemandWriter:
    """Writes demands; remembers the wording of each topic so that none nearly repeats an earlier one."""

    def __init__(self, names: Names) -> None:
        self.names, self.chance = names, names.chance
        self.speech = read_texts("speech")
        self.line = 1
        self._said: dict[str, list[tuple[Counter[str], float]]] = {}
        self._turn: dict[str, int] = {}

    def write(self, firm: Firm, posted_on: date, topic: Topic | None = None) -> Posted:
        """A demand of ``firm`` that passes the eight tests through the end of the window and the year after."""
        self.line += 1
        for _ in range(_TRIES):
            subject = topic or self._next_topic(firm)
            words = choose_words(subject, self.chance)
            title, text = _compose(subject, self.speech, words, self.chance)
            if self._is_new(subject, f"{title}\n{text}"):
                break
        else:
            raise AssertionError("the texts do not suffice for so many different demands")
        return Posted(self._record(firm, subject, words, title, text, posted_on), firm, subject)

    def _next_topic(self, firm: Firm) -> Topic:
        turn = self._turn.get(firm.trade.key, 0)
        self._turn[firm.trade.key] = turn + 1
        return firm.trade.topics[turn % len(firm.trade.topics)]

    def _is_new(self, topic: Topic, wording: str) -> bool:
        grams = gram_counts(masked_text(wording))
        norm = math.sqrt(sum(number * number for number in grams.values()))
        said = self._said.setdefault(topic.key, [])
        for other, length in said:
            dot = sum(number * other[gram] for gram, number in grams.items() if gram in other)
            if dot >= _MOST_ALIKE * norm * length:
                return False
        said.append((grams, norm))
        return True

    def _record(
        self, firm: Firm, topic: Topic, words: dict[str, str], title: str, text: str, posted_on: date
    ) -> DemandRecord:
        chance = self.chance
        open_budget = chance.random() < 0.4
        targets = chance.sample(topic.targets, 2)
        return DemandRecord(
            source=source("demands", self.line),
            title=title,
            text=text,
            object=next(iter(words.values())),
            aim=topic.aim,
            targets=";".join(fill(each, words, chance) for each in targets),
            existing=chance.choice(self.speech["existing"]),
            enterprise_name=firm.name,
            enterprise_uscc=firm.record.uscc,
            technical_field=f"{firm.trade.name}:{topic.name}",
            ipc=topic.ipc[:1] if chance.random() < 0.5 else (),
            cooperation_form=chance.choice(self.speech["forms"]),
            budget_yuan=None if open_budget else Decimal(chance.randint(5, 80)) * 10000,
            budget_negotiable=open_budget,
            contact_name=firm.record.contact_name,
            contact_phone=firm.record.contact_phone,
            contact_email=firm.record.contact_email,
            posted_on=posted_on,
            valid_until_on=date(2027, 6, 30),
            authorised_on=posted_on,
            authorised_by="企业盖章确认（演示）",
        )


def _compose(topic: Topic, speech: dict[str, list[str]], words: dict[str, str], chance: Random) -> tuple[str, str]:
    """Title and text: an opening, what goes wrong, what was tried, what is wanted, a closing."""
    product = next(iter(words.values()))
    said = {**words, "product": product}
    title = fill(chance.choice(topic.demand_titles), said, chance)
    opening = fill(chance.choice(speech["openings"]), said, chance)
    middle = [fill(chance.choice(part), said, chance) for part in (topic.symptoms, topic.tried, topic.wishes)]
    parts = [f"{each}。" for each in middle]
    return title, "".join((opening, *parts, chance.choice(speech["closings"])))


def incomplete(writer: DemandWriter, local: Iterator[Firm], posted_on: date) -> Iterator[Posted]:
    """Demands that fail one of the eight tests each."""
    faults: tuple[dict[str, object], ...] = (
        {"contact_name": None},
        {"contact_phone": None, "contact_email": None},
        {"object": None},
        {"aim": None},
        {"technical_field": None, "ipc": ()},
        {"cooperation_form": None},
        {"budget_yuan": None, "budget_negotiable": False},
        {"valid_until_on": None},
        {"valid_until_on": posted_on + timedelta(days=90)},
        {"authorised_on": None, "authorised_by": None},
        {"text": "急求技术。"},
    )
    for fault in faults:
        posted = writer.write(next(local), posted_on)
        yield replace(posted, record=replace(posted.record, **fault))  # type: ignore[arg-type]
    yield _without_targets(writer, next(local), posted_on)


def _without_targets(writer: DemandWriter, firm: Firm, posted_on: date) -> Posted:
    """A demand that names no number anywhere."""
    posted = writer.write(firm, posted_on)
    text = "产品质量不稳定，客户意见大，想请懂行的老师来看看，帮我们把品质做好，具体要求见面再谈。"
    return replace(posted, record=replace(posted.record, text=text, targets="越好越好", aim="提高品质"))


def repetition(posted: Posted, firm: Firm, how: str) -> Posted:
    """The same demand again from another firm: ``clone`` with one word changed, ``near`` with another ending."""
    text = posted.record.text or ""
    record = replace(
        posted.record,
        text=_near(posted.record.title or "", text) if how == "near" else text.replace("我们", "我司"),
        enterprise_name=firm.name,
        enterprise_uscc=firm.record.uscc,
        contact_name=firm.record.contact_name,
        contact_phone=firm.record.contact_phone,
        contact_email=firm.record.contact_email,
    )
    return Posted(record, firm, posted.topic)


def _near(title: str, text: str) -> str:
    """``text`` with so much of another ending that a person must judge whether it is a repetition."""
    ending = "另外车间想顺便改造照明和通风，请一并报价。欢迎随时来厂里指导，提前一天打电话即可。"
    original = f"{title}\n{text}"
    variants = [text[:kept] + ending[:added] for kept in range(len(text), 20, -2) for added in (10, 20, len(ending))]
    low, high = _QUESTIONED
    return next(each for each in variants if low < masked_text_similarity(original, f"{title}\n{each}") < high)
