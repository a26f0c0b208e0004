"""Organisations, accounts, sessions, one-time codes, registrations and attempts to sign in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Short, Withdrawable
from matchhub.db.types import Key, UtcDateTime


class Organisation(Identified, Marked, Base):
    """Whom an account acts for."""

    __tablename__ = "organisations"
    __table_args__ = {"comment": "organisations that accounts act for"}

    name: Mapped[str] = mapped_column(Name, comment="name")
    name_key: Mapped[str] = mapped_column(Name, index=True, comment="normalised name; gives no right by itself")
    uscc: Mapped[str | None] = mapped_column(
        Short, unique=True, comment="统一社会信用代码 of an organisation that is no enterprise of the base"
    )
    kind: Mapped[str] = mapped_column(Short, comment="enterprise, institution, operator, bureau or system")
    enterprise_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("enterprises.id"), unique=True, comment="enterprise of the base"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")


class Account(Identified, Marked, Base):
    """A person who signs in."""

    __tablename__ = "accounts"
    __table_args__ = {"comment": "accounts"}

    login: Mapped[str] = mapped_column(Name, unique=True, comment="name to sign in with")
    display_name: Mapped[str] = mapped_column(Name, comment="name shown")
    role: Mapped[str] = mapped_column(Short, comment="a role of the table of permissions")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="organisation"
    )
    password_hash: Mapped[str] = mapped_column(Text, comment="argon2id")
    email: Mapped[str | None] = mapped_column(Name, comment="personal data")
    keeps_accounts: Mapped[bool] = mapped_column(
        default=False, comment="of the bureau: makes and changes the bureau's accounts"
    )
    made_by: Mapped[int | None] = mapped_column(
        Key, ForeignKey("accounts.id"), comment="account that made it; empty: the installer, or the firm itself"
    )
    department: Mapped[str | None] = mapped_column(Name, comment="department (部门) within the organisation")
    chief: Mapped[bool] = mapped_column(default=False, comment="of a firm or an institution: invites its colleagues")
    must_change: Mapped[bool] = mapped_column(default=False, comment="password set by another: changed at sign-in")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: may sign in")


class AccountSession(Identified, Base):
    """A signed-in browser; the cookie holds the token, this row only its hash."""

    __tablename__ = "account_sessions"
    __table_args__ = {"comment": "signed-in browsers"}

    token_hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 of the cookie's token")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="account")
    device: Mapped[str | None] = mapped_column(Name, comment="what the browser is called (domain.devices)")
    network: Mapped[str | None] = mapped_column(Short, comment="part of the address it signed in from")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last use, UTC")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="signed out, UTC")
    due: Mapped[str | None] = mapped_column(Short, comment="before anything else: code (give one) or setup (of codes)")


class Attempt(Identified, Base):
    """A counted attempt (failed sign-in, posting), for limits that hold over all processes."""

    __tablename__ = "attempts"
    __table_args__ = {"comment": "counted attempts, for limits"}

    bucket: Mapped[str] = mapped_column(Name, index=True, comment="what is limited, e.g. login:address")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC")


class SecondFactor(Identified, Base):
    """The one-time codes (动态口令) of an account; its secret derives from ``salt`` and the installation's key."""

    __tablename__ = "second_factors"
    __table_args__ = {"comment": "one-time codes of accounts"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), unique=True, comment="account")
    salt: Mapped[str] = mapped_column(Short, comment="random; without the installation's key it tells no code")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when its secret was first shown, UTC")
    switched_on_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="first code was right, UTC; empty: not in use yet"
    )
    last_step: Mapped[int | None] = mapped_column(
        Key, comment="30-second step of the code used last; it and older ones are worth nothing"
    )


class Registration(Identified, Base):
    """What an account of a firm or an institution says it is, and the operator's word on it.

    An account speaks for its organisation only where one of these is confirmed (``kernel.speaking``).
    """

    __tablename__ = "registrations"
    __table_args__ = {"comment": "accounts of firms and institutions, and the operator's word on each"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), unique=True, comment="account")
    enterprise_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("enterprises.id"), index=True, comment="firm it says it is; empty: no enterprise"
    )
    uscc: Mapped[str | None] = mapped_column(Short, comment="统一社会信用代码 as stated, checked")
    name: Mapped[str] = mapped_column(Name, comment="name of the organisation as stated")
    by_itself: Mapped[bool] = mapped_column(default=True, comment="it registered itself; else it was added by hand")
    waits: Mapped[bool] = mapped_column(comment="nothing is stored for it before the confirmation")
    contact_name: Mapped[str] = mapped_column(Name, comment="personal data")
    contact_phone: Mapped[str | None] = mapped_column(Name, comment="personal data")
    contact_email: Mapped[str | None] = mapped_column(Name, comment="personal data")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    decision: Mapped[str | None] = mapped_column(Short, index=True, comment="confirmed or rejected; empty: waits")
    note: Mapped[str | None] = mapped_column(Text, comment="how it was checked, or why it was rejected")
    evidence_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("evidence_files.id"), comment="document that was seen"
    )
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="operator's account")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")


class LinkedName(Identified, Entered, Withdrawable, Base):
    """A written name that the operator linked to an organisation: records under it are that organisation's."""

    __tablename__ = "linked_names"
    __table_args__ = {"comment": "written names of holders and parties, linked to organisations by the operator"}

    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="whose name it is"
    )
    name: Mapped[str] = mapped_column(Name, comment="name as written")
    name_key: Mapped[str] = mapped_column(Name, index=True, comment="normalised name")
    note: Mapped[str] = mapped_column(Text, comment="how it is known")


class HeldAuthorisation(Identified, Base):
    """An authorisation (授权) ticked by an account that is not confirmed yet; it reaches the demand with that."""

    __tablename__ = "held_authorisations"
    __table_args__ = {"comment": "authorisations of demands that wait for the account's confirmation"}

    demand_id: Mapped[int] = mapped_column(Key, ForeignKey("demands.id"), unique=True, comment="demand")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="who ticked it")
    authorised_on: Mapped[date] = mapped_column(comment="day it was ticked")
    authorised_by: Mapped[str] = mapped_column(Name, comment="who authorised it, as stated")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
