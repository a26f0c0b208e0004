"""The ledger (台账) of a threshold: each record with its verdict and everything that a reviewer asks about it.

Verdicts are those that every count shows (``counting.counts``); what stands beside them is read for the rows asked,
in as many statements for one row as for a page. Papers, words and payments are those known at the moment asked about;
names are those known now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from matchhub.domain.counting.acts import MENDABLE, act_for, lack_of
from matchhub.domain.counting.atoms import Atom, Reason
from matchhub.domain.counting.proof_levels import fact_levels
from matchhub.domain.organisations import OPERATOR
from matchhub.services.claim.details import Details, Entrant, Paper, RowSource, Word
from matchhub.services.claim.narrowing import EVERYTHING, Wanted, found_rows, in_order, sieve_of
from matchhub.services.counting.counts import Found, Question, atoms_of, page_of_verdicts
from matchhub.services.kernel.paging import Page, Sought
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records
from matchhub.services.records.rows import kind_of

SIZE = 20
_PART = 1000  # rows of a whole ledger that are read together


@dataclass(frozen=True, slots=True)
class Proof:
    """One fact of a record: the level the pack wants (``typed``, ``documented``, ``confirmed``), the level reached
    (empty where nothing is on record to prove), and the intact papers that document it."""

    fact: str
    wanted: str
    reached: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One judged record of a threshold (a contract over two patents is two rows where patents are counted).

    ``amounts`` are (role, yuan): ``agreed``, ``paid``, ``refunded``, ``budget``, ``fee``; ``parties`` (role, name);
    ``trades`` keys of the pack's industries. ``papers`` are all files on record, ``proofs`` says which prove what.
    """

    threshold: str
    kind: str
    record_id: int
    label: Label
    unit: str
    other_unit: str
    literal: bool
    strict: bool
    against: tuple[Reason, ...]
    passed: tuple[Reason, ...]
    proofs: tuple[Proof, ...]
    papers: tuple[Paper, ...]
    amounts: tuple[tuple[str, Decimal], ...]
    parties: tuple[tuple[str, str], ...]
    entered_by: Entrant
    words: tuple[Word, ...]
    occurred_on: date | None
    recorded_at: datetime | None
    trades: tuple[str, ...]
    source: RowSource | None
    policy: str
    policy_digest: str

    @property
    def verdict(self) -> str:
        """``strict``, ``literal`` or ``out``."""
        return "strict" if self.strict else ("literal" if self.literal else "out")

    @property
    def lack(self) -> str:
        """The one thing it lacks (``domain.counting.acts.lack_of``), else empty."""
        return lack_of(self.against)

    @property
    def near(self) -> bool:
        """Whether it would count strictly with one thing more that somebody can do."""
        return self.lack in MENDABLE

    @property
    def task(self) -> str:
        """The act of the operator that would make it count strictly, else empty."""
        mending = act_for(self.lack)
        return mending.key if mending is not None and mending.by == OPERATOR else ""

    def amount(self, role: str) -> Decimal | None:
        """The amount of a role; ``None`` where none is on record."""
        return dict(self.amounts).get(role)


def ledger_page(
    unit: Unit, threshold: str, asked: Question, wanted: Wanted = EVERYTHING, sought: Sought | None = None
) -> Page[LedgerRow]:
    """A page of the ledger (``SIZE`` rows), or with ``sought.whole`` all of it, in the order sought.

    Raises ``NotFound("threshold_not_found")``, ``NotAllowed``.
    """
    unit.require("progress.read")
    seek = sought or Sought()
    kind = kind_of(threshold, asked)
    if not seek.whole and not seek.down and seek.sort in ("", "record"):  # by record: the page alone is read
        sieve = sieve_of(unit, threshold, asked, wanted)
        total, number, rows = page_of_verdicts(unit, threshold, asked, sieve, seek.page, SIZE)
        return Page(_filled(unit, threshold, asked, rows), total, number, SIZE)
    found = in_order(unit, kind, found_rows(unit, threshold, asked, wanted), seek)
    if seek.whole:
        parts = (found[at : at + _PART] for at in range(0, len(found), _PART))
        whole = tuple(row for part in parts for row in _filled(unit, threshold, asked, part))
        return Page(whole, len(whole), 1, max(1, len(whole)))
    number = max(1, min(seek.page, -(-len(found) // SIZE)))
    shown = found[(number - 1) * SIZE : number * SIZE]
    return Page(_filled(unit, threshold, asked, shown), len(found), number, SIZE)


def ledger_rows(unit: Unit, threshold: str, asked: Question, wanted: Wanted = EVERYTHING) -> tuple[LedgerRow, ...]:
    """Every row of a threshold that passes a filter, by record; by default all of them."""
    return tuple(ledger_page(unit, threshold, asked, wanted, Sought(whole=True)).items)


def _filled(unit: Unit, threshold: str, asked: Question, found: Sequence[Found]) -> tuple[LedgerRow, ...]:
    kind = kind_of(threshold, asked)
    ids = sorted({each.record_id for each in found})
    if not ids:
        return ()
    judged: dict[int, list[Atom]] = defaultdict(list)
    for atom in atoms_of(unit, threshold, asked, ids):
        judged[int(atom.record_id)].append(atom)
    labels = label_records(unit, kind, ids)
    details = Details(unit, kind, ids, asked)
    return tuple(_row(threshold, asked, judged[each.record_id][each.place], labels, details) for each in found)


def _row(threshold: str, asked: Question, atom: Atom, labels: dict[int, Label], details: Details) -> LedgerRow:
    key = int(atom.record_id)
    papers = details.papers.get(key, ())
    proofs = tuple(
        Proof(each.fact, each.wanted, each.reached,
              tuple(paper for paper in papers if paper.paper in each.papers and paper.stands))
        for each in fact_levels(details.kind, atom.reasons, asked.pack.proof)
    )  # fmt: skip
    return LedgerRow(
        threshold=threshold,
        kind=details.kind,
        record_id=key,
        label=labels.get(key, Label(f"#{key}")),
        unit=atom.unit,
        other_unit=atom.other_unit or "",
        literal=atom.literal,
        strict=atom.strict,
        against=tuple(reason for reason in atom.reasons if reason.effect != "counts"),
        passed=tuple(reason for reason in atom.reasons if reason.effect == "counts"),
        proofs=proofs,
        papers=papers,
        amounts=details.amounts.get(key, ()),
        parties=details.parties.get(key, ()),
        entered_by=details.entrant(key),
        words=details.words.get(key, ()),
        occurred_on=atom.occurred_on,
        recorded_at=details.recorded_at(key),
        trades=details.trades.get(key, ()),
        source=details.sources.get(key),
        policy=asked.pack.key,
        policy_digest=asked.pack.digest,
    )
