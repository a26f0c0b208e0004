"""Patents (专利) of the demo city: titles and abstracts written from the topics of the trades."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from matchhub.demo.names import Names
from matchhub.demo.parties import Firm, source
from matchhub.demo.trades import Topic, Trade, choose_words, fill, read_texts, trades
from matchhub.domain.patents import term_ends_on
from matchhub.domain.records import EncumbranceClaim, PatentRecord, PatentType, StatusClaim

LOOKED_FIRST_ON = date(2023, 9, 1)
LOOKED_LAST_ON = date(2025, 12, 18)
_KINDS: tuple[PatentType, ...] = ("invention",) * 6 + ("utility_model",) * 3 + ("design",)
# A utility model protects shape and structure (Patent Law art. 2), so these titles are inventions' alone.
_NO_SHAPE = re.compile("方法|工艺|制备|配方|[剂液]|釉料|墨水|面料|涂层|材料|纤维|膜")
_OPENING = {"invention": "本发明公开了", "utility_model": "本实用新型公开了", "design": "本外观设计产品的名称为"}


@dataclass(frozen=True, slots=True)
class Invented:
    """A patent with the trade it came from and who holds it."""

    record: PatentRecord
    trade: Trade
    topic: Topic
    holder: str

    @property
    def number(self) -> str:
        """Its application number."""
        return self.record.application_number or ""

    @property
    def is_granted_invention(self) -> bool:
        """Whether it may be bought as an invention."""
        return self.record.patent_type == "invention" and self.record.granted_on is not None


class PatentWriter:
    """Writes patents of all topics in turn for holders of the city."""

    def __init__(self, names: Names, holders: Sequence[Firm]) -> None:
        self.names, self.chance = names, names.chance
        self.by_trade = {trade.key: [firm for firm in holders if firm.trade is trade] for trade in trades()}
        self.subjects = [(trade, topic) for at in range(4) for trade in trades() for topic in (trade.topics[at],)]
        self.line = 1
        self._titles: set[str] = set()

    def write(self, number: int) -> list[Invented]:
        """The next ``number`` patents that count."""
        return [self.one() for _ in range(number)]

    def one(self, kind: PatentType | None = None, holder: str | None = None) -> Invented:
        """The next patent, of that type and holder where they are given."""
        self.line += 1
        trade, topic = self.subjects[self.line % len(self.subjects)]
        chosen = self.chance.choice(_KINDS) if kind is None else kind
        if chosen == "utility_model" and all(_NO_SHAPE.search(title) for title in topic.titles):
            chosen = "invention"
        owner = holder or self._holder(trade)
        title, abstract, claim = self._words(trade, topic, chosen)
        pending = kind is None and chosen == "invention" and self.chance.random() < 0.08
        filed_on, granted_on = _days(self.chance, chosen, pending)
        record = PatentRecord(
            source=source("patents", self.line),
            application_number=self.names.application_number(chosen, filed_on.year),
            title=title,
            abstract=abstract,
            claim=claim,
            patent_type=chosen,
            applicants=(owner,),
            owners=(owner,) if granted_on else (),
            inventors=tuple(self.names.inventor() for _ in range(self.chance.choice((1, 2, 3)))),
            ipc=() if chosen == "design" else topic.ipc,
            locarno=(trade.locarno,) if chosen == "design" else (),
            filed_on=filed_on,
            published_on=filed_on + timedelta(days=500) if chosen == "invention" else None,
            granted_on=granted_on,
            expires_on=term_ends_on(chosen, filed_on) if granted_on else None,
            status=_status(granted_on, LOOKED_FIRST_ON),
            address="福建省晋江市",
        )
        return Invented(record, trade, topic, owner)

    def _holder(self, trade: Trade) -> str:
        if self.chance.random() < 0.4:
            return str(self.chance.choice(self.names.data["institutions"]))
        return self.chance.choice(self.by_trade[trade.key]).name

    def _words(self, trade: Trade, topic: Topic, kind: PatentType) -> tuple[str, str, str | None]:
        """Title, abstract and first claim."""
        chance = self.chance
        if kind == "design":
            product = chance.choice(trade.designs)
            title = f"{product}（{chance.choice('ABCDEFGH')}款{chance.randint(1, 999)}）"
            return title, f"{_OPENING[kind]}{product}，设计要点在于{product}的形状与图案。", None
        words = choose_words(topic, chance)
        title = self._title(topic, kind, words)
        means = [fill(each, words, chance) for each in chance.sample(topic.means, 3)]
        effects = [fill(each, words, chance) for each in chance.sample(topic.effects, 2)]
        # The topic's aim stays out: a demand states it, and a match should not live on one sentence in both.
        told = f"{'；'.join(means)}。{'；'.join(effects)}。"
        abstract = f"{_OPENING[kind]}{title}，属于{trade.name}领域的{topic.name}技术。{told}"
        return title, abstract, f"1. {title}，其特征在于：{means[0]}。"

    def _title(self, topic: Topic, kind: PatentType, words: dict[str, str]) -> str:
        suited = [each for each in topic.titles if kind == "invention" or not _NO_SHAPE.search(each)]
        title = fill(self.chance.choice(suited), words, self.chance)
        if title in self._titles:
            quality = self.chance.choice(read_texts("speech")["qualities"])
            title = title.replace("一种", f"一种{quality}", 1)
        self._titles.add(title)
        return title


def _status(granted_on: date | None, looked_on: date) -> StatusClaim:
    if granted_on is None:
        return StatusClaim("pending", "under_examination", "实质审查的生效", looked_on)
    return StatusClaim("in_force", "granted", "专利权维持", looked_on)


def looked_on(patent: Invented, day: date) -> PatentRecord:
    """The record with the status as it was seen on ``day``."""
    return replace(patent.record, status=_status(patent.record.granted_on, day))


def looked_again(patent: Invented) -> PatentRecord:
    """What the last look at the register says: only number and status."""
    return PatentRecord(
        source=patent.record.source,
        application_number=patent.record.application_number,
        status=_status(patent.record.granted_on, LOOKED_LAST_ON),
    )


def _days(chance: Random, kind: PatentType, pending: bool) -> tuple[date, date | None]:
    """Filing and grant, so that a granted right lives from before the window until well after it."""
    if pending:
        return date(2022, chance.randint(1, 12), chance.randint(1, 28)), None
    if kind == "invention":
        filed_on = date(chance.randint(2012, 2020), chance.randint(1, 6), chance.randint(1, 28))
        return filed_on, filed_on + timedelta(days=chance.randint(500, 900))
    filed_on = date(chance.randint(2018, 2021), chance.randint(1, 12), chance.randint(1, 28))
    return filed_on, filed_on + timedelta(days=chance.randint(150, 300))


def odd_patents(writer: PatentWriter) -> Iterator[PatentRecord]:
    """Patents that do not count strictly: dead, stale, unknown, incomplete, expired, or known by two numbers."""

    def fresh(kind: PatentType = "invention") -> PatentRecord:
        record = writer.one(kind).record
        return replace(record, status=_status(record.granted_on, LOOKED_LAST_ON))

    yield replace(fresh(), status=StatusClaim("dead", "fee_lapsed", "未缴年费终止", date(2023, 8, 31)))
    yield replace(fresh("utility_model"), status=StatusClaim("dead", "abandoned_double_grant", "避免重复授权放弃",
                                                             LOOKED_LAST_ON))  # fmt: skip
    yield replace(fresh(), status=StatusClaim("dead", "invalidated", "专利权全部无效", LOOKED_LAST_ON))
    yield replace(fresh(), status=StatusClaim("in_force", "granted", "授权", date(2023, 6, 30)))
    yield replace(fresh(), status=StatusClaim("in_force", "granted", "授权", date(2024, 8, 31)))
    yield replace(fresh(), status=None)
    yield replace(fresh(), status=StatusClaim("unknown", "transferred", "专利权的转移", LOOKED_LAST_ON))
    yield replace(fresh(), ipc=())
    yield replace(fresh(), applicants=(), owners=())
    yield replace(fresh(), title=None)
    yield replace(fresh("utility_model"), expires_on=date(2025, 3, 1))
    yield replace(fresh("design"), expires_on=date(2024, 11, 11))


def unowned(writer: PatentWriter) -> PatentRecord:
    """A patent that a bare list gave without holder and class; it does not count after its holder is told either."""
    record = writer.one("invention").record
    return replace(record, applicants=(), owners=(), ipc=())


def burdened(writer: PatentWriter) -> Iterator[Invented]:
    """Patents that count and that something lies on: not pushed, or pushed with a warning."""
    for encumbrance in ("pledge", "preservation", "exclusive_licence", "sole_licence", "open_licence", "dispute"):
        patent = writer.one("invention")
        claim = EncumbranceClaim(encumbrance, as_of_on=LOOKED_LAST_ON)
        yield replace(patent, record=replace(patent.record, encumbrances=(claim,)))


def alias_pair(writer: PatentWriter) -> tuple[PatentRecord, PatentRecord]:
    """One invention in two records: by its publication number alone, and by both numbers in a later file."""
    first = writer.one("invention").record
    published = replace(first, application_number=None, publication_number="CN990000001A",
                        status=_status(first.granted_on, LOOKED_LAST_ON))  # fmt: skip
    granted = replace(first, publication_number="CN990000001B", status=_status(first.granted_on, LOOKED_LAST_ON))
    return published, granted
