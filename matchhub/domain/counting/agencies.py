"""Counter ``agencies``: distinct service agencies of the base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

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
from matchhub.domain.counting.facts import AgencyFacts
from matchhub.domain.counting.presence import filled, needed, source_reasons, stock_reasons
from matchhub.domain.existence import gone_on
from matchhub.domain.goals import Threshold
from matchhub.domain.identifiers import normalise_uscc, plain
from matchhub.domain.rules import RulePack
from matchhub.errors import IdentifierInvalid

_CODE = re.compile(r"\d{5}")


def count_agencies(facts: Iterable[AgencyFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（二） 收录服务机构 80 家以上(含): distinct service agencies by USCC, else by licence number.

    Strict: a USCC that is given passes its check; a patent agency shows its licence or its 5-digit code; service types
    and a contact are there, and its code or licence stands in a source that the pack accepts. Of two that may be one
    agency one counts until a person has decided. A licence number that another record ties to a USCC counts as that
    agency.
    """
    listed = list(facts)
    owners = _licence_owners(listed)
    atoms = mark_duplicates(
        judged(fact.record_id, _unit(fact, owners), _reasons(fact, pack, as_of), fact.entered_on) for fact in listed
    )
    return mark_doubtful(atoms, {fact.record_id: fact.doubts for fact in listed}, "agency_in_doubt")


def _licence_owners(facts: Iterable[AgencyFacts]) -> dict[str, str]:
    pairs = (
        (plain(f.licence_number or ""), plain(f.uscc or ""))
        for f in facts
        if filled(f.uscc) and filled(f.licence_number)
    )
    return dict(sorted(pairs, reverse=True))


def _unit(fact: AgencyFacts, owners: dict[str, str]) -> str:
    if filled(fact.uscc):
        return plain(fact.uscc or "")
    if filled(fact.licence_number):
        licence = plain(fact.licence_number or "")
        return owners.get(licence, f"licence:{licence}")
    return f"record:{fact.record_id}"


def _reasons(fact: AgencyFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    yield from stock_reasons(fact.entered_on, fact.withdrawn_on, fact.confirmations, as_of)
    yield _identity_reason(fact)
    yield from source_reasons(
        "agency_identity", fact.identity_sources, pack, "agency_identity_proven", "agency_identity_unproven"
    )
    if gone := gone_on(fact.existences, as_of):
        yield not_strict("agency_gone", wording=gone.wording, looked_on=gone.as_of_on)
    if fact.is_patent_agency:
        coded = _CODE.fullmatch(plain(fact.agency_code or ""))
        licensed = filled(fact.licence_number) or coded
        yield needed(licensed, "agency_licence_present", "agency_licence_missing")
    yield needed(any(map(filled, fact.service_types)), "agency_services_present", "agency_services_missing")
    yield needed(filled(fact.contact), "agency_contact_present", "agency_contact_missing")


def _identity_reason(fact: AgencyFacts) -> Reason:
    if filled(fact.uscc):
        try:
            return counts("uscc_checked", uscc=normalise_uscc(fact.uscc or ""))
        except IdentifierInvalid:
            return not_strict("uscc_check_failed", uscc=fact.uscc)
    if filled(fact.licence_number):
        return counts("agency_known_by_licence", licence=fact.licence_number)
    return not_literal("agency_identity_missing")
