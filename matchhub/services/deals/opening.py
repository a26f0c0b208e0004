"""Opening a deal (交易) that is being negotiated, out of a thread or by form."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from matchhub.db.tables import Deal, DealOrigin, DealParty, DealPatent, Enterprise, Patent, Thread
from matchhub.domain.deal_signing import check_kind
from matchhub.domain.deals import Stage
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import DealType
from matchhub.errors import NotFound, Refusal
from matchhub.services.conversations.threads import open_to
from matchhub.services.deals.access import deal_to_enter
from matchhub.services.deals.checks import refuse_blocked
from matchhub.services.deals.events import enter_event
from matchhub.services.deals.telling import tell_parties
from matchhub.services.facts.encumbrances import encumbrances_of
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_enterprises, link_patents
from matchhub.services.patents.holders import holder_names

Party = tuple[str, str | None]
"""Name and credit code (or none) of a party."""


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A deal as its form says it; several patents and parties."""

    deal_type: DealType
    application_numbers: tuple[str, ...]
    sellers: tuple[Party, ...]
    buyers: tuple[Party, ...]
    thread_id: int | None = None
    stage: Stage = "negotiating"


def proposal_of(unit: Unit, thread_id: int) -> NewDeal:
    """What the form of a deal out of a thread begins with: its patent, its holder and its enterprise."""
    thread, side = open_to(unit, thread_id)
    if side == "guest":
        raise NotFound("thread_not_found", id=thread_id)
    firm = unit.session.get_one(Enterprise, thread.enterprise_id)
    patent = unit.session.get_one(Patent, thread.patent_id)
    number = patent.application_number or patent.publication_number or ""
    sellers = tuple((name, None) for name in holder_names(unit, patent.id))
    return NewDeal("transfer", (number,), sellers, ((firm.name, firm.uscc),), thread_id)


def open_deal(unit: Unit, new: NewDeal) -> int:
    """Open a deal that is being negotiated and return its number; nothing of it counts before it is signed.

    Only the operator and its own parties may. Raises ``Refusal`` ``parties_missing``, ``parties_identical``,
    ``deal_without_patent``, ``patent_unknown``, ``deal_open_licence_running`` and ``deal_licence_excluded`` for a kind
    of licence that another one leaves no room for, ``IdentifierInvalid`` for a wrong credit code, and ``NotFound``.
    """
    unit.require("deal.open")
    thread = open_to(unit, new.thread_id, writing=True)[0] if new.thread_id is not None else None
    patents = _patents(unit, new)
    if not new.sellers or not new.buyers:
        raise Refusal("parties_missing")
    _check_kind(unit, new, patents)
    row = _deal_row(unit, new, thread)
    _add_parties(unit, row, new)
    unit.session.add_all([DealPatent(deal_id=row.id, patent_id=key) for key in patents])
    if thread is not None:
        _note_origin(unit, row, thread)
    unit.session.flush()
    said = {"deal_type": new.deal_type, "patents": list(patents), "demand_id": row.demand_id}
    write_revisions(unit, "deals", None, [Change(row.id, None, said)])
    enter_event(unit, deal_to_enter(unit, row.id), new.stage, unit.today)  # refuses whoever is no party
    tell_parties(unit, row, "opened", patents="、".join(new.application_numbers))
    return row.id


def _check_kind(unit: Unit, new: NewDeal, patents: dict[int, str]) -> None:
    held = encumbrances_of(unit, patents)
    refuse_blocked(check_kind(new.deal_type, {number: held[key] for key, number in patents.items()}, unit.today))


def _deal_row(unit: Unit, new: NewDeal, thread: Thread | None) -> Deal:
    row = Deal(
        identity_key=digest("opened", secrets.token_hex(16)),
        deal_type=new.deal_type,
        demand_id=thread.demand_id if thread is not None else None,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        updated_at=unit.now,
        demo=holds_rows(unit, demo=True),
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def _patents(unit: Unit, new: NewDeal) -> dict[int, str]:
    """Numbers of the patents by their id; one that is named twice stands once."""
    known = link_patents(unit, new.application_numbers)
    if not new.application_numbers:
        raise Refusal("deal_without_patent")
    if missing := [number for number in new.application_numbers if number not in known]:
        raise Refusal("patent_unknown", value="、".join(missing))
    return {known[number]: number for number in new.application_numbers}


def _add_parties(unit: Unit, deal: Deal, new: NewDeal) -> None:
    sides = (("seller", new.sellers), ("buyer", new.buyers))
    checked = [
        (side, name.strip(), normalise_uscc(code) if code else None) for side, them in sides for name, code in them
    ]
    links = link_enterprises(unit, [(code, name) for _, name, code in checked])
    seen: set[tuple[str, str]] = set()
    for side, name, code in checked:
        firm = links.find(code, name)
        key = normalise_name(name)
        if not key or (side, key) in seen:
            continue
        seen.add((side, key))
        party = DealParty(
            deal_id=deal.id, role=side, name=name, name_key=key, uscc=code or (firm.uscc if firm else None)
        )
        party.enterprise_id = firm.id if firm else None
        unit.session.add(party)
    if {key for side, key in seen if side == "seller"} & {key for side, key in seen if side == "buyer"}:
        raise Refusal("parties_identical")
    unit.session.flush()


def _note_origin(unit: Unit, deal: Deal, thread: Thread) -> None:
    origin = DealOrigin(deal_id=deal.id, thread_id=thread.id, recorded_at=unit.now, recorded_by=unit.actor.account_id)
    unit.session.add(origin)
