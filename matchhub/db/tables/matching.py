"""What people teach the matcher: the operator's own thesaurus, learned words, words added to a demand, calibrations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime


class ThesaurusEntry(Identified, Recorded, Withdrawable, Base):
    """A plain word and the patent words it may be met by; never changed, only withdrawn."""

    __tablename__ = "thesaurus_entries"
    __table_args__ = {"comment": "the operator's own entries of the thesaurus (近义词)"}

    plain: Mapped[str] = mapped_column(Name, index=True, comment="word of the shop floor, normalised")
    patent_words: Mapped[list[str]] = mapped_column(Json, comment="words that patents use for it, normalised")
    trust: Mapped[float] = mapped_column(Float, comment="above 0 to 1; 0: these pairs of the shipped list are off")
    note: Mapped[str | None] = mapped_column(Text, comment="why it was added")


class LearnedEntry(Identified, Recorded, Withdrawable, Base):
    """A plain word and a patent word that accepted matches taught; never changed, only withdrawn or struck out."""

    __tablename__ = "learned_words"
    __table_args__ = {"comment": "words learned for everybody from accepted matches (从接受的匹配中学到的词)"}

    plain: Mapped[str] = mapped_column(Name, index=True, comment="word of demands, normalised")
    patent_word: Mapped[str] = mapped_column(Name, comment="word of the accepted patents, normalised")
    trust: Mapped[float] = mapped_column(Float, comment="0..1, below every written entry")
    firms: Mapped[int] = mapped_column(Integer, comment="enterprises whose accepted matches speak for it")
    against: Mapped[int] = mapped_column(Integer, comment="enterprises that declined such a match")
    strength: Mapped[float] = mapped_column(Float, comment="twice the log likelihood ratio against chance")
    matches: Mapped[list[dict[str, int]]] = mapped_column(
        Json, comment="the matches it came from: enterprise, demand, patent; one per enterprise"
    )
    struck: Mapped[bool] = mapped_column(default=False, comment="struck out by the operator: never learned again")


class DemandRefinement(Identified, Recorded, Withdrawable, Base):
    """A further word chosen for a demand; every later run and answer asks for it too."""

    __tablename__ = "demand_refinements"
    __table_args__ = {"comment": "words chosen to refine demands (补充关键词)"}

    demand_id: Mapped[int] = mapped_column(Key, ForeignKey("demands.id"), index=True, comment="demand")
    word: Mapped[str] = mapped_column(Name, comment="the word, normalised")
    origin: Mapped[str] = mapped_column(Short, comment="suggested or typed")


class Calibration(Identified, Recorded, Base):
    """What a score was measured to mean on a labelled set, under one model; append-only."""

    __tablename__ = "calibrations"
    __table_args__ = {"comment": "measured tables of score and precision (评分校准)"}

    model: Mapped[str] = mapped_column(Name, index=True, comment="model version that scored the pairs")
    labelled_set: Mapped[str] = mapped_column(Name, comment="name of the file with the labels")
    labels: Mapped[int] = mapped_column(Integer, comment="labelled pairs")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json, comment="steps of the table, lowest score first")
    rule: Mapped[dict[str, Any]] = mapped_column(Json, comment="how the rule of no good match did on its demands")


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
