"""Who belongs together: shared legal representative, phone, address, code, and relations on file (关联关系)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import DealParty, PartyRelation
from matchhub.domain.affiliation import PartyTraits, affiliation_groups, affiliations_between, shared_traits
from matchhub.domain.counting.facts import AffiliationFact, RecordId
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.history import Moment, State
from matchhub.services.kernel.unit import Unit

_KINDS = ("same_party", "legal_representative", "shareholder", "phone", "address", "agent_owner")


class Affiliations:
    """The affiliations known at a moment, closed transitively; built once, asked for every deal and licence."""

    def __init__(self, unit: Unit, moment: Moment, firms: dict[int, State]) -> None:
        parties = [_traits(key, state) for key, state in firms.items()] + _strangers(unit)
        self._links = [*shared_traits(parties), *_declared(unit, moment, firms)]
        groups = affiliation_groups((), self._links)
        self._group = {party: number for number, group in enumerate(groups) for party in group}
        self._by_group: dict[int, list[AffiliationFact]] = {}
        for link in self._links:
            self._by_group.setdefault(self._group[link.first], []).append(link)

    def between(self, sellers: Iterable[RecordId], buyers: Iterable[RecordId]) -> tuple[AffiliationFact, ...]:
        """The chain of links from any seller to any buyer; empty when there is none."""
        left, right = list(sellers), list(buyers)
        shared = {self._group.get(party) for party in left} & {self._group.get(party) for party in right}
        links = [link for number in shared if number is not None for link in self._by_group.get(number, ())]
        return affiliations_between(left, right, (), links)


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


def _declared(unit: Unit, moment: Moment, firms: dict[int, State]) -> list[AffiliationFact]:
    ids: dict[str, RecordId] = {}
    for key, state in firms.items():
        ids.setdefault(state["name_key"], key)
        if state["uscc"]:
            ids[state["uscc"]] = key
    chosen = moment.limit(select(PartyRelation).order_by(PartyRelation.id), PartyRelation)
    return [
        AffiliationFact(
            kind=row.relation if row.relation in _KINDS else "shareholder",
            first=_id(ids, row.left_key),
            second=_id(ids, row.right_key),
            shared=row.evidence or row.relation,
            source=row.evidence,
        )
        for row in unit.session.execute(chosen).scalars()
        if not moment.withdrawn(row)
    ]


def _id(ids: dict[str, RecordId], said: str) -> RecordId:
    key = normalise_name(said)
    return ids.get(said) or ids.get(key) or f"name:{key}"
