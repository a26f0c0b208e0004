"""Whoever registers: what is stated, and the account that waits with it, alike for every kind of organisation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from matchhub.db.tables import Registration
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.organisations import OrganisationKind
from matchhub.domain.parties import normalise_name
from matchhub.domain.permissions import registering_role
from matchhub.errors import Refusal
from matchhub.services.accounts.accounts import create_account
from matchhub.services.accounts.consents import give_consent
from matchhub.services.kernel.limits import Limit, client_key, count_attempt
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators

PER_ADDRESS = Limit("register_address", 20, timedelta(hours=1))


class RegistrationInvalid(Refusal):
    """Something an organisation must state is missing, or does not fit what is on record."""

    code = "register_name_missing"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a form of registration states: the organisation, its contact person and the first account."""

    uscc: str
    name: str
    contact_name: str
    contact_phone: str
    contact_email: str
    login: str
    password: str
    department: str = ""


def received(unit: Unit, stated: Applicant, address: str) -> Applicant:
    """``stated`` with its code normalised and its words trimmed; ``address`` is the client's, for the limit.

    Raises ``LimitReached``, ``IdentifierInvalid`` (USCC) and, without a name, a contact person or a way to reach it,
    ``RegistrationInvalid``.
    """
    if address:
        count_attempt(unit, PER_ADDRESS, client_key(address))
    given = replace(
        stated,
        uscc=normalise_uscc(stated.uscc),
        name=stated.name.strip(),
        contact_name=stated.contact_name.strip(),
        contact_phone=stated.contact_phone.strip(),
        contact_email=stated.contact_email.strip(),
    )
    if not normalise_name(given.name):
        raise RegistrationInvalid()
    if not given.contact_name or not (given.contact_phone or given.contact_email):
        raise RegistrationInvalid("register_contact_missing")
    return given


def open_account(unit: Unit, given: Applicant, kind: OrganisationKind, organisation_id: int, demo: bool) -> int:
    """The first account of an organisation, with its consent to agreement and privacy text; returns its id.

    Raises ``Conflict`` (``login_taken``) and ``PasswordRefused``.
    """
    account_id = create_account(
        unit,
        login=given.login,
        display_name=given.contact_name,
        role=registering_role(kind),
        organisation_id=organisation_id,
        password=given.password,
        email=given.contact_email,
        demo=demo,
        department=given.department,
    )
    give_consent(unit, account_id)
    return account_id


def put_before_operator(
    unit: Unit, given: Applicant, account_id: int, *, enterprise_id: int | None = None, waits: bool = True
) -> None:
    """Keep what was stated beside the account, for the operator, who is told; ``waits``: see the table."""
    said = Registration(
        account_id=account_id,
        enterprise_id=enterprise_id,
        uscc=given.uscc,
        name=given.name,
        waits=waits,
        contact_name=given.contact_name,
        contact_phone=given.contact_phone or None,
        contact_email=given.contact_email or None,
        registered_at=unit.now,
    )
    unit.session.add(said)
    unit.session.flush()
    notify(
        unit, operators(unit), "notice_registration_waits", ("registrations", said.id), str(said.id), name=given.name
    )
