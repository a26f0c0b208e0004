"""One import: rows in, sums out. Never stops at the first bad row and never hides one.

``read == created + updated + unchanged + refused + review`` is asserted, not hoped for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import BatchSource, BatchUndo, ImportBatch, ImportProblem, ReviewItem
from matchhub.domain.credit_codes import mask_personal_numbers
from matchhub.domain.records import KINDS, Kind, Problem, Row
from matchhub.domain.sources import OWN_LIST, ImportSource
from matchhub.errors import Refusal
from matchhub.services.counting.awards.recorder import AwardRowRecorder
from matchhub.services.deals.recorder import DealRecorder
from matchhub.services.demands.recorder import DemandRecorder
from matchhub.services.demands.repetition import find_duplicates
from matchhub.services.imports.lengths import refuse_too_long, tell_read_in_part
from matchhub.services.imports.plausibility import Doubt, Plausibility
from matchhub.services.imports.repeated import RepeatedFiles
from matchhub.services.imports.similar import find_similar
from matchhub.services.imports.spans import FactSpans, note_span
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.colleagues import by_colleagues
from matchhub.services.kernel.demo_mark import marked_demo
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.garbage import garbage_collection_rare
from matchhub.services.kernel.identities import hold_identities
from matchhub.services.kernel.revisions import Outcome, to_json
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.recorders import LicenceRecorder, OfferRecorder
from matchhub.services.parties.recorders import AgencyRecorder, EnterpriseRecorder, ExpertRecorder
from matchhub.services.parties.sources import note_sourced
from matchhub.services.patents.grade_recorder import StockGradeRecorder
from matchhub.services.patents.recorder import PatentRecorder

RECORDERS: dict[Kind, Any] = {
    "patents": PatentRecorder,
    "enterprises": EnterpriseRecorder,
    "experts": ExpertRecorder,
    "agencies": AgencyRecorder,
    "demands": DemandRecorder,
    "offers": OfferRecorder,
    "licences": LicenceRecorder,
    "deals": DealRecorder,
    "award_records": AwardRowRecorder,
    "stock_grades": StockGradeRecorder,
}
CHUNK = 4000
SHOWN_PROBLEMS = 100
EXAMPLE = 60  # characters of a value
NAMED = 255  # characters of a file, sheet or header that a problem keeps
KEPT_PROBLEMS = 10_000  # in memory; the base keeps all of them


@dataclass
class ImportResult:
    """Sums of one import and its problems, in the shape of the contract."""

    batch_id: int | None
    demo: bool = False  # the rows are marked as invented
    sums: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)  # the first ``KEPT_PROBLEMS``
    problem_rows: list[Row] = field(default_factory=list)  # their rows; the base keeps all (``ImportProblem``)
    problem_count: int = 0  # all problems
    created_ids: list[int] = field(default_factory=list)
    replaced: Counter[str] = field(default_factory=Counter)  # values of the base that were replaced, by field
    examples: dict[str, str] = field(default_factory=dict)  # of them, one by field: 旧 → 新
    doubts: list[Doubt] = field(default_factory=list)  # what is not plausible about the whole
    similar: int = 0  # pairs of similar records put before a person
    remarks: list[Problem] = field(default_factory=list)  # on tables and on rows that hold no data
    unknown_columns: list[dict[str, Any]] = field(default_factory=list)  # with examples of their cells

    def to_json(self) -> dict[str, Any]:
        """``read``, the five sums, what is told of the files, the first hundred problems each, the batch's number."""
        names = ("read", "created", "updated", "unchanged", "refused", "review")
        return {
            **{name: self.sums[name] for name in names},
            "problems": [
                {"file": p.file, "line": p.line, "column": p.column, "value": p.value, "code": p.code}
                for p in self.problems[:SHOWN_PROBLEMS]
            ],
            "replaced": dict(self.replaced.most_common()),
            "replaced_examples": self.examples,
            "doubts": [doubt.to_json() for doubt in self.doubts],
            "similar": self.similar,
            "unknown_columns": self.unknown_columns,
            "remarks": [_remark(remark) for remark in self.remarks[:SHOWN_PROBLEMS]],
            "remark_count": len(self.remarks),
            "batch": self.batch_id,
        }


def _remark(remark: Problem) -> dict[str, Any]:
    return {
        "file": remark.file, "sheet": remark.sheet, "line": remark.line, "column": remark.column,
        "value": remark.value, "code": remark.code, "count": remark.count,
    }  # fmt: skip


