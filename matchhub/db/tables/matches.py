"""Match runs and their results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Name
from matchhub.db.types import Json, Key, UtcDateTime


class MatchRun(Identified, Base):
    """One run of the matcher over all open demands."""

    __tablename__ = "match_runs"
    __table_args__ = {"comment": "runs of the matcher, never changed after they finish"}

    model: Mapped[str] = mapped_column(Name, comment="model version incl. digest of its settings")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: did not finish")
    demands: Mapped[int] = mapped_column(Integer, comment="demands matched")
    patents: Mapped[int] = mapped_column(Integer, comment="patents in the index")
    pairs: Mapped[int] = mapped_column(Integer, comment="results stored")
    seconds: Mapped[float] = mapped_column(Float, comment="wall time of matching")


class Match(Identified, Base):
    """One result: this patent at this rank for this demand."""

    __tablename__ = "matches"
    __table_args__ = (
        Index("ix_matches_run_demand", "run_id", "demand_id", "rank"),
        {"comment": "results of match runs with the reasons that add up to the score"},
    )

    run_id: Mapped[int] = mapped_column(Key, ForeignKey("match_runs.id"), comment="run")
    demand_id: Mapped[int] = mapped_column(Key, ForeignKey("demands.id"), index=True, comment="demand")
    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    rank: Mapped[int] = mapped_column(Integer, comment="1-based")
    score: Mapped[float] = mapped_column(Float, comment="0..1")
    reasons: Mapped[list[dict[str, Any]] | None] = mapped_column(
        Json, comment="summands of the score; empty until somebody is shown the pair"
    )
