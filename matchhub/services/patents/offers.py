"""Patents on offer (供给专利): price, maturity and extras by the holder; claims on patents of others go to review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import EvidenceFile, Organisation, Patent, PatentOffer
from matchhub.domain.identifiers import normalise_application_number
from matchhub.domain.maturity import stages
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators
from matchhub.services.parties.links import link_patents
from matchhub.services.patents.holders import holder_names_of, holds
from matchhub.services.patents.page import ended_patents

MODES = ("transfer", "licence", "open_licence", "contribution")
MATURITY = tuple(each.key for each in stages())
EXTRAS = ("know_how", "samples", "training", "equipment", "team")
_MOST = 200


@dataclass(frozen=True, slots=True)
class NewPatentOffer:
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
class PatentOfferView:
    """One patent offer for its holder or the operator; ``holders`` are the names on the patent."""

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
class PublicPatentOffer:
    """What everybody may see of a patent offer on the patent's page."""

    id: int
    modes: tuple[str, ...]
    maturity: str
    extras: tuple[str, ...]
    price_yuan: Decimal | None
    fee_text: str


def list_patent(unit: Unit, new: NewPatentOffer) -> int:
    """Put a patent on offer and return the offer's number; published at once when the base names the actor's
    organisation as holder and the patent lives, else held for the operator (``patent_offer_holder_differs``,
    ``patent_offer_patent_unknown``).

    Raises ``IdentifierInvalid``, ``Refusal`` ``patent_offer_mode_missing``, ``field_choice``, ``amount_not_positive``,
    ``patent_offer_patent_dead``, and ``Conflict("patent_offer_repeated")`` for a patent
    that the organisation offers already.
    """
    unit.require("patent_offer.make")
    number = normalise_application_number(new.number)
    check_listing_terms(new)
    place = _own_organisation(unit)
    patent_id = link_patents(unit, [number]).get(number)
    _refuse_repetition(unit, number, place.id)
    if patent_id is not None:
        _refuse_dead(unit, patent_id)
    patent = unit.session.get(Patent, patent_id) if patent_id is not None else None
    title = (patent.title if patent is not None else None) or new.title.strip()
    if not title:
        raise Refusal("patent_offer_title_missing")
    review = _review_code(unit, patent_id, place.id)
    row = PatentOffer(
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
    append_event(unit, "patent_offer.made", "patent_offers", row.id, state=row.state, patent=patent_id)
    if review:
        notify(unit, operators(unit), "notice_patent_offer_review", ("patent_offers", row.id), str(row.id), title=title)
    return row.id


def check_listing_terms(new: NewPatentOffer) -> None:
    """Refuse terms that no patent could be offered with: ways, maturity, what comes besides, the price."""
    if not new.modes:
        raise Refusal("patent_offer_mode_missing")
    known = set(new.modes) <= set(MODES) and set(new.extras) <= set(EXTRAS) and new.maturity in MATURITY
    if not known:
        raise Refusal("field_choice")
    if new.price_yuan is not None and new.price_yuan <= 0:
        raise Refusal("amount_not_positive")


def _review_code(unit: Unit, patent_id: int | None, organisation_id: int) -> str | None:
    if patent_id is None:
        code = "patent_offer_patent_unknown"
        return code
    if not holds(unit, patent_id, organisation_id):
        code = "patent_offer_holder_differs"
        return code
    return None


def _refuse_repetition(unit: Unit, number: str, organisation_id: int) -> None:
    same = select(PatentOffer.id).where(
        PatentOffer.application_number == number,
        PatentOffer.organisation_id == organisation_id,
        PatentOffer.state.in_(("published", "review")),
    )
    if (known := unit.session.execute(same).scalar()) is not None:
        raise Conflict("patent_offer_repeated", id=known)


def _refuse_dead(unit: Unit, patent_id: int) -> None:
    if ended_patents(unit, [patent_id]):
        raise Refusal("patent_offer_patent_dead", on=unit.today)


def _own_organisation(unit: Unit) -> Organisation:
    row = unit.session.get(Organisation, unit.actor.organisation_id) if unit.actor.organisation_id else None
    if row is None:
        raise NotFound("patent_offer_not_found")
    return row


def withdraw_patent_offer(unit: Unit, patent_offer_id: int, reason: str) -> None:
    """Take a patent off offer; it stays on record. Its holder and the operator may."""
    row = _patent_offer(unit, patent_offer_id)
    if row.state == "withdrawn":
        return
    if not reason.strip():
        raise Refusal("note_missing")
    row.state, row.withdrawn_at, row.withdrawn_reason = "withdrawn", unit.now, reason.strip()
    row.updated_at = unit.now
    append_event(unit, "patent_offer.withdrawn", "patent_offers", row.id)


def decide_patent_offer(unit: Unit, patent_offer_id: int, decision: str, note: str) -> None:
    """The operator's word on a claim: ``published`` or ``refused``, with the reason.

    Publishing needs the patent in the base (``patent_offer_patent_unknown``) and, for a patent of another holder, a
    file that proves the ownership (``patent_offer_unproven``). Raises ``Conflict("patent_offer_decided")`` when
    somebody was faster.
    """
    unit.require("patent_offer.decide")
    row = _patent_offer(unit, patent_offer_id)
    if row.state != "review":
        raise Conflict("patent_offer_decided", state=row.state)
    if decision not in ("published", "refused"):
        raise Refusal("decision_unknown", decision=decision)
    if not note.strip():
        raise Refusal("note_missing")
    if decision == "published":
        row.patent_id = row.patent_id or link_patents(unit, [row.application_number]).get(row.application_number)
        if row.patent_id is None:
            raise Refusal("patent_offer_patent_unknown")
        _refuse_dead(unit, row.patent_id)
        if not holds(unit, row.patent_id, row.organisation_id) and not _proofs(unit, [row.id])[row.id]:
            raise Refusal("patent_offer_unproven")
    row.state, row.decided_by, row.decided_at = decision, unit.actor.account_id, unit.now
    row.decision_note, row.updated_at = note.strip(), unit.now
    append_event(unit, f"patent_offer.{decision}", "patent_offers", row.id)
    code = "notice_patent_offer_published" if decision == "published" else "notice_patent_offer_refused"
    notify(unit, [row.organisation_id], code, ("patent_offers", row.id), f"{row.id}:{decision}", title=row.title)


def _patent_offer(unit: Unit, patent_offer_id: int) -> PatentOffer:
    unit.require("patent_offer.change")
    row = unit.session.get(PatentOffer, patent_offer_id)
    own = row is not None and row.organisation_id == unit.actor.organisation_id
    if row is None or not (own or unit.may("patent_offer.change_any")):
        raise NotFound("patent_offer_not_found", id=patent_offer_id)
    return row


def own_patent_offer(unit: Unit, patent_offer_id: int) -> PatentOfferView:
    """One patent offer for its holder or the operator."""
    return _views(unit, [_patent_offer(unit, patent_offer_id)])[0]


def list_patent_offers(unit: Unit, state: str = "") -> tuple[PatentOfferView, ...]:
    """Own patent offers, or for the operator all, those that wait first."""
    unit.require("patent_offer.read")
    chosen = select(PatentOffer).order_by(PatentOffer.state != "review", PatentOffer.id.desc()).limit(_MOST)
    if not unit.may("patent_offer.change_any"):
        chosen = chosen.where(PatentOffer.organisation_id == (unit.actor.organisation_id or 0))
    if state:
        chosen = chosen.where(PatentOffer.state == state)
    return _views(unit, unit.session.execute(chosen).scalars().all())


def _views(unit: Unit, rows: Sequence[PatentOffer]) -> tuple[PatentOfferView, ...]:
    names = holder_names_of(unit, {row.patent_id for row in rows if row.patent_id is not None})
    places = _places(unit, {row.organisation_id for row in rows})
    proofs = _proofs(unit, [row.id for row in rows])
    return tuple(
        _view(row, places[row.organisation_id], names.get(row.patent_id or 0, ()), proofs[row.id]) for row in rows
    )


def patent_offer_of_patent(unit: Unit, patent_id: int) -> PublicPatentOffer | None:
    """What everybody may see of a patent's offer; ``None`` where it is not on offer."""
    return public_offers(unit, [patent_id]).get(patent_id)


def public_offers(unit: Unit, patent_ids: Collection[int]) -> dict[int, PublicPatentOffer]:
    """The same of those of some patents that are on offer, by patent, in one statement."""
    chosen = select(PatentOffer).where(PatentOffer.patent_id.in_(patent_ids), PatentOffer.state == "published")
    rows = unit.session.execute(chosen.order_by(PatentOffer.id)).scalars()
    return {row.patent_id: _public(row) for row in rows if row.patent_id is not None}


def _public(row: PatentOffer) -> PublicPatentOffer:
    modes, extras = tuple(row.modes), tuple(row.extras)
    return PublicPatentOffer(row.id, modes, row.maturity, extras, row.price_yuan, row.fee_text or "")


def _proofs(unit: Unit, ids: Sequence[int]) -> Counter[int]:
    """How many files prove the ownership, by patent offer."""
    chosen = select(EvidenceFile.subject_id).where(
        EvidenceFile.subject_kind == "patent_offers", EvidenceFile.withdrawn_at.is_(None)
    )
    return Counter(unit.session.execute(chosen.where(EvidenceFile.subject_id.in_(ids))).scalars())


def _places(unit: Unit, ids: set[int]) -> dict[int, str]:
    chosen = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return dict(unit.session.execute(chosen).all())


def _view(row: PatentOffer, place: str, holders: tuple[str, ...], proofs: int) -> PatentOfferView:
    return PatentOfferView(
        id=row.id,
        patent_id=row.patent_id,
        number=row.application_number,
        title=row.title,
        organisation=place,
        holders=holders,
        modes=tuple(row.modes),
        maturity=row.maturity,
        extras=tuple(row.extras),
        price_yuan=row.price_yuan,
        fee_text=row.fee_text or "",
        note=row.note or "",
        state=row.state,
        review_code=row.review_code,
        decision_note=row.decision_note or "",
        evidence=proofs,
        updated_at=row.updated_at,
    )
