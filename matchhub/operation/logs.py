"""The logs of an installation: what happened, for whoever watches it; no names, addresses, texts or tokens.

The access log (访问日志) is a file a day in the home, one JSON object a line, and kept as long as the setting says: six
months at least (Cybersecurity Law 21(3)).
"""

from __future__ import annotations

import json
import logging
import os
import threading
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

FOLDER = "logs"
_NAME = "access-{day}.jsonl"
request_number: ContextVar[str] = ContextVar("request_number", default="")
log = logging.getLogger("matchhub.logs")


@dataclass
class AccessLog:
    """Appends to the day's file; several processes may, because a line is one write of its own."""

    home: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _day: date | None = None
    _file: int = -1
    _told: bool = False

    def write(self, at: datetime, entry: dict[str, Any]) -> None:
        """Add a line; where the disk refuses, that is said once and the request goes on."""
        line = json.dumps({"at": at.astimezone(UTC).isoformat(timespec="milliseconds"), **entry}, ensure_ascii=False)
        try:
            os.write(self._opened(at.astimezone(UTC).date()), line.encode() + b"\n")
        except OSError as fault:
            if not self._told:
                self._told = True
                log.warning("the access log cannot be written: %s", fault)

    def _opened(self, day: date) -> int:
        with self._lock:
            if day != self._day:
                folder = self.home / FOLDER
                folder.mkdir(mode=0o700, exist_ok=True)
                wanted = os.O_WRONLY | os.O_CREAT | os.O_APPEND
                fresh = os.open(folder / _NAME.format(day=day.isoformat()), wanted, 0o600)
                if self._file >= 0:
                    os.close(self._file)
                self._file, self._day = fresh, day
            return self._file


def forget_logs(home: Path, days: int, today: date) -> int:
    """Delete access logs of more than ``days`` days ago; returns how many. Other files stay."""
    oldest, gone = today - timedelta(days=days), 0
    for file in (home / FOLDER).glob(_NAME.format(day="*")):
        try:
            day = date.fromisoformat(file.stem.removeprefix("access-"))
        except ValueError:
            continue
        if day < oldest:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


class JsonLines(logging.Formatter):
    """Every record as one JSON object: moment, level, who says it, what, and the number of the request."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, tracebacks included."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if number := request_number.get():
            said["request"] = number
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def set_up_logs(*, as_json: bool) -> None:
    """Have a service write its log to standard error as JSON lines where that is wanted."""
    if as_json:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
