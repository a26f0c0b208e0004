"""How the counting tests ask: what speaks against one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import matchhub.wording
from matchhub.domain.counting.atoms import Atom, Reason
from matchhub.domain.counting.counters import COUNTERS, explain
from matchhub.domain.rules import RulePack
from matchhub.wording import placeholders, read_wording
from tests.domain.factories import AS_OF, pack


def judge(key: str, facts: Sequence[Any], as_of: date = AS_OF, rules: RulePack | None = None) -> list[Atom]:
    by = rules or pack()
    threshold = by.threshold(key)
    return COUNTERS[threshold.counter](facts, by, threshold, as_of)


@lru_cache(maxsize=1)
def _templates() -> dict[str, dict[str, str]]:
    return read_wording(Path(matchhub.wording.__file__ or "").parent.glob("*.toml"))


def speak(code: str, data: Mapping[str, object]) -> None:
    """Assert that both sentences of ``code`` find in ``data`` all they name."""
    for template in _templates()[code].values():
        assert placeholders(template) <= set(data), f"{code}: {template} lacks data, given {sorted(data)}"


def _told(atoms: list[Atom], record_id: Any) -> tuple[Reason, ...]:
    reasons = explain(atoms, record_id).reasons
    for reason in reasons:
        speak(reason.code, reason.data)
    return reasons


def against(atoms: list[Atom], record_id: Any = 1) -> set[str]:
    return {reason.code for reason in _told(atoms, record_id) if reason.effect != "counts"}


def speaking_for(atoms: list[Atom], record_id: Any = 1) -> set[str]:
    return {reason.code for reason in _told(atoms, record_id) if reason.effect == "counts"}


def literal(atoms: list[Atom]) -> int:
    return len({atom.unit for atom in atoms if atom.literal})


def strict(atoms: list[Atom]) -> int:
    return len({atom.unit for atom in atoms if atom.strict})


def expect(key: str, fact: Any, code: str, still_literal: bool, as_of: date = AS_OF) -> None:
    """The fact fails exactly by ``code``: strictly only, or by the plain words too."""
    atoms = judge(key, [fact], as_of)
    assert code in against(atoms, fact.record_id)
    assert (literal(atoms), strict(atoms)) == (int(still_literal), 0)
