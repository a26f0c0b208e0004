"""Verdicts on single records: reasons, atoms, and the marking of records that stand for one thing."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from matchhub.domain.counting.facts import RecordId

Effect = Literal["counts", "flagged", "not_literal", "not_strict"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One test and what came of it: ``counts`` speaks for the record, ``flagged`` tells, the others are against it.

    ``code`` has its sentences in ``matchhub/wording``; ``data`` fills them.
    """

    code: str
    effect: Effect
    data: Mapping[str, object] = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, object]:
        """``{"code", "effect", "data"}`` with days as ISO text."""
        plain = {
            name: value if isinstance(value, int | float | bool) or value is None else str(value)
            for name, value in self.data.items()
        }
        return {"code": self.code, "effect": self.effect, "data": plain}


def counts(code: str, **data: object) -> Reason:
    """A test that was passed."""
    return Reason(code, "counts", data)


def flagged(code: str, **data: object) -> Reason:
    """Something a reader must see that neither proves the record nor speaks against it: never shown as a tick."""
    return Reason(code, "flagged", data)


def not_literal(code: str, **data: object) -> Reason:
    """A test that even the plain words of the clause demand, failed."""
    return Reason(code, "not_literal", data)


def not_strict(code: str, **data: object) -> Reason:
    """A test that only a sceptical reviewer demands, failed."""
    return Reason(code, "not_strict", data)


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest counted thing: one record (or one patent of it) judged for one threshold.

    ``unit`` is the key that is counted distinct under the headline unit of the pack, ``other_unit`` the key under the
    other reading of the clause where there is one. ``strict`` implies ``literal``. ``patent`` is the key of the patent
    that was judged, of deals and licences; it only serves while thresholds are laid side by side and is not kept.
    """

    record_id: RecordId
    unit: str
    literal: bool
    strict: bool
    reasons: tuple[Reason, ...]
    occurred_on: date | None = None
    other_unit: str | None = None
    patent: str = field(default="", compare=False)


def judged(
    record_id: RecordId,
    unit: str,
    reasons: Iterable[Reason],
    occurred_on: date | None,
    other_unit: str | None = None,
    patent: str = "",
) -> Atom:
    """The atom that follows from its reasons: literal when none is against it literally, strict when none at all."""
    kept = tuple(reasons)
    effects = {reason.effect for reason in kept}
    literal = "not_literal" not in effects
    strict = literal and "not_strict" not in effects
    return Atom(record_id, unit, literal, strict, kept, occurred_on, other_unit, patent)


def with_reason(atom: Atom, reason: Reason) -> Atom:
    """The same atom judged again with one reason more."""
    again = judged(atom.record_id, atom.unit, (*atom.reasons, reason), atom.occurred_on, atom.other_unit)
    return replace(atom, literal=again.literal, strict=again.strict, reasons=again.reasons)


def id_order(record_id: RecordId) -> tuple[bool, int, str]:
    """Sort key over ids of both kinds: numbers by value, then strings."""
    return (True, 0, record_id) if isinstance(record_id, str) else (False, record_id, "")


def mark_duplicates(atoms: Iterable[Atom]) -> list[Atom]:
    """Let one record speak for each unit; the others keep their reasons and say of whom they are a duplicate.

    The best judged record stands (strict before literal), of equals the one with the lowest id, so the order of the
    input never matters. Atoms of one record never exclude each other.
    """
    listed = list(atoms)
    return mark_repeats(listed, [atom.unit for atom in listed], "duplicate_record", "not_literal")


def mark_repeats(atoms: Sequence[Atom], keys: Sequence[Hashable | None], code: str, effect: Effect) -> list[Atom]:
    """Of the literal atoms that share a key the best stands; the others get the reason ``code`` with ``effect``.

    ``keys`` runs parallel to ``atoms``; None shares nothing. Best: strict, then earliest event, then lowest id.
    """
    best: dict[Hashable, Atom] = {}
    for atom, key in zip(atoms, keys, strict=True):
        if key is None or not atom.literal:
            continue
        held = best.get(key)
        if held is None or _rank(atom) < _rank(held):
            best[key] = atom
    return [
        _against(atom, best.get(key) if key is not None else None, code, effect)
        for atom, key in zip(atoms, keys, strict=True)
    ]


def mark_doubtful(atoms: Sequence[Atom], doubts: Mapping[RecordId, Collection[RecordId]], code: str) -> list[Atom]:
    """Of records that may be one and the same, one counts strictly until a person has decided.

    ``doubts`` names the records that each record may be; one that names none itself stands before those that do. Of
    the others the best judged stands (``mark_repeats``), and a record in doubt with one that stands gets the reason
    ``code``. One that does not count holds nobody back.
    """
    standing: set[RecordId] = set()
    held: dict[RecordId, RecordId] = {}
    strict = (atom for atom in atoms if atom.strict)
    for atom in sorted(strict, key=lambda each: (bool(doubts.get(each.record_id)), _rank(each))):
        others = sorted(standing.intersection(doubts.get(atom.record_id, ())), key=id_order)
        if others:
            held[atom.record_id] = others[0]
        else:
            standing.add(atom.record_id)
    return [
        with_reason(atom, not_strict(code, other=held[atom.record_id])) if atom.record_id in held else atom
        for atom in atoms
    ]


def _rank(atom: Atom) -> tuple[bool, date, tuple[bool, int, str]]:
    return (not atom.strict, atom.occurred_on or date.max, id_order(atom.record_id))


def _against(atom: Atom, counted: Atom | None, code: str, effect: Effect) -> Atom:
    if counted is None or not atom.literal or counted.record_id == atom.record_id:
        return atom
    return with_reason(atom, Reason(code, effect, {"other": counted.record_id}))
