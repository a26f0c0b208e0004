"""Affiliated parties (关联方): who belongs together through what they share, directly or through others."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matchhub.domain.counting.atoms import id_order
from matchhub.domain.counting.facts import AffiliationFact, AffiliationKind, RecordId
from matchhub.domain.identifiers import normalise_uscc, plain
from matchhub.domain.parties import normalise_name

# What a person may put on file of two parties; ``declared`` is a relation of another kind, or of none that was named.
RELATIONS = ("shareholder", "legal_representative", "agent_owner", "same_party", "declared")
_LEAST_DIGITS = 7  # of a telephone
_LIKE_A_CODE = re.compile(r"\d[0-9A-Z]{17}")


def party_key(said: str) -> str:
    """What a party is known by in a relation: its credit code where that was said, else its normalised name.

    Raises ``IdentifierInvalid`` for what is made like a code and is none.
    """
    return normalise_uscc(said) if _LIKE_A_CODE.fullmatch(plain(said).upper()) else normalise_name(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTraits:
    """What binds a party to others: persons, shareholders, telephone numbers, addresses, the agent that owns it."""

    party_id: RecordId
    legal_representative: str | None = None
    shareholders: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    agent_owner: str | None = None
    uscc: str | None = None
    source: str = ""


def shared_traits(parties: Iterable[PartyTraits]) -> list[AffiliationFact]:
    """Direct links between parties that share a trait: each bearer of a value linked with the first one.

    Linking with the first keeps the number of links small; the transitive closure is the same.
    """
    bearers: defaultdict[tuple[AffiliationKind, str], dict[RecordId, PartyTraits]] = defaultdict(dict)
    for party in parties:
        for kind, value in _traits(party):
            bearers[kind, value][party.party_id] = party
    links = []
    for (kind, value), found in sorted(bearers.items()):
        first, *others = sorted(found, key=id_order)
        links += [
            AffiliationFact(kind=kind, first=first, second=other, shared=value, source=found[other].source)
            for other in others
        ]
    return links


def _traits(party: PartyTraits) -> Iterator[tuple[AffiliationKind, str]]:
    if party.uscc:
        yield "same_party", plain(party.uscc)
    # A person's name binds whether it stands as representative or as shareholder of the other firm.
    people: list[tuple[AffiliationKind, str]] = [("shareholder", name) for name in party.shareholders]
    if party.legal_representative:
        people.append(("legal_representative", party.legal_representative))
        people.append(("shareholder", party.legal_representative))
    if party.agent_owner:
        people.append(("agent_owner", party.agent_owner))
    yield from ((kind, plain(name)) for kind, name in people if plain(name))
    yield from (("phone", digits) for phone in party.phones if (digits := _digits(phone)))
    yield from (("address", plain(address)) for address in party.addresses if plain(address))


def trait_keys(party: PartyTraits) -> Iterator[str]:
    """What of a party binds it to any other that has the same."""
    return (f"{kind}:{value}" for kind, value in _traits(party))


def _digits(phone: str) -> str:
    digits = "".join(sign for sign in plain(phone) if sign.isdigit())
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


def shared_form(said: str | None) -> str:
    """A telephone or an address in the form in which two are the same; empty for what is too vague to bind anybody.

    A telephone has seven digits at least, an address a number in it: a town alone is thousands of firms' address.
    """
    if not said or not any(sign.isdigit() for sign in plain(said)):
        return ""
    digits = _digits(said)
    letters = len(plain(said)) - sum(sign.isdigit() for sign in plain(said))
    if letters <= len(digits) // 2:
        return digits if len(digits) >= _LEAST_DIGITS else ""
    return plain(said)


def affiliation_groups(
    parties: Iterable[PartyTraits], declared: Iterable[AffiliationFact] = ()
) -> list[frozenset[RecordId]]:
    """Groups of parties that belong together, transitively, by shared traits and declared links.

    Every party stands in exactly one group; a party with no ties is a group of its own. Largest group first.
    """
    listed = list(parties)
    neighbours = _neighbours([*shared_traits(listed), *declared])
    everyone = {party.party_id for party in listed} | set(neighbours)
    groups, placed = [], set[RecordId]()
    for party_id in sorted(everyone, key=id_order):
        if party_id in placed:
            continue
        group = frozenset(_reach(party_id, neighbours))
        placed |= group
        groups.append(group)
    return sorted(groups, key=lambda group: (-len(group), min(map(id_order, group))))


def affiliations_between(
    sellers: Sequence[RecordId],
    buyers: Sequence[RecordId],
    parties: Iterable[PartyTraits],
    declared: Iterable[AffiliationFact] = (),
) -> tuple[AffiliationFact, ...]:
    """The shortest chain of links that binds a seller to a buyer, as evidence; empty when nothing does.

    The result is what ``DealFacts.affiliations`` wants. A party on both sides is the link ``same_party`` with itself.
    """
    for party_id in sorted(set(sellers) & set(buyers), key=id_order):
        return (AffiliationFact(kind="same_party", first=party_id, second=party_id, shared=str(party_id)),)
    neighbours = _neighbours([*shared_traits(parties), *declared])
    chains = [
        chain
        for seller in sorted(set(sellers), key=id_order)
        if (chain := _chain(seller, frozenset(buyers), neighbours))
    ]
    return min(chains, key=len, default=())


Neighbours = dict[RecordId, list[AffiliationFact]]


def _neighbours(links: Iterable[AffiliationFact]) -> Neighbours:
    found: defaultdict[RecordId, list[AffiliationFact]] = defaultdict(list)
    ordered = sorted(links, key=lambda link: (id_order(link.first), id_order(link.second), link.kind, link.shared))
    for link in ordered:
        found[link.first].append(link)
        found[link.second].append(link)
    return dict(found)


def _reach(start: RecordId, neighbours: Neighbours) -> set[RecordId]:
    seen, waiting = {start}, deque([start])
    while waiting:
        here = waiting.popleft()
        for link in neighbours.get(here, ()):
            other = link.second if link.first == here else link.first
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def _chain(start: RecordId, goals: frozenset[RecordId], neighbours: Neighbours) -> tuple[AffiliationFact, ...]:
    paths: dict[RecordId, tuple[AffiliationFact, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for link in neighbours.get(here, ()):
            other = link.second if link.first == here else link.first
            if other in paths:
                continue
            paths[other] = (*paths[here], link)
            if other in goals:
                return paths[other]
            waiting.append(other)
    return ()
