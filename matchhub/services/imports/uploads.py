"""Files an operator sent and has not confirmed yet: kept by their hash under the home, with a ticket beside.

The ticket says who sent which files as what, and how their tables were corrected since; without it nobody reads them.
Confirming or discarding uses it up.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from matchhub.domain.records import KINDS, Kind
from matchhub.domain.sources import OWN_LIST, ImportSource, import_source
from matchhub.durable import sync_folder, synced, write_durably
from matchhub.errors import NotFound, Refusal
from matchhub.services.imports.headers import Corrections
from matchhub.services.kernel.unit import Unit

MOST_FILES = 20
MOST_BYTES = 60 * 1024 * 1024  # of one file; what is larger goes through the command
_FORGOTTEN = timedelta(days=7)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file: its name as sent, SHA-256 (hex), size in bytes, and how its tables were corrected (None: not yet)."""

    name: str
    sha256: str
    size: int
    corrections: Corrections | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """Files waiting for a decision. ``token`` is known to the sender alone."""

    token: str
    kind: Kind
    source_name: str
    account_id: int | None
    kept_at: datetime
    files: tuple[KeptFile, ...]
    source: ImportSource = OWN_LIST


def upload_path(home: Path, sha256: str) -> Path:
    """Where the bytes with this hash are kept."""
    return home / "uploads" / sha256[:2] / sha256


def keep_upload(
    unit: Unit,
    kind: str,
    files: Sequence[tuple[str, IO[bytes]]],
    source_name: str = "",
    source: ImportSource = OWN_LIST,
) -> Upload:
    """Keep what was sent and hand out its ticket; the database is not touched.

    Raises ``Refusal``: ``kind_unknown``, ``upload_without_file``, ``upload_too_many``, ``upload_too_large``,
    and what is wrong with the source that was named (``import_source``).
    """
    unit.require("import.run")
    return put_upload(unit, kind, files, source_name, source)


def put_upload(
    unit: Unit,
    kind: str,
    files: Sequence[tuple[str, IO[bytes]]],
    source_name: str = "",
    source: ImportSource = OWN_LIST,
) -> Upload:
    """``keep_upload`` for a caller that has asked for the right to the act itself."""
    if kind not in KINDS:
        raise Refusal("kind_unknown", kind=kind)
    if not files:
        raise Refusal("upload_without_file")
    if len(files) > MOST_FILES:
        raise Refusal("upload_too_many", files=len(files), most=MOST_FILES)
    named = import_source(source.kind, source.issuer, source.issued_on, unit.today)
    _drop_forgotten(unit)
    upload = Upload(secrets.token_hex(16), kind, source_name[:255], unit.actor.account_id, unit.now, (), named)
    try:
        for name, stream in files:
            upload = replace(upload, files=(*upload.files, _keep(unit.home, name, stream)))
    except BaseException:
        _drop_bytes(unit.home, upload)
        raise
    _write(unit.home, upload)
    return upload


def keep_again(
    unit: Unit, kind: Kind, source_name: str, files: Sequence[KeptFile], source: ImportSource = OWN_LIST
) -> Upload:
    """A new ticket for files whose import ended without writing anything, with their corrections.

    Raises ``NotFound("upload_not_found")`` when their bytes are gone.
    """
    unit.require("import.run")
    if not all(upload_path(unit.home, file.sha256).exists() for file in files):
        raise NotFound("upload_not_found")
    upload = Upload(secrets.token_hex(16), kind, source_name, unit.actor.account_id, unit.now, tuple(files), source)
    _write(unit.home, upload)
    return upload


def find_upload(unit: Unit, token: str) -> Upload:
    """The files behind a ticket; ``NotFound("upload_not_found")`` when it is used up or somebody else's."""
    return _read(unit, _ticket(unit.home, token))


def keep_corrections(unit: Unit, token: str, corrections: Sequence[Corrections]) -> Upload:
    """Keep a person's corrections of each file, in their order, until the upload is written or tried."""
    upload = find_upload(unit, token)
    files = tuple(replace(file, corrections=each) for file, each in zip(upload.files, corrections, strict=True))
    return _changed(unit, replace(upload, files=files))


def change_kind(unit: Unit, token: str, kind: str) -> Upload:
    """Take the files for another kind; the corrections of their columns are forgotten. ``Refusal("kind_unknown")``."""
    upload = find_upload(unit, token)
    if kind not in KINDS:
        raise Refusal("kind_unknown", kind=kind)
    return _changed(
        unit, replace(upload, kind=kind, files=tuple(replace(file, corrections=None) for file in upload.files))
    )


