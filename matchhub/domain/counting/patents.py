"""Counter ``patents``: distinct patents of the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from matchhub.domain.calendar import months_after
from matchhub.domain.counting.atoms import (
    Atom,
    Reason,
    counts,
    judged,
    mark_doubtful,
    mark_duplicates,
    not_literal,
    not_strict,
)
from matchhub.domain.counting.facts import PatentFacts, RecordId, StatusFact
from matchhub.domain.counting.filters import patent_reasons
from matchhub.domain.counting.presence import filled, needed, stock_reasons, unproven_reason, unseen_reasons
from matchhub.domain.foreign_numbers import parse_foreign_number
from matchhub.domain.goals import Threshold
from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number, plain
from matchhub.domain.rules import RulePack
from matchhub.domain.validity import ended_on, status_on
from matchhub.errors import IdentifierInvalid


def count_patents(facts: Iterable[PatentFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（二） 收录专利 10000 件以上(含): distinct patents of any kind, by application number.

    Literal: a number (the publication number while the application number is unknown). Strict: the number passes its
    check, title, class and applicant are there, and a legal status looked at in the last months, of a source that the
    pack accepts, says it is not dead. One without an application number does not count beside another of its title and
    holder until a person has stated the number.
    """
    listed = list(facts)
    aliases = _aliases(listed)
    atoms = mark_duplicates(
        judged(fact.record_id, patent_unit(fact, aliases), _reasons(fact, pack, threshold, as_of), fact.entered_on)
        for fact in listed
    )
    return mark_doubtful(atoms, _doubts(listed), "patent_in_doubt")


def _doubts(facts: Sequence[PatentFacts]) -> dict[RecordId, list[RecordId]]:
    """For each patent without an application number: all of the same title and holders."""
    unsure = {
        fact.record_id: _likeness(fact)
        for fact in facts
        if filled(fact.title) and fact.applicants and not filled(fact.application_number)
    }
    if not unsure:  # as a rule: nothing is compared then
        return {}
    alike: dict[tuple[str, frozenset[str]], list[RecordId]] = defaultdict(list)
    for fact in facts:
        alike[_likeness(fact)].append(fact.record_id)
    return {record_id: alike[key] for record_id, key in unsure.items()}


def _likeness(fact: PatentFacts) -> tuple[str, frozenset[str]]:
    return plain(fact.title or ""), frozenset(map(plain, fact.applicants))


def number_unit(application_number: str) -> str:
    """Key under which an application number is counted: canonical where it passes its check, else as written."""
    try:
        return normalise_application_number(application_number)
    except IdentifierInvalid:
        return plain(application_number)


def patent_unit(fact: PatentFacts, aliases: dict[str, str]) -> str:
    """Key of one patent; a publication number that another record ties to an application counts as that."""
    if filled(fact.application_number):
        return number_unit(fact.application_number or "")
    if filled(fact.publication_number):
        alias = _publication_key(fact.publication_number or "")
        return aliases.get(alias, alias)
    return f"record:{fact.record_id}"


def _publication_key(number: str) -> str:
    try:
        canonical = normalise_publication_number(number)
    except IdentifierInvalid:
        return plain(number)
    # Since 2010 (9 digits) the published and the granted document of one invention share their number.
    return canonical[:-1] if len(canonical) == len("CN") + 9 + 1 else canonical


def _aliases(facts: Iterable[PatentFacts]) -> dict[str, str]:
    pairs = (
        (_publication_key(f.publication_number or ""), number_unit(f.application_number or ""))
        for f in facts
        if filled(f.application_number) and filled(f.publication_number)
    )
    return dict(sorted(pairs, reverse=True))  # the smallest number wins whatever the order of the records


def _reasons(fact: PatentFacts, pack: RulePack, threshold: Threshold, as_of: date) -> Iterator[Reason]:
    yield from stock_reasons(fact.entered_on, fact.withdrawn_on, fact.confirmations, as_of)
    yield _number_reason(fact)
    yield from patent_reasons(fact, threshold.filters, pack)
    yield needed(filled(fact.title), "patent_title_present", "patent_title_missing")
    yield needed(fact.ipc or fact.locarno, "patent_class_present", "patent_class_missing")
    yield needed(any(map(filled, fact.applicants)), "patent_applicant_present", "patent_applicant_missing")
    yield from _status_reasons(fact, pack, as_of)


def _number_reason(fact: PatentFacts) -> Reason:
    if filled(fact.application_number):
        if fact.number_completed:
            return not_strict("patent_number_completed", number=fact.application_number)
        return _checked(fact.application_number or "", normalise_application_number)
    if filled(fact.publication_number):
        if foreign := parse_foreign_number(fact.publication_number or ""):
            return not_strict("patent_foreign_counted", number=foreign)
        return _checked(fact.publication_number or "", normalise_publication_number)
    return not_literal("patent_unnumbered")


def _checked(number: str, normalise: Callable[[str], str]) -> Reason:
    try:
        return counts("patent_number_checked", number=normalise(number))
    except IdentifierInvalid:
        return not_strict("patent_number_invalid", number=number)


def _status_reasons(fact: PatentFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    end_on = ended_on(fact.application_number, fact.filed_on, fact.expires_on)
    if end_on is not None and as_of >= end_on:
        yield not_strict("patent_term_ended", ended_on=end_on)
        return
    status = status_on(fact.statuses, as_of)
    if status is None or status.as_of_on is None:
        yield not_strict("patent_status_unknown")
        return
    if status.validity == "dead":
        yield not_strict("patent_dead", looked_on=status.as_of_on, reason=status.reason)
        return
    proven = status_on(_proven(fact.statuses, pack), as_of)
    if proven is None or proven.as_of_on is None or proven.validity == "dead":
        missing = not_strict("patent_status_unproven", looked_on=status.as_of_on)
        yield unproven_reason("patent_status", (each.source for each in fact.statuses), pack, missing)
        return
    months = pack.patents.status_fresh_months
    if as_of > months_after(proven.as_of_on, months):
        yield not_strict("patent_status_stale", looked_on=proven.as_of_on, months=months)
        return
    yield counts("patent_status_fresh", looked_on=proven.as_of_on, issuer=proven.source.issuer)
    yield from unseen_reasons(proven.source)


def _proven(statuses: Iterable[StatusFact], pack: RulePack) -> Iterator[StatusFact]:
    """Statuses of sources that the pack accepts; a file looked no later than on its day of issue."""
    for status in statuses:
        issued_on = status.source.issued_on
        if pack.sources.prove("patent_status", status.source):
            late = issued_on is not None and status.as_of_on is not None and status.as_of_on > issued_on
            yield replace(status, as_of_on=issued_on) if late else status
