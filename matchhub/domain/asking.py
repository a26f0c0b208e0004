"""Asking for contact (意向) about a patent: the demand it is asked from, and what that still lacks for an answer."""

from __future__ import annotations

from typing import Final

from matchhub.domain.demands import DemandAssessment, TestResult
from matchhub.domain.organisations import ENTERPRISE

ASKING_STATES: Final = ("submitted", "verified")
# What others have to say of a demand keeps nobody from asking: whether the firm is local, whether it repeats another.
_SAID_BY_OTHERS: Final = frozenset({ENTERPRISE})
_OWN_SHARE: Final = {"original": "demand_not_authorised"}


def lacking_for_contact(state: str, assessment: DemandAssessment) -> tuple[TestResult, ...]:
    """Tests that the firm itself has yet to pass before a holder is asked from its demand; none for a verified one.

    A holder can answer what names its problem, target, field and terms, still stands and is the firm's own.
    """
    if state == "verified":
        return ()
    return tuple(test for test in assessment.missing if _is_own_share(test))


def _is_own_share(test: TestResult) -> bool:
    return test.key not in _SAID_BY_OTHERS and _OWN_SHARE.get(test.key, test.code) == test.code
