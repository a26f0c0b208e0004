"""The other clauses as a rule pack composes them: what a clause counts, by which kind of rule, for whom. Whole yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

# What can be counted -> the kind of payee. Money first: a share or tiers need a base in yuan.
MONEY = ("purchases", "brokered_deals", "pledge_loans", "sales")
PAYEES: Mapping[str, str] = {
    "purchases": "enterprises",  # what an enterprise paid for technology
    "brokered_deals": "agencies",  # what was paid under deals that an agency brought about
    "pledge_loans": "agencies",  # loans on patents that an agency arranged
    "sales": "agencies",
    "events": "agencies",
    "agents": "agencies",  # patent agents that an agency took on
    "navigation": "enterprises",  # projects of patent navigation
    "entries": "agencies",  # high-end agencies that settled in the city
    "platforms": "agencies",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the base of a year, up to a cap, once the base exceeds ``above_yuan`` (超过) or one of the least
    numbers is reached (以上, included); without any of these at once."""

    rate: Decimal
    cap_yuan: int
    above_yuan: int | None = None
    least_paid_yuan: int | None = None
    least_implemented: int | None = None


@dataclass(frozen=True, slots=True)
class Tiers:
    """The highest tier that the base of a year reaches pays its amount; (least, amount) ascending."""

    tiers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Each:
    """A fixed amount for each record that fulfils the needs; ``once``: at most one for each of what is counted."""

    amount_yuan: int
    once: bool = False


@dataclass(frozen=True, slots=True)
class Stages:
    """An amount at once and another one when ``after_years`` are over."""

    first_yuan: int
    after_yuan: int
    after_years: int


Rule = Share | Tiers | Each | Stages


@dataclass(frozen=True, slots=True)
class Needs:
    """What a record must have, as whole numbers that are included; 0: nothing.

    Agents: a contract of ``contract_years`` and ``service_years`` of service. Entries: ``least_agents`` and
    ``least_cases`` together, or ``least_top`` of the top ``top_of``.
    """

    contract_years: int = 0
    service_years: int = 0
    least_agents: int = 0
    least_cases: int = 0
    least_top: int = 0
    top_of: int = 0


_NONE = Needs()


@dataclass(frozen=True, slots=True)
class AwardClause:
    """One clause: its number in the document, its names, what it counts, how it pays, and which papers document it."""

    key: str
    clause: str
    title_zh: str
    title_en: str
    counts: str
    rule: Rule
    needs: Needs = _NONE
    papers: frozenset[str] = frozenset()

    @property
    def payee_kind(self) -> str:
        """``enterprises`` or ``agencies``."""
        return PAYEES[self.counts]

    @property
    def in_yuan(self) -> bool:
        """Whether the base is money; else it is a number of records."""
        return self.counts in MONEY
