"""Open licensing (专利开放许可) in the demo city: declarations under both regimes, and licences reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from matchhub.demo.agenda import moment
from matchhub.demo.city import City
from matchhub.demo.licence_papers import prove_licence, prove_offer
from matchhub.demo.parties import Firm, source
from matchhub.demo.patents import Invented
from matchhub.domain.calendar import months_after
from matchhub.domain.records import LicenceRecord, OfferRecord
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.industries import judge_industry

T = TypeVar("T", OfferRecord, LicenceRecord)
PLATFORM = "晋江市知识产权运营公共服务平台（演示）"
_PILOT_SHARE = 0.35
_FIRST_PILOT_ON, _FIRST_CNIPA_ON = date(2023, 9, 15), date(2024, 2, 19)
_LACKING = ("notice", "bank_slip", "filing_certificate", "word")
_UNPROVEN = "另一平台（演示）"  # what stood there, nobody can show
_OTHER_TRADE, _ACCEPTED = "新能源", "储能企业已书面说明拟采用该技术（演示）"
_FIRST_ACCEPTED = 4  # declaration of the list
_BOOK = "开放许可台账（演示）"
_MONEY = ("paid_yuan", "payment_proof")
_CNIPA_MONTHS = 9  # declarations of the second regime are spread over so many months


class Licensing:
    """Sets patents aside, declares them, and lets firms accept."""

    def __init__(self, city: City) -> None:
        self.city, self.chance = city, city.chance
        self.line = 1
        self.patents: list[Invented] = []
        self.offers: list[tuple[Invented, OfferRecord]] = []
        self.lacks: dict[int, str] = {}  # by line of the list: the kind of paper, or the word, that is not there

    def plan(self) -> None:
        """Put declarations and licences on the agenda, by month of their entry."""
        sizes = self.city.sizes
        entered = self.city.patents[: len(self.city.patents) // 2]
        free = [p for p in entered if p.record.granted_on and p.number not in self.city.bound]
        self.patents = self.chance.sample(free, sizes.offers + 14)
        self.city.bound |= {patent.number for patent in self.patents}
        self.offers = [self._offer(at) for at in range(sizes.offers)]
        odd = list(self._odd_offers(self.patents[sizes.offers :]))
        for day, records in _monthly([(r.declared_on or _FIRST_PILOT_ON, r) for _, r in self.offers] + odd).items():
            self.city.agenda.at(moment(day, 10), self._enter_offers, records)
        licences = [self._licence(at) for at in range(sizes.licences)]
        reached = [(r.filed_on or _FIRST_PILOT_ON, r) for r in licences] + list(self._odd_licences())
        for day, some in _monthly(reached).items():
            self.city.agenda.at(moment(day, 14), self._enter_licences, some)

    def _enter_offers(self, unit: Unit, records: Sequence[OfferRecord]) -> None:
        for record, number in zip(records, self.city.take(unit, "offers", records, _BOOK), strict=True):
            if record.platform != _UNPROVEN:
                prove_offer(self.city, unit, number, record)
            if record.industry_reason == _ACCEPTED:
                judge_industry(self.city.by(unit, "reviewer"), number, accepted=True)

    def _enter_licences(self, unit: Unit, records: Sequence[LicenceRecord]) -> None:
        for record, number in zip(records, self.city.take(unit, "licences", records, _BOOK), strict=True):
            prove_licence(self.city, unit, number, record, self.lacks.get(record.source.line, ""))

    # -- declarations ---------------------------------------------------------------------------------------------

    def _offer(self, at: int) -> tuple[Invented, OfferRecord]:
        patent, sizes = self.patents[at], self.city.sizes
        pilot = at < sizes.offers * _PILOT_SHARE
        if pilot:
            declared_on = _FIRST_PILOT_ON + timedelta(days=self.chance.randint(0, 95))
        else:
            later = months_after(_FIRST_CNIPA_ON, self.chance.randint(0, _CNIPA_MONTHS))
            declared_on = later + timedelta(days=self.chance.randint(0, 20))
        record = self.declare(patent, declared_on, pilot)
        if at == _FIRST_ACCEPTED:  # no class of the patent serves it; the bureau accepted the reason
            record = replace(record, industry=_OTHER_TRADE, industry_reason=_ACCEPTED)
        return patent, record

    def declare(self, patent: Invented, declared_on: date, pilot: bool) -> OfferRecord:
        """A declaration with nothing wrong."""
        self.line += 1
        fee = Decimal(self.chance.choice((0, 3000, 5000, 10000, 20000)))
        return OfferRecord(
            source=source("offers", self.line),
            application_number=patent.number,
            title=patent.record.title,
            holder_name=patent.holder,
            regime="pilot" if pilot else "cnipa",
            platform=PLATFORM if pilot else None,
            announcement_number=None if pilot else f"开放许可演示〔{declared_on.year}〕第{self.line:04d}号",
            declared_on=declared_on,
            fee_method="fixed" if fee else "free",
            fee_yuan=fee or None,
            fee_text=f"许可期内一次性支付 {fee} 元" if fee else "免费许可一年",
            valid_from_on=declared_on,
            valid_to_on=months_after(declared_on, 36),
            industry=patent.trade.name,
            industry_reason=f"专利属{patent.topic.name}技术，对应本市{patent.trade.name}产业",
        )

    def _odd_offers(self, some: Sequence[Invented]) -> Iterator[tuple[date, OfferRecord]]:
        """Declarations that do not count strictly, one for each reason."""
        day = date(2024, 5, 20)
        sound = [self.declare(patent, day, False) for patent in some[:10]]
        faults: tuple[dict[str, object], ...] = (
            {"industry": None, "industry_reason": None},
            {"industry_reason": None},
            {"regime": None},
            {"announcement_number": None},
            {"holder_name": "演示外地研究所"},
            {"platform": _UNPROVEN},
            {"withdrawn_on": date(2025, 2, 10)},
            {"declared_on": date(2022, 11, 15), "regime": "pilot", "platform": PLATFORM, "announcement_number": None},
            {"regime": "pilot", "platform": PLATFORM, "announcement_number": None},
            {"regime": "pilot", "platform": None, "announcement_number": None, "declared_on": date(2023, 11, 20)},
        )
        for record, fault in zip(sound, faults, strict=True):
            yield day, replace(record, **fault)  # type: ignore[arg-type]
        tagged = self.declare(some[10], day, False)
        yield day, replace(tagged, industry=_OTHER_TRADE, industry_reason="储能企业也会用到")
        again = self.declare(self.patents[0], day, False)
        yield day, again  # the same patent declared under the other regime too
        dead = self.city.odd_patents[0].application_number
        pending = next(p for p in self.city.patents if not p.record.granted_on).number
        for serial, number in enumerate((dead, pending), 9001):
            announced = f"开放许可演示〔2024〕第{serial}号"
            yield day, replace(again, application_number=number, announcement_number=announced)

    # -- licences -------------------------------------------------------------------------------------------------

    def _licence(self, at: int) -> LicenceRecord:
        """A licence with nothing wrong; several firms may accept one declaration."""
        patent, offer = self.offers[at * 3 // 4]
        return self.accept(self._licensee(patent, at), patent, offer)

    def _licensee(self, patent: Invented, at: int) -> Firm:
        early = self.city.firms[: len(self.city.firms) // 2]
        trade = [firm for firm in early if firm.trade is patent.trade and firm.name != patent.holder]
        return trade[at % len(trade)]

    def accept(self, firm: Firm, patent: Invented, offer: OfferRecord) -> LicenceRecord:
        """The firm notifies, pays and files within the deadline."""
        self.line += 1
        assert offer.declared_on is not None
        reached_on = offer.declared_on + timedelta(days=self.chance.randint(15, 120))
        return LicenceRecord(
            source=source("licences", self.line),
            application_number=patent.number,
            licensee_name=firm.name,
            licensee_uscc=firm.record.uscc,
            licensor_name=patent.holder,
            regime=offer.regime,
            notified_on=reached_on - timedelta(days=self.chance.randint(0, 5)),
            reached_on=reached_on,
            paid_on=reached_on + timedelta(days=2),
            paid_yuan=offer.fee_yuan or Decimal(0),
            payment_proof=f"演示许可回单{self.line:06d}",
            filing_number=f"演示备案{reached_on.year}{self.line:06d}",
            filed_on=reached_on + timedelta(days=self.chance.randint(8, 40)),
        )

    def _odd_licences(self) -> Iterator[tuple[date, LicenceRecord]]:
        """Licences that do not count strictly, one for each reason."""
        faults: tuple[dict[str, object], ...] = (
            {"filed_on": None, "filing_number": None},
            {"paid_on": None, "paid_yuan": None, "payment_proof": None},
            {"payment_proof": None},
            {"notified_on": None},
            {"licensor_name": None},
            {"licensor_name": "演示外地研究所"},
            {"paid_yuan": Decimal(1)},
            {},
            {},
            {},
            {},
        )
        for at, fault in enumerate(faults):
            lacking = "" if fault else _LACKING[len(self.lacks)]
            record = self._odd_licence(at, priced=lacking == "bank_slip" or not fault.keys().isdisjoint(_MONEY))
            if lacking:
                self.lacks[record.source.line] = lacking
            yield record.reached_on or _FIRST_PILOT_ON, replace(record, **fault)  # type: ignore[arg-type]
        late = self._odd_licence(len(faults))
        filed_on = months_after(late.reached_on or _FIRST_PILOT_ON, 5)
        yield filed_on, replace(late, filed_on=filed_on)
        for at, key in enumerate(("elsewhere", "undecided"), len(faults) + 1):
            firm, (patent, offer) = self.city.odd[key], self.offers[-1 - at]
            record = self.accept(firm, patent, offer)
            yield record.filed_on or _FIRST_PILOT_ON, record
        yield self._outside(len(faults) + 3)

    def _odd_licence(self, at: int, priced: bool = False) -> LicenceRecord:
        """A licence under one of the last offers; ``priced``: under the last of them that asks a fee."""
        patent, offer = self.offers[-1 - at]
        if priced:
            patent, offer = next(each for each in reversed(self.offers[: len(self.offers) - at]) if each[1].fee_yuan)
        return self.accept(self._licensee(patent, -1 - at), patent, offer)

    def _outside(self, at: int) -> tuple[date, LicenceRecord]:
        """Reached before the declaration was published, so under no offer."""
        patent, offer = self.offers[-1 - at]
        record = self.accept(self._licensee(patent, -1 - at), patent, offer)
        early = (offer.declared_on or _FIRST_PILOT_ON) - timedelta(days=30)
        days = {"notified_on": early, "reached_on": early, "paid_on": early, "filed_on": early + timedelta(days=20)}
        return offer.declared_on or early, replace(record, **days)  # type: ignore[arg-type]


def _monthly(rows: Sequence[tuple[date, T]]) -> dict[date, list[T]]:
    """Records by the day of the next month's start on which they are entered."""
    found: dict[date, list[T]] = defaultdict(list)
    for day, record in rows:
        found[months_after(day.replace(day=3), 1)].append(record)
    return dict(sorted(found.items()))
