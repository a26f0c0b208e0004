"""``matchhub serve``, ``worker`` and ``up``."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from types import FrameType
from typing import TYPE_CHECKING

import click

from matchhub.cli.console import installation, language, say
from matchhub.cli.listening import address, listen, opens
from matchhub.cli.processes import can_serve_with_processes, serve_with_processes
from matchhub.operation.logs import set_up_logs
from matchhub.services.kernel.running import runs_here
from matchhub.services.kernel.runtime import Runtime, note_serving, open_runtime
from matchhub.services.kernel.scratch import scratch_of_process
from matchhub.services.kernel.settings import read_settings
from matchhub.services.kernel.upgrading import backup_before_upgrade
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
        _serve(listen(host, port), host, threads)
    elif can_serve_with_processes():
        listen(host, port).close()  # gunicorn tries a taken port for seconds, then says so in its own words
        with installation() as runtime:  # the schema is brought up to date once, before each process opens the base
            note_serving(runtime.home, address(host, port))
        with runs_here(runtime.home, "web"):
            serve_with_processes(_application, host, port, processes, threads)
    else:
        say("serve_one_process")
        _serve(listen(host, port), host, threads)


def _serve(listening: socket.socket, host: str, threads: int = 8) -> None:
    import waitress

    with listening, installation() as runtime, runs_here(runtime.home, "web"):
        note_serving(runtime.home, address(host, listening.getsockname()[1]))
        waitress.serve(_warm_application(runtime), sockets=[listening], threads=threads, ident=None, _quiet=True)


def _application() -> Flask:
    """The application over an installation opened by this process, which stays open until the process ends."""
    runtime, _ = open_runtime(read_settings(os.environ), create=False)
    until_the_end = ExitStack()
    until_the_end.enter_context(scratch_of_process(runtime.home))
    atexit.register(until_the_end.close)
    return _warm_application(runtime)


def _warm_application(runtime: Runtime) -> Flask:
    from matchhub.services.matching.warming import warm_up_beside
    from web import create_app

    set_up_logs(as_json=runtime.settings.json_logs)
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
    with installation() as runtime, runs_here(runtime.home, "worker"):
        set_up_logs(as_json=runtime.settings.json_logs)
        run_worker(runtime, stop)


@click.command()
@_host
@_port
@click.option("--empty", is_flag=True, help="do not load the demo city into a new database")
def up(host: str, port: int, empty: bool) -> None:
    """Web and worker together; a new database gets the demo city. Ctrl-C stops both."""
    settings = read_settings(os.environ)
    listening = listen(host, port)
    runtime, created = open_runtime(settings, before_upgrade=backup_before_upgrade)
    with_demo = created and not empty
    if with_demo:
        from matchhub.demo import load_demo

        click.echo(sentence("demo_loading", language()), err=True)
        load_demo(runtime, full=False, progress=lambda text: click.echo(text, err=True))
    runtime.close()
    children = [
        multiprocessing.Process(target=_child_serve, args=(listening, host), name="web"),
        multiprocessing.Process(target=_child_work, name="worker"),
    ]
    stop = threading.Event()
    _end_on_signals(stop)
    for child in children:
        child.start()
    if opens(listening, lambda: not stop.is_set() and all(child.is_alive() for child in children)):
        _announce(address(host, listening.getsockname()[1]), with_demo or _is_demo())
    elif not stop.is_set():
        say("web_not_opened")
    listening.close()
    sys.exit(_wait(children, stop))


def _child_serve(listening: socket.socket, host: str) -> None:
    _end_with_parent()
    _serve(listening, host)


def _child_work() -> None:
    _end_with_parent()
    worker.main(args=[], standalone_mode=False)


def _end_with_parent() -> None:
    """End when the first process is gone, however it ended: a web and a worker left over would hold port and lease.

    Signals of the terminal reach the whole group; the first process alone decides what they mean.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()


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


def _end_on_signals(stop: threading.Event) -> None:
    """Ctrl-C, SIGTERM and a terminal that is closed (SIGHUP) end all three processes."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def _wait(children: list[multiprocessing.Process], stop: threading.Event) -> int:
    """Until a signal or the end of either child; then both end."""
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
