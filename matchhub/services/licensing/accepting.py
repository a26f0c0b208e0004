"""Accepting an open licence: written notice (书面通知), payment with proof, filing (备案) within its three months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Enterprise, EvidenceFile, Licence, Offer, Patent
from matchhub.domain.deals import Payment, blocking, check_refund
from matchhub.domain.licensing import licence_kinds_allowed
from matchhub.domain.records import LicenceRecord, Row, Source
from matchhub.domain.validity import encumbrances_on
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.evidence.allowances import excess_yuan, fee_yuan
from matchhub.services.evidence.vouchers import one_after_another, require_free_voucher
from matchhub.services.facts.encumbrances import encumbrances_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.filing_numbers import licences_filed_under
from matchhub.services.licensing.periods import period_of, reached_under
from matchhub.services.licensing.recorders import LicenceRecorder
from matchhub.services.licensing.telling import tell_parties_of_licence
from matchhub.services.notices.notices import notify, operators
from matchhub.services.parties.links import link_enterprises
from matchhub.services.patents.holders import holder_keys, holder_organisation, holds
from matchhub.services.patents.page import ended_patents


def accept_offer(unit: Unit, offer_id: int, enterprise_id: int | None = None) -> int:
    """Give the written notice that accepts an offer today; returns the licence's number. It is reached once paid, and
    at once where the offer is free.

    The actor's enterprise accepts, or the operator enters it for ``enterprise_id``. Raises ``NotFound``,
    ``Refusal`` ``offer_not_open`` (before its period, after it or after its withdrawal), ``offer_patent_dead``,
    ``offer_patent_licensed`` beside an exclusive or sole licence, ``parties_identical``,
    ``Conflict("licence_repeated")`` for a licence this firm has, and ``NotAllowed("account_unconfirmed")``.
    """
    unit.require("offer.accept", "offer.accept_any")
    firm_id = enterprise_id if unit.may("offer.accept_any") else unit.actor.enterprise_id
    firm = unit.session.get(Enterprise, firm_id) if firm_id is not None else None
    offer = unit.session.get(Offer, offer_id)
    if offer is None or offer.withdrawn_at is not None:
        raise NotFound("record_not_found", kind="offers", id=offer_id)
    if firm is None or firm.withdrawn_at is not None:
        raise NotFound("enterprise_not_found")
    _check_open(unit, offer, firm)
    patent = unit.session.get_one(Patent, offer.patent_id)
    record = LicenceRecord(
        source=Source("form", 1),
        application_number=patent.application_number,
        licensee_name=firm.name,
        licensee_uscc=firm.uscc,
        licensor_name=offer.holder_name,
        regime=offer.regime,  # type: ignore[arg-type]
        notified_on=unit.today,
        reached_on=reached_under(offer, unit.today, None),
    )
    outcome = LicenceRecorder(unit, None, offer.demo).record([Row(record.source, record)])[0]
    if outcome.verdict != "created" or outcome.record_id is None:
        raise Conflict("licence_repeated", id=outcome.record_id)
    licence = unit.session.get_one(Licence, outcome.record_id)
    if licence.offer_id != offer.id:
        licence.offer_id = offer.id
        write_revisions(unit, "licences", None, [Change(licence.id, None, {"offer_id": offer.id})])
    append_event(unit, "licence.notified", "licences", licence.id, offer=offer.id)
    ids = [holder_organisation(unit, offer.patent_id), *operators(unit)]
    title = patent.title or ""
    notify(
        unit, ids, "notice_licence_notified", ("licences", licence.id), str(licence.id), patent=title, firm=firm.name
    )
    return licence.id


def firm_named(unit: Unit, written: str) -> int:
    """The enterprise that bears this credit code, or alone this full name; ``Refusal("licensee_unknown")``."""
    name = written.strip()
    code = name.upper() if len(name) == 18 and name.isascii() else None
    firm = link_enterprises(unit, [(code, name)]).find(code, name)
    if firm is None:
        raise Refusal("licensee_unknown", value=name)
    return firm.id


def _check_open(unit: Unit, offer: Offer, firm: Enterprise) -> None:
    period = period_of(offer)
    if not period.is_open_on(unit.today):
        raise Refusal("offer_not_open", begun=period.first_on, last=period.last_on)
    running = encumbrances_on(encumbrances_of(unit, [offer.patent_id])[offer.patent_id], unit.today)
    if "open_licence" not in licence_kinds_allowed(each.kind for each in running):
        raise Refusal("offer_patent_licensed")
    if ended_patents(unit, [offer.patent_id]):
        raise Refusal("offer_patent_dead", on=unit.today)
    if firm.name_key in holder_keys(unit, offer.patent_id):
        raise Refusal("parties_identical")
    same = select(Licence.id).where(
        Licence.offer_id == offer.id,
        Licence.enterprise_id == firm.id,
        Licence.withdrawn_at.is_(None),
        Licence.terminated_on.is_(None),
    )
    if (known := unit.session.execute(same).scalar()) is not None:
        raise Conflict("licence_repeated", id=known)


def licence_to_change(unit: Unit, licence_id: int) -> Licence:
    """The licence, for its licensee, the patent's holder, or the operator; ``NotFound`` for anybody else."""
    unit.require("licence.read")
    licence = unit.session.get(Licence, licence_id)
    actor = unit.actor
    if licence is not None and not unit.may("deal.read_any"):
        licensee = actor.enterprise_id is not None and licence.enterprise_id == actor.enterprise_id
        if not licensee and not holds(unit, licence.patent_id, actor.organisation_id):
            licence = None
    if licence is None:
        raise NotFound("record_not_found", kind="licences", id=licence_id)
    return licence


