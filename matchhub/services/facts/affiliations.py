"""Who belongs together: shared legal representative, phone, address, code, and relations on file (关联关系)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select

from matchhub.db.tables import DealParty, Enterprise, PartyRelation, Revision
from matchhub.domain.affiliation import (
    PartyTraits,
    affiliation_groups,
    affiliations_between,
    shared_traits,
    trait_keys,
)
from matchhub.domain.counting.facts import AffiliationFact, RecordId
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.history import Moment, State
from matchhub.services.kernel.unit import Unit

_KINDS = ("same_party", "legal_representative", "shareholder", "phone", "address", "agent_owner")


class Affiliations:
    """The affiliations known at a moment, closed transitively; built once, asked for every deal and licence."""

    def __init__(self, unit: Unit, moment: Moment, firms: dict[int, State]) -> None:
        self._unit, self._firms, self._ids = unit, firms, _ids_of(firms)
        relations = _relations(unit, moment)
        ever = [_traits(key, state) for key, state in firms.items()] + _formerly(unit, moment, firms)
        told = _told(relations, self._ids)
        self._known = {party.party_id for party in (*ever, *told) if party.legal_representative or party.shareholders}
        parties = [*ever, *told, *_strangers(unit)]
        self._links = [*shared_traits(parties), *_declared(relations, self._ids)]
        groups = affiliation_groups((), self._links)
        self._group = {party: number for number, group in enumerate(groups) for party in group}
        self._by_group: dict[int, list[AffiliationFact]] = {}
        for link in self._links:
            self._by_group.setdefault(self._group[link.first], []).append(link)

    def between(self, sellers: Iterable[RecordId], buyers: Iterable[RecordId]) -> tuple[AffiliationFact, ...]:
        """The chain of links from any seller to any buyer; empty when there is none."""
        left, right = [self._one_id(each) for each in sellers], [self._one_id(each) for each in buyers]
        shared = {self._group.get(party) for party in left} & {self._group.get(party) for party in right}
        links = [link for number in shared if number is not None for link in self._by_group.get(number, ())]
        return affiliations_between(left, right, (), links)

    def unknown(self, parties: Iterable[RecordId]) -> tuple[str, ...]:
        """Names of those of whom neither a representative nor a shareholder was ever on record: not known to anybody
        is not independent."""
        ids = (self._one_id(party) for party in parties)
        return tuple(self._name(key) if isinstance(key, int) else key.removeprefix("name:")
                     for key in ids if key not in self._known)  # fmt: skip

    def _name(self, key: int) -> str:
        """The firm's name at the moment; today's where the base got to know the firm after the record that names it."""
        if key in self._firms:
            return str(self._firms[key]["name"])
        return self._unit.session.execute(select(Enterprise.name).where(Enterprise.id == key)).scalar() or ""

    def _one_id(self, party: RecordId) -> RecordId:
        """The enterprise of the base where a name alone was given and it is the name of one."""
        return self._ids.get(party.removeprefix("name:"), party) if isinstance(party, str) else party


def keys_of_firms(unit: Unit, firms: dict[int, State]) -> dict[int, set[str]]:
    """By what each firm may be bound to other parties: names it is known by, and all it shares or ever shared."""
    found = {key: {f"id:{state['name_key']}", *([f"id:{state['uscc']}"] if state["uscc"] else ())}
             for key, state in firms.items()}  # fmt: skip
    for party in [*(_traits(key, state) for key, state in firms.items()), *_formerly(unit, Moment(), firms)]:
        found[party.party_id] |= set(trait_keys(party))  # type: ignore[index]
    return found


def keys_of_others(unit: Unit) -> list[tuple[str, set[str]]]:
    """The same for what stands outside the base: relations on file, and parties of deals that are no firm of it."""
    relations = _relations(unit, Moment())
    told: dict[str, set[str]] = {}
    for row in relations:
        said = {f"id:{each}" for side in (row.left_key, row.right_key) for each in (side, normalise_name(side))}
        told[f"relation:{row.id}"] = said.union(*map(trait_keys, _told([row], {})))
    strangers = [
        (str(each.party_id), {f"id:{str(each.party_id).removeprefix('name:')}", *trait_keys(each)})
        for each in _strangers(unit)
    ]
    return [*told.items(), *strangers]


def _traits(key: RecordId, state: State) -> PartyTraits:
    return PartyTraits(
        party_id=key,
        legal_representative=state["legal_representative"],
        phones=(state["contact_phone"],) if state["contact_phone"] else (),
        addresses=(state["address"],) if state["address"] else (),
        uscc=state["uscc"],
        source="enterprises",
    )


def _strangers(unit: Unit) -> list[PartyTraits]:
    """Parties of deals that are not in the base, known by name and perhaps by code."""
    chosen = select(DealParty).where(DealParty.enterprise_id.is_(None))
    return [
        PartyTraits(party_id=f"name:{row.name_key}", uscc=row.uscc, source="deals")
        for row in unit.session.execute(chosen).scalars()
    ]


def _formerly(unit: Unit, moment: Moment, firms: dict[int, State]) -> list[PartyTraits]:
    """What was ever on record of firms that changed since: another representative, telephone or address."""
    changed = select(Revision.record_id).where(Revision.kind == "enterprises").group_by(Revision.record_id)
    chosen = select(Revision.record_id, Revision.fields).where(
        Revision.kind == "enterprises", Revision.record_id.in_(changed.having(func.count() > 1))
    )
    blank = dict.fromkeys(("legal_representative", "contact_phone", "address", "uscc"))
    rows = unit.session.execute(moment.limit(chosen.order_by(Revision.id), Revision))
    return [_traits(key, blank | fields) for key, fields in rows if key in firms]


def _told(relations: Sequence[PartyRelation], ids: Mapping[str, RecordId]) -> list[PartyTraits]:
    """Representatives and shareholders that relations on file name, as traits of the party on their left."""
    found = []
    for row in relations:
        left, name = _id(ids, row.left_key), row.right_key
        if row.relation == "legal_representative":
            found.append(PartyTraits(party_id=left, legal_representative=name, source=row.evidence))
        elif row.relation == "shareholder":
            found.append(PartyTraits(party_id=left, shareholders=(name,), source=row.evidence))
    return found


def _relations(unit: Unit, moment: Moment) -> list[PartyRelation]:
    chosen = moment.limit(select(PartyRelation).order_by(PartyRelation.id), PartyRelation)
    return [row for row in unit.session.execute(chosen).scalars() if not moment.withdrawn(row)]


def _ids_of(firms: dict[int, State]) -> dict[str, RecordId]:
    """Enterprises by name and by credit code."""
    ids: dict[str, RecordId] = {}
    for key, state in firms.items():
        ids.setdefault(state["name_key"], key)
        if state["uscc"]:
            ids[state["uscc"]] = key
    return ids


def _declared(relations: Sequence[PartyRelation], ids: Mapping[str, RecordId]) -> list[AffiliationFact]:
    return [
        AffiliationFact(
            kind=row.relation if row.relation in _KINDS else "shareholder",  # type: ignore[arg-type]
            first=_id(ids, row.left_key),
            second=_id(ids, row.right_key),
            shared=row.evidence or row.relation,
            source=row.evidence,
        )
        for row in relations
    ]


def _id(ids: Mapping[str, RecordId], said: str) -> RecordId:
    key = normalise_name(said)
    return ids.get(said) or ids.get(key) or f"name:{key}"
