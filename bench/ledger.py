"""Pages of the ledger on a city's base: ``python3 run.py bench ledger [--scale 1.0] [--log 100000] [--markdown FILE]``.

At scale 1: 100,000 patents, 20,000 enterprises, 10,000 demands, 50,000 pushes, 2,000 deals, all invented. Each page is
asked for as a browser asks for it, signed in as the auditor. Peers, in the same run: for a page the usual list (count
and 50 objects by SQLAlchemy, a table by Jinja), for the counts the full recount, for the log ``git fsck`` over as many
commits (where git is installed) and hashlib over the same bytes.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from jinja2 import Template
from sqlalchemy import func, insert, select

from bench._city_of_rows import SIZES, fill
from bench._table import write_into
from bench.counting import full_recount, reading
from matchhub.db.tables import Deal, LogEntry, Patent
from matchhub.services.accounts.accounts import create_account, organisation_of
from matchhub.services.accounts.sessions import open_session
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.kernel.event_log import GENESIS, entry_hash, verify_log
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM, Unit
from web import create_app
from web.signing import COOKIE

HEADER = "| step | goal | CPU | wall | beside it |\n|---|--:|--:|--:|---|"
PAGE_GOAL, PROGRESS_GOAL, LOG_GOAL = 0.3, 2.0, 5.0  # seconds
TIMES = 5  # each page is asked so often; the medians are told
PAGES = {"first page": "", "strict, page 3": "?show=strict&page=3", "one thing missing": "?show=near",
         "latest first": "?sort=-recorded"}  # fmt: skip
PLAIN = Template("<table>{% for row in rows %}<tr>{% for each in row %}<td>{{ each|e }}</td>{% endfor %}</tr>"
                 "{% endfor %}</table>{{ total }}")  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """Seconds of this process's processor, and of the clock."""

    cpu: float
    wall: float


def spent(work: Callable[[], Any], times: int = 1) -> Spent:
    """The medians of so many goes."""
    found = []
    for _ in range(times):
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        found.append((time.process_time() - cpu, time.perf_counter() - wall))
    return Spent(*(statistics.median(part) for part in zip(*found, strict=True)))


@dataclass
class Table:
    """The lines so far, and whether every goal was met by the processor's time."""

    lines: list[str] = field(default_factory=lambda: [HEADER])
    met: bool = True

    def add(self, name: str, goal: float, ours: Spent, *peers: tuple[str, float]) -> None:
        """One line: ours, and each peer as a multiple of it (processor; wall where a peer is another process)."""
        self.met = self.met and (not goal or ours.cpu <= goal)
        beside = ", ".join(f"{said} {seconds:.3f} s: {seconds / max(ours.cpu, 1e-4):,.2f} × ours"
                           for said, seconds in peers)  # fmt: skip
        limit = f"{goal:g} s" if goal else ""
        self.lines.append(f"| {name} | {limit} | {ours.cpu:.3f} s | {ours.wall:.3f} s | {beside} |")
        print(self.lines[-1], flush=True)


def auditor(runtime: Runtime) -> FlaskClient:
    """A browser signed in as the auditor."""
    with runtime.unit(SYSTEM) as unit:
        place = organisation_of(unit, "审计局", "bureau")
        account = create_account(unit, login="auditor", display_name="auditor", role="auditor", organisation_id=place,
                                 password="a long sentence")  # fmt: skip
        token = open_session(unit, account)
    client = create_app(runtime).test_client()
    client.set_cookie(COOKIE, token)
    return client


