"""How well a fact is proven: typed, documented by a paper, or confirmed by another organisation (举证层级).

What strict wants of which fact stands in the pack (``domain.proof_rules``); literal wants nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from matchhub.domain.counting.atoms import Reason, counts, flagged, not_strict
from matchhub.domain.counting.facts import ConfirmationFact, EvidenceFact, PaymentFact, RecordId
from matchhub.domain.evidence import confirmation_fault, latest_confirmations, proof_key, proof_recorded_at, stands
from matchhub.domain.organisations import CONFIRMING_BUREAU
from matchhub.domain.proof_rules import ProofNeed, ProofRules
from matchhub.domain.rules import RulePack


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a fact that is proven, and of one that is not."""

    proven: str
    unproven: str


CONTRACT = Told("contract_documented", "contract_undocumented")
PAYMENT = Told("payment_documented", "payment_undocumented")
REGISTRATION = Told("registration_documented", "registration_undocumented")
NOTICE = Told("notice_documented", "notice_undocumented")
DELIVERY = Told("push_accepted", "push_only_written")
DECLARATION = Told("offer_declaration_proven", "offer_declaration_unproven")
VERIFICATION = Told("demand_verified", "demand_unverified")
AUTHORISATION = Told("demand_authorised", "demand_authorisation_unproven")
CONSENT = Told("expert_consent_documented", "expert_consent_undocumented")
FILING = Told("filing_documented", "filing_undocumented")
IMPLEMENTATION = Told("implementation_documented", "implementation_undocumented")


def proof_reason(need: ProofNeed, told: Told, papers: Iterable[EvidenceFact], own_word: bool = False) -> Reason | None:
    """Whether a fact is proven as well as the pack wants; None where typing it is enough.

    ``papers`` are the files of the record, of which an intact one of a kind that the pack names documents the fact.
    ``own_word``: the other organisation entered or confirmed it itself, which is more than a paper.
    """
    if need.level == "typed":
        return None
    if own_word:
        return counts(told.proven, level="confirmed")
    if need.level == "documented" and has_paper(papers, need.papers):
        return counts(told.proven, level="documented")
    return not_strict(told.unproven)


def has_paper(papers: Iterable[EvidenceFact], kinds: frozenset[str]) -> bool:
    """Whether an intact file is of one of these kinds."""
    return any(paper.paper in kinds and stands(paper) for paper in papers)


def made_payments(payments: Iterable[PaymentFact], as_of: date) -> tuple[PaymentFact, ...]:
    """Payments made by the as-of day that something proves, with every refund; nothing where no payment is proven."""
    made = [paid for paid in payments if paid.paid_on <= as_of and (paid.is_refund or proof_key(paid))]
    return tuple(made) if any(not paid.is_refund for paid in made) else ()


def amount_reasons(paid: Sequence[PaymentFact], agreed: Decimal | None, rules: ProofRules) -> Iterator[Reason]:
    """0 or a token amount proves no payment; less than agreed is told. Nothing is said where nothing was paid.

    Refunds reduce what was paid. Paid, agreed and what is still due stand side by side; ``agreed`` None: the amount is
    not on record.
    """
    if not paid:
        return
    total = sum((each.amount_yuan or Decimal(0) for each in paid), Decimal(0))
    data = {"paid": _yuan(total), "agreed": _yuan(agreed), "due": _yuan(max((agreed or total) - total, Decimal(0)))}
    if total <= 0 or total < rules.least_yuan or total < rules.least_share * (agreed or 0):
        yield not_strict("payment_token", **data)
    elif agreed is not None and total < agreed:
        yield flagged("payment_partial", **data)
    elif agreed is not None:
        yield counts("payment_in_full", **data)


def _yuan(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount:,.2f}"


@dataclass(frozen=True, slots=True)
class Recording:
    """When an event is said to have happened, the day (in the city) it came on record, and what stands behind it.

    A push needs none: what delivers it records it.
    """

    happened_on: date | None
    recorded_on: date | None
    papers: tuple[EvidenceFact, ...] = ()
    confirmations: tuple[ConfirmationFact, ...] = ()


def recording_reason(event: Recording, pack: RulePack) -> Reason:
    """Against backdating, one rule for every kind of event: recorded on or after the day it happened.

    Recorded later than the pack's limit it needs an official paper and the bureau's confirmation, and stays flagged.
    """
    if event.happened_on is None or event.recorded_on is None:
        return not_strict("recording_undated")
    late, rules = (event.recorded_on - event.happened_on).days, pack.proof
    if late < 0:
        return not_strict("recorded_before_it_happened", happened_on=event.happened_on)
    if late <= rules.late_record_days:
        return counts("recorded_in_time", days=late)
    if not has_paper(event.papers, rules.late_papers):
        return not_strict("recorded_late", days=late, limit=rules.late_record_days)
    if not bureau_confirmed(event.confirmations):
        return not_strict("recorded_late_unconfirmed", days=late, limit=rules.late_record_days)
    return flagged("recorded_late_accepted", days=late, limit=rules.late_record_days)


def word_reason(
    confirmations: tuple[ConfirmationFact, ...],
    entered_by: RecordId | None,
    paid: Iterable[PaymentFact],
    pack: RulePack,
) -> Reason:
    """Whether operator and bureau stand for a money row as it is now; the day it was changed is one of the city."""
    proofs = [proof_recorded_at(each) for each in paid]
    fault = confirmation_fault(confirmations, entered_by, pack.deals, proofs)
    if fault is None:
        return counts("deal_confirmed")
    days = {name: pack.local_day(at) if isinstance(at, datetime) else at for name, at in fault.data.items()}
    return not_strict(fault.code, **days)


def bureau_confirmed(confirmations: Iterable[ConfirmationFact]) -> bool:
    """Whether the bureau's newest word on the record is a confirmation."""
    words = [said for said in latest_confirmations(confirmations) if said.role == CONFIRMING_BUREAU]
    return bool(words) and words[-1].decision == "confirmed"
