"""Load by many people at once: ``python3 run.py bench load [--clients 16 64] [--seconds 60] [--database sqlite …]``.

Visitors, firms, institutions, operator and bureau go through all their pages, a twentieth of all requests changes
something (``_load_users.py``); locust is the client, on the same machine, without pauses between requests. Beside it,
in the same run, a bare Flask page with one ORM query and 50 rows: on a busy machine only the ratio to it means
something. Everything listens on 127.0.0.1. ``--seconds 1800`` is the long run of P21.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select

import run
from bench._load_base import COMMAND, copy_base, make_base, opened, postgres, run_environment
from bench._load_import import sign_ins_beside_import
from bench._load_kinds import DAILY, WRITTEN
from bench._load_pages import Cost, costs, pages_of, sessions
from bench._table import write_into
from matchhub.db.tables import Patent
from matchhub.demo.accounts import PASSWORD
from web import create_app

HEADER = (
    "| base | patents | processes | clients | requests/s | of the bare page | p50 | p99 | write p99 | errors | "
    "server's CPU a request | memory of a process, begin / end |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)
LOGINS = {"enterprise": "enterprise", "institution": "institution", "operator": "operator"}
MOST_MEMORY = 500  # MiB of a process (PROMISES.md P21)
_SIGNED_IN = 0.55  # share of the clients that may change something
_FIRMS = 1  # accounts of a role that are gone through for their pages
_WARM = 8  # seconds before the measurement


@dataclass(frozen=True, slots=True)
class Cell:
    """One measurement: requests, times in ms sorted, faults by text, server CPU in s, MiB at begin and end."""

    seconds: float
    times: list[float]
    writes: list[float]
    faults: dict[str, int]
    cpu: float
    memory: tuple[float, float]
    by_name: Mapping[str, list[float]]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's processor time a request."""
        return 1000 * self.cpu / max(len(self.times), 1)


def at(times: Sequence[float], share: float) -> float:
    """The time that ``share`` of the sorted ``times`` do not exceed; 0 without any."""
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


# --- The server ------------------------------------------------------------------------------------------------------


def free_port(first: int) -> int:
    """The first port from ``first`` on where nobody listens."""
    for port in range(first, first + 50):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return port
    raise SystemExit("no port is free")


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str], port: int, ready: str) -> Iterator[psutil.Process]:
    """The server while the block runs; it has answered once."""
    process = subprocess.Popen(command, env=environment, cwd=tempfile.gettempdir())
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=10).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit("the server ended at once") from None
                time.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def family(server: psutil.Process) -> list[psutil.Process]:
    """The server's process and its children."""
    return [server, *server.children(recursive=True)]


def cpu_of(server: psutil.Process) -> float:
    """Seconds of processor time of the server and its children so far."""
    return sum(times.user + times.system for times in (each.cpu_times() for each in family(server)))


def memory_of(server: psutil.Process) -> float:
    """MiB that the largest process of the server holds."""
    return max(each.memory_info().rss for each in family(server)) / 2**20


# --- The clients -----------------------------------------------------------------------------------------------------


def drive(server: psutil.Process, port: int, plan: Path, clients: int, seconds: int) -> Cell:
    """Locust against the server, after some seconds that are not counted."""
    _locust(port, plan, clients, min(_WARM, seconds))
    before, memory, began = cpu_of(server), memory_of(server), time.monotonic()
    told = _locust(port, plan, clients, seconds)
    taken, cpu = time.monotonic() - began, cpu_of(server) - before
    times: dict[str, list[float]] = told["times"]
    every = sorted(each for found in times.values() for each in found)
    writes = sorted(each for name, found in times.items() if name.startswith("POST") for each in found)
    # Starting and ending of locust itself is not the server's time.
    return Cell(min(taken, seconds), every, writes, told["faults"], cpu, (memory, memory_of(server)), times)


