"""How the counting tests ask: what speaks against one record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import COUNTERS, explain
from matchhub.domain.rules import RulePack
from tests.domain.factories import AS_OF, pack


def judge(key: str, facts: Sequence[Any], as_of: date = AS_OF, rules: RulePack | None = None) -> list[Atom]:
    return COUNTERS[key](facts, rules or pack(), as_of)


def against(atoms: list[Atom], record_id: Any = 1) -> set[str]:
    return {reason.code for reason in explain(atoms, record_id).reasons if reason.effect != "counts"}


def speaking_for(atoms: list[Atom], record_id: Any = 1) -> set[str]:
    return {reason.code for reason in explain(atoms, record_id).reasons if reason.effect == "counts"}


def literal(atoms: list[Atom]) -> int:
    return len({atom.unit for atom in atoms if atom.literal})


def strict(atoms: list[Atom]) -> int:
    return len({atom.unit for atom in atoms if atom.strict})


def expect(key: str, fact: Any, code: str, still_literal: bool, as_of: date = AS_OF) -> None:
    """The fact fails exactly by ``code``: strictly only, or by the plain words too."""
    atoms = judge(key, [fact], as_of)
    assert code in against(atoms, fact.record_id)
    assert (literal(atoms), strict(atoms)) == (int(still_literal), 0)
