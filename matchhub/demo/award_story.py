"""What the other clauses pay in the demo city: each of them something, and each boundary on both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from matchhub.demo.agenda import moment
from matchhub.demo.award_deals import AwardDeals
from matchhub.demo.city import City
from matchhub.demo.deals import Bargains
from matchhub.demo.papers import letter_of
from matchhub.domain.calendar import years_after
from matchhub.domain.rules import RulePack
from matchhub.services.counting.awards.recording import NewAwardRecord, record_for_award
from matchhub.services.deals.brokers import agencies_named, name_agency
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.unit import Unit

TOLD_ON = date(2025, 12, 23)
_DAY = timedelta(days=1)
_PAPERS = {"sales": "invoice", "pledge_loans": "contract", "events": "announcement", "agents": "contract",
           "navigation": "official_list", "entries": "contract", "platforms": "official_list"}  # fmt: skip


class Awards:
    """Enters the records of the other clauses, hands in their papers and lets two organisations confirm most."""

    def __init__(self, city: City, deals: Bargains) -> None:
        self.city, self.deals = city, deals
        self.exact = AwardDeals(city, deals)
        self._serial = count(1)

    def plan(self, pack: RulePack) -> None:
        """Put it on the agenda: contracts while the others are made, records when all are done."""
        self.exact.plan(pack)
        self.city.agenda.at(moment(TOLD_ON, 9), self._tell)

    def _tell(self, unit: Unit) -> None:
        clerk = self.city.by(unit, "clerk")
        agencies = [key for key, _ in agencies_named(clerk, "事务所")]
        known = [each for each in self.city.firms if each.has_account and each.record.uscc]
        local = [each for each in known if (each.record.uscc or "")[2:8] in unit.pack.local.divisions] or known
        firm = local[0].record.uscc or ""
        for at, new in enumerate(_records(agencies, firm)):
            record = record_for_award(clerk, new)
            if at % 11 == 3:
                continue  # typed only: every eleventh shows what is missing
            kind = _PAPERS[new.kind]
            paper = letter_of(kind, f"award {next(self._serial):04d}")
            store_evidence(clerk, "award_records", record, "other", paper.name, paper.content, paper.paper)
            if at % 11 != 6:
                confirm(self.city.by(unit, "operator"), "award_records", record)
                confirm(self.city.by(unit, "reviewer"), "award_records", record, second_factor=True)
        self._brokers(unit, agencies[3:6])
        self.exact.name_agencies(clerk, agencies[6:], TOLD_ON - _DAY)

    def _brokers(self, unit: Unit, agencies: Sequence[int]) -> None:
        """Deals that agencies brought about: for one of them exactly at the threshold where the sums allow it."""
        by_year: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
        for deal, paid_on, yuan in self.deals.paid:
            by_year[paid_on.year].append((deal, yuan))
        clerk = self.city.by(unit, "clerk")
        least = next((each.rule.least_paid_yuan for each in unit.pack.awards if each.counts == "brokered_deals"
                      and hasattr(each.rule, "least_paid_yuan")), None)  # fmt: skip
        for year in sorted(by_year):
            exact = _adding_up(by_year[year], Decimal(least or 0)) or {deal for deal, _ in by_year[year]}
            rest = [deal for deal, _ in by_year[year] if deal not in exact]
            for agency, theirs in zip(agencies, (exact, rest[::2], rest[1::2]), strict=False):
                for deal in theirs:
                    name_agency(clerk, deal, agency)
        for deal, _, _ in self.deals.paid[::4]:
            take_step(clerk, deal, "implemented", TOLD_ON - _DAY)


def _adding_up(deals: Sequence[tuple[int, Decimal]], wanted: Decimal) -> set[int]:
    """Deals whose payments add up to ``wanted`` exactly; none where no choice does."""
    ways: dict[Decimal, tuple[int, ...]] = {Decimal(0): ()}
    for deal, yuan in deals:
        for total, chosen in list(ways.items()):
            more = total + yuan
            if more <= wanted and more not in ways and len(ways) < 20_000:
                ways[more] = (*chosen, deal)
    return set(ways.get(wanted, ()))


def _records(agencies: Sequence[int], firm: str) -> Iterator[NewAwardRecord]:
    """One less, exactly, and one more of every number, each at an agency of its own."""
    first, second, third = agencies[:3]
    for agency, tail in ((first, -1), (second, 0), (third, 1)):
        for at, least in enumerate((1_000_000, 3_000_000, 5_000_000)):
            yield NewAwardRecord(kind="sales", title=f"{2023 + at} 年审计报告（演示）", agency_id=agency,
                                 occurred_on=date(2023 + at, 12, 20), amount_yuan=Decimal(least + tail))  # fmt: skip
        yield NewAwardRecord(kind="pledge_loans", title="专利质押贷款合同（演示）", agency_id=agency, firm=firm,
                             occurred_on=date(2024, 6, 3), amount_yuan=Decimal(50_000_000 + tail))  # fmt: skip
        yield NewAwardRecord(kind="pledge_loans", title="专利质押贷款合同（演示）", agency_id=agency, firm=firm,
                             occurred_on=date(2025, 6, 3), amount_yuan=Decimal(200_000_000 + tail * 1000))  # fmt: skip
        yield NewAwardRecord(kind="events", title="专利对接会（演示）", agency_id=agency,
                             occurred_on=date(2025, 5, 20), notified_on=date(2025, 5, 20) + tail * _DAY)  # fmt: skip
        yield NewAwardRecord(kind="entries", title="入驻协议（演示）", agency_id=agency, occurred_on=date(2024, 3, 1),
                             agents=20 + tail, cases=15)  # fmt: skip
        yield NewAwardRecord(kind="entries", title="入驻协议，前列企业（演示）", agency_id=agencies[4 + tail],
                             occurred_on=TOLD_ON.replace(year=2024) + (1 - tail) * _DAY - _DAY,
                             top_firms=2 + tail)  # fmt: skip
        yield NewAwardRecord(
            kind="agents", title=f"林演{'甲乙丙'[tail + 1]}", number=f"演示证{tail + 1:04d}", agency_id=agency,
            occurred_on=date(2024, 1, 2), started_on=date(2024, 1, 2),
            until_on=years_after(date(2024, 1, 2), 3) + (tail - 1) * _DAY,
        )  # fmt: skip
        yield NewAwardRecord(
            kind="agents", title=f"陈演{'甲乙丙'[tail + 1]}", number=f"演示证{tail + 11:04d}", agency_id=agency,
            occurred_on=date(2024, 12, 1), started_on=TOLD_ON.replace(year=2024) - tail * _DAY,
            until_on=date(2028, 12, 1),
        )  # fmt: skip
    yield NewAwardRecord(kind="agents", title="林演丙", number="演示证0002", agency_id=first,
                         occurred_on=date(2024, 2, 1), started_on=date(2024, 2, 1),
                         until_on=date(2027, 6, 1))  # fmt: skip
    for at, reviewed in enumerate((None, date(2025, 3, 3), date(2025, 9, 1))):
        yield NewAwardRecord(kind="navigation", title=f"产业专利导航{at + 1}（演示）", number=f"演示导航{at + 1}",
                             firm=firm, occurred_on=date(2025, 1, 6), reviewed_on=reviewed)  # fmt: skip
        yield NewAwardRecord(kind="platforms", title=f"运营平台{at + 1}（演示）", agency_id=agencies[0],
                             occurred_on=date(2025, 1, 6), reviewed_on=reviewed)  # fmt: skip
