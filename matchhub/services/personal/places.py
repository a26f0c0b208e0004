"""Every place of the base that may hold personal data of an account or contact data of its organisation.

Export and erasure read the same list, so what is erased is what was handed out; ``tests/structure/test_personal.py``
finds a column of personal data that stands in no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select

from matchhub.db.tables import (
    Account,
    AccountMatter,
    AccountSession,
    BouncedAddress,
    ChannelLetter,
    Consent,
    Demand,
    DemandDraft,
    DemandEvent,
    Enterprise,
    Favourite,
    FormKey,
    HeldAuthorisation,
    ImportProblem,
    Invitation,
    Notice,
    Organisation,
    OrganisationContact,
    PasswordLink,
    Push,
    PushAnswer,
    PushDelivery,
    PushItem,
    Reading,
    RecipientAddress,
    Registration,
    Reveal,
    ReviewItem,
    Revision,
    SavedSearch,
    SecondFactor,
    Thread,
    ThreadMessage,
)
from matchhub.services.kernel.unit import Unit

SECRET = frozenset({
    "password_hash", "token_hash", "salt", "last_step", "sealed", "address_key", "code_digest", "key_hash", "digest",
    "name_key", "text_key", "unique_key", "message_id", "demo",
})  # fmt: skip
"""Columns that are never handed out: digests, keys and secrets, which say nothing of a person."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data: an account, its organisation and, where it is one, its firm of the base. ``last``: no other account
    of the organisation may sign in, so that its contact data are this account's to erase too."""

    account_id: int
    organisation_id: int
    enterprise_id: int | None
    last: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of one table that concern the subject. ``person``: they are the account's; else the organisation's.
    ``gone``: worth nothing without the person, so the rows are deleted instead of kept with a mark."""

    table: Any
    where: ColumnElement[bool]
    person: bool = True
    gone: bool = False

    @property
    def name(self) -> str:
        """Name of the table."""
        return str(self.table.__tablename__)


def subject_of(unit: Unit, account_id: int) -> Subject:
    """The subject that an account is; raises ``NoResultFound`` for none."""
    account = unit.session.get_one(Account, account_id)
    place = unit.session.get_one(Organisation, account.organisation_id)
    others = select(Account.id).where(
        Account.organisation_id == place.id, Account.id != account.id, Account.disabled_at.is_(None)
    )
    alone = unit.session.execute(others.limit(1)).first() is None
    return Subject(account.id, place.id, place.enterprise_id, alone)


def places(of: Subject) -> Iterator[Place]:
    """All places, the account's own first."""
    yield from _of_account(of.account_id)
    yield from _of_organisation(of.organisation_id)
    if of.enterprise_id is not None:
        yield from _of_firm(of.enterprise_id)
    yield from _of_talks(of)


def _of_account(account_id: int) -> Iterator[Place]:
    yield Place(Account, Account.id == account_id)
    yield Place(Registration, Registration.account_id == account_id)
    yield Place(Consent, Consent.account_id == account_id)
    yield Place(AccountMatter, AccountMatter.account_id == account_id)
    yield Place(HeldAuthorisation, HeldAuthorisation.account_id == account_id)
    yield Place(Reveal, Reveal.account_id == account_id)
    yield Place(AccountSession, AccountSession.account_id == account_id, gone=True)
    yield Place(SecondFactor, SecondFactor.account_id == account_id, gone=True)
    yield Place(PasswordLink, PasswordLink.account_id == account_id, gone=True)
    yield Place(SavedSearch, SavedSearch.account_id == account_id, gone=True)
    yield Place(Favourite, Favourite.account_id == account_id, gone=True)
    yield Place(Reading, Reading.account_id == account_id, gone=True)
    yield Place(FormKey, FormKey.owner == f"account:{account_id}", gone=True)
    yield Place(Invitation, (Invitation.account_id == account_id) | (Invitation.invited_by == account_id))


def _of_organisation(organisation_id: int) -> Iterator[Place]:
    for table in (OrganisationContact, RecipientAddress, ChannelLetter, Notice):
        yield Place(table, table.organisation_id == organisation_id, person=False)


def _of_firm(enterprise_id: int) -> Iterator[Place]:
    demands = select(Demand.id).where(Demand.enterprise_id == enterprise_id)
    pushes = select(Push.id).where(Push.enterprise_id == enterprise_id)
    items = select(PushItem.id).where(PushItem.push_id.in_(pushes))
    of_firm = (Revision.kind == "enterprises") & (Revision.record_id == enterprise_id)
    of_demands = (Revision.kind == "demands") & Revision.record_id.in_(demands)
    yield Place(Enterprise, Enterprise.id == enterprise_id, person=False)
    yield Place(Demand, Demand.enterprise_id == enterprise_id, person=False)
    yield Place(DemandEvent, DemandEvent.demand_id.in_(demands), person=False)
    yield Place(DemandDraft, DemandDraft.enterprise_id == enterprise_id, person=False)
    yield Place(Revision, of_firm | of_demands, person=False)
    yield Place(Push, Push.enterprise_id == enterprise_id, person=False)
    yield Place(PushDelivery, PushDelivery.push_id.in_(pushes), person=False)
    yield Place(PushAnswer, PushAnswer.item_id.in_(items), person=False)
    yield Place(BouncedAddress, BouncedAddress.push_id.in_(pushes), person=False)


def _of_talks(of: Subject) -> Iterator[Place]:
    own = Thread.organisation_id == of.organisation_id
    if of.enterprise_id is not None:
        own = own | (Thread.enterprise_id == of.enterprise_id)
    yield Place(Thread, own, person=False)
    yield Place(ThreadMessage, ThreadMessage.thread_id.in_(select(Thread.id).where(own)), person=False)


def left_by_imports(unit: Unit, of: Subject) -> list[Any]:
    """Rows that imports left of the organisation outside its records: rows held for a person, problems told.

    They hang on no record, so they are found by the organisation's name or code standing in them.
    """
    place = unit.session.get_one(Organisation, of.organisation_id)
    firm = unit.session.get(Enterprise, of.enterprise_id) if of.enterprise_id is not None else None
    known = {each for each in (place.name, place.uscc, *((firm.name, firm.uscc) if firm else ())) if each}
    found: list[Any] = []
    for table, column in ((ReviewItem, ReviewItem.record), (ImportProblem, ImportProblem.raw)):
        said = cast(column, Text)
        chosen = select(table).where(or_(*(said.contains(each, autoescape=True) for each in sorted(known))))
        found += unit.session.execute(chosen).scalars()
    return found
