"""Counter ``enterprises``: distinct innovative enterprises of the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from matchhub.domain.calendar import years_after
from matchhub.domain.counting.atoms import (
    Atom,
    Reason,
    counts,
    id_order,
    judged,
    mark_doubtful,
    mark_duplicates,
    not_literal,
    not_strict,
)
from matchhub.domain.counting.facts import CategoryFact, EnterpriseFacts, RecordId
from matchhub.domain.counting.filters import enterprise_reasons
from matchhub.domain.counting.presence import filled, stock_reasons, unproven_reason, unseen_reasons
from matchhub.domain.existence import gone_on
from matchhub.domain.goals import Threshold
from matchhub.domain.identifiers import normalise_uscc, plain
from matchhub.domain.official_numbers import number_key
from matchhub.domain.rules import RulePack
from matchhub.errors import IdentifierInvalid


def count_enterprises(
    facts: Iterable[EnterpriseFacts], pack: RulePack, threshold: Threshold, as_of: date
) -> list[Atom]:
    """四（二） 收录创新型企业 2000 家以上(含): distinct enterprises by USCC with an innovation category of the pack.

    Strict: the USCC passes its check, one category is proven by a certificate or an official list and valid on the
    as-of day by a source that the pack accepts, and no other record bears the same name under another code (a clone).
    A certificate proves one enterprise only, of those that stand the one that was entered first with it. Of two that
    may be one enterprise one counts until a person has decided. One that was struck off does not count.
    """
    listed = list(facts)
    holders = _certificate_holders(listed, pack, as_of)
    atoms = mark_duplicates(
        judged(fact.record_id, _unit(fact), _reasons(fact, holders, pack, threshold, as_of), fact.entered_on)
        for fact in listed
    )
    atoms = mark_doubtful(atoms, _namesakes(listed), "enterprise_cloned")
    return mark_doubtful(atoms, {fact.record_id: fact.doubts for fact in listed}, "enterprise_in_doubt")


def _namesakes(facts: Iterable[EnterpriseFacts]) -> dict[RecordId, frozenset[RecordId]]:
    """Records that bear the name of each record, without those that a person found to be another firm."""
    bearers: dict[str, set[RecordId]] = defaultdict(set)
    told_apart: dict[RecordId, tuple[str, tuple[RecordId, ...]]] = {}
    for fact in facts:
        if fact.name_key:
            bearers[fact.name_key].add(fact.record_id)
            told_apart[fact.record_id] = (fact.name_key, (fact.record_id, *fact.told_apart))
    return {
        key: frozenset(bearers[name].difference(apart))
        for key, (name, apart) in told_apart.items()
        if len(bearers[name]) > 1
    }


def _unit(fact: EnterpriseFacts) -> str:
    return plain(fact.uscc or "") if filled(fact.uscc) else f"record:{fact.record_id}"


def _certificate_holders(facts: Iterable[EnterpriseFacts], pack: RulePack, as_of: date) -> dict[tuple[str, str], str]:
    """Category and certificate number -> unit of the enterprise that was entered first with it, where several have it.

    A source that proves the category goes before one that does not. A firm that does not stand on the as-of day
    (withdrawn, rejected, gone, without a sound code) holds nobody back.
    """
    bearers: dict[tuple[str, str], list[tuple[EnterpriseFacts, CategoryFact]]] = defaultdict(list)
    for fact in facts:
        for held in fact.categories:
            if filled(held.certificate_number):
                bearers[held.category, number_key(held.certificate_number or "")].append((fact, held))
    holders = {}
    for certificate, pairs in bearers.items():
        standing = [pair for pair in pairs if _stands(pair[0], as_of)] if len(pairs) > 1 else []
        if standing:
            holders[certificate] = _unit(min(standing, key=lambda pair: _holder_rank(pair[0], pair[1], pack))[0])
    return holders


def _stands(fact: EnterpriseFacts, as_of: date) -> bool:
    return all(reason.effect == "counts" for reason in _own_reasons(fact, as_of))


def _holder_rank(fact: EnterpriseFacts, held: CategoryFact, pack: RulePack) -> tuple[object, ...]:
    proven = pack.sources.prove("enterprise_category", held.source)
    return (not proven, fact.entered_on or date.max, id_order(fact.record_id))


def uscc_reason(uscc: str | None) -> Reason:
    """Whether a unified social credit code is there (literal) and passes its check (strict)."""
    if not filled(uscc):
        return not_literal("uscc_missing")
    try:
        return counts("uscc_checked", uscc=normalise_uscc(uscc or ""))
    except IdentifierInvalid:
        return not_strict("uscc_check_failed", uscc=uscc)


def _own_reasons(fact: EnterpriseFacts, as_of: date) -> Iterator[Reason]:
    yield from stock_reasons(fact.entered_on, fact.withdrawn_on, fact.confirmations, as_of)
    yield uscc_reason(fact.uscc)
    if gone := gone_on(fact.existences, as_of):
        yield not_strict("enterprise_gone", wording=gone.wording, looked_on=gone.as_of_on)


def _reasons(
    fact: EnterpriseFacts,
    holders: Mapping[tuple[str, str], str],
    pack: RulePack,
    threshold: Threshold,
    as_of: date,
) -> Iterator[Reason]:
    yield from _own_reasons(fact, as_of)
    yield from enterprise_reasons(fact, threshold.filters)
    wanted = threshold.filters.categories or pack.categories.keys()
    known = [held for held in fact.categories if held.category in wanted]
    if not known:
        yield not_literal("enterprise_category_missing")
        return
    own = _unit(fact)
    verdicts = sorted(
        ((_category_reason(held, _is_holder(held, own, holders), pack, as_of), held) for held in known),
        key=lambda each: (_GRADES[each[0].code], not each[1].source.word, each[1].category),
    )
    reason, held = verdicts[0]
    yield reason
    if reason.effect == "counts":
        yield from unseen_reasons(held.source)


# The best verdict over all categories speaks for the enterprise; of the failing ones the nearest to passing.
_GRADES = {
    "enterprise_category_proven": 0,
    "enterprise_category_not_valid": 1,
    "enterprise_category_term_unknown": 2,
    "enterprise_certificate_shared": 3,
    "source_rejected": 4,
    "enterprise_category_source": 5,
    "enterprise_category_unproven": 6,
}


def _is_holder(held: CategoryFact, unit: str, holders: Mapping[tuple[str, str], str]) -> bool:
    return holders.get((held.category, number_key(held.certificate_number or "")), unit) == unit


def _category_reason(held: CategoryFact, is_holder: bool, pack: RulePack, as_of: date) -> Reason:
    category = pack.categories[held.category]
    names = {"category_zh": category.zh, "category_en": category.en}
    if not is_holder:
        return not_strict("enterprise_certificate_shared", certificate=held.certificate_number, **names)
    if not (filled(held.certificate_number) or filled(held.official_list)):
        return not_strict("enterprise_category_unproven", **names)
    if not pack.sources.prove("enterprise_category", held.source):
        proof = held.certificate_number or held.official_list
        missing = not_strict("enterprise_category_source", proof=proof, **names)
        return unproven_reason("enterprise_category", (held.source,), pack, missing)
    first, last = held.valid_from_on, held.valid_to_on
    if last is None and first is not None and category.term_years:
        last = years_after(first, category.term_years)
    if first is None and last is None:
        return not_strict("enterprise_category_term_unknown", **names)
    if (first is not None and as_of < first) or (last is not None and as_of > last):
        return not_strict("enterprise_category_not_valid", from_on=first, to_on=last, **names)
    return counts(
        "enterprise_category_proven",
        proof=held.certificate_number or held.official_list,
        issuer=held.source.issuer,
        **names,
    )
