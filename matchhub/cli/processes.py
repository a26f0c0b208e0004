"""The web application in several processes, by gunicorn, which only Unix has: imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

Application = Callable[..., Any]
_SECONDS_OF_SILENCE = 120  # after which a process that gives no sign of life is replaced


def can_serve_with_processes() -> bool:
    """Whether gunicorn is here; it is not on Windows."""
    try:
        import_module("gunicorn.app.base")
    except ImportError:
        return False
    return True


def serve_with_processes(make: Callable[[], Application], host: str, port: int, processes: int, threads: int) -> None:
    """Serve until a signal to end; each process calls ``make`` for an application of its own.

    A process that dies is replaced. SIGTERM lets running requests end, for 30 seconds at most.
    """
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in _settings(host, port, processes, threads).items():
                self.cfg.set(name, value)

        def load(self) -> Application:
            return make()

    Server().run()


def _settings(host: str, port: int, processes: int, threads: int) -> dict[str, object]:
    """What differs from gunicorn's own: no connection or open file is shared, nobody's headers are believed."""
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": processes,
        "worker_class": "gthread",
        "threads": threads,
        "timeout": _SECONDS_OF_SILENCE,
        "preload_app": False,
        "secure_scheme_headers": {},
        "control_socket_disable": True,
        "loglevel": "warning",
    }
