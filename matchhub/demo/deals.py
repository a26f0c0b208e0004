"""Deals (交易) of the demo city: from a push or a view to signature, register, payment and two confirmations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from matchhub.demo.agenda import later, moment
from matchhub.demo.city import City
from matchhub.demo.papers import Scan, letter_of, licence_of, scan_of
from matchhub.demo.parties import Firm, source
from matchhub.demo.patents import Invented
from matchhub.domain.records import DealRecord, DealType
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.payments import pay, refund
from matchhub.services.deals.recording import record_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import store_evidence
from matchhub.services.evidence.party_words import give_word, words_of_parties
from matchhub.services.kernel.lapsing import lapse_confirmations
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.inbox import note_view

_TYPES: tuple[DealType, ...] = ("transfer",) * 6 + ("ordinary_licence",) * 3 + ("exclusive_licence",)
_TRANSFERS = ("transfer", "contribution")
# What proves a step: kind of paper, what its number begins with, and whether it is a PDF file.
_PAPERS = {
    "contract": ("contract", "", True),
    "register_proof": ("conformity_notice", "演示登记", False),
    "payment_proof": ("bank_slip", "演示回单", False),
    "agreement": ("service_agreement", "演示中介协议", True),
    "fee": ("service_slip", "演示服务费回单", False),
}
_BESIDES = ("agreement", "fee")  # handed in too, and prove nothing of the bargain itself


@dataclass(frozen=True, slots=True)
class Lead:
    """A firm met a patent on the platform on that day."""

    firm: Firm
    patent: Invented
    on: date


@dataclass(slots=True)
class Bargain:
    """One contract under way. ``lacks`` names the steps that never happen and the kinds of paper that are not there."""

    number: str
    lead: Lead
    deal_type: DealType
    signed_on: date
    seller: str
    amount_yuan: Decimal
    lacks: frozenset[str] = frozenset()
    recorded_after: int = 7
    also: tuple[Invented, ...] = ()  # further patents of the same contract
    deal_id: int = 0
    shares_number: bool = False  # another seller numbers its contracts alike
    sound: bool = False  # one of those that count

    @property
    def first_payment(self) -> Decimal:
        """What is paid by the end of the story: of every fifth contract three fifths."""
        return self.amount_yuan if self.deal_id % 5 else self.amount_yuan * 3 / 5

    @property
    def register_event(self) -> str:
        """The entry of the register that this kind of contract needs."""
        return "TR01" if self.deal_type in _TRANSFERS else "EE01"


class Bargains:
    """Makes as many deals that count as the city shall have; odd ones are made elsewhere."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.made = 0
        self.paid: list[tuple[int, date, Decimal]] = []  # of contracts that count
        self._serial = count(1)

    def may_follow(self, firm: Firm, patent: Invented) -> bool:
        """Whether a deal that counts is still wanted and this pair may make it."""
        free = patent.number not in self.city.bound and patent.is_granted_invention
        return self.made < self.city.sizes.deals and free and patent.holder != firm.name and bool(firm.record.uscc)

    def follow(self, unit: Unit, lead: Lead) -> None:
        """Let a lead end in a deal that counts."""
        self.made += 1
        deal = self.deal(lead)
        deal.sound = True
        self.start(unit, deal)

    def deal(self, lead: Lead, wait: int | None = None) -> Bargain:
        """A contract some weeks after the lead, with nothing wrong."""
        chance = self.city.chance
        self.city.bound.add(lead.patent.number)
        signed_on = lead.on + timedelta(days=chance.randint(18, 50) if wait is None else wait)
        return Bargain(
            number=f"晋匹演〔{signed_on.year}〕{next(self._serial):04d}号",
            lead=lead,
            deal_type=chance.choice(_TYPES),
            signed_on=signed_on,
            seller=lead.patent.holder,
            amount_yuan=Decimal(chance.randint(8, 260)) * 5000,
        )

    def fill(self, unit: Unit) -> None:
        """Firms look around by themselves until enough deals are under way."""
        days = 0
        pairs = self._pairs()
        while self.made < self.city.sizes.deals:
            firm, patent = next(pairs)
            if not self.may_follow(firm, patent):
                continue
            self.made += 1
            self.city.bound.add(patent.number)
            days += 1
            self.city.agenda.at(later(unit, days % 150, 16), self._look, firm, patent)

    def _pairs(self) -> Iterator[tuple[Firm, Invented]]:
        """Firms and inventions of the same trade, in turn."""
        known = [each for each in self.city.patents if each.number in self.city.patent_ids]
        buyers: dict[str, list[Firm]] = {}
        for firm in self.city.firms:
            if firm.id:
                buyers.setdefault(firm.trade.key, []).append(firm)
        for at, patent in enumerate(known):
            some = buyers[patent.trade.key]
            yield some[at // len(buyers) % len(some)], patent

    def _look(self, unit: Unit, firm: Firm, patent: Invented) -> None:
        self.view(unit, firm, patent)
        deal = self.deal(Lead(firm, patent, unit.today))
        deal.sound = True
        self.start(unit, deal)

    def view(self, unit: Unit, firm: Firm, patent: Invented) -> None:
        """The platform sees the firm look at the patent."""
        note_view(self.city.of_firm(unit, firm), self.city.patent_id(patent))

    # -- the steps of one contract, each puts the next one on the agenda ---------------------------------------------

    def start(self, unit: Unit, deal: Bargain) -> None:
        """Sign on the day and record some days later."""
        day = deal.signed_on + timedelta(days=deal.recorded_after)
        self.city.agenda.at(moment(day, 11), self._record, deal)

    def _record_of(self, deal: Bargain) -> DealRecord:
        """The contract as a form or a file gives it."""
        patents = (deal.lead.patent, *deal.also)
        return DealRecord(
            source=source("deals", 0),
            contract_number=deal.number,
            deal_type=deal.deal_type,
            application_numbers=tuple(each.number for each in patents),
            seller_name=deal.seller,
            buyer_name=deal.lead.firm.name,
            buyer_uscc=deal.lead.firm.record.uscc,
            signed_on=deal.signed_on,
            amount_yuan=deal.amount_yuan,
        )

    def _record(self, unit: Unit, deal: Bargain) -> None:
        clerk = self.city.by(unit, "clerk")
        deal.deal_id = record_deal(clerk, self._record_of(deal), another_contract=deal.shares_number)
        self.city.recorded["deals"] += 1
        self._paper(unit, deal, "contract")
        if deal.sound:
            self._paper(unit, deal, "agreement")
            self.hand_in(unit, deal, "other", licence_of(deal.lead.firm.record.uscc or ""))
        self._next(unit, 12, deal, self._register)

    def pay_with(self, unit: Unit, deal: Bargain, paper: int) -> None:
        """A payment that one file proves."""
        clerk = self.city.by(unit, "clerk")
        pay(clerk, deal.deal_id, unit.today - timedelta(days=1), deal.amount_yuan, evidence_id=paper)

    def _next(self, unit: Unit, days: int, deal: Bargain, step: Callable[[Unit, Bargain], None]) -> None:
        self.city.agenda.at(later(unit, days, 11), step, deal)

    def _paper(self, unit: Unit, deal: Bargain, purpose: str) -> int | None:
        """The paper of a step: of every third contract a scan, of the others an e-mail."""
        kind, number, as_pdf = _PAPERS[purpose]
        if kind in deal.lacks:
            return None
        serial = f"{deal.deal_id:06d}"
        if deal.deal_id % 3:
            return self.hand_in(unit, deal, purpose, letter_of(kind, serial))
        on = deal.signed_on if as_pdf else unit.today - timedelta(days=1)
        scan = scan_of(kind, serial, deal.number if purpose == "contract" else f"{number}{serial}", on, as_pdf=as_pdf)
        return self.hand_in(unit, deal, purpose, scan)

    def hand_in(self, unit: Unit, deal: Bargain, purpose: str, scan: Scan) -> int:
        """Keep a paper as evidence of the contract."""
        clerk = self.city.by(unit, "clerk")
        purpose = "other" if purpose in _BESIDES else purpose
        return store_evidence(clerk, "deals", deal.deal_id, purpose, scan.name, scan.content, scan.paper)

    def _register(self, unit: Unit, deal: Bargain) -> None:
        day, number = max(deal.signed_on, unit.today - timedelta(days=4)), f"演示登记{deal.deal_id:06d}"
        if "event" in deal.lacks:  # only a file can name another entry of the register than the contract wants
            wrong = replace(self._record_of(deal), register_event="EE01", registered_on=day, register_number=number)
            self.city.take(unit, "deals", [wrong], "登记簿摘录（演示）")
        elif "register" not in deal.lacks:
            paper = self._paper(unit, deal, "register_proof")
            take_step(self.city.by(unit, "clerk"), deal.deal_id, "registered", day, number, paper)
            if not deal.lacks and deal.deal_id % 2 == 0:  # 技术合同登记, which the reward for purchases asks for
                take_step(
                    self.city.by(unit, "clerk"),
                    deal.deal_id,
                    "contract_registered",
                    day,
                    f"2025350582{deal.deal_id:06d}",
                )
        self._next(unit, 6, deal, self._pay)

    def _pay(self, unit: Unit, deal: Bargain) -> None:
        day = unit.today - timedelta(days=1)
        if "proof" in deal.lacks:  # a file may claim a payment that nothing proves; who types one is asked for proof
            claimed = replace(self._record_of(deal), paid_on=day, paid_yuan=deal.amount_yuan)
            self.city.take(unit, "deals", [claimed], "付款台账（演示）")
        elif "pay" not in deal.lacks:
            paper = self._paper(unit, deal, "payment_proof")
            voucher = f"演示回单{deal.deal_id:06d}"
            yuan = Decimal(1) if "amount" in deal.lacks else deal.first_payment
            pay(self.city.by(unit, "clerk"), deal.deal_id, day, yuan, voucher, paper)
            if deal.sound:
                self._paper(unit, deal, "fee")
                self.paid.append((deal.deal_id, day, yuan))
        self._next(unit, 5, deal, self._confirm)

    def _confirm(self, unit: Unit, deal: Bargain) -> None:
        if "operator" not in deal.lacks:
            who = "clerk" if "other_hand" in deal.lacks else "operator"
            confirm(self.city.by(unit, who), "deals", deal.deal_id, note="合同与付款已核对（演示）")
        self._next(unit, 4, deal, self._review)

    def _review(self, unit: Unit, deal: Bargain) -> None:
        if "reviewer" in deal.lacks:
            return
        reviewer = self.city.by(unit, "reviewer")
        if "accepted" in deal.lacks:
            note = "抽查合同与登记信息不一致（演示）"
            confirm(reviewer, "deals", deal.deal_id, "rejected", note, second_factor=True)
            return
        confirm(reviewer, "deals", deal.deal_id, second_factor="factor" not in deal.lacks)
        self._next(unit, 3, deal, self._answer)

    def _answer(self, unit: Unit, deal: Bargain) -> None:
        """Parties with accounts say whether it is so; then what befalls some contracts after they were confirmed."""
        if deal.deal_id % 3 == 0 or "agreement" in deal.lacks:
            for party in self._own_hands(unit, deal):
                if "agreement" in deal.lacks:
                    give_word(party, ("deals", deal.deal_id), "no", "我方没有签过这份合同（演示）")
                    break
                give_word(party, ("deals", deal.deal_id), "yes", "与我方合同一致（演示）")
        operator = self.city.by(unit, "operator")
        if "frozen" in deal.lacks:
            corrected = DealCorrection(amount_yuan=deal.amount_yuan * 2)
            correct_deal(operator, deal.deal_id, corrected, "补充协议调整价款（演示）")
        if "kept" in deal.lacks:
            refund(operator, deal.deal_id, unit.today, deal.first_payment - 50, f"演示退款{deal.deal_id:06d}")
        lapse_confirmations(operator, {"deals": {deal.deal_id}})  # of this day, not of the day the story ends

    def _own_hands(self, unit: Unit, deal: Bargain) -> Iterator[Unit]:
        """The parties of a contract that have accounts here."""
        asked = {word.name for word in words_of_parties(unit, ("deals", deal.deal_id))}
        if deal.lead.firm.has_account and deal.lead.firm.name in asked:
            yield self.city.of_firm(unit, deal.lead.firm)
        if deal.seller in asked and deal.seller == self.city.names.data["institutions"][0]:
            yield self.city.by(unit, "institution")
