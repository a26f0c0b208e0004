"""What stands beside the verdicts of a ledger: papers, words, amounts, parties, trades, sources, who entered it.

Everything is read for all rows asked at once, one statement a subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import func, literal, select

from matchhub.db.tables import (
    Account,
    Confirmation,
    DealParty,
    DealPayment,
    Demand,
    Enterprise,
    EvidenceFile,
    ImportBatch,
    Licence,
    Offer,
    Organisation,
    PatentHolder,
    Push,
    Revision,
)
from matchhub.domain.papers import paper_kind_of
from matchhub.services.claim.trades import trades_by_record
from matchhub.services.counting.counts import Question
from matchhub.services.counting.reach import among
from matchhub.services.kernel.history import Moment, states
from matchhub.services.kernel.named_sources import named_sources
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.origins import files_of

Amounts = tuple[tuple[str, Decimal], ...]
Parties = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who entered a record; ``account_id`` None: the system."""

    account_id: int | None = None
    person: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of evidence: ``paper`` is what it is, ``purpose`` what it was handed in to prove.

    ``stands``: neither withdrawn nor found damaged by the moment asked about.
    """

    id: int
    name: str
    sha256: str
    purpose: str
    paper: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A confirmation or a rejection; ``in_force`` while nobody took it back and the record is as it was."""

    decision: str
    role: str
    by: Entrant
    at: datetime
    in_force: bool


@dataclass(frozen=True, slots=True)
class RowSource:
    """The import a record came with: its file, line, and who issued it, where somebody named that."""

    batch_id: int
    file: str
    line: int | None
    kind: str
    issuer: str
    issued_on: date | None