def import_rows(
    unit: Unit,
    kind: Kind,
    rows: Iterable[Row],
    *,
    files: Sequence[dict[str, Any]] = (),
    source_name: str = "",
    source: ImportSource = OWN_LIST,
    demo: bool = False,
    progress: Callable[[int], None] = lambda read: None,
) -> ImportResult:
    """Record ``rows`` of one kind and tell what became of each.

    ``files`` describes the files read (name, sha256, sheet, header line), ``source`` says who issued them;
    ``progress`` is told the rows done so far; ``demo`` loads the demo itself (``marked_demo``). A dry run is this call
    in a unit that is rolled back. Raises ``NotAllowed``, and ``Conflict`` where the demo would mix with real rows.
    """
    unit.require("import.run")
    return record_batch(
        unit, kind, rows, files=files, source_name=source_name, source=source, demo=demo, progress=progress
    )


def record_batch(
    unit: Unit,
    kind: Kind,
    rows: Iterable[Row],
    *,
    files: Sequence[dict[str, Any]] = (),
    source_name: str = "",
    source: ImportSource = OWN_LIST,
    demo: bool = False,
    progress: Callable[[int], None] = lambda read: None,
    colleagues_alone: bool = False,
) -> ImportResult:
    """``import_rows`` for a caller that has asked for the right to the act itself.

    With ``colleagues_alone`` a file counts as imported before only where the actor's own organisation did it.
    """
    if kind not in KINDS:
        raise Refusal("kind_unknown", kind=kind)
    hold_identities(unit, alone=False)
    demo = marked_demo(unit, demo)
    batch = _open(unit, kind, files, source_name, demo)
    _name_source(unit, batch, source)
    result = ImportResult(batch.id, demo=demo)
    recorder = RECORDERS[kind](unit, batch.id, demo, _repeated(unit, kind, files, colleagues_alone))
    documents = frozenset(name for each in files for name in each.get("documents", ()))
    facts, watch = FactSpans(unit, kind), Plausibility(kind, unit.today, documents)
    with garbage_collection_rare():
        for chunk in _chunks(rows):
            _record_chunk(unit, kind, recorder, chunk, result)
            for row in chunk:
                watch.note(row)
            note_span(unit, batch.id, chunk[-1].source)
            facts.note(chunk[-1].source)
            progress(result.sums["read"])
    if kind == "demands" and result.created_ids:
        find_duplicates(unit, result.created_ids)
    if (judge := getattr(recorder, "judge", None)) is not None:
        result.replaced = judge.replaced
        result.examples = {name: _replacement(*values) for name, values in judge.examples.items()}
    known = result.sums["updated"] + result.sums["unchanged"]
    result.doubts = watch.doubts(known, result.replaced, result.examples)
    result.similar = find_similar(unit, kind, result.created_ids, batch.id, demo)
    batch.files = facts.told_in(batch.files)
    _close(unit, batch, result)
    return result


def _replacement(known: Any, new: Any) -> str:
    """A known value and what replaces it, short enough for a line."""
    shown = ("、".join(map(str, each)) if isinstance(each, tuple | list) else str(each) for each in (known, new))
    return " → ".join(mask_personal_numbers(each)[:EXAMPLE] for each in shown)


def _open(unit: Unit, kind: Kind, files: Sequence[dict[str, Any]], source_name: str, demo: bool) -> ImportBatch:
    """The batch that the rows will point to, with its number."""
    batch = ImportBatch(
        kind=kind,
        source_name=source_name,
        files=to_json(list(files)),
        started_at=unit.now,
        account_id=unit.actor.account_id,
        demo=demo,
    )
    unit.session.add(batch)
    unit.session.flush()
    return batch


def _name_source(unit: Unit, batch: ImportBatch, source: ImportSource) -> None:
    """Bind what was said of the files to the batch; an own list is what a batch is when nothing is said."""
    if not source.is_own:
        named = BatchSource(batch_id=batch.id, kind=source.kind, issuer=source.issuer, issued_on=source.issued_on,
                            recorded_at=unit.now, recorded_by=unit.actor.account_id)  # fmt: skip
        unit.session.add(named)
        unit.session.flush()


