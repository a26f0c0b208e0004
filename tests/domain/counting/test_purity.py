"""A count is a pure function of the facts: their order never matters, nothing is remembered (PROMISES P14)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import Facts
from matchhub.domain.counting.progress import burn_up, progress
from tests.domain.factories import AS_OF, MAKERS, at, facts_of, kind_of, pack, payment, push_item, status, touch

KEYS = list(MAKERS)
days = st.dates(date(2022, 6, 1), date(2026, 6, 1))
SPOILERS: dict[str, list[Callable[[Any, int, date], Any]]] = {
    "patents": [
        lambda f, n, d: replace(f, application_number=MAKERS["patents"](n % 3).application_number),
        lambda f, n, d: replace(f, statuses=(status(d), status(d, "dead"), status(d + timedelta(days=n)))),
        lambda f, n, d: replace(f, application_number=None, publication_number=f"CN10999675{n % 3}A"),
        lambda f, n, d: replace(f, publication_number=f"CN10999675{n % 3}B", entered_on=d),
    ],
    "enterprises": [lambda f, n, d: replace(f, name_key=f"某{n % 2}"), lambda f, n, d: replace(f, categories=())],
    "experts": [lambda f, n, d: replace(f, name=f"某{n % 2}"), lambda f, n, d: replace(f, consent_on=d)],
    "agencies": [
        lambda f, n, d: replace(f, licence_number=f"L{n % 2}"),
        lambda f, n, d: replace(f, uscc=None, licence_number=f"L{n % 2}"),
    ],
    "local_demands": [
        lambda f, n, d: replace(f, text=f"注塑机每小时停机{n}次,废品率太高", posted_on=d),
        lambda f, n, d: replace(f, duplicate_of=n % 3, duplicate_similarity=n % 10 / 10),
    ],
    "pushes": [
        lambda f, n, d: replace(f, enterprise_id=n % 2, items=(push_item(n % 3, n % 2), push_item(9, n % 2))),
        lambda f, n, d: replace(f, delivered_at=at(d)),
    ],
    "invention_deals": [
        lambda f, n, d: replace(
            f,
            patents=MAKERS["invention_deals"](n % 2).patents,
            signed_on=d,
            buyers=(f"p{n % 3}",),
            sellers=(f"p{n % 2}",),
            platform_events=(touch(n % 2, f"p{n % 3}", date(2022, 1, 1)),),
        ),
        lambda f, n, d: replace(f, payments=(payment(n % 2),), recorded_at=at(d)),
        lambda f, n, d: replace(f, contract_number=f"HT{n % 2}"),
        lambda f, n, d: replace(f, deal_type="open_licence", buyers=(f"licensee{n % 3}",)),
    ],
    "open_licence_offers": [
        lambda f, n, d: replace(f, application_number=f"ZL{f.application_number}"),
        lambda f, n, d: replace(f, published_on=d),
    ],
    "open_licences": [
        lambda f, n, d: replace(f, application_number=MAKERS["open_licences"](n % 2).application_number),
        lambda f, n, d: replace(f, payments=(payment(n % 2),), reached_on=d),
        lambda f, n, d: replace(f, deal_id=n % 3),
    ],
}


@st.composite
def bases(draw: st.DrawFn) -> Facts:
    made: dict[str, Any] = {}
    for key in KEYS:
        facts = []
        for n in range(1, draw(st.integers(0, 5)) + 1):
            fact = MAKERS[key](n)
            for spoil in draw(st.lists(st.sampled_from(SPOILERS[key]), max_size=2)):
                fact = spoil(fact, draw(st.integers(0, 9)), draw(days))
            if draw(st.integers(0, 9)) == 0:
                fact = replace(fact, withdrawn_on=draw(days))
            facts.append(fact)
        made[key] = tuple(facts)
    return facts_of(made)


def answer(facts: Facts, as_of: date) -> tuple[Any, Any, Any]:
    atoms = count_all(facts, pack(), as_of)
    verdicts = {
        key: sorted(
            (
                str(a.record_id),
                a.unit,
                a.other_unit or "",
                a.literal,
                a.strict,
                sorted(str(r.to_json()) for r in a.reasons),
            )
            for a in judged
        )
        for key, judged in atoms.items()
    }
    return verdicts, progress(atoms, pack(), as_of).to_json(), burn_up(atoms, pack())


@settings(max_examples=40, deadline=None)
@given(bases(), days, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_never_matters(facts: Facts, as_of: date, chance: Any) -> None:
    shuffled: dict[str, Any] = {}
    for key in KEYS:
        listed = list(getattr(facts, kind_of(key)))
        chance.shuffle(listed)
        shuffled[key] = tuple(listed)
    assert answer(facts_of(shuffled), as_of) == answer(facts, as_of)


@settings(max_examples=20, deadline=None)
@given(bases(), days)
def test_counting_again_gives_the_same_and_changes_nothing(facts: Facts, as_of: date) -> None:
    before = copy.deepcopy(facts)
    first = answer(facts, as_of)
    answer(facts, AS_OF)
    assert answer(facts, as_of) == first
    assert facts == before


@settings(max_examples=20, deadline=None)
@given(bases(), days)
def test_strict_never_exceeds_literal_and_every_verdict_has_its_reasons(facts: Facts, as_of: date) -> None:
    atoms = count_all(facts, pack(), as_of)
    for judged in atoms.values():
        for atom in judged:
            effects = {reason.effect for reason in atom.reasons}
            assert atom.literal is ("not_literal" not in effects)
            assert atom.strict is not bool({"not_literal", "not_strict"} & effects)
    for goal in progress(atoms, pack(), as_of).goals:
        for each in goal.thresholds:
            assert each.count.strict <= each.count.literal
            assert each.other is None or each.other.strict <= each.other.literal


@settings(max_examples=20, deadline=None)
@given(bases(), days, st.sampled_from(KEYS))
def test_withdrawing_a_record_never_raises_the_literal_count(facts: Facts, as_of: date, key: str) -> None:
    listed = getattr(facts, kind_of(key))
    if not listed:
        return
    left: dict[str, Any] = {kind_of(key): (replace(listed[0], withdrawn_on=as_of), *listed[1:])}
    fewer = replace(facts, **left)
    before = progress(count_all(facts, pack(), as_of), pack(), as_of).threshold(key).count.literal
    assert progress(count_all(fewer, pack(), as_of), pack(), as_of).threshold(key).count.literal <= before