class Details:
    """Everything beside the verdicts of some records of one kind, as the question asks."""

    def __init__(self, unit: Unit, kind: str, ids: Collection[int], asked: Question) -> None:
        self.kind = kind
        self._unit, self._ids, self._moment = unit, sorted(ids), Moment(asked.known_at)
        self._table = RECORD_TABLES[kind]

    def _rows(self, statement: Any) -> Any:
        return self._unit.session.execute(statement)

    @cached_property
    def _base(self) -> dict[int, Any]:
        table = self._table
        columns = (table.id, table.recorded_at, table.recorded_by, table.batch_id, table.source_line)
        return {row.id: row for row in self._rows(select(*columns).where(among(table.id, self._ids)))}

    def recorded_at(self, key: int) -> datetime | None:
        """When a record came to be known."""
        row = self._base.get(key)
        return row.recorded_at if row else None

    def entrant(self, key: int) -> Entrant:
        """Who entered a record."""
        row = self._base.get(key)
        return self._person(row.recorded_by if row else None)

    def _person(self, account_id: int | None) -> Entrant:
        return self._persons.get(account_id or 0, Entrant(account_id))

    @cached_property
    def _persons(self) -> dict[int, Entrant]:
        wanted = {row.recorded_by for row in self._base.values()} | {row.account_id for row in self._said}
        chosen = select(Account.id, Account.display_name, Organisation.name).join(
            Organisation, Organisation.id == Account.organisation_id
        )
        known = {each for each in wanted if each is not None}
        rows = self._rows(chosen.where(among(Account.id, known))) if known else ()
        return {key: Entrant(key, person, place) for key, person, place in rows}

    @cached_property
    def _said(self) -> list[Confirmation]:
        chosen = select(Confirmation).where(
            Confirmation.subject_kind == self.kind, among(Confirmation.subject_id, self._ids)
        )
        return list(self._rows(self._moment.limit(chosen, Confirmation).order_by(Confirmation.id)).scalars())

    @cached_property
    def words(self) -> dict[int, tuple[Word, ...]]:
        """Confirmations and rejections by record, the oldest first."""
        found: dict[int, list[Word]] = defaultdict(list)
        for row in self._said:
            stands = not self._moment.withdrawn(row) and self._moment.lapsed_at(row) is None
            word = Word(row.decision, row.role, self._person(row.account_id), row.recorded_at, stands)
            found[row.subject_id].append(word)
        return {key: tuple(words) for key, words in found.items()}

    @cached_property
    def papers(self) -> dict[int, tuple[Paper, ...]]:
        """Files of evidence by record, in the order they came."""
        chosen = select(EvidenceFile).where(
            EvidenceFile.subject_kind == self.kind, among(EvidenceFile.subject_id, self._ids)
        )
        found: dict[int, list[Paper]] = defaultdict(list)
        for row in self._rows(self._moment.limit(chosen, EvidenceFile).order_by(EvidenceFile.id)).scalars():
            then = self._moment.known_at
            damaged = row.damaged_at is not None and (then is None or row.damaged_at <= then)
            kind = paper_kind_of(row.purpose, row.paper_kind)
            stands = not damaged and not self._moment.withdrawn(row)
            found[row.subject_id].append(Paper(row.id, row.name, row.sha256, row.purpose, kind, stands))
        return {key: tuple(papers) for key, papers in found.items()}

    @cached_property
    def amounts(self) -> dict[int, Amounts]:
        """What was agreed, paid and given back, asked or offered, by record, in yuan."""
        found: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
        for key, role, yuan in self._amounts():
            if yuan is not None:
                found[key].append((role, yuan))
        return {key: tuple(told) for key, told in found.items()}

    def _amounts(self) -> Iterator[tuple[int, str, Decimal | None]]:
        for field, role in _AMOUNT_FIELDS.get(self.kind, {}).items():
            yield from ((key, role, yuan) for key, yuan in self._field(field).items())
        if self.kind == "deals":
            yield from self._payments()

    def _field(self, name: str) -> dict[int, Decimal | None]:
        """A field as known then."""
        if self._moment.known_at is not None:
            then = states(self._unit, self.kind, self._table, [name], self._moment)  # type: ignore[arg-type]
            return {key: then[key][name] for key in self._ids if key in then}
        column = getattr(self._table, name)
        return dict(self._rows(select(self._table.id, column).where(among(self._table.id, self._ids))).all())

    def _payments(self) -> Iterator[tuple[int, str, Decimal | None]]:
        chosen = select(DealPayment).where(among(DealPayment.deal_id, self._ids)).order_by(DealPayment.id)
        sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for row in self._rows(self._moment.limit(chosen, DealPayment)).scalars():
            if not self._moment.withdrawn(row):
                sums[row.deal_id, "paid" if row.amount_yuan >= 0 else "refunded"] += abs(row.amount_yuan)
        yield from ((key, role, yuan) for (key, role), yuan in sums.items())

    @cached_property
    def parties(self) -> dict[int, Parties]:
        """Who is concerned, in which role, by record."""
        found: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)
        if self.kind in _PARTIES:
            for key, role, name in self._rows(_PARTIES[self.kind](self._ids)):
                if name:
                    found[key][role, name] = None
        if self.kind == "licences":
            chosen = select(Licence.id, Licence.licensor_name, Licence.licensee_name)
            for key, seller, buyer in self._rows(chosen.where(among(Licence.id, self._ids))):
                found[key] |= {(role, name): None for role, name in (("seller", seller), ("buyer", buyer)) if name}
        return {key: tuple(told) for key, told in found.items()}

    @cached_property
    def trades(self) -> dict[int, tuple[str, ...]]:
        """Keys of the industries by record."""
        return trades_by_record(self._unit, self.kind, self._ids)

    @cached_property
    def sources(self) -> Mapping[int, RowSource]:
        """The imports by record; one that was entered by hand has none."""
        came = {key: row for key, row in self._base.items() if row.batch_id is not None}
        if not came:
            return {}
        batches = {row.batch_id for row in came.values()}
        named = named_sources(self._unit, batches)
        sender = dict(
            self._rows(select(ImportBatch.id, ImportBatch.source_name).where(among(ImportBatch.id, batches))).all()
        )
        files = self._first_files(list(came))
        return {
            key: RowSource(
                batch_id=row.batch_id,
                file="、".join(files.get(key, ())),
                line=row.source_line,
                kind=named[row.batch_id].kind if row.batch_id in named else "own",
                issuer=named[row.batch_id].issuer if row.batch_id in named else sender.get(row.batch_id, ""),
                issued_on=named[row.batch_id].issued_on if row.batch_id in named else None,
            )
            for key, row in came.items()
        }

    def _first_files(self, ids: list[int]) -> dict[int, tuple[str, ...]]:
        """The file that made each record known."""
        first = (
            select(func.min(Revision.id))
            .where(Revision.kind == self.kind, among(Revision.record_id, ids))
            .group_by(Revision.record_id)
        )
        revisions = list(self._rows(select(Revision).where(Revision.id.in_(first))).scalars())
        files = files_of(self._unit, revisions)
        return {each.record_id: files.get(each.id, ()) for each in revisions}


_AMOUNT_FIELDS: Mapping[str, Mapping[str, str]] = {
    "deals": {"amount_yuan": "agreed"},
    "licences": {"paid_yuan": "paid", "refunded_yuan": "refunded"},
    "demands": {"budget_yuan": "budget"},
    "offers": {"fee_yuan": "fee"},
}


def _of_deals(ids: Collection[int]) -> Any:
    chosen = select(DealParty.deal_id, DealParty.role, DealParty.name)
    return chosen.where(among(DealParty.deal_id, ids)).order_by(DealParty.role.desc(), DealParty.id)


def _of_firms(table: Any) -> Any:
    def chosen(ids: Collection[int]) -> Any:
        asked = select(table.id, literal("firm"), Enterprise.name)
        return asked.join(Enterprise, Enterprise.id == table.enterprise_id).where(among(table.id, ids))

    return chosen


def _of_patents(ids: Collection[int]) -> Any:
    chosen = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name)
    shown = PatentHolder.role.in_(("applicant", "owner"))
    return chosen.where(among(PatentHolder.patent_id, ids), shown).order_by(PatentHolder.role, PatentHolder.position)


def _of_offers(ids: Collection[int]) -> Any:
    return select(Offer.id, literal("holder"), Offer.holder_name).where(among(Offer.id, ids))


_PARTIES: Mapping[str, Any] = {
    "deals": _of_deals,
    "demands": _of_firms(Demand),
    "pushes": _of_firms(Push),
    "patents": _of_patents,
    "offers": _of_offers,
}
