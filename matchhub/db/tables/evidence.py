"""Evidence files and confirmations of records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime, Yuan


class EvidenceFile(Identified, Recorded, Withdrawable, Marked, Base):
    """A file kept by its hash as proof of one record."""

    __tablename__ = "evidence_files"
    __table_args__ = (
        Index("ix_evidence_files_subject", "subject_kind", "subject_id"),
        {"comment": "evidence, stored by content hash"},
    )

    subject_kind: Mapped[str] = mapped_column(Short, comment="deals, licences, demands, experts, ...")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    purpose: Mapped[str] = mapped_column(
        Short,
        comment="contract, payment_proof, register_proof, notice, consent, authorisation, implementation_proof, other",
    )
    sha256: Mapped[str] = mapped_column(Short, index=True, comment="of the content")
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")
    name: Mapped[str] = mapped_column(Name, comment="file name as given")
    media_type: Mapped[str] = mapped_column(String(120), comment="by its content")
    pages: Mapped[int] = mapped_column(Integer, default=0, comment="pages that can be shown; 0 for none")
    picture_hash: Mapped[str | None] = mapped_column(
        String(256), comment="perceptual hash of the picture or first page, hexadecimal"
    )
    paper_kind: Mapped[str] = mapped_column(Short, default="other", comment="contract, notice, bank_slip, ...")
    issuer: Mapped[str | None] = mapped_column(Name, comment="who issued the paper")
    number: Mapped[str | None] = mapped_column(Name, comment="number of the paper")
    issued_on: Mapped[date | None] = mapped_column(comment="day of the paper")
    damaged_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="check that found it missing or changed, UTC"
    )


class EvidenceRepetition(Identified, Entered, Base):
    """Two files of two records that seem to be one paper; until a person has decided, one of the records counts."""

    __tablename__ = "evidence_repetitions"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        {"comment": "papers proposed as one, and what was decided"},
    )

    first_id: Mapped[int] = mapped_column(Key, ForeignKey("evidence_files.id"), comment="the file that came first")
    second_id: Mapped[int] = mapped_column(
        Key, ForeignKey("evidence_files.id"), index=True, comment="the file that seems to repeat it"
    )
    sign: Mapped[str] = mapped_column(Short, comment="what they share: picture or number")
    bits_apart: Mapped[int | None] = mapped_column(Integer, comment="difference of the picture hashes in bits")
    decision: Mapped[str | None] = mapped_column(Short, comment="same or different; empty: nobody has decided")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    decided_by: Mapped[int | None] = mapped_column(Key, comment="account that decided")
    note: Mapped[str | None] = mapped_column(Text, comment="why")


class Confirmation(Identified, Recorded, Withdrawable, Base):
    """One person's word that a record is right or wrong; money rows need two people of two organisations."""

    __tablename__ = "confirmations"
    __table_args__ = (
        Index("ix_confirmations_subject", "subject_kind", "subject_id"),
        {"comment": "confirmed or rejected, by whom"},
    )

    subject_kind: Mapped[str] = mapped_column(Short, comment="deals, licences, offers, ...")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    decision: Mapped[str] = mapped_column(Short, comment="confirmed or rejected")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), comment="who")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisations.id"), comment="for which organisation")
    role: Mapped[str] = mapped_column(Short, comment="role at that moment")
    second_factor: Mapped[bool] = mapped_column(default=False, comment="a second factor was given with it")
    evidence_digests: Mapped[list[str]] = mapped_column(Json, comment="SHA-256 of the evidence this person saw")
    note: Mapped[str | None] = mapped_column(Text, comment="why")
    content_digest: Mapped[str] = mapped_column(Short, comment="SHA-256 of what was confirmed, evidence included")
    content: Mapped[dict[str, Any]] = mapped_column(Json, comment="what was confirmed, evidence included")
    lapsed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="moment it went out of force because the record changed, UTC; set once"
    )
    lapsed_by: Mapped[int | None] = mapped_column(Key, comment="account whose act changed the record")
    lapse: Mapped[list[dict[str, Any]] | None] = mapped_column(Json, comment="what changed: field, before, after")


class PaymentAllowance(Identified, Entered, Base):
    """The bureau's word that the payments of a record may come to more than its contract; the newest one counts."""

    __tablename__ = "payment_allowances"
    __table_args__ = (
        Index("ix_payment_allowances_subject", "subject_kind", "subject_id"),
        {"comment": "higher totals of payments that the bureau allowed"},
    )

    subject_kind: Mapped[str] = mapped_column(Short, comment="deals or licences")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    most_yuan: Mapped[Decimal] = mapped_column(Yuan, comment="what its payments may come to together, fen inside")
    reason: Mapped[str] = mapped_column(Text, comment="why")
