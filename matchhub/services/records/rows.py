"""The rows behind a number: each record of a threshold with its verdict and reasons, a page or all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from matchhub.domain.counting.atoms import Atom, Reason
from matchhub.domain.counting.signals import Signal
from matchhub.errors import NotFound
from matchhub.services.counting.counts import Question, atoms_of
from matchhub.services.counting.losses import count_losses
from matchhub.services.kernel.paging import Page, Sought, sorted_page
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, find_ids, label_records

SHOWN = ("all", "strict", "literal_only", "out")
SIZE = 25


@dataclass(frozen=True, slots=True)
class RowView:
    """One judged record: its label, the verdict, and the reasons against and for it."""

    kind: str
    record_id: int
    label: Label
    unit: str
    other_unit: str
    literal: bool
    strict: bool
    occurred_on: date | None
    against: tuple[Reason, ...]
    passed: tuple[Reason, ...]

    @property
    def verdict(self) -> str:
        """``strict``, ``literal`` or ``out``."""
        return "strict" if self.strict else ("literal" if self.literal else "out")

    def shown_by(self, show: str) -> bool:
        """Whether a list of one of ``SHOWN`` holds it."""
        return show == "all" or self.verdict == show.removesuffix("_only")


_ORDERS: dict[str, Callable[[RowView], object]] = {
    "record": lambda row: row.record_id,
    "day": lambda row: row.occurred_on,
    "verdict": lambda row: (not row.strict, not row.literal),
}


@dataclass(frozen=True, slots=True)
class LossView:
    """What a threshold lost since a claim: the signal, and the records as they are judged now, ``SIZE`` at most."""

    signal: Signal
    records: int
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are wanted: ``show`` one of ``SHOWN``, ``query`` words of name or number."""

    show: str = "all"
    query: str = ""


def loss_views(unit: Unit, asked: Question, claimed_at: datetime) -> tuple[LossView, ...]:
    """What counted strictly at ``claimed_at`` and does not now, by threshold, with why not.

    Raises ``Refusal("claim_moment_not_before")``.
    """
    views = []
    for loss in count_losses(unit, asked, claimed_at):
        shown = loss.records[:SIZE]
        rows = tuple(records_judged(unit, loss.signal.threshold, asked, shown))
        views.append(LossView(loss.signal, len(loss.records), rows))
    return tuple(views)


def records_judged(unit: Unit, threshold: str, asked: Question, ids: Sequence[int]) -> list[RowView]:
    """Some records with label, verdict and reasons, in the order given; those not known at the moment are left out."""
    judged, labels = verdicts(unit, threshold, asked, ids), label_records(unit, kind_of(threshold, asked), ids)
    return [replace(judged[key], label=labels.get(key, judged[key].label)) for key in ids if key in judged]


def judged_page(
    unit: Unit, threshold: str, asked: Question, ids: Sequence[int], wanted: Filter, sought: Sought
) -> Page[RowView]:
    """A page of the records of ``ids`` that pass the filter, in the order sought: ``record``, ``day`` or ``verdict``.

    All are judged, as many as the page shows are named; ``NotFound`` for an unknown threshold.
    """
    unit.require("progress.read")
    kind = kind_of(threshold, asked)
    only = find_ids(unit, kind, wanted.query)
    judged = verdicts(unit, threshold, asked, ids)
    found = [
        judged[key]
        for key in dict.fromkeys(ids)
        if key in judged and (only is None or key in only) and judged[key].shown_by(wanted.show)
    ]
    page = sorted_page(found, sought, _ORDERS.get(sought.sort), lambda row: row.record_id)
    labels = label_records(unit, kind, [row.record_id for row in page.items])
    return replace(page, items=[replace(row, label=labels.get(row.record_id, row.label)) for row in page.items])


def kind_of(threshold: str, asked: Question) -> str:
    """The kind of record a threshold of the pack asked counts; ``NotFound("threshold_not_found")``."""
    try:
        return asked.pack.threshold(threshold).counter
    except KeyError:
        raise NotFound("threshold_not_found", threshold=threshold) from None


def _views(kind: str, atoms: Sequence[Atom], labels: dict[int, Label]) -> Iterator[RowView]:
    for atom in atoms:
        key = int(atom.record_id)
        yield RowView(
            kind=kind,
            record_id=key,
            label=labels.get(key, Label(f"#{key}")),
            unit=atom.unit,
            other_unit=atom.other_unit or "",
            literal=atom.literal,
            strict=atom.strict,
            occurred_on=atom.occurred_on,
            against=tuple(reason for reason in atom.reasons if reason.effect != "counts"),
            passed=tuple(reason for reason in atom.reasons if reason.effect == "counts"),
        )


def verdicts(unit: Unit, threshold: str, asked: Question, ids: Sequence[int]) -> dict[int, RowView]:
    """Verdict and reasons of some records by id: of several atoms of one record the best speaks."""
    wanted = set(ids)
    ordered = sorted(atoms_of(unit, threshold, asked, wanted), key=lambda atom: (atom.strict, atom.literal))
    return {row.record_id: row for row in _views(kind_of(threshold, asked), ordered, {})}


def verdicts_of(unit: Unit, kind: str, asked: Question, ids: Sequence[int]) -> dict[int, RowView]:
    """Of the thresholds that count a kind, the best verdict on some of its records by id; of equals the first."""
    best: dict[int, RowView] = {}
    for threshold in asked.pack.thresholds_of(kind):
        for key, row in verdicts(unit, threshold.key, asked, ids).items():
            held = best.get(key)
            if held is None or (row.strict, row.literal) > (held.strict, held.literal):
                best[key] = row
    return best