def _locust(port: int, plan: Path, clients: int, seconds: int) -> Any:
    result = plan.with_name("result.json")
    environment = os.environ | {"MATCHHUB_LOAD_PLAN": str(plan), "MATCHHUB_LOAD_RESULT": str(result),
                                "PYTHONPATH": str(run.ROOT)}  # fmt: skip
    command = [sys.executable, "-m", "locust", "-f", str(run.ROOT / "bench" / "_load_users.py"), "--headless",
               "-u", str(clients), "-r", str(clients), "-t", f"{seconds}s", "--stop-timeout", "5", "--only-summary",
               "--host", f"http://127.0.0.1:{port}", "--loglevel", "ERROR"]  # fmt: skip
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                   timeout=seconds + 60, cwd=plan.parent)  # fmt: skip
    return json.loads(result.read_text("utf-8"))


def write_plan(home: Path, url: str | None, file: Path, *, daily: bool) -> list[Cost]:
    """Who may open what, for the clients; and what every page takes for one client alone."""
    only = {endpoint for pages in (*DAILY.values(), WRITTEN) for endpoint in pages} if daily else set[str]()
    runtime = opened(home, url)
    app = create_app(runtime)
    tokens = sessions(runtime)
    with runtime.unit(write=False) as unit:
        titles = unit.session.execute(select(Patent.title).limit(300)).scalars().all()
    plan: dict[str, Any] = {"visitor": [{"token": "", "pages": pages_of(app, None, only)}]}
    for role in ("enterprise", "institution", "operator", "reviewer"):
        plan[role] = [{"token": token, "pages": pages_of(app, token, only)} for token in tokens[role][:_FIRMS]]
    measured = costs(app, runtime, {role: (people[0]["token"], people[0]["pages"]) for role, people in plan.items()})
    plan |= {
        "signed_in": _SIGNED_IN,
        "logins": LOGINS,
        "password": PASSWORD,
        "words": sorted(set("".join(filter(None, titles)))),
    }
    file.write_text(json.dumps(plan, ensure_ascii=False), "utf-8")
    runtime.close()
    return measured


# --- The table -------------------------------------------------------------------------------------------------------


def bare_rate(folder: Path, clients: int, seconds: int, port: int) -> float:
    """Requests a second of the bare page, by the same client."""
    plan = folder / "bare.json"
    pages = {"home.index": ["/"], "account.help_page": ["/"]}
    plan.write_text(json.dumps({"visitor": [{"token": "", "pages": pages}], "signed_in": 1.0, "bare": True}), "utf-8")
    command = [sys.executable, "-m", "bench._load_bare", str(folder / "bare.db"), str(port)]
    with serving(command, os.environ | {"PYTHONPATH": str(run.ROOT)}, port, "/") as server:
        cell = drive(server, port, plan, clients, seconds)
    (folder / "bare.db").unlink()
    print(f"  bare page: {cell.rate:.0f} requests/s, {cell.cpu_ms:.1f} ms of processor time", flush=True)
    return cell.rate


def line(database: str, patents: int, processes: int, clients: int, cell: Cell, bare: float) -> str:
    """One line of the table."""
    faults = sum(cell.faults.values())
    return (
        f"| {database} | {patents:,} | {processes} | {clients} | {cell.rate:.0f} | {cell.rate / max(bare, 0.1):.2f} | "
        f"{at(cell.times, 0.5):.0f} ms | {at(cell.times, 0.99):.0f} ms | {at(cell.writes, 0.99):.0f} ms | {faults} | "
        f"{cell.cpu_ms:.1f} ms | {cell.memory[0]:.0f} / {cell.memory[1]:.0f} MiB |"
    )


