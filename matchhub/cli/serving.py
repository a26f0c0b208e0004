"""``matchhub serve``, ``worker`` and ``up``."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

import click

from matchhub.cli.console import installation, language, say
from matchhub.cli.processes import can_serve_with_processes, serve_with_processes
from matchhub.services.kernel.runtime import Runtime, note_serving, open_runtime
from matchhub.services.kernel.settings import read_settings
from matchhub.wording import sentence

if TYPE_CHECKING:
    from flask import Flask

_host = click.option("--host", default="127.0.0.1", show_default=True)
_port = click.option("--port", default=8000, show_default=True, type=int)


@click.command()
@_host
@_port
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1), help="requests at once in a process")
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1), help="more than one: by gunicorn")
@click.option("--gunicorn", is_flag=True, help="serve by gunicorn even with one process (not on Windows)")
def serve(host: str, port: int, threads: int, processes: int, gunicorn: bool) -> None:
    """Web only."""
    if processes == 1 and not gunicorn:
        _serve(host, port, threads)
    elif can_serve_with_processes():
        with installation() as runtime:  # the schema is brought up to date once, before each process opens the base
            note_serving(runtime.home, _address(host, port))
        serve_with_processes(_application, host, port, processes, threads)
    else:
        say("serve_one_process")
        _serve(host, port, threads)


def _serve(host: str, port: int, threads: int = 8) -> None:
    import waitress

    with installation() as runtime:
        note_serving(runtime.home, _address(host, port))
        waitress.serve(_warm_application(runtime), host=host, port=port, threads=threads, ident=None, _quiet=True)


def _address(host: str, port: int) -> str:
    """Where a browser finds pages that are served at ``host``; all addresses of a machine are reached by its name."""
    if host in ("0.0.0.0", "::", ""):
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _application() -> Flask:
    """The application over an installation opened by this process, which stays open until the process ends."""
    runtime, _ = open_runtime(read_settings(os.environ), create=False)
    return _warm_application(runtime)


def _warm_application(runtime: Runtime) -> Flask:
    from matchhub.services.matching.warming import warm_up_beside
    from web import create_app

    warm_up_beside(runtime)
    return create_app(runtime)


@click.command()
def worker() -> None:
    """Scheduler only: matching, planning and sending at their times."""
    from matchhub.worker import run_worker

    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    with installation() as runtime:
        run_worker(runtime, stop)


@click.command()
@_host
@_port
@click.option("--empty", is_flag=True, help="do not load the demo city into a new database")
def up(host: str, port: int, empty: bool) -> None:
    """Web and worker together; a new database gets the demo city. Ctrl-C stops both."""
    settings = read_settings(os.environ)
    runtime, created = open_runtime(settings)
    with_demo = created and not empty
    if with_demo:
        from matchhub.demo import load_demo

        click.echo(sentence("demo_loading", language()), err=True)
        load_demo(runtime, full=False, progress=lambda text: click.echo(text, err=True))
    runtime.close()
    note_serving(settings.home, _address(host, port))
    _announce(f"http://{host}:{port}", with_demo or _is_demo())
    children = [
        multiprocessing.Process(target=_child_serve, args=(host, port), name="web"),
        multiprocessing.Process(target=_child_work, name="worker"),
    ]
    for child in children:
        child.start()
    sys.exit(_wait(children))


def _child_serve(host: str, port: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(host, port)


def _child_work() -> None:
    worker.main(args=[], standalone_mode=False)


def _is_demo() -> bool:
    from matchhub.services.kernel.demo_mark import holds_rows

    with installation(create=False) as runtime, runtime.unit(write=False) as unit:
        return holds_rows(unit, demo=True)


def _announce(address: str, with_demo: bool) -> None:
    click.echo(sentence("up_ready", language(), address=address))
    if with_demo:
        from matchhub.demo import DEMO_ACCOUNTS

        click.echo(sentence("up_accounts", language()))
        for account in DEMO_ACCOUNTS:
            click.echo(f"  {account.login:<14}{account.password:<16}{account.note}")
    click.echo(sentence("up_stop", language()))
    sys.stdout.flush()


def _wait(children: list[multiprocessing.Process]) -> int:
    """Until Ctrl-C, SIGTERM or the end of either child; then both end."""
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    while not stop.wait(0.5):
        if not all(child.is_alive() for child in children):
            break
    ended = [child.exitcode for child in children if not child.is_alive()]
    for child in children:
        if child.is_alive():
            child.terminate()
    for child in children:
        child.join(10)
        if child.is_alive():
            child.kill()
    return 0 if stop.is_set() else next((code or 1 for code in ended), 0)


COMMANDS = (serve, worker, up)
