"""The socket that pages are served on, opened before anything is said to run."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from matchhub.errors import SettingInvalid

_MOST = 65_535
_PATIENCE = 120.0  # seconds: a large base is warmed up before the first page


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at ``host`` (a name or an address of IPv4 or IPv6) and ``port``.

    Raises ``SettingInvalid`` ``port_taken``, ``port_not_allowed`` or ``host_unusable``.
    """
    if not 0 <= port <= _MOST:
        raise SettingInvalid("port_not_allowed", port=port)
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as fault:
        raise SettingInvalid("host_unusable", host=host) from fault
    opened = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows SO_REUSEADDR would let two programs share a port
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(place)
        opened.listen(1024)
    except OSError as fault:
        opened.close()
        raise _refusal(fault, host, port) from fault
    return opened


def _refusal(fault: OSError, host: str, port: int) -> SettingInvalid:
    if fault.errno == errno.EADDRINUSE:
        return SettingInvalid("port_taken", port=port, other=port + 1 if port < _MOST else port - 1)
    if fault.errno in (errno.EACCES, errno.EPERM):
        return SettingInvalid("port_not_allowed", port=port)
    return SettingInvalid("host_unusable", host=host)


def address(host: str, port: int) -> str:
    """Where a browser finds pages that are served at ``host``; all addresses of a machine are reached by its name."""
    if host in ("0.0.0.0", "::", ""):  # nosec B104
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def opens(listening: socket.socket, goes_on: Callable[[], bool]) -> bool:
    """Wait until the pages answer on the socket; false when ``goes_on`` says that nobody serves them any more."""
    host, port = listening.getsockname()[:2]
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # nosec B104
    ends = time.monotonic() + _PATIENCE
    while goes_on() and time.monotonic() < ends:
        connection = HTTPConnection(near, port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status < 500:
                return True
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    return False
