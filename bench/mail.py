"""Sending: many planned pushes to a mail server on this machine, beside a bare smtplib loop over the same server.

``python3 run.py bench mail [--letters N]``. The server (aiosmtpd) runs in a process of its own and takes everything.
The peer sends as many letters of the same text over one connection and records nothing; ours claims, checks the claim
before handing over, sends, and puts every delivery down with its reply and its text in a base bound by the chain.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import smtplib
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from matchhub.db.tables import Enterprise, Patent, Push, PushItem
from matchhub.notify.mail import compose
from matchhub.operation.mailing import send_due
from matchhub.operation.postman import identity_of
from matchhub.operation.push_letters import letter_of
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import MailSettings, Settings
from matchhub.services.kernel.unit import SYSTEM
from matchhub.services.pushes.delivery import claim_due, release_claims
from matchhub.services.pushes.grouping import letters_of
from matchhub.services.pushes.links import token_hash

GOAL = 60.0  # seconds for 2,000 letters


def _serve(port: Any, taken: Any) -> None:
    from aiosmtpd.controller import UnthreadedController
    from aiosmtpd.smtp import SMTP

    class Sink:
        async def handle_DATA(self, _server: SMTP, _session: Any, _envelope: Any) -> str:
            taken.value += 1
            return "250 kept"

    import asyncio

    loop = asyncio.new_event_loop()
    controller = UnthreadedController(Sink(), hostname="127.0.0.1", port=0, loop=loop)
    controller.begin()
    listening: Any = controller.server
    port.value = listening.sockets[0].getsockname()[1]
    loop.run_forever()


def plan_letters(runtime: Runtime, count: int) -> None:
    """That many due pushes, each to a firm of its own."""
    with runtime.unit() as unit:
        known = {"recorded_at": unit.now, "updated_at": unit.now}
        firms = [
            {"id": each, "name": f"企业{each}", "name_key": f"企业{each}", "contact_email": f"f{each}@firm.example"}
            for each in range(1, count + 1)
        ]
        insert_rows(unit, Enterprise.__table__, [firm | known for firm in firms])  # type: ignore[arg-type]
        patent = {"id": 1, "title": "一种防滑耐磨鞋底", "abstract": "湿态摩擦系数高。" * 20, **known}
        insert_rows(unit, Patent.__table__, [patent])  # type: ignore[arg-type]
        pushes = [
            {
                "id": each, "enterprise_id": each, "model": "bench", "unique_key": f"k{each}",
                "message_id": f"<push.{each}@matchhub>", "token_hash": token_hash(str(each)),
                "recipient_email": f"f{each}@firm.example", "due_on": unit.today, "state": "planned", "demo": False,
                "recorded_at": unit.now,
            }
            for each in range(1, count + 1)
        ]  # fmt: skip
        insert_rows(unit, Push.__table__, pushes)  # type: ignore[arg-type]
        reasons = [{"demand_text": "防滑", "patent_text": "防滑", "weight": 0.3, "feature": "word"}]
        items = [
            {"push_id": each, "patent_id": 1, "position": 1, "score": 0.5, "floor": 0.2, "reasons": reasons,
             "warnings": []}
            for each in range(1, count + 1)
        ]  # fmt: skip
        insert_rows(unit, PushItem.__table__, items)  # type: ignore[arg-type]


def _peer(runtime: Runtime, port: int, count: int) -> float:
    """Seconds of the bare loop."""
    with runtime.unit(SYSTEM) as unit:
        claimed = claim_due(unit, 1)
        release_claims(unit, claimed.outgoing)
    letter = letter_of(letters_of(claimed.outgoing)[0])
    identity = identity_of(runtime.settings.mail)
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as server:
        for _ in range(count):
            message = compose(letter, runtime.clock(), identity)
            server.send_message(message, identity.address, [letter.to])
    return time.perf_counter() - begun


def main(arguments: list[str] | None = None) -> int:
    """Print both times and their ratio; returns 1 when a letter is missing or the goal is missed."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench mail", description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    count = parser.parse_args(arguments).letters
    port, taken = multiprocessing.Value("i", 0), multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=_serve, args=(port, taken), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        settings = Settings(
            home, f"sqlite:///{home / 'matchhub.db'}", "a key for the bench", f"smtp://127.0.0.1:{port.value}",
            mail=MailSettings("match@bench.example", tls="none"),
        )  # fmt: skip
        runtime, _ = open_runtime(settings)
        plan_letters(runtime, count)
        bare = _peer(runtime, port.value, count)
        before, begun = taken.value, time.perf_counter()
        done = send_due(runtime)
        ours = time.perf_counter() - begun
        arrived = taken.value - before
        runtime.close()
    server.terminate()
    load = " / ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{count} letters, SQLite, {os.cpu_count()} cores, load average {load}")
    print(f"{'matchhub push send':<24}{ours:>8.2f} s{ours / count * 1000:>8.2f} ms a letter")
    print(f"{'bare smtplib loop':<24}{bare:>8.2f} s{bare / count * 1000:>8.2f} ms a letter")
    print(f"{'ours / peer':<24}{ours / bare:>8.1f} x")
    print(f"arrived {arrived}, recorded {done.sent}, goal {GOAL * count / 2000:.0f} s")
    return 0 if arrived == done.sent == count and ours <= GOAL * count / 2000 else 1


if __name__ == "__main__":
    sys.exit(main())