def _locked(unit: Unit, licence_id: int) -> Licence:
    """``licence_to_change``, its row locked: of two who enter something, the second sees what the first entered."""
    licence = licence_to_change(unit, licence_id)
    unit.session.refresh(licence, with_for_update=True)
    return licence


def record_payment(
    unit: Unit, licence_id: int, paid_on: date, paid_yuan: Decimal, voucher: str = "", evidence_id: int | None = None
) -> date | None:
    """Record the payment with its proof (file or voucher); returns the day the licence was reached, if it was.

    By the licensee or the operator. Raises ``Conflict`` ``licence_paid``, ``voucher_in_use``, ``payment_exceeds_fee``,
    ``Refusal`` ``payment_unproven``, ``day_to_come``, ``licence_paid_before_notice``, ``amount_not_positive``.
    """
    unit.require("licence.pay")
    licence = _locked(unit, licence_id)
    if licence.paid_on is not None:
        raise Conflict("licence_paid", on=licence.paid_on)
    _check_payment(unit, licence, paid_on, paid_yuan, voucher.strip(), evidence_id)
    offer = unit.session.get(Offer, licence.offer_id) if licence.offer_id is not None else None
    licence.paid_on, licence.paid_yuan = paid_on, paid_yuan
    licence.payment_proof, licence.payment_evidence_id = voucher.strip() or None, evidence_id
    licence.reached_on = reached_under(offer, licence.notified_on, paid_on)
    licence.updated_at = unit.now
    said = {
        "paid_on": paid_on,
        "paid_yuan": paid_yuan,
        "payment_proof": licence.payment_proof,
        "payment_evidence_id": evidence_id,
        "reached_on": licence.reached_on,
    }
    write_revisions(unit, "licences", None, [Change(licence.id, None, said)])
    append_event(unit, "licence.paid", "licences", licence.id, on=paid_on.isoformat(), evidence=evidence_id)
    tell_parties_of_licence(unit, licence, "paid", on=paid_on, yuan=paid_yuan)
    return licence.reached_on


