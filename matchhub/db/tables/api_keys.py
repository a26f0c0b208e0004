"""Keys by which programs of an organisation call the API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Name, Short
from matchhub.db.types import Json, Key, UtcDateTime


class ApiKey(Identified, Base):
    """One key: it acts as the account that made it, within its scopes, until it expires or is withdrawn."""

    __tablename__ = "api_keys"
    __table_args__ = {"comment": "keys of programs that call the API"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="as whom it acts")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="whose key it is"
    )
    name: Mapped[str] = mapped_column(Name, comment="what its makers call it")
    start: Mapped[str] = mapped_column(Short, comment="its first characters, by which people tell keys apart")
    key_hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 of the key")
    scopes: Mapped[list[str]] = mapped_column(Json, comment="rooms of the API with :read or :write")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="last call, UTC")
    span_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="minute in which calls are counted, UTC")
    calls: Mapped[int] = mapped_column(default=0, comment="calls in that minute")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: in use")
    withdrawn_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="account that withdrew it")
