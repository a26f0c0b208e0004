"""Which deals bear which contract and registration numbers already, in normal form (``domain.official_numbers``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPatent
from matchhub.domain.counting.facts import RecordId
from matchhub.domain.official_numbers import number_key
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import DealRecord
from matchhub.services.kernel.unit import Unit

_NUMBERED = ("TR01", "EE01", "contract_registered")


def numbers_in_use(unit: Unit, asked: Iterable[str | None], except_deal: int | None = None) -> dict[str, RecordId]:
    """Of the numbers asked for those that a standing deal bears, however written, each with the first such deal.

    ``except_deal``: the deal that is being entered; a number it bears itself is free for it unless another has it too.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for number in {number for number in asked if number}:
        wanted[number_key(number)].append(number)
    wanted.pop("", None)
    found: dict[str, RecordId] = {}
    if not wanted:
        return found
    for written, deal_id in _borne(unit, except_deal or 0):
        for number in wanted.get(number_key(written), ()):
            found.setdefault(number, deal_id)
    return found


def _borne(unit: Unit, own: int) -> Iterator[tuple[str, int]]:
    """Every number of a standing deal other than ``own``: of its contract, then of its entries in registers."""
    for column in (Deal.contract_number, Deal.contract_register_number):
        chosen = select(column, Deal.id).where(column.is_not(None), Deal.id != own, Deal.withdrawn_at.is_(None))
        yield from _pairs(unit, chosen.order_by(Deal.id))
    entries = (
        select(DealEvent.number, DealEvent.deal_id)
        .join(Deal, Deal.id == DealEvent.deal_id)
        .where(
            DealEvent.number.is_not(None),
            DealEvent.event.in_(_NUMBERED),
            DealEvent.withdrawn_at.is_(None),
            Deal.id != own,
            Deal.withdrawn_at.is_(None),
        )
    )
    yield from _pairs(unit, entries.order_by(DealEvent.id))


def _pairs(unit: Unit, statement: Any) -> Iterator[tuple[str, int]]:
    yield from ((number, deal_id) for number, deal_id in unit.session.execute(statement))


def deal_with_contract(unit: Unit, number: str) -> Deal | None:
    """The first standing deal whose contract bears this number, however it is written."""
    key = number_key(number)
    chosen = select(Deal.contract_number, Deal.id).where(Deal.contract_number.is_not(None)).order_by(Deal.id)
    bearers = (deal_id for known, deal_id in _pairs(unit, chosen) if number_key(known) == key)
    found = next(bearers, None) if key else None
    return None if found is None else unit.session.get(Deal, found)


def is_contract_of_others(unit: Unit, deal: Deal, record: DealRecord, patent_ids: Iterable[int]) -> bool:
    """Whether a row with the number of ``deal`` tells of another contract: two universities both have a 2024-001.

    It does where it names another seller, by name and by code, and none of the patents.
    """
    chosen = select(DealParty).where(DealParty.deal_id == deal.id, DealParty.role == "seller")
    sellers = unit.session.execute(chosen).scalars().all()
    if not sellers or not (record.seller_name or record.seller_uscc):
        return False
    by_name = record.seller_name and normalise_name(record.seller_name) in {each.name_key for each in sellers}
    by_code = record.seller_uscc and record.seller_uscc in {each.uscc for each in sellers}
    patents = set(unit.session.execute(select(DealPatent.patent_id).where(DealPatent.deal_id == deal.id)).scalars())
    return not by_name and not by_code and patents.isdisjoint(patent_ids)
