"""Counter ``licences``: open licences reached by local enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from matchhub.domain.counting.atoms import Atom, Reason, counts, judged, mark_duplicates, not_literal, not_strict
from matchhub.domain.counting.deals import parties_reason
from matchhub.domain.counting.facts import LicenceFacts
from matchhub.domain.counting.filters import least_reasons, number_reasons
from matchhub.domain.counting.party_words import party_reasons
from matchhub.domain.counting.patents import number_unit
from matchhub.domain.counting.presence import event_reasons, filled, needed, strict_fault
from matchhub.domain.counting.proof import (
    FILING,
    NOTICE,
    PAYMENT,
    Recording,
    amount_reasons,
    made_payments,
    proof_reason,
    recording_reason,
    word_reason,
)
from matchhub.domain.evidence import payment_fault
from matchhub.domain.goals import Threshold
from matchhub.domain.identifiers import plain
from matchhub.domain.licensing import OfferPeriod, filing_due_on
from matchhub.domain.rules import RulePack

KIND = "licences"


def count_licences(facts: Iterable[LicenceFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（三） 本市企业达成专利开放许可 200 项以上(含): licences reached by local enterprises, by patent and licensee.

    Strict: the licensee's written notice and a proven payment (Patent Law art. 51), filed within the deadline
    (Rules, rules 15 and 87), the notice given while the offer was open, by a holder of the patent, between independent
    parties, not terminated.
    Notice, payment and filing are documented; operator and bureau confirm. Under a free offer nothing is to be paid.
    The (patent, licensee) pair is the headline unit, the distinct patent the other, or the reverse as the pack says.
    """
    listed = list(facts)
    atoms = mark_duplicates(
        judged(
            fact.record_id,
            pair_unit(fact),
            _reasons(fact, pack, threshold, as_of),
            reached_on(fact),
            patent=patent_unit(fact),
        )
        for fact in listed
    )
    return [_counted_by(atom, fact, threshold) for atom, fact in zip(atoms, listed, strict=True)]


def _counted_by(atom: Atom, fact: LicenceFacts, threshold: Threshold) -> Atom:
    """The atom under the units of the threshold."""
    keys = {"pair": atom.unit, "patent": atom.patent, "licensee": licensee_unit(fact)}
    return replace(atom, unit=keys[threshold.unit], other_unit=keys.get(threshold.other_unit))


def patent_unit(fact: LicenceFacts) -> str:
    """Key of the licensed patent: its number, else the patent's id in the base, else the record itself."""
    if filled(fact.application_number):
        return number_unit(fact.application_number or "")
    return f"record:{fact.record_id}" if fact.patent_id is None else f"patent:{fact.patent_id}"


def pair_unit(fact: LicenceFacts) -> str:
    """Key of the pair of patent and licensee; the licensee by USCC, else by its id."""
    return f"{patent_unit(fact)}→{licensee_unit(fact)}"


def licensee_unit(fact: LicenceFacts) -> str:
    """Key of the licensee: its USCC, else its id."""
    return plain(fact.licensee_uscc or "") or f"id:{fact.licensee_id}"


def _reasons(fact: LicenceFacts, pack: RulePack, threshold: Threshold, as_of: date) -> Iterator[Reason]:
    yield from event_reasons(threshold, reached_on(fact), fact.withdrawn_on, fact.confirmations, pack, as_of)
    yield from _literal_reasons(fact, threshold)
    if fact.terminated_on is not None and fact.terminated_on <= as_of:
        yield not_strict("licence_terminated", terminated_on=fact.terminated_on)
    yield _notice_reason(fact, as_of)
    yield from _payment_reasons(fact, pack, as_of)
    yield _filing_reason(fact, pack, as_of)
    yield from _offer_reasons(fact)
    sellers = () if fact.licensor_id is None else (fact.licensor_id,)
    buyers = () if fact.licensee_id is None else (fact.licensee_id,)
    yield _licensor_reason(fact)
    yield parties_reason(sellers, buyers, fact.affiliations, fact.affiliation_overruled_by, fact.unknown_parties)
    recorded_on = pack.local_day(fact.recorded_at) if fact.recorded_at else None
    yield recording_reason(Recording(reached_on(fact), recorded_on, fact.evidence, fact.confirmations), pack)
    yield from _proof_reasons(fact, pack, as_of)


def reached_on(fact: LicenceFacts) -> date | None:
    """The day a licence was reached: under a free offer that of the notice (Patent Law art. 51), else as recorded."""
    return (fact.notified_on or fact.reached_on) if fact.free else fact.reached_on


