"""A sender as a process of its own, with short claims and waits: ``python -m tests.operation.relay HOME URL PORT``.

Sends until nothing is pending. Killed at any moment it leaves its claims to the other one.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

from matchhub.errors import Refusal
from matchhub.notify import mail
from matchhub.operation import mailing
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import MailSettings, Settings
from matchhub.services.pushes import attempts, delivery

CLAIM = timedelta(seconds=2)


def settings(home: Path, url: str, port: int) -> Settings:
    """Those of every sender of the test."""
    server = f"smtp://127.0.0.1:{port}"
    return Settings(home, url, "a key for tests only", server, mail=MailSettings("match@jinjiang.example", tls="none"))


def main(home: str, url: str, port: str) -> None:
    delivery.CLAIM = CLAIM
    attempts.WAIT, attempts.GROWTH, attempts.MOST_ATTEMPTS = timedelta(milliseconds=300), 1, 10_000
    mail.TIMEOUT = 5.0
    runtime, _ = open_runtime(settings(Path(home), url, int(port)), create=False)
    while True:
        try:
            if mailing.send_due(runtime).pending == 0:
                return
        except Refusal as refusal:  # the base is busy: another round
            print(refusal.code, file=sys.stderr)
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
