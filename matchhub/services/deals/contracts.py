"""Deals (交易) that grow here: opened out of a thread or by form, signed under checks, taken through their stages."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealOrigin, DealParty, DealPatent, Enterprise, Patent, Thread
from matchhub.domain.deals import Finding, Stage, check_step
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import DealType
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.confirmed import require_confirmed
from matchhub.services.conversations.threads import open_to
from matchhub.services.deals.checks import facts_of_deal, findings_on, numbers_in_use
from matchhub.services.deals.entries import add_event, add_payment, deal_to_enter
from matchhub.services.deals.stages import deal_stages
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.privacy import without_contact_data
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_enterprises, link_patents
from matchhub.services.patents.holders import holder_names

# What a stage of the page is called among the events of a deal.
_EVENT_OF = {"contract_registered": "contract_registered", "implemented": "implemented", "cancelled": "cancelled"}
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
    ``deal_without_patent``, ``patent_unknown``, ``IdentifierInvalid`` for a wrong credit code, and ``NotFound``.
    """
    unit.require("deal.open")
    thread = open_to(unit, new.thread_id, writing=True)[0] if new.thread_id is not None else None
    patents = _patents(unit, new)
    if not new.sellers or not new.buyers:
        raise Refusal("parties_missing")
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
    _add_parties(unit, row, new)
    unit.session.add_all([DealPatent(deal_id=row.id, patent_id=key) for key in patents])
    if thread is not None:
        _note_origin(unit, row, thread)
    unit.session.flush()
    said = {"deal_type": new.deal_type, "patents": patents, "demand_id": row.demand_id}
    write_revisions(unit, "deals", None, [Change(row.id, None, said)])
    add_event(unit, row.id, new.stage, unit.today)  # refuses whoever is no party
    return row.id


def _patents(unit: Unit, new: NewDeal) -> list[int]:
    known = link_patents(unit, new.application_numbers)
    if not new.application_numbers:
        raise Refusal("deal_without_patent")
    if missing := [number for number in new.application_numbers if number not in known]:
        raise Refusal("patent_unknown", value="、".join(missing))
    return list(dict.fromkeys(known[number] for number in new.application_numbers))


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




def findings(unit: Unit, deal_id: int) -> tuple[Finding, ...]:
    """What the checks say of a deal as it stands now; for its parties, the operator and the bureau."""
    found = findings_on(unit, facts_of_deal(unit, deal_id))
    return tuple(replace(each, data=without_contact_data(unit, each.data)) for each in found)


def sign_deal(
    unit: Unit,
    deal_id: int,
    signed_on: date,
    contract_number: str,
    amount_yuan: Decimal | None = None,
    evidence_id: int | None = None,
    seen: str = "",
) -> tuple[Finding, ...]:
    """Record the signing (签订) under all checks; returns what was found, none of which blocks.

    Raises ``Conflict`` ``deal_step_not_allowed`` and ``changed_meanwhile``, ``Refusal`` with the code of the first
    finding that blocks (dead patent, not the owner, bound or excluded patent, number in use, day to come …), and
    ``NotAllowed("account_unconfirmed")``.
    """
    require_confirmed(unit)
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    check_step(_stage(unit, deal_id), "signed")
    number = contract_number.strip()
    if not number:
        raise Refusal("contract_number_missing")
    if amount_yuan is not None and amount_yuan <= 0:
        raise Refusal("amount_not_positive")
    found = findings_on(unit, facts_of_deal(unit, deal_id), signed_on=signed_on, contract_number=number)
    refuse_blocked(found)
    deal.signed_on, deal.contract_number = signed_on, number
    deal.amount_yuan = amount_yuan if amount_yuan is not None else deal.amount_yuan
    said = {"signed_on": signed_on, "contract_number": number, "amount_yuan": deal.amount_yuan}
    write_revisions(unit, "deals", None, [Change(deal.id, None, said)])
    add_event(unit, deal.id, "signed", signed_on, number, evidence_id)
    return found


def refuse_blocked(found: tuple[Finding, ...]) -> None:
    """Raise ``Refusal`` with the first finding that blocks."""
    for finding in found:
        if finding.level == "blocks":
            raise Refusal(finding.code, **dict(finding.data))


def take_step(
    unit: Unit,
    deal_id: int,
    to: Stage,
    on: date,
    number: str = "",
    evidence_id: int | None = None,
    seen: str = "",
) -> None:
    """Record that a deal was registered (TR01 or EE01 as its kind demands), its technical contract registered
    (技术合同登记), implemented, or cancelled.

    Raises ``Conflict`` ``deal_step_not_allowed``, ``changed_meanwhile``, and ``Refusal`` for days out of order, a
    number in use or missing, a cancellation without its reason.
    """
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    check_step(_stage(unit, deal_id), to)
    event = unit.pack.deals.register_events[deal.deal_type] if to == "registered" else _EVENT_OF.get(to)
    if event is None:
        raise Refusal("deal_event_unknown", event=to)
    given = number.strip()
    _check_step_data(unit, deal, to, on, given)
    add_event(unit, deal.id, event, on, given[:255] or None, evidence_id)
    if to == "contract_registered":
        deal.contract_register_number = given
        write_revisions(unit, "deals", None, [Change(deal.id, None, {"contract_register_number": given})])


def _check_step_data(unit: Unit, deal: Deal, to: Stage, on: date, number: str) -> None:
    if to == "cancelled" and not number:
        raise Refusal("note_missing")
    if to in ("registered", "contract_registered"):
        if not number:
            raise Refusal("register_number_missing")
        other = numbers_in_use(unit).get(number, deal.id)
        if other != deal.id:
            raise Conflict("deal_number_in_use", number=number, other=other)
    if deal.signed_on is not None and on < deal.signed_on:
        code = "deal_cancelled_before_signing" if to == "cancelled" else "deal_registered_before_signing"
        raise Refusal(code, cancelled_on=on, registered_on=on)


def pay(
    unit: Unit,
    deal_id: int,
    paid_on: date,
    amount_yuan: Decimal,
    voucher: str = "",
    evidence_id: int | None = None,
    seen: str = "",
) -> int:
    """Record one of perhaps several payments; proof is a file or a voucher number. Returns its number.

    Raises ``Conflict`` ``deal_step_not_allowed``, ``changed_meanwhile``, ``voucher_in_use``.
    """
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    check_step(_stage(unit, deal_id), "paid")
    if not voucher.strip() and evidence_id is None:
        raise Refusal("payment_unproven")
    return add_payment(unit, deal_id, paid_on, amount_yuan, voucher.strip() or None, evidence_id)


def _stage(unit: Unit, deal_id: int) -> Stage:
    known = deal_stages(unit, [deal_id])[deal_id]
    events = select(DealEvent.event).where(DealEvent.deal_id == deal_id, DealEvent.withdrawn_at.is_(None))
    said = set(unit.session.execute(events).scalars())
    if known == "negotiating" and "negotiating" not in said and "interested" in said:
        return "interested"
    if known != "cancelled" and "implemented" in said:
        return "implemented"
    return known  # type: ignore[return-value]


def stage_of_deal(unit: Unit, deal_id: int) -> Stage:
    """How far a deal has come."""
    return _stage(unit, deal_id)

