"""Pictures of evidence: looked at, hashed and drawn in a process of its own with limits, never in this one.

The process (``picture_process``) is started when it is first needed and kept, because starting it takes longer than
looking at a scan. It is ended after some files, when it takes too long, and when this process ends.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from matchhub.domain.papers import HASH_EDGE
from matchhub.errors import Refusal
from matchhub.process_limits import child_environment
from matchhub.services.evidence.content import VIEWABLE, media_type_of

_SECONDS = 40  # by the clock, for one file; the process itself limits its processor time
_MOST_FILES = 200  # then a fresh process: what a file left behind harms nobody for long
_MOST_BYTES_BACK = 40 * 1024**2
_PNG = b"\x89PNG\r\n\x1a\n"
_HASH = re.compile(rf"[0-9a-f]{{{HASH_EDGE**2 // 4}}}")
_MOST_SEEN = 256


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is: its media type, how many pages can be shown (0: none), the hash of its first page's picture."""

    media_type: str
    pages: int
    picture_hash: str | None


def look_at(content: bytes) -> Look:
    """Type, pages and picture hash of a file, decided by its bytes; pictures and PDF files must be readable.

    A form looks before its unit is opened, the door looks again: what was seen is kept, so that costs nothing. Raises
    ``Refusal`` as ``media_type_of`` does, and ``evidence_pixels``, ``evidence_pages``, ``evidence_unreadable``,
    ``evidence_too_costly``.
    """
    digest = hashlib.sha256(content).hexdigest()
    if digest not in _SEEN:
        kind = media_type_of(content)
        look = _look_inside(content, kind) if kind in VIEWABLE else Look(kind, 0, None)
        if len(_SEEN) >= _MOST_SEEN:
            _SEEN.clear()
        _SEEN[digest] = look
    return _SEEN[digest]


def _look_inside(content: bytes, kind: str) -> Look:
    told, _ = _PROCESS.ask({"do": "look", "type": kind, "page": 1}, content)
    bits = str(told.get("hash") or "")
    return Look(kind, int(told["pages"]), bits if _HASH.fullmatch(bits) else None)


def draw_page(content: bytes, media_type: str, page: int) -> bytes:
    """One page (from 1) of a picture or PDF file as a PNG of at most 1600 pixels a side.

    Raises ``Refusal`` ``evidence_page_missing`` and what ``look_at`` raises.
    """
    _, made = _PROCESS.ask({"do": "draw", "type": media_type, "page": page}, content)
    if not made.startswith(_PNG):
        raise Refusal("evidence_unreadable")
    return made


_SEEN: dict[str, Look] = {}


@dataclass
class _PictureProcess:
    """The one process of this program; those who ask wait for one another."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    process: subprocess.Popen[bytes] | None = None
    owner: int = 0  # a forked program must not write into its parent's process
    files: int = 0

    def ask(self, request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """Answer of the process: what it tells and the bytes it made. A refusal it tells is raised."""
        with self.lock:
            process = self._running()
            late = threading.Timer(_SECONDS, process.kill)
            late.start()
            try:
                told, made = _exchange(process, request, content)
            except (OSError, ValueError, KeyError, TypeError) as fault:  # it ended, or speaks no sense any more
                self._end()
                raise Refusal("evidence_too_costly") from fault
            finally:
                late.cancel()
        if "code" in told:
            raise Refusal(str(told["code"]))
        return told, made

    def _running(self) -> subprocess.Popen[bytes]:
        fresh = self.process is not None and self.process.poll() is None and self.files < _MOST_FILES
        if self.process is not None and self.owner == os.getpid() and not fresh:
            self._end()
        if self.process is None or self.owner != os.getpid():
            command = [sys.executable, "-m", "matchhub.services.evidence.picture_process"]
            environment = child_environment() | {"OPENBLAS_NUM_THREADS": "1"}
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self.owner, self.files = os.getpid(), 0
        self.files += 1
        return self.process

    def _end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
            self.process = None


_PROCESS = _PictureProcess()


def _exchange(
    process: subprocess.Popen[bytes], request: dict[str, Any], content: bytes
) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(request | {"bytes": len(content)}).encode() + b"\n" + content)
    process.stdin.flush()
    told = json.loads(process.stdout.readline(65_536))
    size = int(told["bytes"])
    if not 0 <= size <= _MOST_BYTES_BACK:
        raise ValueError(size)
    made = process.stdout.read(size)
    if len(made) != size:
        raise ValueError(size)
    return told, made
