"""Small acts of the desk on single records: where a firm belongs, what proves a licence, what the bureau overrules."""

from __future__ import annotations

from matchhub.db.tables import Enterprise, EvidenceFile, Licence
from matchhub.errors import NotFound, Refusal
from matchhub.services.imports.state import Change, write_revisions
from matchhub.services.log import append_event
from matchhub.services.unit import Unit


def decide_local(unit: Unit, enterprise_id: int, local: bool, reason: str) -> None:
    """Say by hand whether a firm is local (本地企业), with the reason; no later import changes it (DOMAIN.md 2).

    Raises ``NotFound("enterprise_not_found")`` and ``Refusal("note_missing")``.
    """
    unit.require("operator")
    firm = unit.session.get(Enterprise, enterprise_id)
    if firm is None:
        raise NotFound("enterprise_not_found")
    if not reason.strip():
        raise Refusal("note_missing")
    firm.local, firm.local_decided_by, firm.updated_at = local, "hand", unit.now
    new = {"local": local, "local_decided_by": "hand", "local_reason": reason.strip()}
    write_revisions(unit, "enterprises", None, [Change(firm.id, None, new)])
    append_event(unit, "enterprise.local_decided", "enterprises", firm.id, local=local)


def prove_licence_payment(unit: Unit, licence_id: int, evidence_id: int) -> None:
    """Name the file that proves the payment of a licence; it must have been stored for this licence."""
    unit.require("operator")
    licence = _licence(unit, licence_id)
    file = unit.session.get(EvidenceFile, evidence_id)
    if file is None or (file.subject_kind, file.subject_id) != ("licences", licence_id):
        raise Refusal("evidence_of_other_record", id=evidence_id)
    licence.payment_evidence_id, licence.updated_at = evidence_id, unit.now
    write_revisions(unit, "licences", None, [Change(licence.id, None, {"payment_evidence_id": evidence_id})])
    append_event(unit, "licence.payment_proven", "licences", licence.id, evidence=evidence_id)


def overrule_licence_affiliation(unit: Unit, licence_id: int, reason: str) -> None:
    """The bureau alone may say that licensor and licensee are independent after all, and must say why."""
    unit.require("reviewer")
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
