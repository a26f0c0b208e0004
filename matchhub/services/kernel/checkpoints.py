"""Checkpoints: the end of the chain at one moment, kept outside the base (PROMISES.md P12, P26).

Whoever holds the base can cut the chain short, hash it anew or put an old backup back; a checkpoint that somebody else
keeps then belongs to no entry any more. They lie in a folder as small JSON files, one per day and head, whose names
tell day, number of the last entry and the beginning of its hash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import LogEntry
from matchhub.durable import write_durably
from matchhub.errors import FileRefused, Refusal
from matchhub.services.kernel.payloads import said_in
from matchhub.services.kernel.unit import Unit

RESTORED = "base.restored"
LOST_DIGITS = 16  # of a lost head's hash, as an entry of a restore names it
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(\d{9,})-([0-9a-f]{16})\.json")
_AT_ONCE = 500


class CheckpointUnwritable(Refusal):
    """The folder of the checkpoints cannot be written."""

    code = "checkpoint_unwritable"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain's end: number of entries, id and hash (hex) of the last one; day in the city; what was counted then.

    ``last_id`` is the checkpoint's number: entries are numbered in their order. ``reason``: daily, claim, restore or
    asked. ``counts``: literal and strict by threshold, under the rule pack ``policy`` with this digest.
    """

    entries: int
    last_id: int | None
    last_hash: str
    day: str = ""
    made_at: str = ""
    reason: str = "asked"
    policy: str = ""
    policy_digest: str = ""
    policy_confirmed: bool = False
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def sequence(self) -> int:
        """Its number."""
        return self.last_id or 0

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.day}-{self.sequence:09d}-{self.last_hash[:LOST_DIGITS]}.json"

    def to_json(self) -> dict[str, Any]:
        """All fields, and ``sequence``."""
        return {"sequence": self.sequence, **asdict(self)}


def write_checkpoint(folder: Path, made: Checkpoint) -> bool:
    """Keep a checkpoint in ``folder``; false when this head was kept this day already.

    Written whole or not at all. Raises ``CheckpointUnwritable``.
    """
    file = folder / made.name
    try:
        if file.exists():
            return False
        write_durably(file, (json.dumps(made.to_json(), ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as fault:
        raise CheckpointUnwritable(folder=str(folder)) from fault
    return True


def read_checkpoint(file: Path) -> Checkpoint:
    """The checkpoint kept in ``file``; ``FileRefused("checkpoint_unreadable")`` when it is none."""
    try:
        said = json.loads(file.read_text("utf-8"))
        known = {name: said[name] for name in Checkpoint.__dataclass_fields__ if name in said}
        made = Checkpoint(**known)
        if not (isinstance(made.entries, int) and isinstance(made.last_hash, str) and isinstance(made.day, str)):
            raise ValueError(file.name)
        if made.day and not _NAME.fullmatch(made.name):  # its name becomes that of a file again
            raise ValueError(file.name)
    except (OSError, ValueError, TypeError) as fault:
        raise FileRefused("checkpoint_unreadable", file=file.name) from fault
    return made


def checkpoint_files(folder: Path) -> list[Path]:
    """The files of a folder that are called as checkpoints are, oldest first."""
    return sorted(each for each in folder.glob("*.json") if _NAME.fullmatch(each.name))


def read_checkpoints(folder: Path) -> list[Checkpoint]:
    """Every checkpoint of a folder, oldest first; none when there is no folder. Raises as ``read_checkpoint`` does."""
    return [read_checkpoint(each) for each in checkpoint_files(folder)]


def newest_checkpoint(folder: Path) -> Checkpoint | None:
    """The last one that was kept; ``None`` where there is none."""
    files = checkpoint_files(folder)
    return read_checkpoint(files[-1]) if files else None


def restore_sign(entry: LogEntry) -> dict[str, Any] | None:
    """What an entry of a restore tells for ever when the base put back was older than a checkpoint; else ``None``."""
    said = said_in(entry.payload)
    if not said.get("lost"):
        return None
    return {"code": "base_restored", "entry": entry.id, "sequence": said["sequence"], "day": said["day"]}


def restore_signs(unit: Unit) -> list[dict[str, Any]]:
    """``restore_sign`` of every restore on record, oldest first."""
    entries = unit.session.execute(select(LogEntry).where(LogEntry.verb == RESTORED).order_by(LogEntry.id)).scalars()
    return [sign for entry in entries if (sign := restore_sign(entry))]


def lost_names(unit: Unit, folder: Path) -> list[tuple[int, str]]:
    """Number and day of the checkpoints of a folder that are no part of the chain; by their names alone, so quick.

    Those that a restore on record explains are left out; the whole chain is ``event_log.verify_log``'s to check.
    """
    named = [found.groups() for each in checkpoint_files(folder) if (found := _NAME.fullmatch(each.name))]
    heads = _heads(unit, [int(number) for _, number, _ in named])
    explained = _explained(unit) if named else frozenset()
    return [
        (int(number), day)
        for day, number, head in named
        if int(number) and heads.get(int(number)) != head and head not in explained
    ]


def _heads(unit: Unit, numbers: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        chosen = select(LogEntry.id, LogEntry.hash).where(LogEntry.id.in_(numbers[start : start + _AT_ONCE]))
        found |= {number: head[:LOST_DIGITS] for number, head in unit.session.execute(chosen)}
    return found


def _explained(unit: Unit) -> frozenset[str]:
    chosen = select(LogEntry.payload).where(LogEntry.verb == RESTORED)
    return frozenset(head for said in unit.session.execute(chosen).scalars() for head in said_in(said).get("lost", ()))
