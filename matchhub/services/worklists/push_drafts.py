"""Drafts of pushes as the desk reads them: tallies above, pairs by state, firm, trade, reason and band below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from matchhub.db.tables import Account, Demand, Enterprise, Patent, PushDraft, PushDraftPair
from matchhub.domain.pushes import BY_HAND
from matchhub.errors import NotFound
from matchhub.services.kernel.paging import Orders, Page, Sought, holds_words, paged, typed_words
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit

STATES = ("chosen", "added", "left_out", "taken_out", "queued", "fell_out")
BANDS = ("likely", "possible", "same_kind")
MOST_EXPORTED = 50_000
_MOST_TRADES = 60
ORDERS = Orders(
    PushDraftPair.id,
    {
        "place": PushDraftPair.place,
        "state": PushDraftPair.state,
        "firm": Enterprise.name,
        "trade": Enterprise.industry,
        "title": Patent.title,
        "score": PushDraftPair.score,
        "floor": PushDraftPair.floor,
        "due": PushDraftPair.due_on,
        "code": PushDraftPair.code,
        "decided": PushDraftPair.decided_at,
    },
)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in a list."""

    id: int
    state: str
    automatic: bool
    planned_on: date
    made_at: datetime
    made_by: str
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with its tallies: pairs by state, left-out and fallen pairs by reason, the trades of its firms."""

    line: DraftLine
    run_id: int
    model: str
    states: Mapping[str, int]
    codes: Mapping[str, int]
    trades: Sequence[str]

    @property
    def waiting(self) -> int:
        """Pairs that a confirmation would queue."""
        return self.states["chosen"] + self.states["added"]

    @property
    def open(self) -> bool:
        """Whether it can still be changed."""
        return self.line.state == "open"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pairs are asked for; empty: all."""

    state: str = ""
    query: str = ""
    trade: str = ""
    code: str = ""
    band: str = ""


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of a draft; ``reasons`` is empty for those that were left out."""

    id: int
    place: int
    state: str
    code: str
    data: Mapping[str, Any]
    enterprise_id: int
    enterprise: str
    trade: str
    demand_id: int | None
    demand: str
    patent_id: int
    number: str
    title: str
    score: float
    floor: float
    band: str
    reasons: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]
    due_on: date
    note: str
    decided_by: str
    decided_at: datetime | None
    push_id: int | None

    @property
    def may_be_added(self) -> bool:
        """Whether a person may add it by hand, as far as the reason against it goes."""
        return self.state in ("left_out", "fell_out") and self.code in BY_HAND and self.code != "push_taken_out"


def draft_lines(unit: Unit, most: int = 10) -> tuple[DraftLine, ...]:
    """The newest drafts."""
    unit.require("push.read_board")
    rows = unit.session.execute(select(PushDraft).order_by(PushDraft.id.desc()).limit(most)).scalars().all()
    names = _names(unit, {row.made_by for row in rows} | {row.settled_by for row in rows})
    return tuple(_line(row, names) for row in rows)


def draft_view(unit: Unit, draft_id: int) -> DraftView:
    """One draft; ``NotFound("push_draft_not_found")``."""
    unit.require("push.draft")
    row = unit.session.get(PushDraft, draft_id)
    if row is None:
        raise NotFound("push_draft_not_found")
    of_draft = PushDraftPair.draft_id == draft_id
    states = select(PushDraftPair.state, func.count()).where(of_draft).group_by(PushDraftPair.state)
    codes = select(PushDraftPair.code, func.count()).where(of_draft, PushDraftPair.code != "")
    tally = unit.session.execute(codes.group_by(PushDraftPair.code).order_by(func.count().desc(), PushDraftPair.code))
    trades = (
        select(Enterprise.industry)
        .join(PushDraftPair, PushDraftPair.enterprise_id == Enterprise.id)
        .where(of_draft, Enterprise.industry.is_not(None))
        .group_by(Enterprise.industry)
        .order_by(func.count().desc(), Enterprise.industry)
    )
    names = _names(unit, {row.made_by, row.settled_by})
    return DraftView(
        line=_line(row, names),
        run_id=row.run_id,
        model=row.model,
        states=dict.fromkeys(STATES, 0) | dict(unit.session.execute(states).all()),
        codes=dict(tally.all()),
        trades=[each or "" for each in unit.session.execute(trades.limit(_MOST_TRADES)).scalars()],
    )


def list_pairs(unit: Unit, draft_id: int, wanted: Wanted, sought: int | Sought = 1) -> Page[PairRow]:
    """Pairs of a draft, usually in the order in which they were judged: chosen ones best first, then those left out."""
    unit.require("push.draft")
    return paged(unit, _chosen(unit, draft_id, wanted), sought, lambda rows: _rows(unit, rows), orders=ORDERS)


def all_pairs(unit: Unit, draft_id: int, wanted: Wanted) -> list[PairRow]:
    """The same in one, for programs."""
    unit.require("push.draft")
    rows = unit.session.execute(_chosen(unit, draft_id, wanted).limit(MOST_EXPORTED)).all()
    return _rows(unit, rows)


def pair_row(unit: Unit, draft_id: int, pair_id: int) -> PairRow:
    """One pair; ``NotFound("push_draft_not_found")`` for one of another draft."""
    unit.require("push.draft")
    chosen = _chosen(unit, draft_id, Wanted()).where(PushDraftPair.id == pair_id)
    found = _rows(unit, unit.session.execute(chosen).all())
    if not found:
        raise NotFound("push_draft_not_found")
    return found[0]


def _chosen(unit: Unit, draft_id: int, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    chosen = select(PushDraftPair, Enterprise, Patent).join(Enterprise, Enterprise.id == PushDraftPair.enterprise_id)
    chosen = chosen.join(Patent, Patent.id == PushDraftPair.patent_id).where(PushDraftPair.draft_id == draft_id)
    for column, value in (
        (PushDraftPair.state, wanted.state),
        (PushDraftPair.code, wanted.code),
        (PushDraftPair.band, wanted.band),
        (Enterprise.industry, wanted.trade),
    ):
        if value:
            chosen = chosen.where(column == value)
    if words := typed_words(wanted.query):
        chosen = chosen.where(holds_words(unit, words, Enterprise.name, Patent.title))
    return chosen.order_by(PushDraftPair.place, PushDraftPair.id)


def _rows(unit: Unit, rows: Sequence[Any]) -> list[PairRow]:
    titles: dict[int, str] = {}
    for part in parts(sorted({pair.demand_id for pair, _, _ in rows if pair.demand_id is not None})):
        titles |= dict(unit.session.execute(select(Demand.id, Demand.title).where(Demand.id.in_(part))).all())
    names = _names(unit, {pair.decided_by for pair, _, _ in rows})
    return [
        PairRow(
            id=pair.id,
            place=pair.place,
            state=pair.state,
            code=pair.code,
            data=dict(pair.data),
            enterprise_id=firm.id,
            enterprise=firm.name,
            trade=firm.industry or "",
            demand_id=pair.demand_id,
            demand=titles.get(pair.demand_id or 0, ""),
            patent_id=patent.id,
            number=patent.application_number or patent.publication_number or "",
            title=patent.title or "",
            score=pair.score,
            floor=pair.floor,
            band=pair.band,
            reasons=tuple(pair.reasons or ()),
            warnings=tuple(pair.warnings),
            due_on=pair.due_on,
            note=pair.note or "",
            decided_by=names.get(pair.decided_by or 0, ""),
            decided_at=pair.decided_at,
            push_id=pair.push_id,
        )
        for pair, firm, patent in rows
    ]


def _line(row: PushDraft, names: Mapping[int, str]) -> DraftLine:
    made, settled = names.get(row.made_by or 0, ""), names.get(row.settled_by or 0, "")
    return DraftLine(
        row.id, row.state, row.automatic, row.planned_on, row.made_at, made, row.settled_at, settled
    )  # fmt: skip


def _names(unit: Unit, accounts: set[int | None]) -> dict[int, str]:
    wanted = [each for each in accounts if each is not None]
    return dict(unit.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(wanted))).all())
