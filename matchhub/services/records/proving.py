"""What the papers of a money row must prove: each fact with what was typed, and the papers that lie there for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matchhub.domain.papers import paper_kind_of
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.page import RecordView
from matchhub.services.records.timeline import TimelineEntry
from matchhub.services.records.trail import EvidenceView

# Fields that each fact's papers have to bear, in the order in which a person compares them.
_FIELDS = {
    ("deals", "contract"): ("contract_number", "seller", "buyer", "patents", "deal_type", "amount_yuan", "signed_on"),
    ("deals", "payment"): ("amount_yuan", "seller", "buyer"),
    ("deals", "registration"): ("patents", "seller", "buyer"),
    ("deals", "implementation"): ("patents", "buyer"),
    ("licences", "notice"): ("licensee_name", "licensor_name", "patents", "notified_on"),
    ("licences", "payment"): ("licensee_name", "paid_yuan", "paid_on", "payment_proof"),
    ("licences", "filing"): ("patents", "licensee_name", "filing_number", "filed_on"),
}
_EVENTS = {"payment": ("paid", "refunded"), "registration": ("TR01", "EE01"), "implementation": ("implemented",)}
_ROLES = {"seller": "seller", "buyer": "buyer", "patents": "patent"}
_AWARD = (
    "title", "number", "occurred_on", "notified_on", "started_on", "until_on", "reviewed_on", "amount_yuan", "agents",
    "cases", "top_firms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proving:
    """One fact: its fields as typed (what is not typed stands as ``None``), what happened, the kinds of paper that
    document it, and the papers of these kinds that count. ``level``: what strict wants of it."""

    fact: str
    level: str
    fields: tuple[tuple[str, Any], ...]
    events: tuple[TimelineEntry, ...]
    kinds: tuple[str, ...]
    papers: tuple[EvidenceView, ...]

    @property
    def lacking(self) -> bool:
        """Whether strict wants a paper and none lies there."""
        return self.level == "documented" and not self.papers


@dataclass(frozen=True, slots=True)
class Proofs:
    """The facts of a record, and its papers that document none of them."""

    facts: tuple[Proving, ...]
    others: tuple[EvidenceView, ...]


def proofs_of(unit: Unit, record: RecordView) -> Proofs | None:
    """What a person must compare before confirming a money row; ``None`` for a record of another kind."""
    if not record.counts_money:
        return None
    standing = [each for each in record.evidence if not each.withdrawn_at and not each.damaged]
    facts = tuple(_facts(unit, record, standing))
    used = {paper.id for fact in facts for paper in fact.papers}
    return Proofs(facts, tuple(each for each in standing if each.id not in used))


def _facts(unit: Unit, record: RecordView, standing: list[EvidenceView]) -> Iterator[Proving]:
    if record.kind == "award_records":
        fields = tuple((name, value) for name in _AWARD if (value := record.fact(name)) is not None)
        yield Proving("ground", "documented", fields, (), (), tuple(standing))
        return
    for fact, need in unit.pack.proof.needs[record.kind].items():
        names = _FIELDS.get((record.kind, fact))
        events = tuple(_events(record, fact))
        papers = tuple(each for each in standing if paper_kind_of(each.purpose, each.paper_kind) in need.papers)
        if names is None or _unasked(record, fact, events, papers):
            continue
        fields = tuple((name, _typed(record, name)) for name in names)
        yield Proving(fact, need.level, fields, events, tuple(sorted(need.papers)), papers)


def _unasked(
    record: RecordView, fact: str, events: tuple[TimelineEntry, ...], papers: tuple[EvidenceView, ...]
) -> bool:
    """Whether nobody need prove the fact: use that is not claimed, payment of what costs nothing."""
    if fact == "implementation":
        return not events and not papers
    return fact == "payment" and record.kind == "licences" and record.fact("paid_yuan") is None and not papers


def _events(record: RecordView, fact: str) -> Iterator[TimelineEntry]:
    wanted = _EVENTS.get(fact, ())
    return (
        each for each in record.timeline if each.group == "deal_event" and each.event in wanted and not each.withdrawn
    )


def _typed(record: RecordView, name: str) -> Any:
    role = _ROLES.get(name)
    if role is None:
        return record.fact(name)
    named = [
        " ".join(filter(None, (each.label.title, each.label.number))) for each in record.related if each.role == role
    ]
    return named or None
