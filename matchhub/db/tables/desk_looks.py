"""When an account last went through what had changed on its desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified
from matchhub.db.types import Key, UtcDateTime


class DeskLook(Identified, Base):
    """The last look of one account. Nothing counts it."""

    __tablename__ = "desk_looks"
    __table_args__ = {"comment": "last look of accounts at what changed; no personal data"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), unique=True, comment="who looked")
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
