"""What a package takes of the log and of the rule pack: the chain as it stood, its end, and the pack's own files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from matchhub.db.tables import LogEntry
from matchhub.domain.rules import RulePack
from matchhub.errors import Conflict
from matchhub.policy import pack_chain
from matchhub.services.kernel.checkpoints import Checkpoint, read_checkpoints
from matchhub.services.kernel.event_log import GENESIS
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit

OWN_VERBS = "claim."
# What everybody who may build a package may read. Entries about other subjects (accounts; samples, for who is sampled
# does not see what was drawn) stand with their hash alone for a reader who may not read the log.
_OPEN = frozenset({*RECORD_TABLES, "facts", "policies"})


@dataclass(frozen=True, slots=True)
class Extract:
    """The chain up to ``head``: one line of JSON an entry. ``at``: the moment of its last entry; ``sealed``: entries
    that stand with their hash alone; ``heads``: the hash after each number of entries."""

    lines: bytes
    head: Mapping[str, object]
    at: datetime | None
    sealed: int
    heads: Mapping[int, str]


def log_extract(unit: Unit) -> Extract:
    """The whole chain but the entries that packages left at its end, so that the same base gives the same bytes."""
    unit.require("claim.read")
    entries = list(unit.session.execute(select(LogEntry).order_by(LogEntry.id)).scalars())
    while entries and entries[-1].verb.startswith(OWN_VERBS):
        entries.pop()
    whole = unit.may("log.read")
    said = [_said(entry, whole) for entry in entries]
    last = entries[-1] if entries else None
    head = {
        "entries": len(entries),
        "last_id": last.id if last else None,
        "last_hash": last.hash if last else GENESIS,
    }
    lines = "".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in said)
    heads = {number: entry.hash for number, entry in enumerate(entries, 1)}
    sealed = sum("payload" not in each for each in said)
    return Extract(lines.encode(), head, last.appended_at if last else None, sealed, heads)


def _said(entry: LogEntry, whole: bool) -> dict[str, object]:
    if not whole and entry.subject_kind not in _OPEN:
        return {"id": entry.id, "hash": entry.hash}
    return {
        "id": entry.id,
        "recorded_at": entry.recorded_at.isoformat(timespec="microseconds"),
        "appended_at": entry.appended_at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "verb": entry.verb,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "payload": entry.payload,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def kept_checkpoints(folder: Path, extract: Extract) -> Iterator[Checkpoint]:
    """The checkpoints of a folder that lie on the chain of the extract, oldest first."""
    yield from (each for each in read_checkpoints(folder) if extract.heads.get(each.entries) == each.last_hash)


def pack_files(unit: Unit, pack: RulePack) -> tuple[tuple[str, bytes], ...]:
    """The files of a pack and of those it takes tables from: ``LEVEL/NAME`` and bytes, its own in level 1.

    Raises ``Conflict("pack_edited_while_building")`` where they are no longer what was counted by.
    """
    chain = pack_chain(pack.key, unit.home)
    told = ""
    for files in reversed(chain):
        own = sha256(b"".join(file.content for file in files)).hexdigest()
        told = sha256(f"{own} {told}".encode()).hexdigest() if told else own
    if told != pack.digest:
        raise Conflict("pack_edited_while_building", policy=pack.key)
    return tuple(
        (f"{level}/{file.name.rpartition('/')[2]}", file.content)
        for level, files in enumerate(chain, 1)
        for file in files
    )