def tell_pages(found: Sequence[Cost]) -> list[str]:
    """The dearest pages for one client alone, and the middle of all."""
    lines = ["| page | role | CPU | statements |", "|---|---|---|---|"]
    lines += [f"| {each.endpoint} | {each.role} | {each.cpu_ms:.0f} ms | {each.statements} |" for each in found[:15]]
    middle = found[len(found) // 2]
    return [*lines, f"| half of all {len(found)} pages at most | | {middle.cpu_ms:.1f} ms | |"]


def tell_import(database: str, rows: int, home: Path, url: str | None) -> str:
    """How long sign-ins take beside the import of so many patents."""
    found = sign_ins_beside_import(home, url, rows)
    told = (
        f"Beside an import of {rows:,} patents on {database}, which took {found.seconds:.0f} s, {len(found.beside)} "
        f"sign-ins took p50 {at(found.beside, 0.5):.0f} ms, p99 {at(found.beside, 0.99):.0f} ms, the longest "
        f"{found.beside[-1]:.0f} ms; alone p50 {at(found.alone, 0.5):.0f} ms, the longest {found.alone[-1]:.0f} ms."
    )
    print(told, flush=True)
    return told


def tell_cell(cell: Cell) -> None:
    """Where the time of a cell went, and what went wrong."""
    ranked = sorted(cell.by_name.items(), key=lambda each: -sum(each[1]))
    for name, times in ranked[:12]:
        print(f"    {name}: {len(times)} times, mean {sum(times) / len(times):.0f} ms", flush=True)
    for fault, number in cell.faults.items():
        print(f"    fault, {number} times: {fault}", flush=True)


def measure(chosen: argparse.Namespace, folder: Path) -> tuple[list[str], bool]:
    """All cells that were asked for, and whether none had an error and no process more memory than it may."""
    lines, pages, waits, held = [HEADER], list[str](), list[str](), True
    port = free_port(chosen.port)
    for patents in chosen.patents:
        base = (chosen.base or folder) / f"base-{patents}"
        if not base.exists():
            make_base(base, patents)
        for database in chosen.database:
            with ExitStack() as stack:
                home = folder / "home"
                shutil.copytree(base, home)
                stack.callback(shutil.rmtree, home)
                url = None
                if database == "postgres":
                    cluster = stack.enter_context(postgres())
                    url = cluster.url(cluster.create_database())
                    copy_base(home, url)
                if chosen.beside_import:
                    waits.append(tell_import(database, chosen.beside_import, home, url))
                if not chosen.clients:
                    continue
                costs_found = write_plan(home, url, folder / "plan.json", daily=chosen.daily)
                pages = pages or tell_pages(costs_found)
                processes = 1 if database == "sqlite" else chosen.processes
                command = [sys.executable, "-P", "-c", COMMAND, "serve", "--port", str(port),
                           "--processes", str(processes)]  # fmt: skip
                server = stack.enter_context(serving(command, run_environment(home, url), port, "/healthz"))
                for clients in chosen.clients:
                    bare = bare_rate(folder, clients, min(15, chosen.seconds), free_port(port + 1))
                    cell = drive(server, port, folder / "plan.json", clients, chosen.seconds)
                    lines.append(line(database, patents, processes, clients, cell, bare))
                    print(lines[-1], flush=True)
                    tell_cell(cell)
                    held &= not cell.faults and cell.memory[1] <= MOST_MEMORY
    return ["\n".join(part) for part in (lines if chosen.clients else [], pages, waits) if part], held


def main(arguments: list[str] | None = None) -> int:
    """Print the table, also into a document between its two marks; 1 when something failed or grew too large."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench load", description=__doc__)
    parser.add_argument("--database", nargs="+", choices=("sqlite", "postgres"), default=["sqlite"])
    parser.add_argument("--patents", nargs="+", type=int, default=[10_000])
    parser.add_argument("--clients", nargs="*", type=int, default=[64])
    parser.add_argument("--processes", type=int, default=2, help="web processes on PostgreSQL")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--daily", action="store_true", help="only pages that are open all day: a short run")
    parser.add_argument("--beside-import", type=int, default=0, metavar="ROWS", help="sign-ins beside such an import")
    parser.add_argument("--port", type=int, default=8140, help="the first port that is tried")
    parser.add_argument("--base", type=Path, help="folder that keeps the bases from run to run")
    parser.add_argument("--markdown", type=Path)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="matchhub-load-") as place:
        lines, held = measure(chosen, Path(place))
    print("\n\n".join(lines))
    if chosen.markdown:
        write_into(chosen.markdown, "load", "\n\n".join(lines))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
