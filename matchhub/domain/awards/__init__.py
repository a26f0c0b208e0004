"""What the other clauses would pay (一(二), 二(一), 二(二), 三, 四(一)): estimates with their reasons."""

from matchhub.domain.award_rules import AwardRules
from matchhub.domain.awards.agencies import EventFact, LoanFact, SalesFact, event_awards, pledge_awards, sales_awards
from matchhub.domain.awards.estimates import Estimate, Remark
from matchhub.domain.awards.trades import TradeFact, agency_awards, purchase_awards

__all__ = [
    "AwardRules", "Estimate", "EventFact", "LoanFact", "Remark", "SalesFact", "TradeFact", "agency_awards",
    "event_awards", "pledge_awards", "purchase_awards", "sales_awards",
]  # fmt: skip
