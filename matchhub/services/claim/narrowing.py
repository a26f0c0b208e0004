"""Which rows of a ledger are wanted, and in which order: by verdict, by what they lack, by trade, source and person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, Demand, ImportBatch, Licence, Offer
from matchhub.domain.counting.acts import MENDABLE, lacks_mended_by
from matchhub.services.accounts.names import account_names
from matchhub.services.claim.trades import records_of_trade
from matchhub.services.counting.counts import Found, Question, Sieve, find_verdicts
from matchhub.services.kernel.named_sources import named_sources
from matchhub.services.kernel.paging import Sought
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import find_ids
from matchhub.services.records.rows import kind_of

SHOWN = ("all", "strict", "near", "literal_only", "out")
SORTS = ("record", "day", "recorded", "amount")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the ledger; what is empty or ``None`` asks nothing.

    ``show``: one of ``SHOWN`` (``near``: one thing is missing, and somebody can do it); ``code``: a reason against or
    for it; ``lack``: the one thing missing; ``act``: what would mend it; ``query``: words of name or number; ``trade``:
    key of an industry; ``source``: number of the import; ``person``: the account that entered it; ``only``: records.
    """

    show: str = "all"
    code: str = ""
    lack: str = ""
    act: str = ""
    query: str = ""
    trade: str = ""
    source: int | None = None
    person: int | None = None
    only: frozenset[int] | None = None


EVERYTHING = Wanted()


def found_rows(unit: Unit, threshold: str, asked: Question, wanted: Wanted) -> list[Found]:
    """Where the verdicts stand that pass the filter, by record. Raises ``NotFound("threshold_not_found")``."""
    return find_verdicts(unit, threshold, asked, sieve_of(unit, threshold, asked, wanted))


def sieve_of(unit: Unit, threshold: str, asked: Question, wanted: Wanted) -> Sieve:
    """The filter as the counts take it. Raises ``NotFound("threshold_not_found")``."""
    kind = kind_of(threshold, asked)
    near = wanted.show == "near"
    lacks: Collection[str] | None = MENDABLE if near else None
    if wanted.act:
        lacks = lacks_mended_by(wanted.act)
    if wanted.lack:
        lacks = (wanted.lack,)
    return Sieve("all" if near else wanted.show, wanted.code or None, _only(unit, kind, wanted), lacks)


def _only(unit: Unit, kind: str, wanted: Wanted) -> set[int] | None:
    """The records that the filters on the base leave; ``None`` where none is set."""
    parts: list[set[int] | None] = [find_ids(unit, kind, wanted.query)]
    parts.append(None if wanted.only is None else set(wanted.only))
    table = RECORD_TABLES[kind]
    for column, value in (("batch_id", wanted.source), ("recorded_by", wanted.person)):
        if value is not None:
            parts.append(_ids(unit, select(table.id).where(getattr(table, column) == value)))
    if wanted.trade:
        parts.append(records_of_trade(unit, kind, wanted.trade))
    told = [part for part in parts if part is not None]
    return set.intersection(*told) if told else None


def _ids(unit: Unit, statement: Any) -> set[int]:
    return set(unit.session.execute(statement).scalars())


AMOUNTS: Mapping[str, Any] = {
    "deals": Deal.amount_yuan,
    "licences": Licence.paid_yuan,
    "demands": Demand.budget_yuan,
    "offers": Offer.fee_yuan,
}


def in_order(unit: Unit, kind: str, found: list[Found], sought: Sought) -> list[Found]:
    """Rows in the order sought (``SORTS``); those without a value last, equals by record."""
    if sought.sort == "day":
        dated = sorted((each for each in found if each.day), key=lambda row: (row.day, row.record_id, row.place))
        return (dated[::-1] if sought.down else dated) + [each for each in found if not each.day]
    column = {"recorded": RECORD_TABLES[kind].recorded_at, "amount": AMOUNTS.get(kind)}.get(sought.sort)
    if column is None:
        return found[::-1] if sought.down and sought.sort == "record" else found
    table = RECORD_TABLES[kind]
    directed = (column.desc(), table.id.desc()) if sought.down else (column.asc(), table.id.asc())
    rows = unit.session.execute(select(table.id).order_by(column.is_(None), *directed)).scalars()
    at = {key: place for place, key in enumerate(rows)}
    return sorted(found, key=lambda row: (at.get(row.record_id, len(at)), row.place))


# --- what can be chosen ----------------------------------------------------------------------------------------------


def persons_of(unit: Unit, kind: str) -> dict[int, str]:
    """Who entered records of a kind, with the organisation, by account."""
    chosen = select(RECORD_TABLES[kind].recorded_by).distinct()
    return account_names(unit, unit.session.execute(chosen).scalars())


def sources_of(unit: Unit, kind: str) -> dict[int, str]:
    """The imports that records of a kind came with: issuer or sender, and the files, the newest first."""
    table = RECORD_TABLES[kind]
    used = select(table.batch_id).where(table.batch_id.is_not(None)).distinct()
    chosen = select(ImportBatch.id, ImportBatch.source_name, ImportBatch.files).where(ImportBatch.id.in_(used))
    rows = unit.session.execute(chosen.order_by(ImportBatch.id.desc())).all()
    named = named_sources(unit, [row.id for row in rows])
    senders = {row.id: named[row.id].issuer if row.id in named else row.source_name for row in rows}
    return {row.id: " · ".join(filter(None, (senders[row.id], _files(row.files)))) for row in rows}


def _files(files: list[dict[str, Any]]) -> str:
    return "、".join(str(each.get("name", "")) for each in files)
