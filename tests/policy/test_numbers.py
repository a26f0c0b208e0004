"""Every number of a pack is read by a rule: changed one by one under both invented packs, each is seen to take effect."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import matchhub
from matchhub.domain.award_rules import MONEY, AwardClause
from matchhub.domain.awards.amounts import weigh
from matchhub.domain.awards.estimates import AwardRow
from matchhub.domain.awards.records import RecordFact, record_rows
from matchhub.domain.calendar import years_after
from matchhub.domain.counting.counters import count_threshold
from matchhub.domain.counting.progress import threshold_progress
from matchhub.domain.counting.proof import Recording, amount_reasons, recording_reason
from matchhub.domain.counting.signals import growth_signals
from matchhub.domain.counting.signs import EntryFact, signs_of
from matchhub.domain.demands import assess_demand, longest_term, reconfirmation_due_on, repetition_code, usual_term
from matchhub.domain.licensing import fee_limit, filing_due_on
from matchhub.domain.push_variety import Look, Variety, near_identical
from matchhub.domain.pushes import PushTally, push_floor
from matchhub.domain.rules import RulePack
from matchhub.domain.sampling import sample_size
from matchhub.policy import load_pack
from matchhub.services.counting.shares import faulty_share
from tests.domain import factories

DAY = date(2024, 5, 20)
DAYS = [date(2021, 1, 1) + timedelta(days=each) for each in range(0, 365 * 9, 40)]
SHARES = [each / 100 for each in range(101)]
# What only services read, and where: no pure rule can be asked about them.
ELSEWHERE = {
    "pushes.new_days": "services/pushes/drafting.py",
    "signals.clock_seconds": "services/facts/clocks.py",
    "signals.silent_days": "services/counting/signs.py",
}
SHOWN = ("bonus_yuan",)  # printed, and no rule depends on it


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every number and day below a value, with the way to it."""
    if dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from leaves(getattr(value, each.name), (*path, each.name))
    elif isinstance(value, Mapping):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            yield from leaves(each, (*path, at))
    elif isinstance(value, (int, float, Decimal, date)) and not isinstance(value, bool):
        yield path, value


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The same value with another leaf."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {**value, first: changed(value[first], rest, new)}
    if isinstance(value, tuple):
        return (*value[:first], changed(value[first], rest, new), *value[first + 1 :])
    return replace(value, **{first: changed(getattr(value, first), rest, new)})


