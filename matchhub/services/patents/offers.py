"""Patents on offer (供给专利): price, maturity and extras by the holder; claims on patents of others go to review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import EvidenceFile, Listing, Organisation, Patent
from matchhub.domain.identifiers import normalise_application_number
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import operators, tell
from matchhub.services.parties.links import link_patents
from matchhub.services.patents.holders import holder_names, holds
from matchhub.services.patents.page import newest_statuses

MODES = ("transfer", "licence", "open_licence", "contribution")
MATURITY = ("idea", "lab", "pilot", "product")
EXTRAS = ("know_how", "samples", "training", "equipment", "team")
_MOST = 200


@dataclass(frozen=True, slots=True)
class NewListing:
    """What a holder offers; ``price_yuan`` None means 面议."""

    number: str
    title: str
    modes: tuple[str, ...]
    maturity: str
    extras: tuple[str, ...] = ()
    price_yuan: Decimal | None = None
    fee_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListingView:
    """One listing for its holder or the operator; ``holders`` are the names on the patent."""

    id: int
    patent_id: int | None
    number: str
    title: str
    organisation: str
    holders: tuple[str, ...]
    modes: tuple[str, ...]
    maturity: str
    extras: tuple[str, ...]
    price_yuan: Decimal | None
    fee_text: str
    note: str
    state: str
    review_code: str | None
    decision_note: str
    evidence: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PublicListing:
    """What everybody may see of a listing on the patent's page."""

    id: int
    modes: tuple[str, ...]
    maturity: str
    extras: tuple[str, ...]
    price_yuan: Decimal | None
    fee_text: str


def list_patent(unit: Unit, new: NewListing) -> int:
    """Put a patent on offer and return the listing's number; published at once when the base names the actor's
    organisation as holder and the patent lives, else held for the operator (``listing_holder_differs``,
    ``listing_patent_unknown``).

    Raises ``IdentifierInvalid``, ``Refusal`` ``listing_mode_missing``, ``field_choice``, ``amount_not_positive``,
    ``listing_patent_dead``, and ``Conflict("listing_repeated")`` for a patent already on offer by the organisation.
    """
    unit.require("institution", "enterprise")
    number = normalise_application_number(new.number)
    _check(new)
    place = _own_organisation(unit)
    patent_id = link_patents(unit, [number]).get(number)
    _refuse_repetition(unit, number, place.id)
    if patent_id is not None:
        _refuse_dead(unit, patent_id)
    patent = unit.session.get(Patent, patent_id) if patent_id is not None else None
    title = (patent.title if patent is not None else None) or new.title.strip()
    if not title:
        raise Refusal("listing_title_missing")
    review = _review_code(unit, patent_id, place.id)
    row = Listing(
        patent_id=patent_id,
        application_number=number,
        title=title,
        organisation_id=place.id,
        modes=list(new.modes),
        price_yuan=new.price_yuan,
        fee_text=new.fee_text.strip() or None,
        maturity=new.maturity,
        extras=list(new.extras),
        note=new.note.strip() or None,
        state="review" if review else "published",
        review_code=review,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        updated_at=unit.now,
        demo=place.demo,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "listing.made", "listings", row.id, state=row.state, patent=patent_id)
    if review:
        tell(unit, operators(unit), "notice_listing_review", ("listings", row.id), str(row.id), title=title)
    return row.id


def _check(new: NewListing) -> None:
    if not new.modes:
        raise Refusal("listing_mode_missing")
    known = set(new.modes) <= set(MODES) and set(new.extras) <= set(EXTRAS) and new.maturity in MATURITY
    if not known:
        raise Refusal("field_choice")
    if new.price_yuan is not None and new.price_yuan <= 0:
        raise Refusal("amount_not_positive")


def _review_code(unit: Unit, patent_id: int | None, organisation_id: int) -> str | None:
    if patent_id is None:
        code = "listing_patent_unknown"
        return code
    if not holds(unit, patent_id, organisation_id):
        code = "listing_holder_differs"
        return code
    return None


def _refuse_repetition(unit: Unit, number: str, organisation_id: int) -> None:
    same = select(Listing.id).where(
        Listing.application_number == number,
        Listing.organisation_id == organisation_id,
        Listing.state.in_(("published", "review")),
    )
    if (known := unit.session.execute(same).scalar()) is not None:
        raise Conflict("listing_repeated", id=known)


def _refuse_dead(unit: Unit, patent_id: int) -> None:
    status = newest_statuses(unit, [patent_id]).get(patent_id)
    if status is not None and status.validity == "dead":
        raise Refusal("listing_patent_dead", on=status.as_of_on)


def _own_organisation(unit: Unit) -> Organisation:
    row = unit.session.get(Organisation, unit.actor.organisation_id) if unit.actor.organisation_id else None
    if row is None:
        raise NotFound("listing_not_found")
    return row


