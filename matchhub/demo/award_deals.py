"""Contracts beside the platform: one below, exactly at, and one above each number of 二(一) and 二(二)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from matchhub.demo.agenda import moment
from matchhub.demo.city import City
from matchhub.demo.deals import Bargain, Bargains, Lead
from matchhub.demo.parties import Firm
from matchhub.demo.patents import Invented
from matchhub.domain.award_rules import Share
from matchhub.domain.rules import RulePack
from matchhub.services.deals.brokers import name_agency
from matchhub.services.deals.steps import take_step
from matchhub.services.kernel.unit import Unit

BEGIN_ON = (date(2024, 3, 4), date(2025, 3, 3))
_SIDES = (-1, 0, 1)
_FIRST_FIRM = 43  # of the city's firms; those before it make odd contracts
_BUNDLE = Decimal(600_000)  # what a bundle of inventions costs


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One contract: the year's place in ``BEGIN_ON``, its buyer, sum and inventions, and at which agency (None: none
    brought it about)."""

    year: int
    firm: int
    yuan: Decimal
    inventions: Sequence[Invented]
    agency: int | None


class AwardDeals:
    """Plans the contracts before any other deal: three of the buyers buy nothing else, so that their year adds up."""

    def __init__(self, city: City, deals: Bargains) -> None:
        self.city, self.deals = city, deals
        self._made: list[tuple[Bargain, int]] = []

    def plan(self, pack: RulePack) -> None:
        """Put them on the agenda; nothing for a pack without these clauses."""
        wanted = list(self._wanted(pack))
        sellers = {patent.holder for each in wanted for patent in each.inventions}
        firms = [each for each in self.city.firms[_FIRST_FIRM:] if each.name not in sellers]
        self.city.sole_buyers |= {firms[each.firm].name for each in wanted if each.agency is None}
        for year, day in enumerate(BEGIN_ON):
            some = [(each, firms[each.firm]) for each in wanted if each.year == year]
            self.city.agenda.at(moment(day), self._begin, some)

    def _wanted(self, pack: RulePack) -> Iterator[_Wanted]:
        rules = {each.counts: each.rule for each in pack.awards if isinstance(each.rule, Share)}
        sole = [[each] for each in self.city.pool]
        if (rule := rules.get("purchases")) is not None:
            for at, side in enumerate(_SIDES):
                yield _Wanted(1, at, _earning(rule, rule.cap_yuan + side), sole[at], None)
        if (rule := rules.get("brokered_deals")) is None:
            return
        for at, side in enumerate(_SIDES):
            if rule.least_paid_yuan is not None:
                yield _Wanted(0, 3 + at, Decimal(rule.least_paid_yuan + side), sole[3 + at], at)
            yield _Wanted(1, 6 + at, _earning(rule, rule.cap_yuan + side), sole[6 + at], at)
            if rule.least_implemented is not None:
                yield _Wanted(0, 9 + at, _BUNDLE, self.city.pool[: rule.least_implemented + side], 3 + at)

    def _begin(self, unit: Unit, wanted: Sequence[tuple[_Wanted, Firm]]) -> None:
        for at, (each, firm) in enumerate(wanted):
            first, *also = each.inventions
            deal = Bargain(
                number=f"晋匹演奖〔{unit.today.year}〕{at + 1:02d}号",
                lead=Lead(firm, first, unit.today),
                deal_type="ordinary_licence",
                signed_on=unit.today + timedelta(days=at % 20),
                seller=first.holder,
                amount_yuan=each.yuan,
                also=tuple(also),
                in_full=True,
            )
            self.deals.start(unit, deal)
            if each.agency is not None:
                self._made.append((deal, each.agency))

    def name_agencies(self, clerk: Unit, agencies: Sequence[int], implemented_on: date) -> None:
        """Say which agency brought each about; those of bundles were put to use."""
        for deal, agency in self._made:
            name_agency(clerk, deal.deal_id, agencies[agency])
            if agency >= len(_SIDES):
                take_step(clerk, deal.deal_id, "implemented", implemented_on)


def _earning(rule: Share, award: int) -> Decimal:
    """The payment whose share is ``award`` yuan."""
    return (Decimal(award) / rule.rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
