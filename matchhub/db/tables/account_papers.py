"""What hangs on accounts: invitations, links for a new password, consents, contact data, matters decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Name, Short
from matchhub.db.types import Key, UtcDateTime


class Invitation(Identified, Base):
    """A one-time link by which a colleague opens an account of the same organisation."""

    __tablename__ = "invitations"
    __table_args__ = {"comment": "one-time invitations of colleagues into an organisation"}

    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisations.id"), index=True, comment="into which")
    name: Mapped[str] = mapped_column(Name, comment="personal data: who is invited")
    department: Mapped[str | None] = mapped_column(Name, comment="department (部门) of the colleague")
    email: Mapped[str | None] = mapped_column(Name, comment="personal data")
    token_hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 of the link's token")
    invited_by: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), comment="chief account that invited")
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    until_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="until when the link holds, UTC")
    account_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("accounts.id"), comment="account opened by it; empty: not used"
    )
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="taken back, UTC")


class PasswordLink(Identified, Base):
    """A one-time link for a new password; the letter holds the token, this row only its hash."""

    __tablename__ = "password_links"
    __table_args__ = {"comment": "one-time links for a new password"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="account")
    token_hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 of the link's token")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    until_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="until when it holds, UTC")
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: not used")


class Consent(Identified, Base):
    """That an account agreed to the user agreement and the privacy text of a version; append-only."""

    __tablename__ = "consents"
    __table_args__ = {"comment": "consents to agreement and privacy text, by version, append-only"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="who agreed")
    version: Mapped[str] = mapped_column(Short, comment="version of the texts")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")


class OrganisationContact(Identified, Entered, Base):
    """Whom to talk to in an organisation, as its own accounts said; append-only, the newest row speaks."""

    __tablename__ = "organisation_contacts"
    __table_args__ = {"comment": "contact data that organisations gave of themselves, append-only, the newest speaks"}

    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisations.id"), index=True, comment="whose")
    contact_name: Mapped[str] = mapped_column(Name, comment="personal data")
    contact_phone: Mapped[str | None] = mapped_column(Name, comment="personal data")
    contact_email: Mapped[str | None] = mapped_column(Name, comment="personal data")
    contact_address: Mapped[str | None] = mapped_column(Text, comment="where to write to; personal data")


class AccountMatter(Identified, Base):
    """Something about an account that a person asked for or decided: erasing its data, another chief account."""

    __tablename__ = "account_matters"
    __table_args__ = {"comment": "erasures asked for and done, chief accounts named by the operator"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="about which account")
    kind: Mapped[str] = mapped_column(Short, index=True, comment="erasure or chief")
    reason: Mapped[str | None] = mapped_column(Text, comment="why, as told; may hold personal data")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    asked_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who asked")
    decision: Mapped[str | None] = mapped_column(Short, comment="done, refused or taken_back; empty: waits")
    answer: Mapped[str | None] = mapped_column(Text, comment="why it was refused")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="whose hand")
