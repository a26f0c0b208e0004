"""The whole audit: the chain, the rows it binds and the files of evidence (PROMISES.md P12, P26)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matchhub.services.evidence.checking import read_all_evidence
from matchhub.services.kernel.event_log import verify_log
from matchhub.services.kernel.garbage import garbage_collection_paused
from matchhub.services.kernel.unit import Unit
from matchhub.services.kernel.verifying import RowFault, first_bad_root, row_faults

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found. ``first_bad`` is the first entry of the log that is not as it was written.

    ``rows`` is the number of rows compared, ``faults`` the first of those that differ (``fault_count``: all), ``signs``
    what is no tampering by itself but wants an explanation.
    """

    entries: int
    first_bad: int | None
    rows: int
    faults: tuple[RowFault, ...]
    fault_count: int
    signs: tuple[dict[str, Any], ...]

    @property
    def valid(self) -> bool:
        """Whether chain, rows and files are what they were."""
        return self.first_bad is None and not self.faults

    @property
    def code(self) -> str:
        """The code of the sentence that tells the outcome."""
        return "log_broken" if self.first_bad is not None else "rows_differ" if self.faults else "log_valid"

    @property
    def data(self) -> dict[str, Any]:
        """Data of that sentence; table and row are those of the first fault."""
        first = self.faults[0].to_json() if self.faults else {}
        counted = {"entries": self.entries, "first_bad": self.first_bad, "rows": self.rows, "faults": self.fault_count}
        return counted | first

    def to_json(self) -> dict[str, Any]:
        """``valid``, ``entries``, ``first_bad``, ``rows``, ``faults`` (the first hundred) and ``signs``."""
        return {
            "valid": self.valid,
            "entries": self.entries,
            "first_bad": self.first_bad,
            "rows": self.rows,
            "faults": [fault.to_json() for fault in self.faults],
            "signs": list(self.signs),
        }


def audit_base(unit: Unit, known: dict[str, Any] | None = None) -> Audit:
    """Recompute the chain, compare every bound row with its newest digest and every evidence file with its hash.

    ``known`` is a checkpoint kept outside: with it a log cut short or hashed anew is found too. Takes seconds per
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
    files = read_all_evidence(unit)
    damaged = [RowFault("evidence_files", number, "file") for number, sound in files.items() if not sound]
    return Audit(log.entries, first_bad, rows, (*faults, *damaged)[:_SHOWN], count + len(damaged), log.signs)