def record_refund(unit: Unit, licence_id: int, refunded_on: date, yuan: Decimal) -> None:
    """Record that part or all of what was paid went back (退款); it reduces what was paid.

    By the licensee or the operator. Raises ``Refusal`` ``amount_not_positive``, ``day_to_come``; ``Conflict``
    ``refund_exceeds_paid``.
    """
    unit.require("licence.pay")
    licence = _locked(unit, licence_id)
    before = licence.refunded_yuan or Decimal(0)
    paid = [Payment(licence.paid_on, licence.paid_yuan or Decimal(0), True)] if licence.paid_on else []
    paid += [Payment(licence.refunded_on or refunded_on, -before, True)] if before else []
    for fault in blocking(check_refund(paid, Payment(refunded_on, yuan, True), unit.today)):
        kind = Conflict if fault.code == "refund_exceeds_paid" else Refusal
        raise kind(fault.code, **dict(fault.data))
    licence.refunded_on, licence.refunded_yuan, licence.updated_at = refunded_on, before + yuan, unit.now
    said = {"refunded_on": refunded_on, "refunded_yuan": licence.refunded_yuan}
    write_revisions(unit, "licences", None, [Change(licence.id, None, said)])
    append_event(unit, "licence.refunded", "licences", licence.id, on=refunded_on.isoformat(), yuan=str(yuan))
    tell_parties_of_licence(unit, licence, "refunded", on=refunded_on, yuan=yuan)


def _check_payment(
    unit: Unit, licence: Licence, paid_on: date, yuan: Decimal, voucher: str, evidence_id: int | None
) -> None:
    if yuan < 0:
        raise Refusal("amount_not_positive")
    if paid_on > unit.today:
        raise Refusal("day_to_come", day=paid_on)
    if licence.notified_on is not None and paid_on < licence.notified_on:
        raise Refusal("licence_paid_before_notice", notified_on=licence.notified_on)
    if not voucher and evidence_id is None:
        raise Refusal("payment_unproven")
    if evidence_id is not None:
        row = unit.session.get(EvidenceFile, evidence_id)
        if row is None or (row.subject_kind, row.subject_id) != ("licences", licence.id):
            raise Refusal("evidence_of_other_record", id=evidence_id)
    fee = fee_yuan(unit, licence)
    if excess := excess_yuan(unit, "licences", licence.id, fee, Decimal(0), yuan):
        raise Conflict("payment_exceeds_fee", fee=fee, excess=excess)
    require_free_voucher(unit, voucher, licence.id, evidence_id)


def record_filing(unit: Unit, licence_id: int, filed_on: date, number: str) -> None:
    """Record the filing (备案) of a licence reached: day and number. A late one is recorded; the count judges it.

    By either party or the operator. Raises ``Refusal`` ``licence_not_reached``, ``licence_filed_before_reached``,
    ``day_to_come``, ``filing_number_missing``, ``Conflict`` ``licence_filed_already``, ``filing_number_in_use``.
    """
    unit.require("licence.file")
    licence = _locked(unit, licence_id)
    given = number.strip()
    if licence.reached_on is None:
        raise Refusal("licence_not_reached")
    if licence.filed_on is not None:
        raise Conflict("licence_filed_already", on=licence.filed_on)
    if filed_on > unit.today:
        raise Refusal("day_to_come", day=filed_on)
    if filed_on < licence.reached_on:
        raise Refusal("licence_filed_before_reached", filed_on=filed_on)
    if not given:
        raise Refusal("filing_number_missing")
    one_after_another(unit)
    if any(bearer.id != licence.id for bearer in licences_filed_under(unit, [given])):
        raise Conflict("filing_number_in_use", number=given)
    licence.filed_on, licence.filing_number, licence.updated_at = filed_on, given, unit.now
    said = {"filed_on": filed_on, "filing_number": given}
    write_revisions(unit, "licences", None, [Change(licence.id, None, said)])
    append_event(unit, "licence.filed", "licences", licence.id, on=filed_on.isoformat())
    tell_parties_of_licence(unit, licence, "filed", on=filed_on, number=given)
