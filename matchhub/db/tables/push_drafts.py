"""The operator's desk of pushes: a plan as a draft, every pair that was chosen or left out, with what was decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Name, Short
from matchhub.db.types import Json, Key, UtcDateTime


class PushDraft(Identified, Base):
    """One plan of pushes; nothing of it is queued before it was confirmed."""

    __tablename__ = "push_drafts"
    __table_args__ = {"comment": "plans of pushes (推送计划), drafts until they are confirmed"}

    run_id: Mapped[int] = mapped_column(Key, ForeignKey("match_runs.id"), comment="match run it was chosen from")
    model: Mapped[str] = mapped_column(Name, comment="model version that scored its pairs")
    state: Mapped[str] = mapped_column(Short, index=True, comment="open, confirmed, discarded or replaced")
    automatic: Mapped[bool] = mapped_column(comment="confirmed by itself, without the desk")
    planned_on: Mapped[date] = mapped_column(comment="day it plans for")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC")
    made_by: Mapped[int | None] = mapped_column(Key, comment="account that made it; empty: the system")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="confirmed or given up, UTC")
    settled_by: Mapped[int | None] = mapped_column(Key, comment="account that did so; empty: the system")


class PushDraftPair(Identified, Base):
    """One patent for one enterprise in a draft: chosen or left out, and what a person decided about it."""

    __tablename__ = "push_draft_pairs"
    __table_args__ = (
        Index("ix_push_draft_pairs_draft_id_state", "draft_id", "state", "place"),
        {"comment": "pairs of drafts of pushes, chosen or left out with the reason"},
    )

    draft_id: Mapped[int] = mapped_column(Key, ForeignKey("push_drafts.id"), comment="draft")
    place: Mapped[int] = mapped_column(Integer, comment="1-based place in the order in which pairs were judged")
    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="recipient")
    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), comment="patent")
    demand_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("demands.id"), comment="demand it answers; empty: profile"
    )
    score: Mapped[float] = mapped_column(Float, comment="0..1 when chosen")
    floor: Mapped[float] = mapped_column(Float, comment="what it had to reach when chosen; 0: none was published")
    band: Mapped[str] = mapped_column(Short, comment="likely, possible or same_kind")
    state: Mapped[str] = mapped_column(
        Short, comment="chosen, added, left_out, taken_out, queued or fell_out at confirmation"
    )
    code: Mapped[str] = mapped_column(Short, default="", comment="why it was left out or fell out")
    data: Mapped[dict[str, Any]] = mapped_column(Json, comment="data of that reason's sentence")
    reasons: Mapped[list[dict[str, Any]] | None] = mapped_column(
        Json, comment="summands of the score; empty for pairs that were left out"
    )
    warnings: Mapped[list[str]] = mapped_column(Json, comment="codes of warnings told with it")
    due_on: Mapped[date] = mapped_column(comment="day it is to be sent")
    note: Mapped[str | None] = mapped_column(Text, comment="why a person took it out or added it")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when a person did so, UTC")
    decided_by: Mapped[int | None] = mapped_column(Key, comment="account that did so")
    push_id: Mapped[int | None] = mapped_column(Key, ForeignKey("pushes.id"), comment="the push it became")
