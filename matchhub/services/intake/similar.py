"""Records whose names are similar, found when new ones come in and put before a person once (DOMAIN.md 2, Names).

Enterprises and agencies: core names by ``domain.parties.near_names``; two that bear different codes (USCC) are proven
to be two and are not asked about. Experts: the same name at two organisations that resemble each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from matchhub.db.tables import SimilarPair
from matchhub.domain.parties import core_name, near_names, normalise_name
from matchhub.domain.similar_names import indel_ratio
from matchhub.services.imports.state import parts
from matchhub.services.intake.kinds import TABLES
from matchhub.services.unit import Unit

THRESHOLD = 90.0  # of core names; see docs/decisions/0012-similar-names.md
ORGANISATIONS = 80.0  # of the organisations of two experts of one name
FEW = 60  # so few new names are compared one by one; more are worth the index over all
_LEAST = 2  # a core of one character says nothing


@dataclass(frozen=True, slots=True)
class Bearer:
    """What is compared of one record."""

    id: int
    name: str
    code: str = ""
    organisation: str = ""
    address: str = ""
    person: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records (earlier first), the ratio of their core names 0..100, and what else speaks for one record."""

    left: int
    right: int
    ratio: float
    reasons: tuple[str, ...]


def find_similar(unit: Unit, kind: str, new_ids: Iterable[int], batch_id: int | None = None, demo: bool = False) -> int:
    """Compare new records with all of their kind and queue the pairs nobody was asked about; returns how many."""
    new = set(new_ids)
    if kind not in TABLES or not new:
        return 0
    bearers = list(_bearers(unit, kind))
    found = _experts(bearers, new) if kind == "experts" else _named(bearers, new)
    fresh = _not_asked(unit, kind, [each for each in found if each.left != each.right])
    rows = [
        {
            "kind": kind,
            "left_id": each.left,
            "right_id": each.right,
            "ratio": round(each.ratio, 1),
            "reasons": list(each.reasons),
            "batch_id": batch_id,
            "found_at": unit.now,
            "demo": demo,
        }
        for each in fresh
    ]
    if rows:
        unit.session.execute(insert(SimilarPair), rows)
    return len(rows)


def _bearers(unit: Unit, kind: str) -> Iterator[Bearer]:
    table = TABLES[kind]
    names = {
        "enterprises": ("uscc", None, "address", "legal_representative", "contact_phone"),
        "agencies": ("uscc", None, "address", "contact_name", "phone"),
        "experts": (None, "organisation", None, None, "phone"),
    }[kind]
    columns = [table.id, table.name, *(getattr(table, name) for name in names if name)]
    chosen = select(*columns).where(table.withdrawn_at.is_(None)).order_by(table.id)
    for row in unit.session.execute(chosen):
        values = iter(row[2:])
        yield Bearer(row[0], row[1], *(((next(values) or "") if name else "") for name in names))


def _named(bearers: Sequence[Bearer], new: set[int]) -> list[Likeness]:
    """Pairs of similar core names with a new record in them."""
    places = [at for at, bearer in enumerate(bearers) if bearer.id in new]
    pairs = _one_by_one(bearers, places) if len(places) <= FEW else _by_index(bearers, new)
    return [
        _likeness(bearers[first], bearers[second], ratio)
        for first, second, ratio in pairs
        if not _proven_two(bearers[first], bearers[second])
    ]


def _proven_two(left: Bearer, right: Bearer) -> bool:
    return bool(left.code and right.code and left.code != right.code)


def _by_index(bearers: Sequence[Bearer], new: set[int]) -> Iterator[tuple[int, int, float]]:
    for pair in near_names([bearer.name for bearer in bearers], THRESHOLD):
        if bearers[pair.first].id in new or bearers[pair.second].id in new:
            yield pair.first, pair.second, pair.ratio


def _one_by_one(bearers: Sequence[Bearer], places: Sequence[int]) -> Iterator[tuple[int, int, float]]:
    cores = [core_name(bearer.name) for bearer in bearers]
    done: set[int] = set()
    for at in places:
        done.add(at)
        core, bag = cores[at], set(cores[at])
        if len(core) < _LEAST:
            continue
        for other, text in enumerate(cores):
            if (
                other in done
                or len(text) < _LEAST
                or 2.0 * min(len(core), len(text)) < THRESHOLD / 100.0 * (len(core) + len(text))
            ):
                continue
            if bag.isdisjoint(text):
                continue
            ratio = indel_ratio(core, text)
            if ratio >= THRESHOLD:
                yield min(at, other), max(at, other), ratio


def _likeness(left: Bearer, right: Bearer, ratio: float) -> Likeness:
    reasons = ["similar_core_equal" if ratio >= 100.0 else "similar_core"]
    told: tuple[tuple[str, Callable[[Bearer], str]], ...] = (
        ("similar_address", lambda each: _plain(each.address)),
        ("similar_person", lambda each: _plain(each.person)),
        ("similar_phone", lambda each: "".join(filter(str.isdigit, each.phone))[-8:]),
    )
    reasons += [code for code, value in told if value(left) and value(left) == value(right)]
    if bool(left.code) != bool(right.code):
        reasons.append("similar_one_code")
    return Likeness(left.id, right.id, ratio, tuple(reasons))


def _plain(text: str) -> str:
    return normalise_name(text) if text else ""


def _experts(bearers: Sequence[Bearer], new: set[int]) -> list[Likeness]:
    """The same name at two organisations of which one holds the other's name, or that resemble each other."""
    by_name: dict[str, list[Bearer]] = defaultdict(list)
    for bearer in bearers:
        by_name[normalise_name(bearer.name)].append(bearer)
    found = []
    for namesakes in by_name.values():
        for at, left in enumerate(namesakes):
            for right in namesakes[at + 1 :]:
                if (left.id in new or right.id in new) and (ratio := _organisations(left, right)) is not None:
                    found.append(_expert_likeness(left, right, ratio))
    return found


def _organisations(left: Bearer, right: Bearer) -> float | None:
    one, other = normalise_name(left.organisation), normalise_name(right.organisation)
    ratio = indel_ratio(core_name(one), core_name(other))
    same_phone = bool(left.phone) and left.phone == right.phone
    return ratio if ratio >= ORGANISATIONS or one in other or other in one or same_phone else None


def _expert_likeness(left: Bearer, right: Bearer, ratio: float) -> Likeness:
    phone = ("similar_phone",) if left.phone and left.phone == right.phone else ()
    return Likeness(left.id, right.id, ratio, ("similar_namesake", *phone))


def _not_asked(unit: Unit, kind: str, found: Sequence[Likeness]) -> list[Likeness]:
    asked: set[tuple[int, int]] = set()
    columns: tuple[Any, ...] = (SimilarPair.left_id, SimilarPair.right_id)
    for part in parts(sorted({each.right for each in found})):
        chosen = select(*columns).where(SimilarPair.kind == kind, SimilarPair.right_id.in_(part))
        asked |= set(unit.session.execute(chosen))
    return [each for each in found if (each.left, each.right) not in asked]