def _licensor_reason(fact: LicenceFacts) -> Reason:
    """Only who holds the patent can license it; who named no licensor is told so by the reason on the parties."""
    if fact.licensor_on_patent is None:
        return not_strict("licence_licensor_unknown")
    return needed(fact.licensor_on_patent, "licence_licensor_on_patent", "licence_licensor_not_on_patent")


def _proof_reasons(fact: LicenceFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    needs = pack.proof.needs[KIND]
    paid = () if fact.free else made_payments(fact.payments, as_of)
    reasons = (
        proof_reason(needs["notice"], NOTICE, fact.evidence, fact.notified_by_licensee) if fact.notified_on else None,
        proof_reason(needs["payment"], PAYMENT, fact.evidence) if paid else None,
        proof_reason(needs["filing"], FILING, fact.evidence) if fact.filed_on else None,
    )
    yield from filter(None, reasons)
    if needs["word"].level == "confirmed":
        yield word_reason(fact.confirmations, fact.entered_by, paid, pack)
    yield from party_reasons(fact.party_words, pack.deals)


def _literal_reasons(fact: LicenceFacts, threshold: Threshold) -> Iterator[Reason]:
    if not filled(fact.application_number) and fact.patent_id is None:
        yield not_literal("licence_patent_missing")
    if fact.licensee_id is None and not filled(fact.licensee_uscc):
        yield not_literal("licence_licensee_missing")
    yield from number_reasons(fact.application_number, threshold.filters)
    yield from least_reasons(None if fact.free else fact.fee_yuan, threshold.filters)
    if not threshold.filters.local:
        return
    if fact.licensee_local is None:
        yield not_literal("licence_locality_undecided")
    elif not fact.licensee_local:
        yield not_literal("licence_licensee_not_local", decided_by=fact.local_decided_by)
    else:
        yield counts("licence_licensee_local", decided_by=fact.local_decided_by)


def _notice_reason(fact: LicenceFacts, as_of: date) -> Reason:
    reached = reached_on(fact)
    if fact.notified_on is None or fact.notified_on > as_of:
        return not_strict("licence_notice_missing")
    if reached is not None and fact.notified_on > reached:
        return not_strict("licence_notice_after_reached", notified_on=fact.notified_on)
    return counts("licence_notified", notified_on=fact.notified_on)


def _filing_reason(fact: LicenceFacts, pack: RulePack, as_of: date) -> Reason:
    reached = reached_on(fact)
    if reached is None:
        return not_strict("licence_not_filed")
    due_on = filing_due_on(reached, pack)
    if fact.filed_on is None or fact.filed_on > as_of:
        return not_strict("licence_filing_overdue" if as_of > due_on else "licence_filing_open", due_on=due_on)
    if fact.filed_on < reached:
        return not_strict("licence_filed_before_reached", filed_on=fact.filed_on)
    if fact.filed_on > due_on and not pack.licensing.late_filing_counts:
        return not_strict("licence_filed_late", filed_on=fact.filed_on, due_on=due_on)
    if not filled(fact.filing_number):
        return not_strict("filing_number_missing")
    return counts("licence_filed", filed_on=fact.filed_on)


def _payment_reasons(fact: LicenceFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    if fact.free:
        yield counts("licence_free")
        return
    yield strict_fault(payment_fault(fact.payments, as_of), counts("payment_proven"))
    days = [each.paid_on for each in fact.payments if not each.is_refund]
    if fact.notified_on is not None and days and max(days) < fact.notified_on:
        yield not_strict("licence_paid_before_notice", notified_on=fact.notified_on)
    yield from amount_reasons(made_payments(fact.payments, as_of), fact.fee_yuan, pack.proof)


def _offer_reasons(fact: LicenceFacts) -> Iterator[Reason]:
    """Whether the notice was given while the offer ran; the payment may follow later (``domain.licensing``)."""
    if fact.offer_id is None:
        yield not_strict("licence_without_offer")
        return
    # Where the day of the notice is not known, the reasons say so already; the day it was reached stands for it.
    day = fact.notified_on or fact.reached_on
    if day is None:
        return
    if OfferPeriod(fact.offer_from_on, fact.offer_to_on).is_open_on(day):
        yield counts("licence_under_offer", offer=fact.offer_id)
    else:
        yield not_strict("licence_outside_offer", from_on=fact.offer_from_on, to_on=fact.offer_to_on)
