"""Which of the city's industries an offer serves: proposed from the patent's classes, accepted where none fits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import IndustryWord, Offer, Patent, PatentClass, Revision
from matchhub.domain.identifiers import normalise_application_number
from matchhub.domain.industries import Industry, disagreeing, fitting_industries, patent_classes
from matchhub.errors import Conflict, IdentifierInvalid, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.names import account_names
from matchhub.services.accounts.second_factor import require_code
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_patents


@dataclass(frozen=True, slots=True)
class IndustryWordView:
    """What a second person said of an offer's industry; ``current``: on the tag and the reason as they stand now."""

    account: str
    role: str
    accepted: bool
    industry: str
    reason: str
    note: str
    said_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class IndustryView:
    """An offer's industry beside what its patent's classes serve. ``open``: a second person may decide."""

    industry: str
    reason: str
    symbols: tuple[str, ...]
    fitting: tuple[Industry, ...]
    disagrees: tuple[str, ...]
    words: tuple[IndustryWordView, ...]
    open: bool


def symbols_of(unit: Unit, patent_ids: Collection[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Scheme (ipc, locarno) and symbol of every class of the patents, main one first."""
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for part in parts(sorted(patent_ids)):
        chosen = select(PatentClass.patent_id, PatentClass.scheme, PatentClass.symbol)
        rows = unit.session.execute(
            chosen.where(PatentClass.patent_id.in_(part)).order_by(PatentClass.position, PatentClass.id)
        )
        for patent_id, scheme, symbol in rows:
            found[patent_id] = (*found.get(patent_id, ()), (scheme, symbol))
    return found


def classes_of(symbols: Collection[tuple[str, str]]) -> frozenset[str]:
    """The symbols at every level that a table of industries may name."""
    return patent_classes(
        [symbol for scheme, symbol in symbols if scheme == "ipc"],
        [symbol for scheme, symbol in symbols if scheme == "locarno"],
    )


def proposed_industries(unit: Unit, written: str) -> tuple[tuple[str, ...], tuple[Industry, ...]]:
    """Symbols of the patent with this application number, and the industries it serves; empty for an unknown one."""
    try:
        number = normalise_application_number(written)
    except IdentifierInvalid:
        return (), ()
    patent_id = link_patents(unit, [number]).get(number)
    symbols = symbols_of(unit, [patent_id]).get(patent_id, ()) if patent_id is not None else ()
    fitting = fitting_industries(classes_of(symbols), unit.pack.industries.values())
    return tuple(symbol for _, symbol in symbols), fitting


def industry_view(unit: Unit, offer_id: int) -> IndustryView:
    """The industry of one offer for operator and bureau; ``NotFound`` when there is no such offer."""
    unit.require("record.read")
    offer = _offer(unit, offer_id)
    symbols = symbols_of(unit, [offer.patent_id]).get(offer.patent_id, ())
    classes, industries = classes_of(symbols), unit.pack.industries.values()
    tag = offer.industry or ""
    wrong = disagreeing(tag, classes, industries) if tag else ()
    stated = bool(tag.strip() and (offer.industry_reason or "").strip())
    return IndustryView(
        industry=tag,
        reason=offer.industry_reason or "",
        symbols=tuple(symbol for _, symbol in symbols),
        fitting=fitting_industries(classes, industries),
        disagrees=wrong,
        words=tuple(_words(unit, offer)),
        open=stated and bool(wrong or not classes) and offer.withdrawn_at is None and unit.may("offer.judge_industry"),
    )


def _words(unit: Unit, offer: Offer) -> list[IndustryWordView]:
    chosen = select(IndustryWord).where(IndustryWord.offer_id == offer.id).order_by(IndustryWord.id.desc())
    rows = unit.session.execute(chosen).scalars().all()
    names = account_names(unit, [row.account_id for row in rows])
    return [
        IndustryWordView(
            account=names.get(row.account_id, ""),
            role=row.role,
            accepted=row.accepted,
            industry=row.industry,
            reason=row.reason,
            note=row.note or "",
            said_at=row.recorded_at,
            current=(row.industry, row.reason) == (offer.industry, offer.industry_reason),
        )
        for row in rows
    ]


def give_industry_word(unit: Unit, offer_id: int, accepted: bool, note: str, code: str) -> None:
    """``judge_industry`` for a person at a page, proven by that person's current one-time code.

    Call within ``second_factor.proving``. Raises what ``require_code`` raises besides.
    """
    judge_industry(unit, offer_id, accepted, note)
    require_code(unit, code)


def judge_industry(unit: Unit, offer_id: int, accepted: bool, note: str = "") -> None:
    """Accept, or refuse, an industry that no class of the patent serves, by the reason typed for it.

    By a role that the pack names and never by who typed tag or reason; whoever calls this has checked a code. Raises
    ``NotAllowed("industry_own")``, ``Conflict("record_withdrawn")``, ``Refusal`` ``industry_needs_no_word``,
    ``offer_industry_unexplained``, ``note_missing`` (a refusal says why).
    """
    unit.require("offer.judge_industry")
    actor = unit.actor
    if actor.account_id is None or actor.organisation_id is None:
        raise NotAllowed(role=actor.role)
    if not unit.pack.licensing.lets_accept_industry(actor.role):
        raise NotAllowed(role=actor.role)
    offer = _offer(unit, offer_id)
    if offer.withdrawn_at is not None:
        raise Conflict("record_withdrawn")
    industry, reason = offer.industry or "", offer.industry_reason or ""
    if not industry.strip() or not reason.strip():
        raise Refusal("offer_industry_unexplained")
    classes = classes_of(symbols_of(unit, [offer.patent_id]).get(offer.patent_id, ()))
    if classes and not disagreeing(industry, classes, unit.pack.industries.values()):
        raise Refusal("industry_needs_no_word")
    if actor.account_id in _typed_by(unit, offer.id):
        raise NotAllowed("industry_own", role=actor.role)
    if not accepted and not note.strip():
        raise Refusal("note_missing")
    row = IndustryWord(
        offer_id=offer.id,
        industry=industry,
        reason=reason,
        accepted=accepted,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        role=actor.role,
        note=note.strip() or None,
        recorded_at=unit.now,
        recorded_by=actor.account_id,
    )
    unit.session.add(row)
    append_event(unit, "offer.industry_judged", "offers", offer.id, accepted=accepted)


def _typed_by(unit: Unit, offer_id: int) -> set[int | None]:
    """Accounts that wrote the industry or its reason."""
    chosen = select(Revision.recorded_by, Revision.fields).where(
        Revision.kind == "offers", Revision.record_id == offer_id
    )
    return {
        account
        for account, fields in unit.session.execute(chosen)
        if "industry" in fields or "industry_reason" in fields
    }


def _offer(unit: Unit, offer_id: int) -> Offer:
    offer = unit.session.get(Offer, offer_id)
    if offer is None or unit.session.get(Patent, offer.patent_id) is None:
        raise NotFound("record_not_found", kind="offers", id=offer_id)
    return offer
