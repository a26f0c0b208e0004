"""Organisations, accounts, sessions and attempts to sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Name, Short
from matchhub.db.types import Key, UtcDateTime


class Organisation(Identified, Marked, Base):
    """Whom an account acts for."""

    __tablename__ = "organisations"
    __table_args__ = {"comment": "organisations that accounts act for"}

    name: Mapped[str] = mapped_column(Name, comment="name")
    name_key: Mapped[str] = mapped_column(
        Name, index=True, comment="normalised name; equals holders' keys of its patents"
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
    role: Mapped[str] = mapped_column(Short, comment="enterprise, institution, operator, reviewer or administrator")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="organisation"
    )
    password_hash: Mapped[str] = mapped_column(Text, comment="argon2id")
    email: Mapped[str | None] = mapped_column(Name, comment="personal data")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: may sign in")


class AccountSession(Identified, Base):
    """A signed-in browser; the cookie holds the token, this row only its hash."""

    __tablename__ = "account_sessions"
    __table_args__ = {"comment": "signed-in browsers"}

    token_hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 of the cookie's token")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="account")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last use, UTC")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="signed out, UTC")


class Attempt(Identified, Base):
    """A counted attempt (failed sign-in, posting), for limits that hold over all processes."""

    __tablename__ = "attempts"
    __table_args__ = {"comment": "counted attempts, for limits"}

    bucket: Mapped[str] = mapped_column(Name, index=True, comment="what is limited, e.g. login:address")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC")
