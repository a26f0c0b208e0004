"""What holders offer and enterprises prepare: offers of patents, declarations' answers, drafts, award records."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime, Yuan


class PatentOffer(Identified, Entered, Withdrawable, Marked, Base):
    """A patent that its holder offers: how, for how much, how mature, with what besides."""

    __tablename__ = "patent_offers"
    __table_args__ = {"comment": "patents on offer by their holders"}

    patent_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("patents.id"), index=True, comment="patent; empty while it is not in the base"
    )
    application_number: Mapped[str] = mapped_column(Short, index=True, comment="申请号 as given, checked")
    title: Mapped[str] = mapped_column(Text, comment="名称")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="who offers it"
    )
    modes: Mapped[list[str]] = mapped_column(Json, comment="transfer, licence, open_licence, contribution")
    price_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="asking price, fen inside; empty: 面议")
    fee_text: Mapped[str | None] = mapped_column(Text, comment="fee standard in words")
    maturity: Mapped[str] = mapped_column(Short, comment="idea, lab, pilot, product")
    extras: Mapped[list[str]] = mapped_column(Json, comment="know_how, samples, training, equipment, team")
    note: Mapped[str | None] = mapped_column(Text, comment="holder's remark")
    state: Mapped[str] = mapped_column(Short, index=True, comment="published, review, refused or withdrawn")
    review_code: Mapped[str | None] = mapped_column(Short, comment="why a person must look")
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who decided the review")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    decision_note: Mapped[str | None] = mapped_column(Text, comment="why it was decided so")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change, UTC")
