"""What comes next in a deal or a licence (下一步): said first on its page, from its stage and from what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from matchhub.domain.deals import Stage
from matchhub.domain.organisations import CONFIRMING_BUREAU, CONFIRMING_OPERATOR

Place = Literal["parties", "findings", "sign", "step", "pay", "filing", "relations", "words"]
"""Where an act is done: a part of the page, the list of affiliations, or the words of operator and bureau."""
_UNREGISTERED = frozenset(
    {"deal_unregistered", "deal_register_event_wrong", "register_number_missing", "registration_undocumented"}
)
_UNPAID = frozenset({"payment_missing", "payment_proof_missing", "payment_proof_lost", "payment_undocumented"})
UNCONFIRMED = frozenset(
    {"confirmation_missing", "confirmation_lapsed", "confirmation_by_entrant", "confirmation_not_independent",
     "confirmation_without_second_factor", "evidence_after_confirmation"}
)  # fmt: skip

_WAITED_FOR = {
    frozenset({CONFIRMING_OPERATOR}): "next_confirm_operator",
    frozenset({CONFIRMING_BUREAU}): "next_confirm_bureau",
}


@dataclass(frozen=True, slots=True)
class NextAct:
    """One thing that is to be done: a code of ``wording``, its data, and where it is done (``None``: not by hand)."""

    code: str
    place: Place | None = None
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a record has and lacks: ``codes`` why it does not count, ``asked`` whether the reader's own word waits,
    ``unsaid`` the roles whose confirmation is missing or does not hold (``domain.organisations``)."""

    codes: frozenset[str]
    strict: bool
    asked: bool
    unsaid: frozenset[str] = frozenset()


def deal_acts(stage: Stage, lacks: Lacks, blocked: bool, due_yuan: Decimal | None) -> tuple[NextAct, ...]:
    """What is to be done about a deal now, what comes first first; never empty.

    ``blocked``: the checks forbid its signing. ``due_yuan``: what is still to be paid, where an amount is agreed.
    """
    if stage == "cancelled":
        return (NextAct("next_deal_cancelled"),)
    return tuple(_deal_acts(stage, lacks, blocked, due_yuan)) or (_end(lacks),)


def _deal_acts(stage: Stage, lacks: Lacks, blocked: bool, due_yuan: Decimal | None) -> Iterator[NextAct]:
    if lacks.asked:
        yield NextAct("next_answer", "parties")
    if stage in ("interested", "negotiating"):
        yield NextAct("next_deal_blocked", "findings") if blocked else NextAct("next_deal_sign", "sign")
        return
    if lacks.codes & _UNREGISTERED:
        yield NextAct("next_deal_register", "step")
    if due_yuan:
        yield NextAct("next_deal_pay_rest", "pay", {"due": f"{due_yuan:,.2f}".removesuffix(".00")})
    elif lacks.codes & _UNPAID:
        yield NextAct("next_deal_pay", "pay")
    yield from _others(lacks)


def licence_acts(
    lacks: Lacks, paid: bool, filed: bool, reached_on: date | None, due_on: date | None
) -> tuple[NextAct, ...]:
    """The same of a licence that was accepted; ``due_on``: until when it is to be filed (备案)."""
    return tuple(_licence_acts(lacks, paid, filed, reached_on, due_on)) or (_end(lacks),)


def _licence_acts(
    lacks: Lacks, paid: bool, filed: bool, reached_on: date | None, due_on: date | None
) -> Iterator[NextAct]:
    if lacks.asked:
        yield NextAct("next_answer", "parties")
    if not paid and (reached_on is None or lacks.codes & _UNPAID):
        yield NextAct("next_licence_pay", "pay")
    if reached_on is not None and not filed:
        yield NextAct("next_licence_file", "filing", {"due_on": due_on})
    yield from _others(lacks)


def _others(lacks: Lacks) -> Iterator[NextAct]:
    """What operator and bureau do; the parties are told that it is not theirs."""
    if "affiliation_unknown" in lacks.codes:
        yield NextAct("next_relations", "relations")
    if lacks.codes & UNCONFIRMED:
        yield NextAct(_WAITED_FOR.get(lacks.unsaid, "next_confirm"), "words")


def _end(lacks: Lacks) -> NextAct:
    return NextAct("next_counted") if lacks.strict else NextAct("next_nothing")
