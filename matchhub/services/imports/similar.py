"""Records whose names are similar, found when new ones come in and put before a person once (DOMAIN.md 2, Names).

Enterprises and agencies: core names by ``recommender.near_names``. Two agencies that bear different codes (USCC) are
proven to be two and are not asked about, so a new one with its code is compared only with those that have none. A code
that is only typed proves no second enterprise: two with different codes are asked about where one authority would have
registered equal core names, or where they share address, person or telephone. Experts: see ``intake.namesakes``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, false, or_, select

from matchhub.db.tables import SimilarPair
from matchhub.domain.parties import core_of_key, normalise_name
from matchhub.domain.rules import LocalRules
from matchhub.domain.similar_names import surviving_pieces
from matchhub.services.imports.mergeable import TABLES
from matchhub.services.imports.namesakes import find_namesakes
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from recommender import NearPair, near_names

THRESHOLD = 90.0  # of core names; see docs/decisions/0012-similar-names.md
FEW = 40  # so few new names are looked up by their pieces; for more it is quicker to read all names
MOST = 30  # likest records of one new record that a person is shown; of 20,393 real names none has more than 24
_EQUAL = 100.0
_DIVISION = slice(2, 8)  # characters of a credit code that name the registering authority
_SHARED = frozenset({"similar_address", "similar_person", "similar_phone"})
_LEAST = 2  # a core of one character says nothing


@dataclass(frozen=True, slots=True)
class Bearer:
    """What is compared of one record."""

    id: int
    key: str  # the normalised name
    code: str


@dataclass(frozen=True, slots=True)
class Details:
    """What else may speak for one record."""

    address: str
    person: str
    phone: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records (earlier first), the ratio of their core names 0..100, and what else speaks for one record."""

    left: int
    right: int
    ratio: float
    reasons: tuple[str, ...]


def find_similar(unit: Unit, kind: str, new_ids: Iterable[int], batch_id: int | None = None, demo: bool = False) -> int:
    """Compare new records with all of their kind and queue the pairs nobody was asked about; returns how many.

    Of a new record with more than ``MOST`` similar ones the likest are queued, and say so (``similar_crowd``).
    """
    new = set(new_ids)
    if kind not in TABLES or not new:
        return 0
    found = _persons(unit, new) if kind == "experts" else _named(unit, kind, new)
    fresh = _not_asked(unit, kind, _crowded(found, new))
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
        insert_rows(unit, SimilarPair.__table__, rows)  # type: ignore[arg-type]
    return len(rows)


def _crowded(found: Sequence[Likeness], new: set[int]) -> list[Likeness]:
    """A full list of one new record says that there may be more."""
    degree = Counter(each for pair in found for each in (pair.left, pair.right) if each in new)
    full = {each for each, number in degree.items() if number >= MOST}
    return [
        replace(each, reasons=(*each.reasons, "similar_crowd")) if {each.left, each.right} & full else each
        for each in found
    ]


def _persons(unit: Unit, new: set[int]) -> list[Likeness]:
    found = find_namesakes(unit, new, FEW, MOST)
    phone = {True: ("similar_namesake", "similar_phone"), False: ("similar_namesake",)}
    return [Likeness(each.left, each.right, each.ratio, phone[each.same_phone]) for each in found]


def _named(unit: Unit, kind: str, new: set[int]) -> list[Likeness]:
    """Pairs of similar core names with a new record in them."""
    bearers = _bearers(unit, kind, new)
    place = unit.pack.local
    cores = [core_of_key(bearer.key, place) for bearer in bearers]
    pairs = near_names(
        [core if len(core) >= _LEAST else "" for core in cores],
        THRESHOLD,
        new=[at for at, bearer in enumerate(bearers) if bearer.id in new],
        codes=None if kind == "enterprises" else [bearer.code for bearer in bearers],
        most=MOST,
    )
    details = _details(unit, kind, {bearers[at].id for pair in pairs for at in pair[:2]})
    likely = ((pair, _likeness(bearers, pair, details)) for pair in pairs)
    return [like for pair, like in likely if _is_doubtful(bearers[pair.first], bearers[pair.second], like)]


