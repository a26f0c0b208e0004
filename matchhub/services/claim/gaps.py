"""What a claim still lacks, record by record: papers that must be handed in, and reasons that keep a record out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from matchhub.domain.counting.atoms import Reason
from matchhub.domain.counting.progress import GoalProgress
from matchhub.services.claim.ledger import LedgerRow
from matchhub.services.records.labels import Label

Weight = Literal["needed", "advised", "uncounted"]
# What other cities ask to be handed in with a deal or a licence. One paper of each group is enough.
NEEDED: Mapping[str, tuple[frozenset[str], ...]] = {
    "deals": (
        frozenset({"contract"}),
        frozenset({"conformity_notice", "filing_certificate", "register_extract"}),
        frozenset({"bank_slip", "invoice"}),
    ),
    "licences": (frozenset({"notice"}), frozenset({"filing_certificate", "conformity_notice", "register_extract"})),
}
ADVISED: Mapping[str, tuple[frozenset[str], ...]] = {
    "deals": (frozenset({"service_agreement"}), frozenset({"service_slip"}), frozenset({"code_certificate"})),
    "licences": (frozenset({"contract"}), frozenset({"code_certificate"})),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """What one record lacks. ``needed``: it counts strictly, and a paper that the claim stands on is not there or was
    damaged; ``advised``: a paper that is usually handed in too; ``uncounted``: it counts literally only, and why.

    ``papers``: groups of kinds of paper, of each of which one is enough; ``reasons`` why it does not count strictly.
    """

    threshold: str
    kind: str
    record_id: int
    label: Label
    weight: Weight
    papers: tuple[frozenset[str], ...] = ()
    damaged: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def gaps_of(
    goal: GoalProgress, ledgers: Mapping[str, Sequence[LedgerRow]], is_whole: Callable[[str], bool]
) -> tuple[Gap, ...]:
    """The gaps of a goal in the order of its thresholds; ``is_whole`` says whether the file of a digest is there."""
    return tuple(
        gap
        for each in goal.thresholds
        for row in ledgers[each.threshold.key]
        if row.literal
        for gap in _of_row(row, is_whole)
    )


def _of_row(row: LedgerRow, is_whole: Callable[[str], bool]) -> Iterator[Gap]:
    damaged = tuple(each.sha256 for each in row.papers if each.stands and not is_whole(each.sha256))
    if not row.strict:
        reasons = tuple(each for each in row.against if each.effect == "not_strict")
        yield _gap(row, "uncounted", damaged=damaged, reasons=reasons)
        return
    there = {each.paper for each in row.papers if each.stands and each.sha256 not in damaged}
    lacks = tuple(group for group in NEEDED.get(row.kind, ()) if not group & there and not _free(row, group))
    if lacks or damaged:
        yield _gap(row, "needed", papers=lacks, damaged=damaged)
    advised = tuple(group for group in ADVISED.get(row.kind, ()) if not group & there)
    if advised:
        yield _gap(row, "advised", papers=advised)


def _free(row: LedgerRow, group: frozenset[str]) -> bool:
    """Whether a paper of payment is asked for although nothing was to be paid."""
    return "bank_slip" in group and row.amount("agreed") == 0


def _gap(row: LedgerRow, weight: Weight, **said: tuple[object, ...]) -> Gap:
    return Gap(row.threshold, row.kind, row.record_id, row.label, weight, **said)  # type: ignore[arg-type]


def stands_ready(goal: GoalProgress, gaps: Sequence[Gap]) -> bool:
    """Whether the goal is reached strictly and no paper that the claim stands on is missing."""
    return goal.earned and not any(each.weight == "needed" for each in gaps)
