"""Deals that do not count strictly, one for nearly every reason there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from matchhub.demo.agenda import moment
from matchhub.demo.city import City
from matchhub.demo.deals import Bargain, Bargains, Lead
from matchhub.demo.papers import saved_again, scan_of
from matchhub.demo.parties import Firm, source
from matchhub.demo.patents import Invented
from matchhub.domain.records import PatentRecord, StatusClaim
from matchhub.services.deals.cancelling import cancel_deal, withdraw_deal
from matchhub.services.evidence.files import withdraw_evidence
from matchhub.services.kernel.lapsing import lapse_confirmations
from matchhub.services.kernel.unit import Unit

BEGIN_ON = date(2024, 1, 15)
_LACKING = (
    frozenset({"agreement"}),  # of a firm with an account, which says no
    frozenset({"frozen"}),
    frozenset({"kept"}),
    frozenset({"register", "pay", "operator", "reviewer"}),  # signed only
    frozenset({"register"}),
    frozenset({"event"}),
    frozenset({"pay"}),
    frozenset({"proof"}),
    frozenset({"operator"}),
    frozenset({"reviewer"}),
    frozenset({"other_hand"}),
    frozenset({"factor"}),
    frozenset({"accepted"}),
    frozenset({"contract"}),
    frozenset({"conformity_notice"}),
    frozenset({"bank_slip"}),
    frozenset({"amount"}),
)


_ALIKE = 2  # contracts that bear one number, of other parties


class OddBargains:
    """Makes one deal of each kind that falls short."""

    def __init__(self, city: City, deals: Bargains) -> None:
        self.city, self.deals = city, deals
        self._firms = iter(city.firms[5:42])
        self._patents: list[Invented] = []

    def plan(self) -> None:
        """Put them on the agenda; their patents are set aside before any other deal."""
        number = len(_LACKING) + 12
        entered = self.city.patents[: len(self.city.patents) // 2]
        free = [p for p in entered if p.is_granted_invention and p.number not in self.city.bound]
        self._patents = free[:number]
        self.city.bound |= {patent.number for patent in self._patents}
        self.city.agenda.at(moment(BEGIN_ON), self._begin)

    def _begin(self, unit: Unit) -> None:
        for at, lacks in enumerate(_LACKING):
            deal = self._seen(unit)
            deal.deal_type, deal.lacks = "transfer", lacks
            if at < _ALIKE:
                deal.number, deal.shares_number = f"晋匹演〔{deal.signed_on.year}〕甲001号", True
            self.deals.start(unit, deal)
        self._unseen(unit)
        self._wrong_patent(unit)
        self._wrong_parties(unit)
        self._wrong_days(unit)
        self._circle(unit)
        self._undone(unit)

    def _pair(self) -> tuple[Firm, Invented]:
        patent = self._patents.pop()
        return next(firm for firm in self._firms if firm.name != patent.holder), patent

    def _seen(self, unit: Unit, patent: Invented | None = None, firm: Firm | None = None) -> Bargain:
        """A contract whose buyer looked at the patent today."""
        if patent is None or firm is None:
            other_firm, other = self._pair()
            patent, firm = patent or other, firm or other_firm
        self.deals.view(unit, firm, patent)
        return self.deals.deal(Lead(firm, patent, unit.today))

    def _unseen(self, unit: Unit) -> None:
        """No look on the platform at all, and a look only after signing."""
        for late in (False, True):
            firm, patent = self._pair()
            deal = self.deals.deal(Lead(firm, patent, unit.today))
            self.deals.start(unit, deal)
            if late:
                day = deal.signed_on + timedelta(days=3)
                self.city.agenda.at(moment(day), self.deals.view, firm, patent)

    def _wrong_patent(self, unit: Unit) -> None:
        """A utility model, and an invention that had lapsed, which the register told after the contract stood here."""
        utility = self._seen(unit, self.city.special["utility"], next(self._firms))
        record = self.city.odd_patents[3]  # looked at once, long ago
        lapsing = replace(self.city.patents[0], record=record, holder=record.applicants[0])
        lapsed = self._seen(unit, lapsing, next(self._firms))
        for deal in (utility, lapsed):
            deal.deal_type = "transfer"
            self.deals.start(unit, deal)
        end = StatusClaim("dead", "fee_lapsed", "未缴年费终止", lapsed.signed_on - timedelta(days=5))
        self._told_later(lapsed, PatentRecord(source("patents", 0), record.application_number, status=end))

    def _told_later(self, deal: Bargain, record: PatentRecord) -> None:
        """What the register said of a patent comes in some weeks after the contract was recorded."""
        day = deal.signed_on + timedelta(days=deal.recorded_after + 20)
        self.city.agenda.at(moment(day, 9), self._hear, record)

    def _hear(self, unit: Unit, record: PatentRecord) -> None:
        self.city.take(unit, "patents", [record], "登记簿公告（演示）")

    def _wrong_parties(self, unit: Unit) -> None:
        """Buyer and seller under one legal representative, and a seller who turns out not to be the owner."""
        related = self._seen(unit, self.city.special["related"], self.city.odd["related_b"])
        record = self.city.odd_patents[-1]  # a list named no holder
        unowned = replace(self.city.patents[0], record=record, holder=self.city.odd["unproven"].name)
        stranger = self._seen(unit, unowned, next(self._firms))
        for deal in (related, stranger):
            self.deals.start(unit, deal)
        holder = (self.city.names.data["institutions"][0],)
        named = PatentRecord(source("patents", 0), record.application_number, applicants=holder, owners=holder)
        self._told_later(stranger, named)

    def _wrong_days(self, unit: Unit) -> None:
        """Signed before the window; recorded late: without an official paper, with one, and confirmed too."""
        early = self._seen(unit)
        early.signed_on, early.recorded_after = date(2022, 12, 20), (unit.today - date(2022, 12, 20)).days
        late = self._seen(unit)
        late.recorded_after, late.lacks = 180, frozenset({"register"})
        unconfirmed, accepted = self._seen(unit), self._seen(unit)
        unconfirmed.recorded_after, unconfirmed.lacks = 150, frozenset({"reviewer"})
        accepted.recorded_after = 150
        self.deals.made += 1  # the bureau stands for it: it counts, with a flag
        for deal in (early, late, unconfirmed, accepted):
            self.deals.start(unit, deal)

    def _circle(self, unit: Unit) -> None:
        """A patent is sold on, and sold back to where it came from; of another sale a list claims the payment."""
        first = self._seen(unit)
        first.deal_type = "transfer"
        self.deals.made += 1  # nothing is wrong with the first of the circle
        again = self._seen(unit)
        again.deal_type = "transfer"
        again.recorded_after, again.lacks = first.recorded_after + 20, frozenset({"proof"})
        for deal in (first, again):
            self.deals.start(unit, deal)
        day = max(first.signed_on, again.signed_on) + timedelta(days=60)
        self.city.agenda.at(moment(day), self._sell_on, first)

    def _sell_on(self, unit: Unit, first: Bargain) -> None:
        onward = self._seen(unit, first.lead.patent, next(self._firms))
        onward.deal_type, onward.seller = "transfer", first.lead.patent.holder
        self.deals.start(unit, onward)

    def _undone(self, unit: Unit) -> None:
        """A contract cancelled, one recorded by mistake and taken back, one whose receipt was taken back."""
        cancelled, mistaken, unproven = (self._seen(unit) for _ in range(3))
        for deal in (cancelled, mistaken, unproven):
            self.deals.start(unit, deal)
        unproven.lacks = frozenset({"pay"})
        day = max(each.signed_on for each in (cancelled, mistaken, unproven)) + timedelta(days=50)
        self.city.agenda.at(moment(day), self._undo, cancelled, mistaken, unproven)

    def _undo(self, unit: Unit, cancelled: Bargain, mistaken: Bargain, unproven: Bargain) -> None:
        clerk = self.city.by(unit, "clerk")
        cancel_deal(clerk, cancelled.deal_id, unit.today, "买方资金原因协商解除（演示）")
        withdraw_deal(clerk, mistaken.deal_id, "重复录入（演示）")
        receipt = scan_of("bank_slip", "withdrawn", "演示回单（已撤回）", unit.today)
        paper = self.deals.hand_in(unit, unproven, "payment_proof", receipt)
        self.deals.pay_with(unit, unproven, paper)
        withdraw_evidence(clerk, paper, "回单户名不符（演示）")
        self._repeat(unit, cancelled, unproven)
        lapse_confirmations(clerk, {"deals": {each.deal_id for each in (cancelled, mistaken, unproven)}})

    def _repeat(self, unit: Unit, first: Bargain, second: Bargain) -> None:
        """One scan for two contracts, saved again in between: proposed as one paper, for a person to decide."""
        told = ("contract", "repeated", "演示合同2024-001", first.signed_on)
        self.deals.hand_in(unit, first, "contract", scan_of(*told))
        self.deals.hand_in(unit, second, "contract", saved_again(*told))
