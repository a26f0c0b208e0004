"""Which deals bear which contract and registration numbers already, in normal form (``domain.official_numbers``).

A registration number is given once. A contract number is its parties' own: two universities both have a 2024-001, so a
contract is known by its number *and* its parties (``contracts_of``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealParty
from matchhub.domain.counting.facts import RecordId
from matchhub.domain.official_numbers import number_key
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import DealRecord
from matchhub.services.kernel.unit import Unit

_NUMBERED = ("TR01", "EE01", "contract_registered")
Side = frozenset[str]
"""All by which the parties of one side are known: normalised names, credit codes, enterprises of the base."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a contract; an empty one is not known."""

    sellers: Side = frozenset()
    buyers: Side = frozenset()

    def same_as(self, other: Sides) -> bool:
        """Whether nothing speaks against both being the parties of one contract: each side known to both is shared."""
        pairs = ((self.sellers, other.sellers), (self.buyers, other.buyers))
        return all(not first or not second or bool(first & second) for first, second in pairs)


class Party(Protocol):
    """A party as a deal or a row has it."""

    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def uscc(self) -> str | None: ...
    @property
    def enterprise_id(self) -> int | None: ...


def sides_of(parties: Iterable[Party | DealParty]) -> Sides:
    """The sides of a deal by its parties."""
    found: dict[str, set[str]] = {"seller": set(), "buyer": set()}
    for each in parties:
        found[each.role] |= party_names(each.name, each.uscc, each.enterprise_id)
    return Sides(frozenset(found["seller"]), frozenset(found["buyer"]))


def sides_said(record: DealRecord, seller_id: int | None, buyer_id: int | None) -> Sides:
    """The sides that a row names; the ids are those of the enterprises of the base that it means."""
    return Sides(
        frozenset(party_names(record.seller_name, record.seller_uscc, seller_id)),
        frozenset(party_names(record.buyer_name, record.buyer_uscc, buyer_id)),
    )


def party_names(name: str | None, uscc: str | None, enterprise_id: int | None) -> set[str]:
    """All by which one party is known."""
    key = normalise_name(name) if name else ""
    known = (f"name:{key}" if key else "", f"code:{uscc}" if uscc else "", f"firm:{enterprise_id}")
    return {each for each in known if each and each != "firm:None"}


def contracts_of(unit: Unit, number: str, sides: Sides, except_deal: int = 0) -> tuple[list[Deal], list[Deal]]:
    """The deals that bear a contract number, however it is written: of these parties, and of others."""
    key = number_key(number)
    if not key:
        return [], []
    chosen = select(Deal).where(Deal.contract_key == key, Deal.id != except_deal, Deal.withdrawn_at.is_(None))
    same: list[Deal] = []
    others: list[Deal] = []
    for deal in unit.session.execute(chosen.order_by(Deal.id)).scalars():
        (same if sides.same_as(sides_of_deal(unit, deal.id)) else others).append(deal)
    return same, others


def sides_of_deal(unit: Unit, deal_id: int) -> Sides:
    """The sides of a deal on record."""
    return sides_of(unit.session.execute(select(DealParty).where(DealParty.deal_id == deal_id)).scalars())


def numbers_in_use(unit: Unit, asked: Iterable[str | None], except_deal: int | None = None) -> dict[str, RecordId]:
    """Of the registration numbers asked for those that a standing deal bears, however written, each with the first one.

    ``except_deal``: the deal that is being entered; a number it bears itself is free for it unless another has it too.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for number in {number for number in asked if number}:
        wanted[number_key(number)].append(number)
    wanted.pop("", None)
    found: dict[str, RecordId] = {}
    for key, deal_id in _bearers(unit, sorted(wanted), except_deal or 0):
        for number in wanted[key]:
            found.setdefault(number, deal_id)
    return found


def _bearers(unit: Unit, keys: Sequence[str], own: int) -> Iterator[tuple[str, int]]:
    """Which standing deals other than ``own`` bear these numbers: of their technical contract, of their entries."""
    if not keys:
        return
    chosen = select(Deal.register_key, Deal.id).where(
        Deal.register_key.in_(keys), Deal.id != own, Deal.withdrawn_at.is_(None)
    )
    yield from ((key or "", deal_id) for key, deal_id in unit.session.execute(chosen.order_by(Deal.id)))
    entries = (
        select(DealEvent.number_key, DealEvent.deal_id)
        .join(Deal, Deal.id == DealEvent.deal_id)
        .where(
            DealEvent.number_key.in_(keys),
            DealEvent.event.in_(_NUMBERED),
            DealEvent.withdrawn_at.is_(None),
            Deal.id != own,
            Deal.withdrawn_at.is_(None),
        )
    )
    yield from ((key or "", deal_id) for key, deal_id in unit.session.execute(entries.order_by(DealEvent.id)))
