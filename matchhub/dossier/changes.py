"""What changed since a package was built: its own ledgers beside those of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from matchhub.dossier import verify
from matchhub.errors import Conflict
from matchhub.services.claim.claims import built_file, claim_view, rules_of
from matchhub.services.claim.since import RecordsNow, records_now
from matchhub.services.counting.counts import question
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records

_LEDGERS = 16  # ledgers of packages that are kept as read
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
    """All changes, and by threshold what was claimed and what counts now.

    ``rules``: the rule pack is another one since, so that a record may count otherwise though nothing of it changed.
    """

    since: datetime | None
    changes: tuple[Change, ...]
    counts: Mapping[str, tuple[int, int]]
    rules: bool = False

    def number(self, threshold: str, what: str) -> int:
        """How many records of a threshold changed so."""
        return sum(each.threshold == threshold and each.what == what for each in self.changes)


def changes_since(unit: Unit, claim_id: int) -> Changes:
    """Compare a built package with the base of now.

    Raises ``NotFound`` where its file is not kept, ``Conflict("package_damaged")`` where it is not what was built.
    """
    claim = claim_view(unit, claim_id)
    file = built_file(unit, claim_id)
    found: list[Change] = []
    counts = {}
    for key, now in records_now(unit, claim.goal, claim.policy, claim.built_at).items():
        then = _claimed(str(file), claim.sha256, key)
        told = _of_threshold(then, now)
        labels = label_records(unit, now.kind, told)
        found += [
            Change(key, now.kind, record, labels.get(record, Label(f"#{record}")), what)
            for record, what in sorted(told.items(), key=lambda each: (WHAT.index(each[1]), each[0]))
        ]
        counts[key] = (_number(then.units), _number(now.units))
    rules = question(unit, policy=claim.policy).pack.digest != rules_of(unit, claim_id)
    return Changes(claim.built_at, tuple(found), counts, rules)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What a package's ledger of a threshold counts strictly, by record: the units it counts as, and its papers."""

    units: Mapping[int, frozenset[str]]
    papers: Mapping[int, frozenset[str]]


@lru_cache(maxsize=_LEDGERS)
def _claimed(file: str, sha256: str, threshold: str) -> _Claimed:
    """Read once; bound to the digest, so that another package at the same place is read anew."""
    package = verify.Package(file)
    if verify.digest(package.raw or b"") != sha256:  # changed since it was looked at
        raise Conflict("package_damaged", id=int(Path(file).stem))
    units, papers = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for row in verify.rows_of(package.read(f"{verify.LEDGERS}{threshold}.xlsx")):
        if row.get(verify.STRICT) in verify.YES:
            record = int(str(row[verify.RECORD]))
            units[record].add(str(row.get(verify.UNIT)))
            papers[record].update(f"{row.get(verify.PAPERS) or ''}\n{row.get(verify.WITHHELD) or ''}".split())
    return _Claimed(*({record: frozenset(said) for record, said in part.items()} for part in (units, papers)))


def _of_threshold(then: _Claimed, now: RecordsNow) -> dict[int, str]:
    """What became of each record that counted then or counts now; those that are as they were are left out."""
    found = {}
    for record in then.units.keys() | now.units.keys():
        whole, claimed = now.papers.get(record, frozenset()), then.papers.get(record, frozenset())
        if record not in now.units:
            found[record] = "left"
        elif record not in then.units:
            found[record] = "came"
        elif claimed - whole:
            found[record] = "damaged"
        elif whole - claimed or record in now.revised or _counts_otherwise(now, record, then.units[record]):
            found[record] = "changed"
    return found


def _number(units: Mapping[int, frozenset[str]]) -> int:
    return len(frozenset[str]().union(*units.values()))


def _counts_otherwise(now: RecordsNow, record: int, keys: frozenset[str]) -> bool:
    """Whether a record counts by other units than then; not told of experts, whose keys bear no names in a package."""
    return now.kind != "experts" and keys != now.units[record]
