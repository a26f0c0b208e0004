"""Experts of one name at two organisations that resemble each other, or of which one holds the other's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import or_, select

from matchhub.db.tables import Expert
from matchhub.domain.parties import core_of_key, normalise_name
from matchhub.domain.similar_names import indel_ratio
from matchhub.services.kernel.unit import Unit
from recommender import near_names

ORGANISATIONS = 80.0  # likeness of the core names of two organisations
_LEAST = 2  # an organisation of one character is held by too many


class Namesakes(NamedTuple):
    """Two experts (earlier first), the likeness of their organisations 0..100, and whether the telephone is one."""

    left: int
    right: int
    ratio: float
    same_phone: bool


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str  # normalised, as are the organisation and its core
    organisation: str
    core: str
    phone: str


def find_namesakes(unit: Unit, new: set[int], few: int, most: int) -> list[Namesakes]:
    """Pairs with a new expert in them, for a person to judge.

    Up to ``few`` new ones are looked up one by one. Of each reason the ``most`` likest or nearest of one expert.
    """
    people = _people(unit, new, few)
    fresh = [at for at, person in enumerate(people) if person.id in new]
    cores, names = [person.core for person in people], [person.name for person in people]
    found = {
        (pair.first, pair.second): pair.ratio
        for pair in near_names(cores, ORGANISATIONS, new=fresh, groups=names, most=most)
    }
    for one, other in (*_holding(people, set(fresh), most), *_reached_alike(people, fresh, most)):
        pair = (min(one, other), max(one, other))
        found.setdefault(pair, indel_ratio(cores[one], cores[other]))
    return [_told(people[left], people[right], ratio) for (left, right), ratio in sorted(found.items())]


def _told(left: _Person, right: _Person, ratio: float) -> Namesakes:
    return Namesakes(left.id, right.id, ratio, bool(left.phone) and left.phone == right.phone)


def _people(unit: Unit, new: set[int], few: int) -> list[_Person]:
    """The new experts and their namesakes; of many new ones all experts."""
    chosen = select(Expert.id, Expert.name, Expert.organisation, Expert.phone).where(Expert.withdrawn_at.is_(None))
    if len(new) <= few:
        own = unit.session.execute(select(Expert.name).where(Expert.id.in_(sorted(new)))).scalars()
        begins = sorted({f"{normalise_name(name)}|" for name in own})
        chosen = chosen.where(or_(*(Expert.person_key.startswith(each, autoescape=True) for each in begins)))
    people = []
    for number, name, organisation, phone in unit.session.execute(chosen.order_by(Expert.id)):
        where = normalise_name(organisation)
        people.append(_Person(number, normalise_name(name), where, core_of_key(where, unit.pack.local), phone or ""))
    return people


def _alike(people: Sequence[_Person], places: Iterable[int], key: str) -> dict[Hashable, list[int]]:
    bearers: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at in places:
        if value := getattr(people[at], key):
            bearers[people[at].name, value].append(at)
    return bearers


def _reached_alike(people: Sequence[_Person], fresh: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Namesakes with one telephone."""
    bearers = _alike(people, range(len(people)), "phone")
    for at in fresh:
        others = bearers.get((people[at].name, people[at].phone), [])
        yield from ((at, other) for other in others[: most + 1] if other != at)


def _holding(people: Sequence[_Person], fresh: set[int], most: int) -> Iterator[tuple[int, int]]:
    """Namesakes of whom one's organisation stands whole in the other's: every part of such a length is looked up."""
    bearers = _alike(people, range(len(people)), "organisation")
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for person in people:
        if len(person.organisation) >= _LEAST:
            lengths[person.name].add(len(person.organisation))
    for at, person in enumerate(people):
        where = person.organisation
        if len(lengths[person.name]) < 2:
            continue
        for length in lengths[person.name]:
            held = {where[begin : begin + length] for begin in range(len(where) - length + 1)} - {where}
            for part in sorted(held):
                for other in bearers.get((person.name, part), [])[:most]:
                    if at in fresh or other in fresh:
                        yield at, other
