"""The part of a rule pack that says how well each fact must be proven (举证层级)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ProofLevel = Literal["typed", "documented", "confirmed"]
"""Entered or imported; a paper of the right kind is attached; the other organisation said so itself."""
PROOF_FACTS: Mapping[str, tuple[str, ...]] = {
    "deals": ("contract", "payment", "registration", "word", "implementation"),
    "pushes": ("delivery",),
    "offers": ("declaration",),
    "licences": ("notice", "payment", "filing", "word"),
    "demands": ("verification", "authorisation"),
    "experts": ("consent",),
}
"""The facts of each kind of record of which a pack says the level."""
CONFIRMED_ONLY = frozenset({"word", "delivery", "verification"})
"""Facts that no paper documents: others say them, or their machines do (confirmed), or nobody need (typed)."""


@dataclass(frozen=True, slots=True)
class ProofNeed:
    """Level of proof that strict wants of one fact, and the kinds of paper (``domain.papers``) that document it."""

    level: ProofLevel
    papers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProofRules:
    """What proves what: needs by kind and fact, what is too little to be a payment, and when a record is late.

    A payment proves nothing below ``least_yuan`` or below ``least_share`` of the agreed amount. A record made more than
    ``late_record_days`` after the event needs a paper of ``late_papers`` and the bureau's confirmation.
    """

    needs: Mapping[str, Mapping[str, ProofNeed]]
    least_yuan: Decimal
    least_share: Decimal
    late_record_days: int
    late_papers: frozenset[str]