def other(value: Any) -> Any:
    """Another value of the same kind, well away from it."""
    if isinstance(value, date):
        return value + timedelta(days=45)
    if isinstance(value, float) or (isinstance(value, Decimal) and value < 1):
        return type(value)(str(round(min(float(value) * 1.5, (1 + float(value)) / 2), 4)))
    return value + max(1, value // 5)


def told(pack: RulePack, key: str, kind: str, made: Any, on: date) -> Any:
    """How a threshold of the shipped measure judges one record under this pack."""
    pack = replace(pack, goals=load_pack("jinjiang-2023-6").goals)
    found = count_threshold(factories.facts_of({key: [made]}), pack, pack.threshold(key), on)
    return [[(each.code, str(each.data)) for each in atom.reasons] for atom in found]


def of_window(pack: RulePack) -> Any:
    return [told(pack, "local_demands", "demands", factories.demand(posted_on=day), DAYS[-1]) for day in DAYS]


def of_goals(pack: RulePack) -> Any:
    return [threshold_progress([], each).missing for each in pack.thresholds]


def of_patents(pack: RulePack) -> Any:
    return [told(pack, "patents", "patents", factories.patent(), day) for day in DAYS]


def of_categories(pack: RulePack) -> Any:
    fact = factories.enterprise()
    held = [
        replace(fact.categories[0], category=key, valid_from_on=DAYS[0], valid_to_on=None) for key in pack.categories
    ]
    return [
        [told(pack, "enterprises", "enterprises", replace(fact, categories=(each,)), day) for day in DAYS[::3]]
        for each in held
    ]


def of_demands(pack: RulePack) -> Any:
    fact, rules = factories.demand(), pack.demands
    lengths = [assess_demand(replace(fact, text="字" * each), rules, DAY).passed for each in range(40)]
    like = [replace(fact, duplicate_of=1, duplicate_decision=None, duplicate_similarity=each) for each in SHARES]
    again = [repetition_code(each, rules) for each in like]
    return (
        lengths,
        again,
        usual_term(DAY, rules),
        longest_term(DAY, rules),
        reconfirmation_due_on(fact, rules, DAYS[-1]),
    )


def of_pushes(pack: RulePack) -> Any:
    rules, tally, variety = pack.pushes, PushTally(pack.pushes), Variety(pack.pushes.alike)
    for at in range(40):
        tally.add(at, DAY, [1], at)
        tally.add("one", DAY, [], at)
    sent = [PushTally(rules), PushTally(rules)]
    caps = []
    for at in range(40):
        caps.append((sent[0].message_fault("one", DAY), sent[1].patent_fault(at, 1)))
        sent[0].add("one", DAY, [], at)
        sent[1].add(at, DAY, [1], at)
    whole = "防滑耐磨鞋底及其制备方法以及应用装置系统"
    looks = [Look(whole[:at], frozenset({"甲"}), frozenset({"A43B"})) for at in range(2, len(whole))]
    strange = [Look(each.title, frozenset(), frozenset()) for each in looks]
    variety.add(1, DAY, 1, looks[-1])
    return (
        caps,
        [near_identical(each, looks[-1], rules.alike) for each in (*looks, *strange)],
        [variety.alike(1, DAY + timedelta(days=each), looks[-1]) for each in range(60)],
        {name: push_floor(rules, name, 1) for name in rules.floors},
        [push_floor(rules, name, None) for name in rules.floors],
    )


def of_proof(pack: RulePack) -> Any:
    paid = [replace(factories.payment(), amount_yuan=Decimal(each)) for each in range(0, 20_000, 7)]
    amounts = [
        [reason.code for reason in amount_reasons([each], agreed, pack.proof)]
        for each in paid for agreed in (Decimal(1), Decimal(100_000))
    ]  # fmt: skip
    late = [recording_reason(Recording(DAY, DAY + timedelta(days=each)), pack).code for each in range(300)]
    return amounts, late


def of_licensing(pack: RulePack) -> Any:
    limits = [fee_limit(each, pack.licensing) for each in ("fixed", "royalty_sales", "royalty_profit")]
    days = [
        told(pack, "open_licence_offers", "offers", factories.offer(regime=regime, published_on=day), DAYS[-1])
        for regime in ("pilot", "cnipa") for day in DAYS
    ]  # fmt: skip
    return limits, filing_due_on(DAY, pack), days


def of_sample(pack: RulePack) -> Any:
    sizes = [sample_size(each, pack.sample) for each in range(0, 3000, 10)]
    return sizes, faulty_share(30, 1, pack.sample.confidence)


def of_signals(pack: RulePack) -> Any:
    rules = pack.signals
    found: list[Any] = []
    whole = load_pack("jinjiang-2023-6")
    deals = factories.facts_of({"invention_deals": [factories.deal(at) for at in range(80)]})
    atoms = count_threshold(deals, whole, whole.threshold("invention_deals"), DAYS[-1])
    for number in (*range(1, 41), *range(41, 200, 11)):
        same = [
            EntryFact(
                record_id=at, entered_on=DAY if at < number else DAY - timedelta(days=90 + at),
                entered_by=1 if at < number else at + 2, yuan=Decimal(5 if at < number else 100 + at),
                withdrawn_on=DAY if at < number else None, contacts=("1",) if at < number else (),
                patents=(1,) if at < number else (), firm=at,
            )
            for at in range(200)
        ]  # fmt: skip
        few = same[: max(number, 1)]
        gone = [replace(each, entered_on=DAY - timedelta(days=200), withdrawn_on=DAY + timedelta(days=number))
                for each in same[:200]]  # fmt: skip
        late = [replace(atom, reasons=(replace(atom.reasons[0], code="recorded_late"),)) for atom in atoms[:number]]
        for entries, judged in ((same, ()), (few, ()), (gone, ()), (same, late)):
            found.append([(each.code, str(each.data)) for each in signs_of("x", entries, judged, rules, [DAY])])
        grown = [replace(atoms[0], unit=str(at), strict=True, occurred_on=DAY + timedelta(days=at)) for at in range(80)]
        found.append([str(each) for each in growth_signals("x", grown, rules, DAY + timedelta(days=number))])
    return found


def of_awards(pack: RulePack) -> Any:
    return [_of_clause(each, pack) for each in pack.awards]


def _of_clause(clause: AwardClause, pack: RulePack) -> Any:
    if clause.counts in MONEY:
        bases = [Decimal(each) for each in (10_000, *range(500_000, 20_000_000, 100_000), 50_000_001, 55_000_000,
                                            200_000_000, 900_000_000)]  # fmt: skip
        return [
            weigh(clause, [AwardRow(kind="x", record_id=at, payee=1, on=DAY, amount_yuan=base, implemented=at % 80)])[0]
            for at, base in enumerate(bases)
        ]  # fmt: skip
    facts = [
        RecordFact(
            record_id=at, payee=at, title=str(at), occurred_on=DAYS[0], notified_on=DAYS[0] - timedelta(days=1),
            started_on=DAYS[0], until_on=years_after(DAYS[0], at % 9), left_on=years_after(DAYS[0], at % 7),
            reviewed_on=DAY, number=str(at), agents=at, cases=at, top_firms=at % 5,
        )
        for at in range(60)
    ]  # fmt: skip
    wide = replace(pack.window, from_on=DAYS[0], formal_from_on=DAYS[0], to_on=DAYS[-1])
    estimates = weigh(clause, record_rows(clause, facts, wide, DAYS[-1]))
    return [(each.payee, each.amount_yuan, str(each.remarks)) for each in estimates]


ASKED: Mapping[str, Callable[[RulePack], Any]] = {
    "window": of_window, "goals": of_goals, "patents": of_patents, "categories": of_categories, "demands": of_demands,
    "pushes": of_pushes, "proof": of_proof, "licensing": of_licensing, "sample": of_sample, "signals": of_signals,
    "awards": of_awards,
}  # fmt: skip


def test_what_only_services_read_is_read_there() -> None:
    package = Path(matchhub.__file__).parent
    for said, place in ELSEWHERE.items():
        assert f".{said}" in (package / place).read_text(encoding="utf-8"), said


@pytest.mark.parametrize("key", ["example-chengwan-2025", "example-successor-2026"])
def test_every_number_takes_effect_when_it_is_another_one(key: str) -> None:
    pack = load_pack(key)
    usual = {name: ask(pack) for name, ask in ASKED.items()}
    unread = []
    for path, value in leaves(pack):
        said = ".".join(map(str, path))
        if path[-1] in SHOWN or said in ELSEWHERE or path[0] in ("holidays", "local", "industries"):
            continue
        if "filters" in path or value == 0:
            continue  # filters have a test of their own; no term is no number
        if path[0] not in ASKED or ASKED[path[0]](changed(pack, path, other(value))) == usual[path[0]]:
            unread.append(said)
    assert unread == []
