"""Accounts, organisations and registrations, for those who keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matchhub.services.accounts import verification
from matchhub.services.accounts.accounts import AccountView, list_accounts
from matchhub.services.accounts.bureau import BureauAccount, list_bureau_accounts
from matchhub.services.accounts.colleagues import Colleagues, list_colleagues
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.unit import Unit
from matchhub.services.organisations.contacts import OwnContacts, own_contacts
from matchhub.services.organisations.names import (
    OrganisationLine,
    OrganisationPage,
    list_organisations,
    organisation_page,
)
from matchhub.services.personal.requests import Preview, Request, list_requests, preview_erasure
from matchhub.services.recipients.addresses import AddressView, own_addresses
from web.api.operations import Room

_accounts, _talks = Room("accounts"), Room("conversations")
ROOMS = (_accounts, _talks)


@_accounts.get("/accounts", "account.read_any", "account.list_all")
def accounts(unit: Unit) -> list[AccountView]:
    """All accounts."""
    return list_accounts(unit)


@_accounts.get("/bureau-accounts", "bureau_account.read", "bureau.bureau_accounts")
def bureau_accounts(unit: Unit) -> list[BureauAccount]:
    """The bureau's accounts."""
    return list_bureau_accounts(unit)


@_accounts.get("/colleagues", "colleague.read_own", "account.colleagues")
def colleagues(unit: Unit) -> Colleagues:
    """The accounts of the own organisation."""
    return list_colleagues(unit)


@_accounts.get("/contacts", "contact.keep_own", "account.contacts")
def contacts(unit: Unit) -> OwnContacts:
    """The organisation's own contact data in force."""
    return own_contacts(unit)


@_accounts.get("/organisations", "organisation.read_names", "account.organisations")
def organisations(unit: Unit) -> tuple[OrganisationLine, ...]:
    """Firms and institutions with accounts here, and how many names are theirs."""
    return list_organisations(unit)


@_accounts.get("/organisations/<int:organisation_id>", "organisation.read_names", "account.organisation")
def organisation(unit: Unit, organisation_id: int) -> OrganisationPage:
    """One organisation: the names linked to it, and names of the base that might be its own."""
    return organisation_page(unit, organisation_id)


@_accounts.get("/registrations", "registration.decide", "account.registrations")
def registrations(unit: Unit, decided: bool = False) -> Sequence[verification.RegistrationView]:
    """Accounts that wait for a confirmation, or those decided; telephone numbers and mail in part, as on the page."""
    return [
        replace(
            row,
            known_phone="" if row.decision else row.known_phone,
            known_contact="" if row.decision else row.known_contact,
            contact_phone=str(masked("phone", row.contact_phone)),
            contact_email=str(masked("email", row.contact_email)),
        )
        for row in verification.list_registrations(unit, decided)
    ]


@_accounts.get("/erasures", "account.erase_any", "account.erasures")
def erasures(unit: Unit) -> tuple[Request, ...]:
    """Erasures asked for, those that wait first."""
    return list_requests(unit)


@_accounts.get("/erasures/<int:request_id>", "account.erase_any", "account.erasure")
def erasure(unit: Unit, request_id: int) -> Preview:
    """What would be erased, what stays and why."""
    return preview_erasure(unit, request_id)


@_talks.get("/addresses", "message.read_own", "messages.settings")
def addresses(unit: Unit) -> tuple[AddressView, ...]:
    """The organisation's own addresses for messages."""
    return own_addresses(unit)
