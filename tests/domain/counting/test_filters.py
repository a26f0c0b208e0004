"""Thresholds composed of a counter and filters: what each filter takes, told by its reason, without a line of code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import Facts
from matchhub.domain.counting.progress import progress
from matchhub.domain.goals import FILTERS, Filters
from matchhub.domain.rules import RulePack
from matchhub.policy import read_pack
from tests.domain.counting.verdicts import against, literal, speaking_for, strict
from tests.domain.factories import AS_OF, deal, demand, enterprise, licence, number, offer, pack, paper, patent, push
from tests.policy.packs import FILE, KEY

UTILITY = """
[[goals.thresholds]]
key = "utility_deals_2024"
counter = "deals"
title_zh = "实用新型实施交易"
title_en = "Utility-model deals in use"
required = 100
unit = "contract"
other_unit = "buyer"
summary = "2024 年度本市实施的实用新型交易 100 个以上(含),每个 10 万元以上(含)"
where = { patent_types = ["utility_model"], least_yuan = 100000, implemented = true, local = true, year = 2024 }

[patents]
"""


def composed() -> RulePack:
    """The shipped pack with one more threshold over deals: a few lines of its file."""
    text = FILE.read_text(encoding="utf-8")
    return read_pack(KEY, text.replace("\n[patents]\n", UTILITY, 1).encode())


def utility_deal(n: int, **changes: Any) -> Any:
    made = deal(n)
    patents = tuple(replace(each, application_number=number(n, 2)) for each in made.patents)
    usual = {
        "patents": patents,
        "amount_yuan": Decimal(100_000),
        "buyer_local": True,
        "implemented_on": (date(2024, 9, 1),),
        "evidence": (*made.evidence, paper(n, "implementation_report")),
        "payments": tuple(replace(each, amount_yuan=Decimal(100_000)) for each in made.payments),
    }
    return replace(made, **{**usual, **changes})


def judged(*deals: Any, as_of: date = AS_OF) -> dict[str, list[Atom]]:
    return count_all(Facts(deals=deals), composed(), as_of)


def test_a_threshold_of_a_few_lines_counts_what_it_says() -> None:
    atoms = judged(*(utility_deal(n) for n in (1, 2)), deal(3))
    assert (literal(atoms["utility_deals_2024"]), strict(atoms["utility_deals_2024"])) == (2, 2)
    assert strict(atoms["invention_deals"]) == 1
    assert speaking_for(atoms["utility_deals_2024"]) >= {
        "patent_type_meets",
        "amount_reached",
        "firm_local",
        "deal_implemented",
        "implementation_documented",
    }
    told = progress(atoms, composed(), AS_OF).threshold("utility_deals_2024")
    assert (told.missing, told.threshold.title("zh")) == (98, "实用新型实施交易")
    assert told.other is not None and (told.other.unit, told.other.strict) == ("buyer", 2)


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"patents": deal(1).patents}, "patent_type_other", False),
        ({"amount_yuan": Decimal("99999.99")}, "amount_below", False),
        ({"amount_yuan": None}, "amount_unknown", False),
        ({"buyer_local": False}, "firm_not_local", False),
        ({"buyer_local": None}, "firm_locality_undecided", False),
        ({"implemented_on": ()}, "deal_not_implemented", False),
        ({"implemented_on": (date(2025, 7, 1),)}, "deal_not_implemented", False),
        ({"implemented_on": (date(2024, 1, 1),)}, "deal_implemented_too_early", False),
        ({"evidence": deal(1).evidence}, "implementation_undocumented", True),
        ({"signed_on": date(2023, 12, 31)}, "event_before_window", False),
        ({"signed_on": date(2025, 1, 1), "implemented_on": (date(2025, 2, 1),)}, "event_after_window", False),
    ],
)
def test_each_filter_says_why_it_keeps_a_deal_out(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    atoms = judged(utility_deal(1, **changes))["utility_deals_2024"]
    assert code in against(atoms)
    assert (literal(atoms), strict(atoms)) == (int(still_literal), 0)


@pytest.mark.parametrize(("yuan", "counted"), [("99999.99", 0), ("100000", 1), ("100000.01", 1)])
def test_the_least_amount_is_included(yuan: str, counted: int) -> None:
    assert literal(judged(utility_deal(1, amount_yuan=Decimal(yuan)))["utility_deals_2024"]) == counted


def test_a_deal_that_a_filter_keeps_out_still_passes_the_patent_on() -> None:
    cheap = utility_deal(1, amount_yuan=Decimal(5000))
    back = replace(utility_deal(2), patents=cheap.patents, sellers=cheap.buyers, buyers=cheap.sellers,
                   signed_on=date(2024, 6, 20), affiliations=())  # fmt: skip
    atoms = judged(cheap, back)["utility_deals_2024"]
    assert "deal_round_trip" in against(atoms, 2) and strict(atoms) == 0


def test_one_paper_serves_one_deal_over_all_thresholds_of_deals() -> None:
    first, second = deal(1), utility_deal(2)
    shared = replace(second, payments=(replace(first.payments[0], amount_yuan=Decimal(100_000)),))
    atoms = judged(first, shared)
    assert strict(atoms["invention_deals"]) == 1
    assert "evidence_used_twice" in against(atoms["utility_deals_2024"], 2)


def _narrowed(key: str, filters: Filters) -> RulePack:
    """The shipped pack, one threshold of it with other filters."""
    goals = tuple(
        replace(goal, thresholds=tuple(replace(e, filters=filters) if e.key == key else e for e in goal.thresholds))
        for goal in pack().goals
    )
    return replace(pack(), goals=goals)


def _counted(key: str, filters: Filters, **facts: Any) -> list[Atom]:
    return count_all(Facts(**facts), _narrowed(key, filters), AS_OF)[key]


INVENTION = Filters(patent_types=frozenset({"invention"}))
UTILITY_ONLY = Filters(patent_types=frozenset({"utility_model"}))


def test_patents_are_taken_by_type_and_by_industry() -> None:
    for filters, codes in (
        (INVENTION, set()),
        (UTILITY_ONLY, {"patent_type_other"}),
        (Filters(industries=frozenset({"footwear"})), set()),
        (Filters(industries=frozenset({"umbrellas"})), {"industry_other"}),
    ):
        assert against(_counted("patents", filters, patents=(patent(1),))) == codes
    assert "industry_meets" in speaking_for(
        _counted("patents", Filters(industries=frozenset({"footwear"})), patents=(patent(1),))
    )
    nameless = patent(1, application_number=None, publication_number="?")
    assert "patent_type_unknown" in against(_counted("patents", INVENTION, patents=(nameless,)))
    design = patent(1, application_number=None, publication_number="CN301234567S")
    assert "patent_type_other" in against(_counted("patents", INVENTION, patents=(design,)))


def test_enterprises_are_taken_by_place_and_by_category() -> None:
    here, there = enterprise(1, local=True), enterprise(2, local=False)
    local = _counted("enterprises", Filters(local=True), enterprises=(here, there, enterprise(3)))
    assert against(local, 1) == set() and against(local, 2) == {"firm_not_local"}
    assert against(local, 3) == {"firm_locality_undecided"}
    gazelles = Filters(categories=frozenset({"gazelle_unicorn"}))
    assert against(_counted("enterprises", gazelles, enterprises=(here,))) == {"enterprise_category_missing"}
    assert against(_counted("enterprises", Filters(), enterprises=(there,)), 2) == set()


def test_without_the_filter_a_demand_and_a_licence_of_any_firm_count() -> None:
    away = demand(1, enterprise_local=False)
    assert against(_counted("local_demands", Filters(), demands=(away,))) == set()
    assert against(_counted("local_demands", Filters(local=True), demands=(away,))) == {"demand_enterprise_not_local"}
    abroad = licence(1, licensee_local=False)
    assert against(_counted("open_licences", Filters(), licences=(abroad,))) == set()
    assert against(_counted("open_licences", Filters(local=True), licences=(abroad,))) == {"licence_licensee_not_local"}


def test_demands_and_licences_are_taken_by_amount() -> None:
    dear = Filters(least_yuan=Decimal(50_000))
    assert against(_counted("open_licences", dear, licences=(licence(1),))) == set()
    assert "amount_unknown" in against(_counted("open_licences", dear, licences=(licence(1, free=True),)))
    assert "amount_below" in against(_counted("open_licences", dear, licences=(licence(1, fee_yuan=Decimal(49_999)),)))
    wanted = demand(1, budget_yuan=Decimal(49_999))
    assert "amount_below" in against(_counted("local_demands", dear, demands=(wanted,)))


def test_offers_and_licences_are_taken_by_type_and_regime() -> None:
    assert against(_counted("open_licence_offers", INVENTION, offers=(offer(1),))) == set()
    assert against(_counted("open_licence_offers", UTILITY_ONLY, offers=(offer(1),))) == {"patent_type_other"}
    pilot = Filters(regimes=frozenset({"pilot"}))
    assert "offer_regime_other" in against(_counted("open_licence_offers", pilot, offers=(offer(1, regime="cnipa"),)))
    assert against(_counted("open_licences", UTILITY_ONLY, licences=(licence(1),))) == {"patent_type_other"}


def test_deals_are_taken_by_kind() -> None:
    transfers = Filters(deal_types=frozenset({"transfer"}))
    assert "deal_type_meets" in speaking_for(_counted("invention_deals", transfers, deals=(deal(1),)))
    licences = Filters(deal_types=frozenset({"ordinary_licence"}))
    assert "deal_type_other" in against(_counted("invention_deals", licences, deals=(deal(1),)))


def test_pushes_are_taken_by_year() -> None:
    day = push(1).delivered_at
    assert day is not None
    assert against(_counted("pushes", Filters(from_on=day.date()), pushes=(push(1),))) == set()
    later = Filters(from_on=date(day.year + 1, 1, 1))
    assert "event_before_window" in against(_counted("pushes", later, pushes=(push(1),)))


def test_every_filter_is_a_field_of_the_filters() -> None:
    fields = set(Filters.__dataclass_fields__) | {"year"}
    assert {name for names in FILTERS.values() for name in names} == fields
