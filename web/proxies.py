"""Who asks, behind a web server that passes requests on: what a trusted one says of the visitor is believed.

Limits of signing in are kept by address: without this all visitors behind a proxy would share one, and a stranger's
wrong passwords would shut everybody out; with everybody's headers believed, a stranger would take a new address each
time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

Network = IPv4Network | IPv6Network
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]  # of WSGI (PEP 3333)


def behind_proxies(app: Application, trusted: tuple[Network, ...]) -> Application:
    """The application seeing the visitor's address and scheme as ``X-Forwarded-For`` and ``-Proto`` of ``trusted`` say.

    Of several addresses the last one that is no trusted proxy's is the visitor's: what stands before it anybody may
    have written. Headers of anybody else are left unread.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if _is_trusted(environ.get("REMOTE_ADDR"), trusted):
            said = [each.strip() for each in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
            visitor = next((each for each in reversed(said) if not _is_trusted(each, trusted)), None)
            if visitor is not None and _is_address(visitor):
                environ["REMOTE_ADDR"] = visitor
            if (scheme := environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()) in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return app(environ, start_response)

    return answer


def _is_address(text: Any) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: Any, trusted: tuple[Network, ...]) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in trusted)
