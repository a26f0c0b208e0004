"""The numbers of the other clauses, as a rule pack fixes them. Money in whole yuan."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PurchaseRule:
    """二(一): a share of what an enterprise paid for technology in a year, up to a cap."""

    rate: Decimal
    cap_yuan: int


@dataclass(frozen=True, slots=True)
class AgencyRule:
    """二(二): a share of what was paid under deals an agency brought about in a year, once either number is reached."""

    rate: Decimal
    cap_yuan: int
    least_implemented: int
    least_paid_yuan: int


@dataclass(frozen=True, slots=True)
class PledgeRule:
    """三: a share of the loans on patents an agency arranged in a year, when they exceed a sum (超过…以上)."""

    rate: Decimal
    cap_yuan: int
    above_yuan: int


@dataclass(frozen=True, slots=True)
class SalesRule:
    """一(二): the highest tier an agency's yearly sales reach pays its amount; (least sales, amount) ascending."""

    tiers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class EventRule:
    """四(一): a fixed amount for each event that was announced to the bureau beforehand."""

    amount_yuan: int


@dataclass(frozen=True, slots=True)
class AwardRules:
    """All of them."""

    purchase: PurchaseRule
    agency: AgencyRule
    pledge: PledgeRule
    sales: SalesRule
    event: EventRule
