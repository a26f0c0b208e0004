"""The question every count answers: as of which day, as known at which moment, by which rules; from the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import request

from matchhub.domain.calendar import moment_said
from matchhub.domain.typed import day_of
from matchhub.errors import Refusal
from matchhub.services.counting.counts import Question, known_policies, question
from matchhub.services.counting.losses import usual_claim_at
from matchhub.services.counting.rule_packs import pack_is_confirmed
from matchhub.services.kernel.unit import Unit

_KEPT = ("as_of", "known_at", "policy")


@dataclass(frozen=True, slots=True)
class Asking:
    """The question with what the pickers show; ``kept`` carries it from page to page."""

    question: Question
    kept: dict[str, str]
    policies: tuple[str, ...]
    pack_confirmed: bool

    @property
    def kept_now(self) -> dict[str, str]:
        """``kept`` for a page that answers for now only."""
        return {name: value for name, value in self.kept.items() if name == "policy"}

    @property
    def window_ended(self) -> bool:
        """Whether the window had ended by the as-of day."""
        return self.question.pack.window.ended(self.question.as_of)


def asked(unit: Unit, now: bool = False) -> Asking:
    """The question of this request; ``now``: of its rules, but about today and all that is known.

    Raises ``Refusal`` ``day_unreadable``, ``moment_unreadable`` or ``policy_unknown``.
    """
    names = ("policy",) if now else _KEPT
    kept = {name: request.args[name].strip() for name in names if request.args.get(name, "").strip()}
    wanted = question(
        unit,
        _day(kept["as_of"]) if "as_of" in kept else None,
        _moment(unit, kept["known_at"]) if "known_at" in kept else None,
        kept.get("policy"),
    )
    return Asking(wanted, kept, known_policies(unit), pack_is_confirmed(unit, wanted.pack))


def asked_claim(unit: Unit, asking: Asking) -> datetime:
    """The moment of the claim to compare with, or the usual one; ``Refusal("moment_unreadable")``."""
    text = request.args.get("claimed_at", "").strip()
    return _moment(unit, text) if text else usual_claim_at(unit, asking.question)


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise Refusal("day_unreadable", value=text[:40])
    return day


def _moment(unit: Unit, text: str) -> datetime:
    try:
        return moment_said(unit.zone, text)
    except ValueError as fault:
        raise Refusal("moment_unreadable", value=text[:40]) from fault
