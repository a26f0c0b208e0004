"""The whole audit: the chain, the rows it binds, the rule pack and the files of evidence (PROMISES.md P12, P26)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchhub.services.evidence.checking import read_all_evidence
from matchhub.services.kernel.checkpoints import Checkpoint
from matchhub.services.kernel.event_log import verify_log
from matchhub.services.kernel.garbage import garbage_collection_paused
from matchhub.services.kernel.jobs import newest_told
from matchhub.services.kernel.rule_packs import noted_digest, unconfirmed_change
from matchhub.services.kernel.unit import Unit
from matchhub.services.kernel.verifying import RowFault, first_bad_root, row_faults

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found. ``first_bad`` is the first entry of the log that is not as it was written.

    ``rows`` is the number of rows compared, ``faults`` the first of those that differ (``fault_count``: all), ``signs``
    what is no tampering by itself but wants an explanation. ``older_than`` is the newest checkpoint kept outside that
    is no part of the base: an old backup was put back, or the log was cut short or written anew.
    """

    entries: int
    first_bad: int | None
    rows: int
    faults: tuple[RowFault, ...]
    fault_count: int
    signs: tuple[dict[str, Any], ...]
    older_than: Checkpoint | None = None

    @property
    def valid(self) -> bool:
        """Whether chain, rows, rule pack and files are what they were."""
        return self.first_bad is None and not self.faults

    @property
    def code(self) -> str:
        """The code of the sentence that tells the outcome."""
        if self.older_than is not None:
            return "base_older"
        if self.first_bad is not None:
            return "log_broken"
        if not self.faults:
            return "log_valid"
        return "pack_differs" if self.faults[0].what == "pack" else "rows_differ"

    @property
    def data(self) -> dict[str, Any]:
        """Data of that sentence; table and row are those of the first fault."""
        first = self.faults[0].to_json() if self.faults else {}
        counted = {"entries": self.entries, "first_bad": self.first_bad, "rows": self.rows, "faults": self.fault_count}
        return counted | first | (self._older() or {})

    def _older(self) -> dict[str, Any] | None:
        return {"sequence": self.older_than.sequence, "day": self.older_than.day} if self.older_than else None

    def to_json(self) -> dict[str, Any]:
        """``valid``, ``entries``, ``first_bad``, ``older_than``, ``rows``, ``faults`` (first hundred), ``signs``."""
        return {
            "valid": self.valid,
            "entries": self.entries,
            "first_bad": self.first_bad,
            "older_than": self._older(),
            "rows": self.rows,
            "faults": [fault.to_json() for fault in self.faults],
            "signs": list(self.signs),
        }


@dataclass(frozen=True, slots=True)
class LastAudit:
    """What the worker's last audit found, and when (UTC): ``code`` and ``data`` are those of its sentence.

    ``data`` holds ``entries``, ``first_bad`` (an entry, or ``None``), ``rows`` and ``faults`` (their number).
    """

    at: datetime
    days: int
    valid: bool
    code: str
    data: Mapping[str, Any]


NIGHTLY, TOLD = "evidence", "log"  # the job that audits, and where its outcome keeps what it found


def kept_audit(found: Audit) -> dict[str, Any]:
    """What the outcome of the worker's job keeps of an audit: ``{"valid", "code", "data"}``."""
    return {"valid": found.valid, "code": found.code, "data": found.data}


def last_audit(unit: Unit) -> LastAudit | None:
    """The worker's last audit that came to an end; ``None``: none of the last 90 days did."""
    unit.require("progress.read")
    told = newest_told(unit, NIGHTLY, TOLD)
    if told is None:
        return None
    at, kept = told
    return LastAudit(at, (unit.now - at).days, kept["valid"], kept["code"], kept["data"])


def audit_base(unit: Unit, known: Sequence[Checkpoint] = (), files: Mapping[int, bool] | None = None) -> Audit:
    """Recompute the chain, compare every bound row with its newest digest, the rule pack and every evidence file.

    ``known`` are checkpoints kept outside: with them a log cut short or hashed anew, and an old backup put back, are
    found too. ``files`` is what ``read_all_evidence`` told a moment ago; without it they are read. Takes seconds per
    hundred thousand records; writes nothing.
    """
    with garbage_collection_paused():
        log = verify_log(unit, known)
        first_bad = log.first_bad if log.first_bad is not None else first_bad_root(unit)
        rows, faults, count = 0, [], 0
        for fault in row_faults(unit):
            rows += 1
            if fault is not None:
                count += 1
                faults += [fault] if count <= _SHOWN else []
    files = read_all_evidence(unit) if files is None else files
    beside = [RowFault("evidence_files", number, "file") for number, sound in files.items() if not sound]
    beside += _pack_fault(unit)
    told = (*faults, *beside)[:_SHOWN]
    newest = max(log.lost, key=lambda each: (each.day, each.entries), default=None)
    signs = (*log.signs, *_pack_sign(unit))
    return Audit(log.entries, first_bad, rows, told, count + len(beside), signs, newest)


def _pack_fault(unit: Unit) -> list[RowFault]:
    """The pack in force is not the one that the chain noted last: it was edited, and nothing was written since."""
    noted = noted_digest(unit)
    return [] if noted in (None, unit.pack.digest) else [RowFault("policies", 0, "pack")]


def _pack_sign(unit: Unit) -> list[dict[str, Any]]:
    """The pack was changed, the chain says so, and the bureau has not confirmed what it was changed into."""
    change = unconfirmed_change(unit)
    return [{"code": "pack_changed", "policy": change.policy, "digest": change.new}] if change else []