def withdraw_listing(unit: Unit, listing_id: int, reason: str) -> None:
    """Take a patent off offer; it stays on record. Its holder and the operator may."""
    row = _listing(unit, listing_id)
    if row.state == "withdrawn":
        return
    if not reason.strip():
        raise Refusal("note_missing")
    row.state, row.withdrawn_at, row.withdrawn_reason = "withdrawn", unit.now, reason.strip()
    row.updated_at = unit.now
    append_event(unit, "listing.withdrawn", "listings", row.id)


def decide_listing(unit: Unit, listing_id: int, decision: str, note: str) -> None:
    """The operator's word on a claim: ``published`` or ``refused``, with the reason.

    Publishing needs the patent in the base (``listing_patent_unknown``) and, for a patent of another holder, a file
    that proves the ownership (``listing_unproven``). ``Conflict("listing_decided")`` when somebody was faster.
    """
    unit.require("operator")
    row = _listing(unit, listing_id)
    if row.state != "review":
        raise Conflict("listing_decided", state=row.state)
    if decision not in ("published", "refused"):
        raise Refusal("decision_unknown", decision=decision)
    if not note.strip():
        raise Refusal("note_missing")
    if decision == "published":
        row.patent_id = row.patent_id or link_patents(unit, [row.application_number]).get(row.application_number)
        if row.patent_id is None:
            raise Refusal("listing_patent_unknown")
        _refuse_dead(unit, row.patent_id)
        if not holds(unit, row.patent_id, row.organisation_id) and not _proofs(unit, row.id):
            raise Refusal("listing_unproven")
    row.state, row.decided_by, row.decided_at = decision, unit.actor.account_id, unit.now
    row.decision_note, row.updated_at = note.strip(), unit.now
    append_event(unit, f"listing.{decision}", "listings", row.id)
    code = "notice_listing_published" if decision == "published" else "notice_listing_refused"
    tell(unit, [row.organisation_id], code, ("listings", row.id), f"{row.id}:{decision}", title=row.title)


def _listing(unit: Unit, listing_id: int) -> Listing:
    unit.require("institution", "enterprise", "operator")
    row = unit.session.get(Listing, listing_id)
    own = row is not None and row.organisation_id == unit.actor.organisation_id
    if row is None or not (own or unit.actor.role in ("operator", "system")):
        raise NotFound("listing_not_found", id=listing_id)
    return row


def own_listing(unit: Unit, listing_id: int) -> ListingView:
    """One listing for its holder or the operator."""
    return _view(unit, _listing(unit, listing_id))


def list_listings(unit: Unit, state: str = "") -> tuple[ListingView, ...]:
    """Own listings, or for the operator all, those that wait first."""
    unit.require("institution", "enterprise", "operator")
    chosen = select(Listing).order_by(Listing.state != "review", Listing.id.desc()).limit(_MOST)
    if unit.actor.role != "operator":
        chosen = chosen.where(Listing.organisation_id == (unit.actor.organisation_id or 0))
    if state:
        chosen = chosen.where(Listing.state == state)
    return tuple(_view(unit, row) for row in unit.session.execute(chosen).scalars())


def listing_of_patent(unit: Unit, patent_id: int) -> PublicListing | None:
    """What everybody may see of a patent's offer; ``None`` where it is not on offer."""
    chosen = select(Listing).where(Listing.patent_id == patent_id, Listing.state == "published")
    row = unit.session.execute(chosen.order_by(Listing.id.desc()).limit(1)).scalar()
    if row is None:
        return None
    return PublicListing(row.id, tuple(row.modes), row.maturity, tuple(row.extras), row.price_yuan, row.fee_text or "")


def _proofs(unit: Unit, listing_id: int) -> int:
    chosen = select(EvidenceFile.id).where(
        EvidenceFile.subject_kind == "listings",
        EvidenceFile.subject_id == listing_id,
        EvidenceFile.withdrawn_at.is_(None),
    )
    return len(unit.session.execute(chosen).scalars().all())


def _view(unit: Unit, row: Listing) -> ListingView:
    place: Any = unit.session.get_one(Organisation, row.organisation_id)
    return ListingView(
        id=row.id,
        patent_id=row.patent_id,
        number=row.application_number,
        title=row.title,
        organisation=place.name,
        holders=holder_names(unit, row.patent_id) if row.patent_id is not None else (),
        modes=tuple(row.modes),
        maturity=row.maturity,
        extras=tuple(row.extras),
        price_yuan=row.price_yuan,
        fee_text=row.fee_text or "",
        note=row.note or "",
        state=row.state,
        review_code=row.review_code,
        decision_note=row.decision_note or "",
        evidence=_proofs(unit, row.id),
        updated_at=row.updated_at,
    )