def drop_files(unit: Unit, token: str, hashes: Collection[str]) -> Upload | None:
    """Leave files out of an upload and remove their bytes; None when no file is left and the ticket is gone."""
    upload = find_upload(unit, token)
    left = tuple(file for file in upload.files if file.sha256 not in hashes)
    if not left:
        discard_upload(unit, token)
        return None
    dropped = replace(upload, files=tuple(file for file in upload.files if file.sha256 in hashes))
    upload = _changed(unit, replace(upload, files=left))
    _drop_bytes(unit.home, dropped)
    return upload


def _changed(unit: Unit, upload: Upload) -> Upload:
    _write(unit.home, upload)
    return upload


@contextmanager
def taken_upload(unit: Unit, token: str) -> Iterator[Upload]:
    """Use a ticket up: of two who confirm at once the second finds none. It comes back when the block raises."""
    ticket = _ticket(unit.home, token)
    upload = _read(unit, ticket)
    held = ticket.with_suffix(".taken")
    try:
        ticket.rename(held)
    except FileNotFoundError as gone:
        raise NotFound("upload_not_found") from gone
    try:
        yield upload
    except BaseException:
        held.rename(ticket)
        raise
    held.unlink()


def discard_upload(unit: Unit, token: str) -> None:
    """Forget files that were not confirmed; bytes that another ticket or a batch still names stay."""
    with taken_upload(unit, token) as upload:
        pass
    _drop_bytes(unit.home, upload)


def _keep(home: Path, name: str, stream: IO[bytes]) -> KeptFile:
    folder = home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{secrets.token_hex(8)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb") as out:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > MOST_BYTES:
                    raise Refusal("upload_too_large", file=_shown(name), megabytes=MOST_BYTES // 2**20)
                digest.update(block)
                out.write(block)
        place = upload_path(home, digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        synced(part).replace(place)
        sync_folder(place.parent)
    finally:
        part.unlink(missing_ok=True)
    return KeptFile(_shown(name), digest.hexdigest(), size)


def _shown(name: str) -> str:
    """The last part of a file name, without anything that could be a path or a control character."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:200] or "file"


def _ticket(home: Path, token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise NotFound("upload_not_found")
    return home / "uploads" / "waiting" / f"{token}.json"


def _write(home: Path, upload: Upload) -> None:
    ticket = _ticket(home, upload.token)
    kept = asdict(upload) | {"kept_at": upload.kept_at.isoformat(), "source": upload.source.to_json()}
    write_durably(ticket, json.dumps(kept, ensure_ascii=False).encode())


def _read(unit: Unit, ticket: Path) -> Upload:
    try:
        kept = json.loads(ticket.read_text("utf-8"))
    except FileNotFoundError as gone:
        raise NotFound("upload_not_found") from gone
    if kept["account_id"] != unit.actor.account_id:
        raise NotFound("upload_not_found")
    return _upload(kept)


def _upload(kept: dict[str, object]) -> Upload:
    files = kept["files"]
    assert isinstance(files, list)
    return Upload(
        token=str(kept["token"]),
        kind=kept["kind"],  # type: ignore[arg-type]
        source_name=str(kept["source_name"]),
        account_id=kept["account_id"],  # type: ignore[arg-type]
        kept_at=datetime.fromisoformat(str(kept["kept_at"])),
        files=tuple(_kept(each) for each in files),
        source=ImportSource.from_json(kept.get("source")),  # type: ignore[arg-type]
    )


def _kept(kept: dict[str, Any]) -> KeptFile:
    corrections = kept.get("corrections")
    known = None if corrections is None else Corrections.from_json(corrections)
    return KeptFile(kept["name"], kept["sha256"], kept["size"], known)


def _drop_forgotten(unit: Unit) -> None:
    for ticket in (unit.home / "uploads" / "waiting").glob("*.json"):
        upload = _upload(json.loads(ticket.read_text("utf-8")))
        if unit.now - upload.kept_at > _FORGOTTEN:
            ticket.unlink(missing_ok=True)
            _drop_bytes(unit.home, upload)


def _drop_bytes(home: Path, upload: Upload) -> None:
    """Bytes of a batch that was written stay, so that its source can be looked at; its marks say which they are."""
    named = {
        each["sha256"]
        for ticket in (home / "uploads" / "waiting").glob("*.*")
        for each in json.loads(ticket.read_text("utf-8"))["files"]
    }
    for file in upload.files:
        place = upload_path(home, file.sha256)
        if file.sha256 not in named and not _mark(home, file.sha256).exists():
            place.unlink(missing_ok=True)


def mark_imported(home: Path, upload: Upload) -> None:
    """Note that these bytes are the source of a batch, so that no later discard removes them."""
    for file in upload.files:
        _mark(home, file.sha256).touch()


def _mark(home: Path, sha256: str) -> Path:
    return upload_path(home, sha256).with_suffix(".imported")
