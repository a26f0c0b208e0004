"""Threshold ``enterprises``: distinct innovative enterprises of the base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from matchhub.domain.calendar import years_after
from matchhub.domain.counting.atoms import (
    Atom,
    Reason,
    counts,
    judged,
    mark_duplicates,
    mark_repeats,
    not_literal,
    not_strict,
)
from matchhub.domain.counting.facts import CategoryFact, EnterpriseFacts
from matchhub.domain.counting.presence import filled, stock_reasons
from matchhub.domain.existence import gone_on
from matchhub.domain.identifiers import normalise_uscc, plain
from matchhub.domain.official_numbers import number_key
from matchhub.domain.rules import Category, RulePack
from matchhub.errors import IdentifierInvalid


def count_enterprises(facts: Iterable[EnterpriseFacts], pack: RulePack, as_of: date) -> list[Atom]:
    """四(二) 收录创新型企业 2000 家以上(含): distinct enterprises by USCC with an innovation category of the pack.

    Strict: the USCC passes its check, one category is proven by a certificate or an official list and valid on the
    as-of day, and no other record bears the same name under another code (a clone). A certificate proves one
    enterprise only, the one that was entered first with it. One that was struck off does not count.
    """
    listed = list(facts)
    holders = _certificate_holders(listed)
    atoms = mark_duplicates(
        judged(fact.record_id, _unit(fact), _reasons(fact, holders, pack, as_of), fact.entered_on) for fact in listed
    )
    return mark_repeats(atoms, [fact.name_key or None for fact in listed], "enterprise_cloned", "not_strict")


def _unit(fact: EnterpriseFacts) -> str:
    return plain(fact.uscc or "") if filled(fact.uscc) else f"record:{fact.record_id}"


def _certificate_holders(facts: Iterable[EnterpriseFacts]) -> dict[tuple[str, str], str]:
    """Category and certificate number -> unit of the enterprise that was entered first with it."""
    ordered = sorted(facts, key=lambda fact: (fact.entered_on or date.max, fact.record_id))
    holders: dict[tuple[str, str], str] = {}
    for fact in ordered:
        for held in fact.categories:
            if filled(held.certificate_number):
                holders.setdefault((held.category, number_key(held.certificate_number or "")), _unit(fact))
    return holders


def uscc_reason(uscc: str | None) -> Reason:
    """Whether a unified social credit code is there (literal) and passes its check (strict)."""
    if not filled(uscc):
        return not_literal("uscc_missing")
    try:
        return counts("uscc_checked", uscc=normalise_uscc(uscc or ""))
    except IdentifierInvalid:
        return not_strict("uscc_check_failed", uscc=uscc)


def _reasons(
    fact: EnterpriseFacts, holders: Mapping[tuple[str, str], str], pack: RulePack, as_of: date
) -> Iterator[Reason]:
    yield from stock_reasons(fact.entered_on, fact.withdrawn_on, fact.confirmations, as_of)
    yield uscc_reason(fact.uscc)
    if gone := gone_on(fact.existences, as_of):
        yield not_strict("enterprise_gone", wording=gone.wording, looked_on=gone.as_of_on)
    known = [held for held in fact.categories if held.category in pack.categories]
    if not known:
        yield not_literal("enterprise_category_missing")
        return
    own = _unit(fact)
    verdicts = sorted(((_category_reason(held, _is_holder(held, own, holders), pack.categories[held.category], as_of),
                        held.category) for held in known), key=lambda entry: (_GRADES[entry[0].code], entry[1]))
    yield verdicts[0][0]


# The best verdict over all categories speaks for the enterprise; of the failing ones the nearest to passing.
_GRADES = {"enterprise_category_proven": 0, "enterprise_category_not_valid": 1,
           "enterprise_category_term_unknown": 2, "enterprise_certificate_shared": 3, "enterprise_category_unproven": 4}


def _is_holder(held: CategoryFact, unit: str, holders: Mapping[tuple[str, str], str]) -> bool:
    return holders.get((held.category, number_key(held.certificate_number or "")), unit) == unit


def _category_reason(held: CategoryFact, is_holder: bool, category: Category, as_of: date) -> Reason:
    names = {"category_zh": category.zh, "category_en": category.en}
    if not is_holder:
        return not_strict("enterprise_certificate_shared", certificate=held.certificate_number, **names)
    if not (filled(held.certificate_number) or filled(held.official_list)):
        return not_strict("enterprise_category_unproven", **names)
    first, last = held.valid_from_on, held.valid_to_on
    if last is None and first is not None and category.term_years:
        last = years_after(first, category.term_years)
    if first is None and last is None:
        return not_strict("enterprise_category_term_unknown", **names)
    if (first is not None and as_of < first) or (last is not None and as_of > last):
        return not_strict("enterprise_category_not_valid", from_on=first, to_on=last, **names)
    return counts("enterprise_category_proven", proof=held.certificate_number or held.official_list, **names)
