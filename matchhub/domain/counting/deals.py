"""Counter ``deals``: closed deals on invention patents that came through the platform."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import (
    Atom,
    Reason,
    counts,
    flagged,
    id_order,
    judged,
    mark_repeats,
    not_literal,
    not_strict,
)
from matchhub.domain.counting.chains import Step, judge_chains
from matchhub.domain.counting.facts import (
    AffiliationFact,
    DealFacts,
    DealPatentFact,
    PaymentFact,
    PlatformEventFact,
    RecordId,
)
from matchhub.domain.counting.filters import deal_patent_reasons, deal_reasons
from matchhub.domain.counting.party_words import party_reasons
from matchhub.domain.counting.patents import number_unit
from matchhub.domain.counting.presence import event_reasons, filled, strict_fault
from matchhub.domain.counting.proof import (
    CONTRACT,
    PAYMENT,
    REGISTRATION,
    Recording,
    amount_reasons,
    made_payments,
    proof_reason,
    recording_reason,
    word_reason,
)
from matchhub.domain.evidence import payment_fault
from matchhub.domain.goals import Threshold
from matchhub.domain.official_numbers import number_key
from matchhub.domain.rules import RulePack
from matchhub.domain.validity import ended_on, life_on

KIND = "deals"


def count_deals(facts: Iterable[DealFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（二） 通过数据库促成发明专利交易 200 个以上(含): contracts over invention patents signed inside the window.

    Literal: signed, and the number's type digit says invention (1 or 8), whatever the row calls it. Strict: granted and
    in force at signing; TR01 or EE01 entered; contract, payment and registration documented; parties not affiliated; a
    platform event for that patent and buyer before signing; confirmed by operator and bureau; recorded in time; not
    cancelled; not a round trip, resale or repetition. One atom per contract and patent: one of them is the headline
    unit, the other stands beside it.
    """
    listed = list(facts)
    shared = _shared_numbers(listed)
    steps = [step for deal in listed for step in _steps(deal, pack, threshold, as_of, shared.get(deal.record_id))]
    atoms = judge_chains(steps)
    return mark_repeats(atoms, [_contract(step.deal) for step in steps], "duplicate_record", "not_literal")


def _contract(deal: DealFacts) -> str:
    """A contract is its number and its parties: two universities both have a 2024-001."""
    number = number_key(deal.contract_number or "")
    if not number:
        return f"deal:{deal.record_id}"
    sides = ("+".join(sorted(map(str, side))) for side in (deal.sellers, deal.buyers))
    return f"contract:{number}@{'→'.join(sides)}"


def _shared_numbers(deals: Sequence[DealFacts]) -> dict[RecordId, RecordId]:
    """Deals whose contract number stands on a contract of other parties too -> the first such deal."""
    bearers: dict[str, list[DealFacts]] = defaultdict(list)
    for deal in deals:
        if deal.withdrawn_on is None and (number := number_key(deal.contract_number or "")):
            bearers[number].append(deal)
    return {
        deal.record_id: min((each.record_id for each in others), key=id_order)
        for several in bearers.values()
        if len(several) > 1
        for deal in several
        if (others := [each for each in several if _contract(each) != _contract(deal)])
    }


def _steps(
    deal: DealFacts, pack: RulePack, threshold: Threshold, as_of: date, other: RecordId | None
) -> Iterator[Step]:
    common = tuple(_deal_reasons(deal, pack, threshold, as_of))
    asked = tuple(deal_reasons(deal, threshold.filters, pack, as_of))
    if other is not None:
        common += (flagged("contract_number_shared", number=deal.contract_number, other=other),)
    contract = _contract(deal)
    stands = _stands(common)
    if not deal.patents:
        without = (*common, *asked, not_literal("deal_without_patent"))
        yield Step("", deal, judged(deal.record_id, contract, without, deal.signed_on), False)
    for patent in deal.patents:
        unit = number_unit(patent.application_number or f"patent:{patent.patent_id}")
        reasons = (*common, *asked, *_patent_reasons(deal, patent, pack, threshold, as_of))
        keys = {"contract": contract, "patent": unit, "buyer": "+".join(sorted(map(str, deal.buyers))) or contract}
        first, second = keys[threshold.unit], keys.get(threshold.other_unit)
        yield Step(unit, deal, judged(deal.record_id, first, reasons, deal.signed_on, second, unit), stands)


def _stands(reasons: Iterable[Reason]) -> bool:
    """Whether the deal is one at all, whatever a threshold takes: a cheap one passes a patent on as a dear one does."""
    return all(reason.effect != "not_literal" for reason in reasons)


def _deal_reasons(deal: DealFacts, pack: RulePack, threshold: Threshold, as_of: date) -> Iterator[Reason]:
    yield from event_reasons(threshold, deal.signed_on, deal.withdrawn_on, deal.confirmations, pack, as_of)
    if deal.cancelled_on is not None and deal.cancelled_on <= as_of:
        yield not_strict("deal_cancelled", cancelled_on=deal.cancelled_on)
    recorded_on = pack.local_day(deal.recorded_at) if deal.recorded_at else None
    yield recording_reason(Recording(deal.signed_on, recorded_on, deal.evidence, deal.confirmations), pack)
    yield strict_fault(payment_fault(deal.payments, as_of), counts("payment_proven"))
    paid = made_payments(deal.payments, as_of)
    yield from _order_reasons(deal, paid)
    yield from amount_reasons(paid, deal.amount_yuan, pack.proof)
    yield parties_reason(deal.sellers, deal.buyers, deal.affiliations, deal.affiliation_overruled_by,
                         deal.unknown_parties)  # fmt: skip
    yield from _proof_reasons(deal, paid, pack)


