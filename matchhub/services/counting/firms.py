"""Which parties a deal's or licence's verdict depends on: all that are bound to its parties over any number of steps.

The keys of the firms of the base are kept (``store``); relations on file and parties outside the base are few and
read each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import select

from matchhub.db.tables import DealParty, Licence, PartyRelation
from matchhub.domain.parties import normalise_name
from matchhub.services.counting.reach import Reach, TooMuch, among
from matchhub.services.counting.scope import part_of
from matchhub.services.counting.store import Store, mark
from matchhub.services.facts.affiliations import keys_of_firms, keys_of_others
from matchhub.services.facts.stock import enterprise_states
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

FIRMS = "firms"  # their space in the store
_MOST = 3000


@dataclass
class Ties:
    """Parties by the keys they share."""

    firms: set[int] = field(default_factory=set)
    keys: set[int] = field(default_factory=set)


class Firms:
    """The parties of deals and licences, and what binds them."""

    def __init__(self, unit: Unit, store: Store) -> None:
        self._unit, self._store = unit, store

    @cached_property
    def _others(self) -> dict[int, list[set[int]]]:
        """By key, all keys of each relation and each party outside the base that has it."""
        found: dict[int, list[set[int]]] = defaultdict(list)
        for _, said in keys_of_others(self._unit):
            marks = {mark(key) for key in said}
            for key in marks:
                found[key].append(marks)
        return found

    @cached_property
    def _sides(self) -> dict[str, dict[int, Ties]]:
        """Firms of the base, and keys of other parties, of every deal and licence."""
        found: dict[str, dict[int, Ties]] = {"deals": defaultdict(Ties), "licences": defaultdict(Ties)}
        parties = select(DealParty.deal_id, DealParty.enterprise_id, DealParty.name_key)
        sides = [("deals", *row) for row in self._unit.session.execute(parties)]
        chosen = select(Licence.id, Licence.enterprise_id, Licence.licensee_name, Licence.licensor_name)
        for licence, firm, licensee, licensor in self._unit.session.execute(chosen):
            sides.append(("licences", licence, firm, normalise_name(licensee or "")))
            if licensor:
                sides.append(("licences", licence, None, normalise_name(licensor)))
        for kind, record, firm, name in sides:
            if firm is not None:
                found[kind][record].firms.add(firm)
            else:
                found[kind][record].keys.add(mark(f"id:{name}"))
        return found

    def bound_to(self, records: dict[str, set[int]]) -> set[int]:
        """Every firm of the base that may bind parties of these deals and licences. Raises ``TooMuch``."""
        start = Ties()
        for kind, ids in records.items():
            for record in ids & self._sides[kind].keys():
                start.firms |= self._sides[kind][record].firms
                start.keys |= self._sides[kind][record].keys
        return self._closed(start).firms

    def concerned(self, reach: Reach) -> dict[str, set[int]]:
        """Deals and licences whose parties are bound otherwise since: keys of the changed firms are renewed here."""
        start = self._told(reach)
        changed = reach.records.get("enterprises", set())
        new = keys_of(self._unit, changed) if changed else {}
        old = self._store.keys_of(FIRMS, changed)
        moved = {each for each in changed if new.get(each, set()) != old.get(each, set())}
        for each in moved:
            start.firms.add(each)
            start.keys |= old.get(each, set()) | new.get(each, set())
        if not start.firms and not start.keys:
            return {}
        before = self._closed(Ties(set(start.firms), set(start.keys)))
        for each in moved:
            self._store.put_keys(FIRMS, each, new.get(each, set()))
        after = self._closed(start)
        firms, keys = before.firms | after.firms, before.keys | after.keys
        return {
            kind: {
                record
                for record, side in sides.items()
                if not firms.isdisjoint(side.firms) or not keys.isdisjoint(side.keys)
            }
            for kind, sides in self._sides.items()
        }

    def _told(self, reach: Reach) -> Ties:
        """The parties that changed relations and changed parties of deals name."""
        found = Ties()
        relations = select(PartyRelation.left_key, PartyRelation.right_key)
        for sides in self._unit.session.execute(relations.where(among(PartyRelation.id, reach.relations))):
            found.keys |= {mark(f"id:{each}") for side in sides for each in (side, normalise_name(side))}
        parties = select(DealParty.enterprise_id, DealParty.name_key, DealParty.uscc)
        for firm, name, code in self._unit.session.execute(parties.where(among(DealParty.id, reach.parties))):
            found.keys |= {mark(f"id:{name}"), *([mark(f"id:{code}")] if code else ())}
            if firm is not None:
                found.firms.add(firm)
        return found

    def _closed(self, ties: Ties) -> Ties:
        """All that hangs together with ``ties``."""
        new_firms, new_keys = set(ties.firms), set(ties.keys)
        while new_firms or new_keys:
            for held in self._store.keys_of(FIRMS, new_firms).values():
                new_keys |= held - ties.keys
            for key in list(new_keys):
                for others in self._others.get(key, ()):
                    new_keys |= others - ties.keys
            ties.keys |= new_keys
            new_firms = self._store.records_with(FIRMS, new_keys) - ties.firms
            new_keys = self._others_of(new_keys, ties.keys)
            ties.firms |= new_firms
            if len(ties.firms) > _MOST:
                raise TooMuch("many firms bound to one another")
        return ties

    def _others_of(self, keys: Iterable[int], known: set[int]) -> set[int]:
        return {each for key in keys for others in self._others.get(key, ()) for each in others} - known


def keys_of(unit: Unit, firms: set[int] | None = None) -> dict[int, set[int]]:
    """Keys of these firms, or of all, as the store keeps them."""
    part = unit if firms is None else part_of(unit, {"enterprises": firms}, ("enterprises", "revisions"))
    found = keys_of_firms(part, enterprise_states(part, Moment()))
    return {key: {mark(each) for each in said} for key, said in found.items()}