def asks(client: FlaskClient, address: str) -> None:
    """One page, which must come."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def usual_list(unit: Unit, kind: str) -> str:
    """What everyone writes first: a count, fifty objects, a table; without verdict, reasons, papers or people."""
    table = RECORD_TABLES[kind]
    total = unit.session.execute(select(func.count()).select_from(table)).scalar_one()
    rows = unit.session.execute(select(table).order_by(table.id).limit(50)).scalars().all()
    names = [each.key for each in table.__table__.columns]
    return PLAIN.render(rows=[[getattr(row, name) for name in names] for row in rows], total=total)


def pages(table: Table, runtime: Runtime, client: FlaskClient) -> None:
    """The first page of every threshold, and the heaviest ones narrowed and sorted."""
    with runtime.unit(write=False) as unit:
        thresholds = {each.key: each.counter for each in question(unit).pack.thresholds}
    asks(client, f"/bureau/thresholds/{next(iter(thresholds))}")  # templates are compiled
    plain = {kind: spent(reading(runtime, partial(usual_list, kind=kind)), TIMES).cpu
             for kind in dict.fromkeys(thresholds.values())}  # fmt: skip
    for key, kind in thresholds.items():
        looks = PAGES if key in ("patents", "pushes", "local_demands", "invention_deals") else {"first page": ""}
        for name, said in looks.items():
            ours = spent(partial(asks, client, f"/bureau/thresholds/{key}{said}"), TIMES)
            table.add(f"ledger of {key}, {name}", PAGE_GOAL, ours, ("SQLAlchemy and Jinja, a plain list", plain[kind]))


def counts(table: Table, runtime: Runtime, client: FlaskClient) -> None:
    """The counts while nothing changes and right after writes, beside the full recount."""
    recount = spent(reading(runtime, full_recount)).cpu
    both = reading(runtime, lambda unit: count_progress(unit, question(unit)))
    table.add("`progress`, nothing changed", PROGRESS_GOAL, spent(both, TIMES), ("full recount", recount))
    for name, of, field_name, values in (
        ("a patent lost its title", Patent, "title", [None] * 3),
        ("a deal was edited", Deal, "amount_yuan", [70_000, 70_001, 70_002]),
    ):
        found = []
        for at, value in enumerate(values):
            with runtime.unit() as unit:
                setattr(unit.session.get_one(of, 21 + at), field_name, value)
            found.append(spent(both))
        ours = Spent(max(each.cpu for each in found), max(each.wall for each in found))
        table.add(f"`progress` right after {name}, the slowest of 3", PROGRESS_GOAL, ours, ("full recount", recount))
    with runtime.unit() as unit:
        unit.session.get_one(Deal, 28).amount_yuan = Decimal(60_000)
    ours = spent(partial(asks, client, "/bureau/thresholds/invention_deals"))
    table.add("ledger of invention_deals right after a write", PAGE_GOAL, ours, ("full recount", recount))


def chained(runtime: Runtime, entries: int) -> None:
    """A chain of so many entries, written in bulk."""
    with runtime.unit(SYSTEM) as unit:
        last = unit.session.execute(select(LogEntry).order_by(LogEntry.id.desc()).limit(1)).scalar()
        previous = last.hash if last else GENESIS
        there = unit.session.execute(select(func.count(LogEntry.id))).scalar_one()
        rows = []
        for at in range(entries - there):
            moment = unit.now + timedelta(milliseconds=at)
            said = json.dumps({"fields": ["title"], "number": at}, sort_keys=True, separators=(",", ":"))
            values = {"recorded_at": moment, "appended_at": moment, "actor": "system", "verb": "patent.changed",
                      "subject_kind": "patents", "subject_id": at, "payload": said}  # fmt: skip
            held = entry_hash(previous, LogEntry(**values))
            rows.append({**values, "previous_hash": previous, "hash": held})
            previous = held
        unit.session.execute(insert(LogEntry), rows)


def verified(unit: Unit) -> None:
    """The whole chain, which must hold."""
    assert verify_log(unit).valid


def hashed(lines: list[bytes]) -> None:
    """The digests alone of as many entries, their text in memory."""
    for line in lines:
        hashlib.sha256(line).hexdigest()


def git_check(entries: int) -> float | None:
    """Seconds (wall) of ``git fsck`` over as many commits; None without git."""
    if not shutil.which("git"):
        return None
    with tempfile.TemporaryDirectory() as place:
        run = partial(subprocess.run, cwd=place, check=True, capture_output=True)
        run(["git", "init", "-q", "."])
        commits = "".join(
            f"commit refs/heads/main\ncommitter a <a@example> {1700000000 + at} +0000\ndata {len(said)}\n{said}\n"
            for at in range(entries) for said in (f'patent.changed patents:{at} {{"number":{at}}}',)
        )  # fmt: skip
        run(["git", "fast-import", "--quiet"], input=commits.encode())
        return spent(partial(run, ["git", "fsck", "--full"])).wall


def log(table: Table, entries: int) -> None:
    """Verification of a long log."""
    with tempfile.TemporaryDirectory() as place:
        runtime, _ = open_runtime(Settings(Path(place), f"sqlite:///{place}/matchhub.db", "bench"))
        chained(runtime, entries)
        ours = spent(reading(runtime, verified), 3)
        with runtime.unit(write=False) as unit:
            lines = [f"{row.previous_hash}\n{row.payload}".encode() + 130 * b"-"
                     for row in unit.session.execute(select(LogEntry.previous_hash, LogEntry.payload))]  # fmt: skip
        runtime.close()
    peers = [("hashlib alone", spent(partial(hashed, lines), 3).cpu)]
    if (seconds := git_check(entries)) is not None:
        peers.append(("git fsck of as many commits (wall)", seconds))
    table.add(f"verification of {entries:,} log entries", LOG_GOAL, ours, *peers)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; status 1 when a step takes more of the processor than its goal."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench ledger", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--log", type=int, default=100_000, help="entries of the log that is verified")
    parser.add_argument("--markdown", type=Path)
    chosen = parser.parse_args(arguments)
    table = Table()
    print(HEADER, flush=True)
    log(table, chosen.log)
    with tempfile.TemporaryDirectory() as place:
        runtime, _ = open_runtime(Settings(Path(place), f"sqlite:///{place}/matchhub.db", "bench"))
        fill(runtime, {name: max(30, round(size * chosen.scale)) for name, size in SIZES.items()})
        client = auditor(runtime)
        first = reading(runtime, lambda unit: count_progress(unit, question(unit)))
        table.add("the first count of a day, verdicts stored", 0.0, spent(first))
        pages(table, runtime, client)
        counts(table, runtime, client)
        runtime.close()
    if chosen.markdown:
        write_into(chosen.markdown, "ledger", "\n".join(table.lines))
    return 0 if table.met else 1


if __name__ == "__main__":
    sys.exit(main())
