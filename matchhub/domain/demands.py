"""Demands (技术需求): the eight tests that make one valid (有效需求), for the posting form and for the count alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from matchhub.domain.calendar import months_after
from matchhub.domain.counting.facts import DemandFacts
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.likeness import masked_text, masked_text_similarity
from matchhub.domain.organisations import ENTERPRISE
from matchhub.domain.rules import DemandRules
from matchhub.domain.targets import measurable_targets
from matchhub.errors import IdentifierInvalid

__all__ = [
    "HOW_VERIFIED",
    "TEST_KEYS",
    "DemandAssessment",
    "TestResult",
    "assess_demand",
    "longest_term",
    "masked_text",
    "masked_text_similarity",
    "measurable_targets",
    "reconfirmation_due_on",
    "repetition_code",
    "usual_term",
]

# How the operator verifies a demand: by telephone, at the firm, by message on the platform, where both were (a fair),
# or on the sheet that the firm signed.
HOW_VERIFIED = ("call", "visit", "message", "meeting", "signed_sheet")
TEST_KEYS = (ENTERPRISE, "contact", "problem", "target", "field", "terms", "validity", "original")


@dataclass(frozen=True, slots=True)
class TestResult:
    """One of the eight tests: ``code`` says what was found (passed) or what is missing, ``data`` fills its sentence."""

    __test__ = False  # not a test class of the test runner

    key: str
    passed: bool
    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class DemandAssessment:
    """All eight results in the fixed order of ``TEST_KEYS``."""

    tests: tuple[TestResult, ...]

    @property
    def valid(self) -> bool:
        """Whether every test was passed."""
        return all(test.passed for test in self.tests)

    @property
    def passed(self) -> int:
        """How many of the eight were passed: the validity score the form shows."""
        return sum(test.passed for test in self.tests)

    @property
    def missing(self) -> tuple[TestResult, ...]:
        """The tests that failed: what the form asks for next."""
        return tuple(test for test in self.tests if not test.passed)


def assess_demand(demand: DemandFacts, rules: DemandRules, on: date) -> DemandAssessment:
    """Judge ``demand`` on the day ``on`` by the eight tests of a valid demand (有效需求).

    The city wrote no definition; the tests are what a sceptical reviewer asks for: local enterprise identified, named
    contact, problem with object and aim, a measurable target, field or IPC, cooperation form and budget or 面议, still
    valid, authorised by the enterprise and no near-repetition of another demand.
    """
    tests: tuple[Callable[[DemandFacts, DemandRules, date], TestResult], ...] = (
        _enterprise,
        _contact,
        _problem,
        _target,
        _field,
        _terms,
        _validity,
        _original,
    )
    return DemandAssessment(tuple(test(demand, rules, on) for test in tests))


def _passed(key: str, code: str, **data: object) -> TestResult:
    return TestResult(key, True, code, data)


def _failed(key: str, code: str, **data: object) -> TestResult:
    return TestResult(key, False, code, data)


def _filled(text: str | None) -> bool:
    return bool(text and text.strip())


def _enterprise(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    key = ENTERPRISE
    if demand.enterprise_id is None or not demand.enterprise_uscc:
        return _failed(key, "demand_enterprise_unidentified")
    try:
        normalise_uscc(demand.enterprise_uscc)
    except IdentifierInvalid:
        return _failed(key, "demand_enterprise_uscc_invalid", uscc=demand.enterprise_uscc)
    if demand.enterprise_local is None:
        return _failed(key, "demand_locality_undecided")
    if not demand.enterprise_local:
        return _failed(key, "demand_enterprise_not_local", decided_by=demand.local_decided_by)
    return _passed(key, "demand_enterprise_local", decided_by=demand.local_decided_by)


def _contact(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    if not _filled(demand.contact_name):
        return _failed("contact", "demand_contact_unnamed")
    if not demand.contact_reachable:
        return _failed("contact", "demand_contact_unreachable")
    return _passed("contact", "demand_contact_named")


def _problem(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    if len((demand.text or "").strip()) < rules.least_text:
        return _failed("problem", "demand_problem_missing", least=rules.least_text)
    if not _filled(demand.object):
        return _failed("problem", "demand_object_missing")
    if not _filled(demand.aim):
        return _failed("problem", "demand_aim_missing")
    return _passed("problem", "demand_problem_stated")


def _target(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    texts = (demand.targets, demand.aim, demand.text)
    found = next((hits for text in texts if text and (hits := measurable_targets(text))), ())
    if not found:
        return _failed("target", "demand_target_missing")
    return _passed("target", "demand_target_measurable", target=found[0], number=len(found))


def _field(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    if demand.ipc:
        return _passed("field", "demand_field_given", field=demand.ipc[0])
    if _filled(demand.technical_field):
        return _passed("field", "demand_field_given", field=demand.technical_field)
    return _failed("field", "demand_field_missing")


def _terms(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    if not _filled(demand.cooperation_form):
        return _failed("terms", "demand_form_missing")
    if not demand.budget_negotiable and (demand.budget_yuan is None or demand.budget_yuan <= 0):
        return _failed("terms", "demand_budget_missing")
    return _passed("terms", "demand_terms_given", form=demand.cooperation_form)


def _validity(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    if demand.valid_until_on is None:
        return _failed("validity", "demand_valid_until_missing")
    until = demand.valid_until_on
    if last := _last_word_on(demand, on):
        until = min(until, longest_term(last, rules))
    if on > until:
        if until == demand.valid_until_on:
            return _failed("validity", "demand_expired", until=until)
        return _failed("validity", "demand_stale", until=until, months=rules.max_validity_months)
    return _passed("validity", "demand_still_valid", until=until)


def _last_word_on(demand: DemandFacts, on: date) -> date | None:
    said = (demand.posted_on, demand.authorised_on, demand.reconfirmed_on)
    return max((day for day in said if day is not None and day <= on), default=None)


def _original(demand: DemandFacts, rules: DemandRules, on: date) -> TestResult:
    if demand.authorised_on is None or demand.authorised_on > on or not _filled(demand.authorised_by):
        return _failed("original", "demand_not_authorised")
    if code := repetition_code(demand, rules):
        pair = {"other": demand.duplicate_of, "similarity": round(demand.duplicate_similarity or 0.0, 3)}
        return _failed("original", code, **pair)
    return _passed("original", "demand_original", authorised_on=demand.authorised_on)


def repetition_code(demand: DemandFacts, rules: DemandRules) -> str:
    """How far a demand repeats the earlier one it names: ``demand_repetition`` where a person said so or it is that
    like it, ``demand_repetition_review`` while a person must look, empty where it is a demand of its own."""
    if demand.duplicate_decision == "same":
        return "demand_repetition"
    if demand.duplicate_of is None or demand.duplicate_decision is not None:
        return ""
    likeness = demand.duplicate_similarity or 0.0
    code = "demand_repetition" if likeness >= rules.duplicate_hold else "demand_repetition_review"
    return code if likeness >= rules.duplicate_review else ""


def usual_term(day: date, rules: DemandRules) -> date:
    """The last day of a demand whose firm spoke on ``day`` and named none: what forms propose."""
    return months_after(day, rules.usual_months)


def longest_term(day: date, rules: DemandRules) -> date:
    """The furthest last day that the word of a firm given on ``day`` proves."""
    return months_after(day, rules.max_validity_months)


def reconfirmation_due_on(demand: DemandFacts, rules: DemandRules, on: date) -> date | None:
    """Day from which the enterprise is asked whether the demand still holds; None for a draft never posted."""
    last = _last_word_on(demand, on)
    return months_after(last, rules.reconfirm_months) if last else None