def _is_doubtful(left: Bearer, right: Bearer, like: Likeness) -> bool:
    """Whether two records may be one although both bear a code. No authority registers one name twice in its place."""
    if not (left.code and right.code):
        return True
    one_place = left.code[_DIVISION] == right.code[_DIVISION]
    return (one_place and like.ratio >= _EQUAL) or bool(_SHARED.intersection(like.reasons))


def _bearers(unit: Unit, kind: str, new: set[int]) -> list[Bearer]:
    """The new records and the others they may be, in the order of their numbers."""
    table = TABLES[kind]
    chosen = select(table.id, table.name_key, table.uscc).where(table.withdrawn_at.is_(None))

    def read(statement: Any) -> list[Bearer]:
        return [Bearer(number, key, code or "") for number, key, code in unit.session.execute(statement)]

    if len(new) > FEW:
        bearers = read(chosen)
        others = [each for each in bearers if each.id not in new]
        own = [each for each in bearers if each.id in new]
    else:
        own = read(chosen.where(table.id.in_(sorted(new))))
        others = []
        if own:
            others = read(chosen.where(table.id.not_in(sorted(new)), _may_be_like(table, kind, own, unit.pack.local)))
    if kind != "enterprises" and all(each.code for each in own):
        others = [each for each in others if not each.code]
    return sorted([*own, *others], key=lambda each: each.id)


def _may_be_like(table: Any, kind: str, own: Sequence[Bearer], place: LocalRules) -> Any:
    """A condition that every record similar to one of ``own`` fulfils.

    A core stands unbroken in the key of its name, but for brackets in its middle that were left out of it.
    """
    cores = sorted({core for each in own if len(core := core_of_key(each.key, place)) >= _LEAST})
    if not cores:
        return false()
    like = or_(
        *_holds(table, cores, 0),
        and_(table.name_key.contains("("), or_(*_holds(table, cores, 1))),
        table.name_key.like("%(%(%"),
    )
    return like if kind == "enterprises" or any(not each.code for each in own) else table.uscc.is_(None) & like


def _holds(table: Any, cores: Sequence[str], inserts: int) -> Iterator[Any]:
    pieces = {piece for core in cores for piece in surviving_pieces(core, THRESHOLD, inserts)}
    return (table.name_key.contains(piece, autoescape=True) for piece in sorted(pieces))


def _details(unit: Unit, kind: str, ids: set[int]) -> dict[int, Details]:
    table = TABLES[kind]
    person, phone = {"enterprises": ("legal_representative", "contact_phone"), "agencies": ("contact_name", "phone")}[
        kind
    ]
    found = {}
    for part in parts(sorted(ids)):
        chosen = select(table.id, table.address, getattr(table, person), getattr(table, phone))
        for number, address, who, call in unit.session.execute(chosen.where(table.id.in_(part))):
            digits = "".join(filter(str.isdigit, call or ""))[-8:]
            found[number] = Details(_plain(address), _plain(who), digits)
    return found


def _plain(text: str | None) -> str:
    return normalise_name(text) if text else ""


def _likeness(bearers: Sequence[Bearer], pair: NearPair, details: dict[int, Details]) -> Likeness:
    left, right = bearers[pair.first], bearers[pair.second]
    reasons = ["similar_core_equal" if pair.ratio >= _EQUAL else "similar_core"]
    told: tuple[tuple[str, Callable[[Details], str]], ...] = (
        ("similar_address", lambda each: each.address),
        ("similar_person", lambda each: each.person),
        ("similar_phone", lambda each: each.phone),
    )
    one, other = details[left.id], details[right.id]
    reasons += [code for code, value in told if value(one) and value(one) == value(other)]
    if bool(left.code) != bool(right.code):
        reasons.append("similar_one_code")
    if left.code and right.code:
        reasons.append("similar_two_codes")
    return Likeness(left.id, right.id, pair.ratio, tuple(reasons))


def _not_asked(unit: Unit, kind: str, found: Sequence[Likeness]) -> list[Likeness]:
    asked: set[tuple[int, int]] = set()
    columns: tuple[Any, ...] = (SimilarPair.left_id, SimilarPair.right_id)
    for part in parts(sorted({each.right for each in found})):
        chosen = select(*columns).where(SimilarPair.kind == kind, SimilarPair.right_id.in_(part))
        asked |= set(unit.session.execute(chosen))
    return [each for each in found if (each.left, each.right) not in asked]
