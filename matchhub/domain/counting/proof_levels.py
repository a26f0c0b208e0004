"""How well each fact of a judged record is proven (举证层级), read from the reasons of its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matchhub.domain.counting import proof
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.proof_rules import ProofRules

_CONFIRMED = "deal_confirmed"
_TOLD: Mapping[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("deals", "contract"): (proof.CONTRACT.proven, (proof.CONTRACT.unproven,)),
    ("deals", "payment"): (proof.PAYMENT.proven, (proof.PAYMENT.unproven,)),
    ("deals", "registration"): (proof.REGISTRATION.proven, (proof.REGISTRATION.unproven,)),
    ("deals", "implementation"): (proof.IMPLEMENTATION.proven, (proof.IMPLEMENTATION.unproven,)),
    ("pushes", "delivery"): (proof.DELIVERY.proven, (proof.DELIVERY.unproven,)),
    ("offers", "declaration"): (proof.DECLARATION.proven, (proof.DECLARATION.unproven,)),
    ("licences", "notice"): (proof.NOTICE.proven, (proof.NOTICE.unproven,)),
    ("licences", "payment"): (proof.PAYMENT.proven, (proof.PAYMENT.unproven,)),
    ("licences", "filing"): (proof.FILING.proven, (proof.FILING.unproven,)),
    ("demands", "verification"): (proof.VERIFICATION.proven, (proof.VERIFICATION.unproven,
                                                              "demand_changed_since_verified")),
    ("demands", "authorisation"): (proof.AUTHORISATION.proven, (proof.AUTHORISATION.unproven,
                                                                "demand_changed_since_authorised")),
    ("experts", "consent"): (proof.CONSENT.proven, (proof.CONSENT.unproven,)),
}  # fmt: skip
_WORD_LACKS = ("confirmation_", "evidence_after_confirmation")


@dataclass(frozen=True, slots=True)
class FactLevel:
    """One fact: the level the pack wants, the one reached, and the kinds of paper that document it.

    ``reached`` is empty where there is nothing on record to prove yet (no payment, no registration).
    """

    fact: str
    wanted: str
    reached: str
    papers: frozenset[str]


def fact_levels(kind: str, reasons: Iterable[Reason], rules: ProofRules) -> tuple[FactLevel, ...]:
    """The level of each fact that the pack names for a kind of record; none for a kind of which it names none."""
    listed = tuple(reasons)
    return tuple(
        FactLevel(fact, need.level, need.level if need.level == "typed" else _reached(kind, fact, listed), need.papers)
        for fact, need in rules.needs.get(kind, {}).items()
    )


def _reached(kind: str, fact: str, reasons: tuple[Reason, ...]) -> str:
    if fact == "word":
        return _level_of_word(reasons)
    proven, lacks = _TOLD[kind, fact]
    for reason in reasons:
        if reason.code == proven and reason.effect == "counts":
            return str(reason.data.get("level", "documented"))
        if reason.code in lacks:
            return "typed"
    return ""


def _level_of_word(reasons: tuple[Reason, ...]) -> str:
    if any(reason.code == _CONFIRMED for reason in reasons):
        return "confirmed"
    return "typed" if any(reason.code.startswith(_WORD_LACKS) for reason in reasons) else ""
