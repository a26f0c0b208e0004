"""Declaring an open licence (开放许可声明): the checklist with its articles, announcing, withdrawing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from matchhub.db.tables import Licence, Offer, OfferDeclaration, Patent
from matchhub.domain.counting.facts import EncumbranceFact, StatusFact
from matchhub.domain.identifiers import normalise_application_number, patent_type_of
from matchhub.domain.licensing import Check, Declaration, FeeMethod, annuity_paid, check_declaration, may_publish
from matchhub.domain.records import OfferRecord, Regime, Row, Source
from matchhub.domain.validity import ended_on, life_on
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.facts.dealt_patents import statuses_of
from matchhub.services.facts.encumbrances import encumbrances_of
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.periods import period_of
from matchhub.services.licensing.recorders import OfferRecorder
from matchhub.services.licensing.telling import tell_of_offer
from matchhub.services.parties.links import link_patents
from matchhub.services.patents.holders import holder_names, holder_names_of, holds
from matchhub.services.patents.page import offer_not_over

FEE_METHODS: tuple[FeeMethod, ...] = ("fixed", "royalty_sales", "royalty_profit", "free")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """A declaration as its form says it."""

    number: str
    regime: Regime = "cnipa"
    platform: str = ""
    announcement_number: str = ""
    declared_on: date | None = None
    fee_method: FeeMethod | None = None
    fee_yuan: Decimal | None = None
    royalty_percent: Decimal | None = None
    fee_text: str = ""
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    industry: str = ""
    industry_reason: str = ""
    annuity_paid: bool | None = None
    suspended: bool = False
    evaluation_report: bool = False
    all_owners: bool = False
    pledgee_consented: bool = False


def check_offer(unit: Unit, new: NewOffer) -> tuple[Check, ...]:
    """The checklist of a declaration, each line with its article; nothing is written.

    Raises ``IdentifierInvalid``, ``Refusal("patent_unknown")`` for a patent that is not in the base.
    """
    unit.require("offer.declare")
    patent = _patent(unit, new.number)
    return checks_of(unit, [(patent, new)])[patent.id]


def checks_of(unit: Unit, declared: Sequence[tuple[Patent, NewOffer]]) -> dict[int, tuple[Check, ...]]:
    """The checklists of declarations by patent, in as many statements for many as for one."""
    ids = [patent.id for patent, _ in declared]
    statuses, encumbrances = statuses_of(unit, ids), encumbrances_of(unit, ids)
    holders = holder_names_of(unit, ids)
    return {
        patent.id: check_declaration(
            _declaration(
                unit, patent, new, statuses.get(patent.id, ()), encumbrances[patent.id], holders.get(patent.id, ())
            ),
            unit.pack.licensing,
            unit.today,
        )
        for patent, new in declared
    }


def _declaration(
    unit: Unit,
    patent: Patent,
    new: NewOffer,
    statuses: tuple[StatusFact, ...],
    encumbrances: tuple[EncumbranceFact, ...],
    holders: tuple[str, ...],
) -> Declaration:
    """A declaration with what is known of its patent."""
    end_on = ended_on(patent.application_number, patent.filed_on, patent.expires_on)
    return Declaration(
        patent_type=patent_type_of(patent.application_number or ""),
        life=life_on(unit.today, statuses, patent.granted_on, end_on),
        encumbrances=tuple(
            replace(each, consented=new.pledgee_consented) if each.kind == "pledge" else each for each in encumbrances
        ),
        annuity_paid=annuity_paid(unit.today, patent.annuity_paid_to_on, new.annuity_paid),
        suspended=new.suspended,
        evaluation_report=new.evaluation_report,
        declared_by_all_owners=new.all_owners or len(holders) == 1,
        fee_method=new.fee_method,
        fee_yuan=new.fee_yuan,
        royalty_percent=new.royalty_percent,
        valid_from_on=new.valid_from_on,
        valid_to_on=new.valid_to_on,
    )


def declare_offer(unit: Unit, new: NewOffer) -> int:
    """Publish a declaration whose checklist does not block; returns the offer's number.

    Its holder may, and the operator who enters it for the holder. Raises ``Refusal`` with the code of the first line
    that blocks, ``offer_industry_missing``, ``offer_industry_unexplained``, ``offer_regime_out_of_time``,
    ``offer_platform_missing``, ``NotAllowed`` for a patent of another holder, ``Conflict("offer_running")``.
    """
    checks = check_offer(unit, new)
    patent = _patent(unit, new.number)
    if not unit.may("offer.declare_any") and not holds(unit, patent.id, unit.actor.organisation_id):
        raise NotAllowed("offer_not_holder", role=unit.actor.role)
    declared_on = new.declared_on or unit.today
    if declared_on > unit.today:
        raise Refusal("day_to_come", day=declared_on)
    check_terms(unit, new, declared_on)
    if not may_publish(checks):
        worst = next(check for check in checks if check.level == "blocks")
        raise Refusal(worst.code, article=worst.article, **dict(worst.data))
    if patents_declared(unit, [patent.id]):
        raise Conflict("offer_running", number=patent.application_number)
    offer_id = _record(unit, patent, new, declared_on)
    row = OfferDeclaration(
        offer_id=offer_id,
        organisation_id=unit.actor.organisation_id or 0,
        annuity_paid=new.annuity_paid,
        suspended=new.suspended,
        evaluation_report=new.evaluation_report,
        all_owners=new.all_owners,
        pledgee_consented=new.pledgee_consented,
        warnings=[check.code for check in checks if check.level == "warns"],
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "offer.declared", "offers", offer_id)
    return offer_id


def check_terms(unit: Unit, new: NewOffer, declared_on: date) -> None:
    """Refuse terms no patent could be declared with: industry, its reason, the time of the regime, its platform."""
    if not new.industry.strip():
        raise Refusal("offer_industry_missing")
    if not new.industry_reason.strip():
        raise Refusal("offer_industry_unexplained")
    regime = unit.pack.licensing.regimes[new.regime]
    if declared_on < regime.from_on or (regime.to_on is not None and declared_on > regime.to_on):
        raise Refusal("offer_regime_out_of_time", regime=new.regime, published_on=declared_on)
    if new.regime == "pilot" and not new.platform.strip():
        raise Refusal("offer_platform_missing")


def _record(unit: Unit, patent: Patent, new: NewOffer, declared_on: date) -> int:
    record = OfferRecord(
        source=Source("form", 1),
        application_number=patent.application_number,
        holder_name="、".join(holder_names(unit, patent.id)) or None,
        regime=new.regime,
        platform=new.platform.strip() or None,
        announcement_number=new.announcement_number.strip() or None,
        declared_on=declared_on,
        fee_method=new.fee_method,
        fee_yuan=new.fee_yuan if new.fee_method == "fixed" else None,
        royalty_percent=new.royalty_percent if new.fee_method not in ("fixed", "free") else None,
        fee_text=new.fee_text.strip() or None,
        valid_from_on=new.valid_from_on,
        valid_to_on=new.valid_to_on,
        industry=new.industry.strip(),
        industry_reason=new.industry_reason.strip(),
    )
    outcome = OfferRecorder(unit, None, holds_rows(unit, demo=True)).record([Row(record.source, record)])[0]
    if outcome.record_id is None or outcome.verdict != "created":
        raise Conflict("recorded_already", id=outcome.record_id)
    return outcome.record_id


def announce_offer(unit: Unit, offer_id: int, number: str, on: date) -> None:
    """Record the announcement (公告) of the national office: its number and day. Holder or operator."""
    offer = offer_to_change(unit, offer_id)
    if not number.strip():
        raise Refusal("offer_announcement_missing")
    if on > unit.today:
        raise Refusal("day_to_come", day=on)
    offer.announcement_number, offer.declared_on, offer.updated_at = number.strip(), on, unit.now
    said = {"announcement_number": offer.announcement_number, "declared_on": on}
    write_revisions(unit, "offers", None, [Change(offer.id, None, said)])
    append_event(unit, "offer.announced", "offers", offer.id, number=offer.announcement_number)
    tell_of_offer(unit, offer, "announced", number=offer.announcement_number, on=on)


def end_offer(unit: Unit, offer_id: int, on: date) -> None:
    """Withdraw a declaration (撤回声明) as of a day; licences reached before stay (Patent Law art. 50).

    From that day on nothing can be accepted (``domain.licensing.offer_period``), so it lies after every notice given.
    Raises ``Conflict("offer_ended")`` when it has ended, ``Refusal`` ``offer_end_invalid`` for a day before it began,
    ``offer_end_after_notice`` with the last notice.
    """
    offer = offer_to_change(unit, offer_id)
    if offer.ended_on is not None:
        raise Conflict("offer_ended", on=offer.ended_on)
    begun = period_of(offer).first_on
    if begun is not None and on < begun:
        raise Refusal("offer_end_invalid", begun=begun)
    notices = select(func.max(Licence.notified_on)).where(Licence.offer_id == offer.id, Licence.withdrawn_at.is_(None))
    last = unit.session.execute(notices).scalar()
    if last is not None and on <= last:
        raise Refusal("offer_end_after_notice", last=last, earliest=last + timedelta(days=1))
    offer.ended_on, offer.updated_at = on, unit.now
    write_revisions(unit, "offers", None, [Change(offer.id, None, {"ended_on": on})])
    append_event(unit, "offer.ended", "offers", offer.id, on=on.isoformat())
    tell_of_offer(unit, offer, "ended", on=on)


def offer_to_change(unit: Unit, offer_id: int) -> Offer:
    """The offer, for its holder or the operator; ``NotFound`` for anybody else."""
    unit.require("offer.change")
    offer = unit.session.get(Offer, offer_id)
    own = offer is not None and holds(unit, offer.patent_id, unit.actor.organisation_id)
    if offer is None or offer.withdrawn_at is not None or not (own or unit.may("offer.change_any")):
        raise NotFound("record_not_found", kind="offers", id=offer_id)
    return offer


def patents_declared(unit: Unit, patent_ids: Collection[int]) -> frozenset[int]:
    """Those of the patents that have a declaration which has not ended."""
    chosen = select(Offer.patent_id).where(Offer.patent_id.in_(patent_ids), *offer_not_over(unit))
    return frozenset(unit.session.execute(chosen).scalars())


def _patent(unit: Unit, written: str) -> Patent:
    number = normalise_application_number(written)
    patent_id = link_patents(unit, [number]).get(number)
    if patent_id is None:
        raise Refusal("patent_unknown", value=number)
    return unit.session.get_one(Patent, patent_id)


def declaration_of(unit: Unit, offer_id: int) -> OfferDeclaration | None:
    """What the holder stated with a declaration made here."""
    return unit.session.execute(select(OfferDeclaration).where(OfferDeclaration.offer_id == offer_id)).scalar()
