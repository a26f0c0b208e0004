"""Tests that every counted thing meets: it stood in the base, happened in time, and the bureau did not reject it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from matchhub.domain.counting.atoms import Reason, counts, flagged, not_literal, not_strict
from matchhub.domain.counting.facts import ConfirmationFact
from matchhub.domain.evidence import Fault, rejection
from matchhub.domain.goals import Threshold
from matchhub.domain.rules import RulePack
from matchhub.domain.sources import ImportSource

SOURCE_UNSEEN = "source_unseen"


def stock_reasons(
    entered_on: date | None, withdrawn_on: date | None, confirmations: Iterable[ConfirmationFact], as_of: date
) -> Iterator[Reason]:
    """For what the base holds (patents, enterprises …): entered by, and not withdrawn on, the as-of day."""
    if entered_on is not None and entered_on > as_of:
        yield not_literal("record_not_yet_entered", entered_on=entered_on)
    yield from _standing_reasons(withdrawn_on, confirmations, as_of)


def event_reasons(
    threshold: Threshold,
    occurred_on: date | None,
    withdrawn_on: date | None,
    confirmations: Iterable[ConfirmationFact],
    pack: RulePack,
    as_of: date,
) -> Iterator[Reason]:
    """For what happened (demands, pushes, deals …): on a known day, by the as-of day, inside the window and
    the days of the threshold.

    Days before the measure took effect count by reference (参照执行, 五(三)).
    """
    yield _event_reason(threshold, occurred_on, pack, as_of)
    yield from _standing_reasons(withdrawn_on, confirmations, as_of)


def _event_reason(threshold: Threshold, occurred_on: date | None, pack: RulePack, as_of: date) -> Reason:
    window = pack.window
    if occurred_on is None:
        return not_literal("event_undated")
    if occurred_on > as_of:
        return not_literal("event_after_as_of", occurred_on=occurred_on)
    firsts = [window.from_on] if threshold.windowed else []
    lasts = [window.to_on] if threshold.windowed else []
    from_on = max([*firsts, *filter(None, [threshold.filters.from_on])], default=None)
    to_on = min([*lasts, *filter(None, [threshold.filters.to_on])], default=None)
    if from_on is not None and occurred_on < from_on:
        return not_literal("event_before_window", occurred_on=occurred_on, from_on=from_on)
    if to_on is not None and occurred_on > to_on:
        return not_literal("event_after_window", occurred_on=occurred_on, to_on=to_on)
    if not threshold.windowed:
        return counts("event_in_time", occurred_on=occurred_on)
    by_reference = occurred_on < window.formal_from_on
    return counts("event_by_reference" if by_reference else "event_in_window", occurred_on=occurred_on)


def _standing_reasons(
    withdrawn_on: date | None, confirmations: Iterable[ConfirmationFact], as_of: date
) -> Iterator[Reason]:
    if withdrawn_on is not None and withdrawn_on <= as_of:
        yield not_literal("record_withdrawn", withdrawn_on=withdrawn_on)
    if said := rejection(confirmations):
        yield not_strict("record_rejected", rejected_at=said.at)


def source_reasons(
    fact: str, sources: Iterable[ImportSource], pack: RulePack, given: str, missing: str
) -> Iterator[Reason]:
    """Code ``given`` with the issuer where one of the sources is of a kind that proves ``fact``, else ``missing``.

    Of several, one that the bureau has looked at speaks.
    """
    listed = list(sources)
    proving = [source for source in listed if pack.sources.prove(fact, source)]
    if not proving:
        yield unproven_reason(fact, listed, pack, not_strict(missing))
        return
    best = next((source for source in proving if source.word), proving[0])
    yield counts(given, issuer=best.issuer, issued_on=best.issued_on)
    yield from unseen_reasons(best)


def unproven_reason(fact: str, sources: Iterable[ImportSource], pack: RulePack, missing: Reason) -> Reason:
    """``missing``, or that the bureau rejected the source where nothing else is wrong with it."""
    rejected = next((source for source in sources if pack.sources.would_prove(fact, source)), None)
    if rejected is None:
        return missing
    return not_strict("source_rejected", issuer=rejected.issuer, issued_on=rejected.issued_on)


def unseen_reasons(source: ImportSource) -> Iterator[Reason]:
    """A flag where the record rests on a source that the bureau has not looked at."""
    if not source.word:
        yield flagged("source_unseen", issuer=source.issuer, issued_on=source.issued_on)


def strict_fault(fault: Fault | None, passed: Reason) -> Reason:
    """``passed`` when there is no fault, else the fault as a reason against the strict count."""
    return passed if fault is None else Reason(fault.code, "not_strict", fault.data)


def filled(value: str | None) -> bool:
    """Whether a text field says anything."""
    return bool(value and value.strip())


def needed(holds: object, given: str, missing: str) -> Reason:
    """Code ``given`` for the record, or code ``missing`` against its strict count."""
    return counts(given) if holds else not_strict(missing)
