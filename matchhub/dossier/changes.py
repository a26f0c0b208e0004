"""What changed since a package was built: its own ledgers beside those of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from matchhub.dossier import verify
from matchhub.errors import Conflict
from matchhub.services.claim.claims import built_file, claim_view
from matchhub.services.claim.since import RecordsNow, records_now
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records

WHAT = ("left", "damaged", "changed", "came")


@dataclass(frozen=True, slots=True)
class Change:
    """One record of a threshold: ``left`` the strict count since, ``came`` into it, ``changed`` what it is counted as
    or which papers it has, or a paper of it was ``damaged`` or withdrawn."""

    threshold: str
    kind: str
    record_id: int
    label: Label
    what: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes, and by threshold what was claimed and what counts now."""

    since: datetime | None
    changes: tuple[Change, ...]
    counts: Mapping[str, tuple[int, int]]

    def number(self, threshold: str, what: str) -> int:
        """How many records of a threshold changed so."""
        return sum(each.threshold == threshold and each.what == what for each in self.changes)


def changes_since(unit: Unit, claim_id: int) -> Changes:
    """Compare a built package with the base of now.

    Raises ``NotFound`` where its file is not kept, ``Conflict("package_damaged")`` where it is not what was built.
    """
    claim = claim_view(unit, claim_id)
    content = built_file(unit, claim_id).read_bytes()
    if verify.digest(content) != claim.sha256:
        raise Conflict("package_damaged", id=claim_id)
    package = verify.Package(str(built_file(unit, claim_id)))
    found: list[Change] = []
    counts = {}
    for key, now in records_now(unit, claim.goal, claim.policy, claim.built_at).items():
        rows = verify.rows_of(package.read(f"{verify.LEDGERS}{key}.xlsx"))
        told = _of_threshold(rows, now)
        labels = label_records(unit, now.kind, told)
        found += [
            Change(key, now.kind, record, labels.get(record, Label(f"#{record}")), what)
            for record, what in sorted(told.items(), key=lambda each: (WHAT.index(each[1]), each[0]))
        ]
        claimed = {row.get(verify.UNIT) for row in rows if row.get(verify.STRICT) is True}
        counts[key] = (len(claimed), len({one for units in now.units.values() for one in units}))
    return Changes(claim.built_at, tuple(found), counts)


def _of_threshold(rows: Sequence[Mapping[str, object]], now: RecordsNow) -> dict[int, str]:
    """What became of each record that counted then or counts now; those that are as they were are left out."""
    then: dict[int, set[str]] = {}
    keys: dict[int, set[str]] = {}
    for row in rows:
        if row.get(verify.STRICT) is True:
            keys.setdefault(int(str(row[verify.RECORD])), set()).add(str(row.get(verify.UNIT)))
            papers = f"{row.get(verify.PAPERS) or ''}\n{row.get(verify.WITHHELD) or ''}".split()
            then.setdefault(int(str(row[verify.RECORD])), set()).update(papers)
    found = {}
    for record in then.keys() | now.units.keys():
        whole = now.papers.get(record, frozenset())
        if record not in now.units:
            found[record] = "left"
        elif record not in then:
            found[record] = "came"
        elif then[record] - whole:
            found[record] = "damaged"
        elif whole - then[record] or record in now.revised or _counts_otherwise(now, record, keys[record]):
            found[record] = "changed"
    return found


def _counts_otherwise(now: RecordsNow, record: int, keys: set[str]) -> bool:
    """Whether a record counts by other units than then; not told of experts, whose keys bear no names in a package."""
    return now.kind != "experts" and keys != set(now.units[record])
