"""The operator's word on an account in one act: the note, the document it saw, the code, the names (P27)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Account, Organisation, Registration
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.organisations import INSTITUTION
from matchhub.domain.papers import Paper
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.verification import confirm_registration
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.linked_names import link_name


@dataclass(frozen=True, slots=True)
class Proof:
    """How it is known that an account speaks for its organisation.

    ``note`` says how it was checked; ``document`` is name and bytes of a file (needed for an institution and for
    names); ``uscc`` the organisation's code, where it is no enterprise of the base (needed for an institution);
    ``names`` written names of holders and parties that are this organisation.
    """

    note: str
    document: tuple[str, bytes] | None = None
    uscc: str = ""
    names: tuple[str, ...] = ()


def confirm_account(unit: Unit, registration_id: int, proof: Proof) -> str:
    """Confirm that an account speaks for its organisation; returns its login.

    Raises what ``confirm_registration``, ``store_evidence`` and ``link_name`` raise, ``IdentifierInvalid``,
    ``Refusal("registration_code_missing")``, ``Conflict`` ``organisation_code_differs``,
    ``organisation_code_taken``.
    """
    unit.require("registration.decide")
    place = _organisation(unit, registration_id)
    evidence_id = None
    if proof.document is not None:
        paper = Paper("authorisation_sheet")
        evidence_id = store_evidence(unit, "organisations", place.id, "authorisation", *proof.document, paper)
    login = confirm_registration(unit, registration_id, proof.note, evidence_id)
    if place.kind == INSTITUTION:
        _take_code(unit, place, proof.uscc)
    for name in proof.names:
        link_name(unit, place.id, name, proof.note)
    return login


def _organisation(unit: Unit, registration_id: int) -> Organisation:
    chosen = (
        select(Organisation)
        .join(Account, Account.organisation_id == Organisation.id)
        .join(Registration, Registration.account_id == Account.id)
        .where(Registration.id == registration_id)
    )
    place = unit.session.execute(chosen).scalar()
    if place is None:
        raise NotFound("registration_not_found", id=registration_id)
    return place


def _take_code(unit: Unit, place: Organisation, written: str) -> None:
    if not written.strip() and place.uscc is None:
        raise Refusal("registration_code_missing")
    code = normalise_uscc(written) if written.strip() else place.uscc
    if place.uscc is not None and code != place.uscc:
        raise Conflict("organisation_code_differs", name=place.name)
    other = select(Organisation.name).where(Organisation.uscc == code, Organisation.id != place.id)
    if (taken := unit.session.execute(other).scalar()) is not None:
        raise Conflict("organisation_code_taken", name=taken)
    place.uscc = code


def confirm_added(unit: Unit, account_id: int, proof: Proof) -> None:
    """Confirm an account that was just added by hand, by whoever keeps the installation: ``user add --note``."""
    chosen = select(Registration.id).where(Registration.account_id == account_id)
    registration_id = unit.session.execute(chosen).scalar()
    if registration_id is not None:  # accounts of the staff are appointed and wait for nothing
        confirm_account(unit, registration_id, proof)