def _repeated(unit: Unit, kind: Kind, files: Sequence[dict[str, Any]], colleagues_alone: bool) -> frozenset[str]:
    """Names of the files whose very bytes were imported as this kind before, and told no other day then."""
    earlier = (
        select(ImportBatch.files)
        .outerjoin(BatchUndo, BatchUndo.batch_id == ImportBatch.id)
        .where(ImportBatch.kind == kind, ImportBatch.finished_at.is_not(None), BatchUndo.id.is_(None))
    )
    if colleagues_alone:
        earlier = earlier.where(by_colleagues(unit, ImportBatch.account_id))
    kept = [each for batch in unit.session.execute(earlier).scalars() for each in batch if each.get("sha256")]
    seen = {(each["sha256"], each.get("as_of_on")) for each in kept}
    return RepeatedFiles(str(each["name"]) for each in files if (each.get("sha256"), each.get("as_of_on")) in seen)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows of one file (and sheet) at a time, so that it can be told which file made a revision."""
    for _, part in groupby(rows, key=lambda row: (row.source.file, row.source.sheet)):
        while chunk := list(islice(part, CHUNK)):
            yield chunk


def _record_chunk(unit: Unit, kind: Kind, recorder: Any, chunk: list[Row], result: ImportResult) -> None:
    chunk = [tell_read_in_part(refuse_too_long(row)) for row in chunk]
    sound = [row for row in chunk if row.record is not None and not _held(row)]
    outcomes = {id(outcome.row): outcome for outcome in recorder.record(sound)} if sound else {}
    note_sourced(unit, kind, result.batch_id, outcomes.values())
    told: list[dict[str, Any]] = []
    for row in chunk:
        outcome = outcomes.get(id(row)) or Outcome(row, _held(row) or "refused")
        result.sums["read"] += 1
        result.sums[outcome.verdict] += 1
        if outcome.verdict == "created" and outcome.record_id is not None:
            result.created_ids.append(outcome.record_id)
        problems = [*row.problems, *outcome.problems]
        if problems:
            told += _told(result.batch_id, row, problems)
            _keep(result, row, problems)
        if outcome.verdict == "review":
            _hold(unit, kind, outcome, problems, result.batch_id, recorder.demo)
    insert_rows(unit, ImportProblem.__table__, told)  # type: ignore[arg-type]


def _keep(result: ImportResult, row: Row, problems: Sequence[Problem]) -> None:
    """The first problems stay at hand; a file of a hundred thousand faults must not fill the memory."""
    result.problem_count += len(problems)
    if len(result.problem_rows) < KEPT_PROBLEMS:
        result.problems += problems
        raw = tuple((header, mask_personal_numbers(cell)) for header, cell in row.source.raw)
        source = replace(row.source, raw=raw)
        record = row.record and replace(row.record, source=source)
        result.problem_rows.append(Row(source, record, tuple(problems)))


def _told(batch_id: int | None, row: Row, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    raw = [[header, mask_personal_numbers(cell)] for header, cell in row.source.raw]
    return [
        {
            "batch_id": batch_id,
            "file": problem.file[:NAMED],
            "sheet": problem.sheet[:NAMED],
            "line": problem.line,
            "column": problem.column[:NAMED],
            "value": mask_personal_numbers(problem.value),
            "code": problem.code,
            "severity": problem.severity,
            "raw": raw,
        }
        for problem in problems
    ]


def _held(row: Row) -> Any:
    severities = {problem.severity for problem in row.problems}
    return "refused" if "error" in severities else ("review" if "review" in severities else None)


def _hold(
    unit: Unit, kind: Kind, outcome: Outcome, problems: Sequence[Problem], batch_id: int | None, demo: bool
) -> None:
    """Keep what the row said until a person decides; a row that already waits is not asked twice."""
    record = _without_personal_numbers(to_json(outcome.row.record))
    code = next(problem.code for problem in problems if problem.severity == "review")
    said = {name: value for name, value in record.items() if name != "source"}
    key = digest("review", kind, code, sorted(said.items(), key=lambda pair: pair[0]))
    if unit.session.execute(select(ReviewItem.id).where(ReviewItem.unique_key == key)).first():
        return
    item = ReviewItem(
        kind=kind,
        code=code,
        unique_key=key,
        record=record,
        candidate_id=outcome.record_id,  # of a row that waits: the record it may mean
        batch_id=batch_id,
        created_at=unit.now,
        demo=demo,
    )
    unit.session.add(item)
    unit.session.flush()


def _without_personal_numbers(value: Any) -> Any:
    """A plain value with every personal identity number masked."""
    if isinstance(value, str):
        return mask_personal_numbers(value)
    if isinstance(value, list):
        return [_without_personal_numbers(each) for each in value]
    return {name: _without_personal_numbers(each) for name, each in value.items()} if isinstance(value, dict) else value


def _close(unit: Unit, batch: ImportBatch, result: ImportResult) -> None:
    sums = result.sums
    parts = sums["created"] + sums["updated"] + sums["unchanged"] + sums["refused"] + sums["review"]
    assert sums["read"] == parts, "an import must account for every row"
    batch.finished_at = unit.now
    for name in ("read", "created", "updated", "unchanged", "refused", "review"):
        setattr(batch, name, sums[name])
    digests = [each.get("sha256") for each in batch.files]
    append_event(unit, "import.finished", batch.kind, batch.id, sums=dict(sums), files=digests)
