"""Every reason the rules can give has its sentences and a test that asks for it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

import matchhub.domain.counting
from matchhub.wording import codes
from tests.domain.counting.verdicts import judge, speaking_for
from tests.domain.factories import MAKERS
from tests.structure.codes import literals

COUNTING = Path(matchhub.domain.counting.__file__ or "").parent
SUBJECTS = [COUNTING.parent / f"{name}.py" for name in ("demands", "evidence", "licensing", "deals", "pushes")]


FILES = (*COUNTING.glob("*.py"), *SUBJECTS)
PLACES = {
    "counts": (0,),
    "not_literal": (0,),
    "not_strict": (0,),
    "Fault": (0,),
    "Signal": (1,),
    "Finding": (1,),
    "Check": (1,),
    "_passed": (1,),
    "_failed": (1,),
    "flagged": (0,),
    "Told": (0, 1),
    "mark_repeats": (2,),
    "mark_doubtful": (2,),
    "needed": (1, 2),
    "source_reasons": (3, 4),
}
FOR = {
    "patents": {
        "patent_number_checked",
        "patent_title_present",
        "patent_class_present",
        "patent_applicant_present",
        "patent_status_fresh",
    },
    "enterprises": {"uscc_checked", "enterprise_category_proven"},
    "experts": {
        "expert_field_present",
        "expert_standing_present",
        "expert_standing_proven",
        "expert_consent_on_file",
        "expert_consent_documented",
    },
    "agencies": {
        "uscc_checked",
        "agency_identity_proven",
        "agency_licence_present",
        "agency_services_present",
        "agency_contact_present",
    },
    "local_demands": {
        "event_in_window",
        "recorded_in_time",
        "demand_enterprise_local",
        "demand_contact_named",
        "demand_problem_stated",
        "demand_target_measurable",
        "demand_field_given",
        "demand_terms_given",
        "demand_still_valid",
        "demand_original",
        "demand_verified",
        "demand_authorised",
    },
    "pushes": {
        "event_in_window",
        "push_accepted",
        "push_recipient_willing",
        "push_day_cap_kept",
        "push_reaches_floor",
        "push_explained",
        "push_answers_demand",
        "push_first_of_pair",
    },
    "invention_deals": {
        "event_in_window",
        "recorded_in_time",
        "payment_proven",
        "payment_in_full",
        "parties_independent",
        "contract_documented",
        "payment_documented",
        "registration_documented",
        "deal_confirmed",
        "deal_on_invention",
        "deal_patent_in_force",
        "deal_registered",
        "deal_came_through_platform",
    },
    "open_licence_offers": {
        "event_in_window",
        "offer_declaration_proven",
        "offer_holder_on_patent",
        "recorded_in_time",
        "patent_number_checked",
        "offer_industry_given",
        "offer_announced",
        "offer_patent_in_force",
    },
    "open_licences": {
        "event_in_window",
        "licence_licensee_local",
        "licence_licensor_on_patent",
        "licence_notified",
        "payment_proven",
        "licence_filed",
        "licence_under_offer",
        "parties_independent",
        "recorded_in_time",
        "payment_in_full",
        "notice_documented",
        "payment_documented",
        "filing_documented",
        "deal_confirmed",
    },
}


def coded_calls(files: Iterable[Path] = FILES) -> set[str]:
    """Codes given literally to the makers of reasons, or to a name ``code``."""
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    called = {code for node in nodes if isinstance(node, ast.Call) for code in _codes(node)}
    named = {
        code
        for node in nodes
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code"
        for code in literals(node.value)
    }
    return called | named


def _codes(node: ast.Call) -> list[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    places = PLACES.get(name, ())
    return [code for at in places if at < len(node.args) for code in literals(node.args[at])]


def test_the_search_finds_the_codes() -> None:
    assert {"patent_dead", "demand_aim_missing", "recorded_late", "push_cap_patent"} <= coded_calls()


def test_every_code_has_both_sentences() -> None:
    assert sorted(coded_calls() - codes()) == []


def test_every_code_is_asked_for_in_a_test() -> None:
    tests = COUNTING.parents[2] / "tests" / "domain"
    asked = "\n".join(file.read_text(encoding="utf-8") for file in tests.rglob("test_*.py"))
    assert sorted(code for code in coded_calls() if f'"{code}"' not in asked) == []


@pytest.mark.parametrize(("key", "codes_for"), FOR.items())
def test_a_complete_record_tells_why_it_counts(key: str, codes_for: set[str]) -> None:
    assert speaking_for(judge(key, [MAKERS[key](1)])) == codes_for
