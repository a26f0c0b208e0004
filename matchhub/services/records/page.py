"""One record of any counted kind as operator and bureau see it: what is known, what hangs on it and lies behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import DealParty, DealPatent, PatentClass, PatentHolder, PushItem
from matchhub.errors import NotFound
from matchhub.services.accounts.names import account_names
from matchhub.services.deals.payments import Balance, balance_of
from matchhub.services.deals.telling import parties_of
from matchhub.services.evidence.confirmations import MONEY
from matchhub.services.evidence.party_words import Party, PartyWordView, without_account, words_of_parties
from matchhub.services.kernel.freshness import seen_token
from matchhub.services.kernel.frozen import content_of, digest_of
from matchhub.services.kernel.privacy import PRIVATE, masked
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.telling import parties_of_licence
from matchhub.services.records.labels import Label, label_of
from matchhub.services.records.timeline import TimelineEntry, timeline
from matchhub.services.records.trail import (
    ConfirmationView,
    EvidenceView,
    RevisionView,
    confirmations_on,
    evidence_views,
    revision_views,
)

_HIDDEN = {
    "id", "name_key", "person_key", "identity_key", "contract_key", "register_key", "text_key", "unique_key",
    "token_hash", "message_id",
    "recipient_email", "demo", "updated_at", "recorded_at", "recorded_by", "batch_id",
    "source_line", "withdrawn_at", "withdrawn_reason", "affiliation_overruled_by", "duplicate_of_id", "enterprise_id",
    "demand_id", "patent_id", "offer_id", "agency_id", "run_id", "payment_evidence_id",
}  # fmt: skip
_LINKS = {"enterprise_id": "enterprises", "demand_id": "demands", "patent_id": "patents", "offer_id": "offers",
          "agency_id": "agencies", "duplicate_of_id": "demands"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Related:
    """Another record this one speaks of, in its role (seller, patent, demand …). ``id`` None: not in the base."""

    role: str
    kind: str
    id: int | None
    label: Label


@dataclass(frozen=True, slots=True)
class RecordView:
    """Everything about one record; ``facts`` are (field, value) pairs in the order of the table."""

    kind: str
    id: int
    label: Label
    facts: tuple[tuple[str, Any], ...]
    related: tuple[Related, ...]
    timeline: tuple[TimelineEntry, ...]
    evidence: tuple[EvidenceView, ...]
    words: tuple[ConfirmationView, ...]
    revisions: tuple[RevisionView, ...]
    revision_count: int
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    overruled_by: str
    has_private: bool
    seen: str  # what a form that changes the record carries (``kernel.freshness``)
    party_words: tuple[PartyWordView, ...]
    without_account: tuple[str, ...]  # parties of a deal or licence that nobody could ask
    balance: Balance | None  # of a deal: agreed, paid, given back, due
    content: str  # digest of what a confirmation is bound to (``kernel.frozen``)

    @property
    def counts_money(self) -> bool:
        """Whether operator and bureau must both confirm it."""
        return self.kind in MONEY

    def fact(self, name: str) -> Any:
        """The value of one field, ``None`` when nothing is known."""
        return dict(self.facts).get(name)


def record_view(unit: Unit, kind: str, record_id: int) -> RecordView:
    """One record; ``NotFound`` for an unknown kind or number."""
    unit.require("record.read")
    row: Any = unit.session.get(RECORD_TABLES[kind], record_id) if kind in RECORD_TABLES else None
    if row is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    revisions, count = revision_views(unit, kind, record_id)
    overruled = getattr(row, "affiliation_overruled_by", None)
    names = account_names(unit, [row.recorded_by, overruled])
    facts = tuple(_facts(unit, kind, row))
    return RecordView(
        kind=kind,
        id=record_id,
        label=label_of(unit, kind, record_id),
        facts=facts,
        related=tuple(_related(unit, kind, row)),
        timeline=timeline(unit, kind, record_id),
        evidence=evidence_views(unit, kind, record_id),
        words=confirmations_on(unit, kind, record_id),
        revisions=revisions,
        revision_count=count,
        recorded_at=row.recorded_at,
        recorded_by=names.get(row.recorded_by or 0, ""),
        withdrawn_at=getattr(row, "withdrawn_at", None),
        withdrawn_reason=getattr(row, "withdrawn_reason", None) or "",
        overruled_by=names.get(overruled or 0, ""),
        has_private=any(name in PRIVATE for name, _ in facts),
        seen=seen_token(row.updated_at) if hasattr(row, "updated_at") else "",
        party_words=words_of_parties(unit, (kind, record_id)),
        without_account=without_account(unit, _parties(unit, kind, row)),
        balance=balance_of(unit, record_id) if kind == "deals" else None,
        content=digest_of(content_of(unit, kind, record_id)),
    )


def _parties(unit: Unit, kind: str, row: Any) -> tuple[Party, ...]:
    """The parties of a deal or a licence; other kinds have none."""
    if kind == "deals":
        return parties_of(unit, row.id)
    return parties_of_licence(unit, row) if kind == "licences" else ()


def _facts(unit: Unit, kind: str, row: Any) -> Iterator[tuple[str, Any]]:
    for column in row.__table__.columns:
        value = getattr(row, column.key)
        if column.key not in _HIDDEN and value not in (None, "", []):
            yield column.key, masked(column.key, value)
    if kind == "patents":
        yield from _lists_of_patent(unit, row.id)


def _lists_of_patent(unit: Unit, patent_id: int) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    holders = select(PatentHolder.role, PatentHolder.name).where(PatentHolder.patent_id == patent_id)
    for role, name in unit.session.execute(holders.order_by(PatentHolder.role, PatentHolder.position)):
        found.setdefault(f"{role}s", []).append(name)
    classes = select(PatentClass.scheme, PatentClass.symbol).where(PatentClass.patent_id == patent_id)
    for scheme, symbol in unit.session.execute(classes.order_by(PatentClass.position, PatentClass.id)):
        found.setdefault(scheme, []).append(symbol)
    yield from found.items()


def _related(unit: Unit, kind: str, row: Any) -> Iterator[Related]:
    for name, other in _LINKS.items():
        key = getattr(row, name, None)
        if key is not None:
            yield Related(name.removesuffix("_id"), other, key, label_of(unit, other, key))
    if kind == "deals":
        yield from _of_deal(unit, row.id)
    if kind == "pushes":
        items = select(PushItem.patent_id).where(PushItem.push_id == row.id).order_by(PushItem.position, PushItem.id)
        for key in unit.session.execute(items).scalars():
            yield Related("patent", "patents", key, label_of(unit, "patents", key))


def _of_deal(unit: Unit, deal_id: int) -> Iterator[Related]:
    parties = select(DealParty).where(DealParty.deal_id == deal_id).order_by(DealParty.role.desc(), DealParty.id)
    for party in unit.session.execute(parties).scalars():
        yield Related(party.role, "enterprises", party.enterprise_id, Label(party.name, party.uscc or ""))
    about = select(DealPatent.patent_id).where(DealPatent.deal_id == deal_id).order_by(DealPatent.id)
    for key in unit.session.execute(about).scalars():
        yield Related("patent", "patents", key, label_of(unit, "patents", key))
