"""What the operator and the bureau enter on one licence: its proof of payment, an affiliation overruled."""

from __future__ import annotations

from matchhub.db.tables import EvidenceFile, Licence
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.telling import tell_parties_of_licence


def prove_licence_payment(unit: Unit, licence_id: int, evidence_id: int) -> None:
    """Name the file that proves the payment of a licence; it must have been stored for this licence."""
    unit.require("trade.record")
    licence = _licence(unit, licence_id)
    file = unit.session.get(EvidenceFile, evidence_id)
    if file is None or (file.subject_kind, file.subject_id) != ("licences", licence_id):
        raise Refusal("evidence_of_other_record", id=evidence_id)
    licence.payment_evidence_id, licence.updated_at = evidence_id, unit.now
    write_revisions(unit, "licences", None, [Change(licence.id, None, {"payment_evidence_id": evidence_id})])
    append_event(unit, "licence.payment_proven", "licences", licence.id, evidence=evidence_id)
    tell_parties_of_licence(unit, licence, "proven", file=file.name)


def overrule_licence_affiliation(unit: Unit, licence_id: int, reason: str) -> None:
    """The bureau alone may say that licensor and licensee are independent after all, and must say why."""
    unit.require("record.overrule")
    if not reason.strip():
        raise Refusal("note_missing")
    licence = _licence(unit, licence_id)
    licence.affiliation_overruled_by, licence.updated_at = unit.actor.account_id, unit.now
    new = {"affiliation_overruled_by": unit.actor.account_id, "affiliation_overruled_reason": reason.strip()}
    write_revisions(unit, "licences", None, [Change(licence.id, None, new)])
    append_event(unit, "licence.affiliation_overruled", "licences", licence.id)


def _licence(unit: Unit, licence_id: int) -> Licence:
    licence = unit.session.get(Licence, licence_id)
    if licence is None:
        raise NotFound("record_not_found", kind="licences", id=licence_id)
    return licence
