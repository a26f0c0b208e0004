"""Which deals bear which contract and registration numbers already, in normal form (``domain.official_numbers``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

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
    for key, deal_id in _bearers(unit, sorted(wanted), except_deal or 0):
        for number in wanted[key]:
            found.setdefault(number, deal_id)
    return found


def _bearers(unit: Unit, keys: list[str], own: int) -> Iterator[tuple[str, int]]:
    """Which standing deals other than ``own`` bear these numbers: of their contract, then of their entries."""
    if not keys:
        return
    for column in (Deal.contract_key, Deal.register_key):
        chosen = select(column, Deal.id).where(column.in_(keys), Deal.id != own, Deal.withdrawn_at.is_(None))
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


def deal_with_contract(unit: Unit, number: str) -> Deal | None:
    """The first deal whose contract bears this number, however it is written."""
    key = number_key(number)
    chosen = select(Deal).where(Deal.contract_key == key).order_by(Deal.id).limit(1)
    return unit.session.execute(chosen).scalar() if key else None


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