def _order_reasons(deal: DealFacts, paid: Sequence[PaymentFact]) -> Iterator[Reason]:
    """A contract is paid when it is signed or later; a deposit before is no payment by itself."""
    days = [each.paid_on for each in paid if not each.is_refund]
    if deal.signed_on is not None and days and max(days) < deal.signed_on:
        yield not_strict("deal_paid_before_signing", signed_on=deal.signed_on)


def _proof_reasons(deal: DealFacts, paid: tuple[PaymentFact, ...], pack: RulePack) -> Iterator[Reason]:
    needs = pack.proof.needs[KIND]
    reasons = (
        proof_reason(needs["contract"], CONTRACT, deal.evidence),
        proof_reason(needs["payment"], PAYMENT, deal.evidence) if paid else None,
        proof_reason(needs["registration"], REGISTRATION, deal.evidence) if deal.registrations else None,
    )
    yield from filter(None, reasons)
    if needs["word"].level == "confirmed":
        yield word_reason(deal.confirmations, deal.entered_by, paid, pack)
    yield from party_reasons(deal.party_words, pack.deals)


def parties_reason(
    sellers: tuple[RecordId, ...],
    buyers: tuple[RecordId, ...],
    affiliations: tuple[AffiliationFact, ...],
    overruled_by: RecordId | None,
    unknown: tuple[str, ...] = (),
) -> Reason:
    """Whether both sides are known and independent of each other, or the bureau overruled what speaks against that.

    Not known is not independent: ``unknown`` names parties of whom no representative or shareholder is on record.
    """
    if not sellers or not buyers:
        return not_strict("parties_missing")
    if set(sellers) & set(buyers):
        return not_strict("parties_identical")
    if not affiliations and not unknown:
        return counts("parties_independent")
    if overruled_by is not None:
        return counts("affiliation_overruled", account=overruled_by)
    if not affiliations:
        return not_strict("affiliation_unknown", parties="、".join(unknown))
    nearest = min(affiliations, key=lambda link: (link.kind, str(link.first), str(link.second), link.shared))
    return not_strict("parties_affiliated", kind=nearest.kind, shared=nearest.shared, source=nearest.source)


def _patent_reasons(
    deal: DealFacts, patent: DealPatentFact, pack: RulePack, threshold: Threshold, as_of: date
) -> Iterator[Reason]:
    yield from deal_patent_reasons(patent, threshold.filters, pack)
    if deal.signed_on is not None:
        yield _life_reason(patent, deal.signed_on)
    if patent.owned_by_seller is False:
        yield not_strict("deal_seller_not_owner", number=patent.application_number)
    yield _register_reason(deal, patent, pack, as_of)
    yield _attribution_reason(deal, patent, pack)


def _life_reason(patent: DealPatentFact, day: date) -> Reason:
    end_on = ended_on(patent.application_number, patent.filed_on, patent.expires_on)
    life = life_on(day, patent.statuses, patent.granted_on, end_on)
    if life == "in_force":
        return counts("deal_patent_in_force", on=day)
    if life == "dead":
        return not_strict("deal_patent_dead", on=day, number=patent.application_number)
    code = "deal_patent_not_granted" if life == "not_granted" else "deal_patent_status_unknown"
    return not_strict(code, on=day, number=patent.application_number)


def _register_reason(deal: DealFacts, patent: DealPatentFact, pack: RulePack, as_of: date) -> Reason:
    if deal.deal_type is None:
        return not_strict("deal_type_missing")
    wanted = pack.deals.register_events[deal.deal_type]
    mine = [
        entry
        for entry in deal.registrations
        if entry.patent_id in (None, patent.patent_id) and entry.registered_on <= as_of
    ]
    right = sorted((entry for entry in mine if entry.event == wanted), key=lambda entry: entry.registered_on)
    if not right:
        return not_strict("deal_register_event_wrong" if mine else "deal_unregistered", wanted=wanted)
    if deal.signed_on is not None and right[-1].registered_on < deal.signed_on:
        return not_strict("deal_registered_before_signing", registered_on=right[-1].registered_on)
    if not filled(right[-1].number):
        return not_strict("register_number_missing")
    return counts("deal_registered", event=wanted, registered_on=right[-1].registered_on)


def _attribution_reason(deal: DealFacts, patent: DealPatentFact, pack: RulePack) -> Reason:
    touches = sorted(
        (
            event
            for event in deal.platform_events
            if event.kind in pack.deals.attributing_events
            and event.patent_id == patent.patent_id
            and event.party_id in deal.buyers
        ),
        key=lambda event: (as_utc(event.at), event.kind),
    )
    if not touches:
        return not_strict("deal_without_platform_event")
    first = touches[0]
    if not _before_signing(first, deal, pack):
        return not_strict("deal_platform_event_too_late", on=pack.local_day(first.at))
    return counts("deal_came_through_platform", kind=first.kind, on=pack.local_day(first.at))


def _before_signing(event: PlatformEventFact, deal: DealFacts, pack: RulePack) -> bool:
    """Strictly before the day of signing; on that day only where the deal was recorded later the same day.

    A contract bears a day, an event a moment. On one and the same day only the machine's own order of event and record
    can show which came first.
    """
    if deal.signed_on is None:
        return False
    day = pack.local_day(event.at)
    if day != deal.signed_on:
        return day < deal.signed_on
    recorded = deal.recorded_at
    return recorded is not None and pack.local_day(recorded) == day and as_utc(event.at) < as_utc(recorded)
