"""Posting JSON to web addresses that recipients entered: only to allowed hosts, no redirects, an end in time.

A server that speaks for others must not be led to addresses inside its own network: a host is either a provider's own,
over https, or one that the administrator allowed by a setting. What was checked is what is connected to: the parts of
the address are read once and never joined again.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from matchhub.notify.channel import Delivered, Letter, Outcome
from matchhub.notify.offered import AddressRefused, Means

_MOST_REPLY = 64 * 1024
_LONGEST = 2000
_PLAIN = re.compile(r"[!-~]+")  # ASCII without blanks and control signs
_WAIT = 60
_INSIDE = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
NOT_PUBLIC = "not a public address"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered; ``wait_seconds`` is its Retry-After where it gave one in seconds."""

    status: int
    body: bytes
    wait_seconds: int | None = None


class Unreachable(OSError):
    """No connection came about: nothing was handed over."""


def web_address(text: str, own: Iterable[str], means: Means) -> str:
    """The address in plain form; ``AddressRefused`` where this installation may not post to it.

    ``own`` are the provider's hosts, reached by https on its usual port only. A host of the setting may be reached by
    http and by every port that the setting does not narrow.
    """
    text = text.strip()
    parts = _parts(text)
    host, port = (parts.hostname or "").rstrip("."), _port(parts)
    allowed = host in means.hosts or f"{host}:{port}" in means.hosts
    if host in set(own) and not allowed:
        if parts.scheme != "https" or port != 443:
            raise AddressRefused("channel_address_https")
    elif not allowed:
        raise AddressRefused("channel_host_not_allowed", host=host)
    return text


def public_address(text: str, means: Means) -> str:
    """The address of anybody's own program in plain form: https at a public host, or a host of the setting.

    ``AddressRefused`` for any other. A name is looked up when something is posted there (``post``).
    """
    text = text.strip()
    if is_allowed(text, means):
        return text
    parts = _parts(text)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https":
        raise AddressRefused("webhook_address_https")
    if ("." not in host and ":" not in host) or host.endswith(_INSIDE) or not _may_be_public(host):
        raise AddressRefused("webhook_host_private", host=host)
    return text


def is_allowed(text: str, means: Means) -> bool:
    """Whether the administrator named the host of an address, with its port or without."""
    parts = _parts(text)
    host = (parts.hostname or "").rstrip(".")
    return host in means.hosts or f"{host}:{_port(parts)}" in means.hosts


def _may_be_public(host: str) -> bool:
    """Whether a host is a name, or a number of the public network."""
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return number.is_global and not number.is_multicast


def _see_public(host: str, port: int) -> None:
    """Raises ``Unreachable`` where a name leads to any address that is not of the public network."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreachable(_named(fault)) from fault
    if not all(_may_be_public(str(each[4][0])) for each in found):
        raise Unreachable(NOT_PUBLIC)


def _parts(text: str) -> SplitResult:
    if len(text) > _LONGEST or not _PLAIN.fullmatch(text) or "\\" in text:
        raise AddressRefused()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as fault:
        raise AddressRefused() from fault
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise AddressRefused()
    if "@" in parts.netloc or parts.fragment:
        raise AddressRefused()
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float, public: bool = False) -> Reply:
    """Post once; follows no redirect and uses no proxy. Raises ``Unreachable``, ``OSError`` or ``HTTPException``.

    ``public``: only into the public network, seen to before connecting and, as a name may lead elsewhere the second
    time, again before anything is said to whoever answered. ``seconds`` is the end of all of it: a server that sends a
    byte now and then is cut off all the same.
    """
    parts = _parts(url)
    host, port = parts.hostname or "", _port(parts)
    if public:
        _see_public(host, port)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        connection.connect()
    except (OSError, UnicodeError) as fault:
        connection.close()
        raise Unreachable(_named(fault)) from fault
    if public and not _may_be_public(str(connection.sock.getpeername()[0])):
        connection.close()
        raise Unreachable(NOT_PUBLIC)
    late = threading.Event()
    over = threading.Timer(seconds, _cut, (connection.sock, late))
    over.daemon = True
    over.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"User-Agent": "matchhub", **headers})
        answer = connection.getresponse()
        reply = Reply(answer.status, answer.read(_MOST_REPLY), _seconds(answer.getheader("Retry-After")))
        if late.is_set():  # half a reply looks like a whole one to the reader
            raise TimeoutError
        return reply
    finally:
        over.cancel()
        connection.close()


def _cut(sock: socket.socket | None, late: threading.Event) -> None:
    late.set()
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _seconds(said: str | None) -> int | None:
    return min(int(said), 24 * 3600) if said and said.isascii() and said.isdigit() and len(said) < 10 else None


def _named(fault: BaseException) -> str:
    """A fault of the network in few words; never the address, which holds the key."""
    return f"{type(fault).__name__}: {getattr(fault, 'strerror', None) or ''}".rstrip(": ")[:200]


Judge = Callable[[Mapping[str, Any]], tuple[Outcome, str]]


def deliver(
    channel: str, url: str, body: bytes, headers: Mapping[str, str], means: Means, judge: Judge | None,
    unreachable: Outcome = "sender_fault", public: bool = False,
) -> Delivered:  # fmt: skip
    """Post a letter and say what came of it: first by the status, then by what ``judge`` reads in the JSON answered.

    ``judge`` is ``None`` where the status alone speaks. ``unreachable`` says whose fault a missing connection is;
    ``public`` is as in ``post``.
    """
    try:
        reply = post(url, body, headers, means.seconds, public)
    except Unreachable as fault:
        return Delivered(channel, unreachable, str(fault))
    except (OSError, http.client.HTTPException) as fault:
        return Delivered(channel, "deferred", _named(fault))
    if not 200 <= reply.status < 300:
        outcome = _of_status(reply.status)
        return Delivered(channel, outcome, _told(str(reply.status), reply.body), _wait(outcome, reply))
    if judge is None:
        return Delivered(channel, "delivered", str(reply.status))
    said = _object(reply.body)
    if said is None:
        return Delivered(channel, "deferred", _told(f"{reply.status}, no JSON object:", reply.body))
    outcome, words = judge(said)
    return Delivered(channel, outcome, words[:400], _wait(outcome, reply))


def _wait(outcome: Outcome, reply: Reply) -> int | None:
    return reply.wait_seconds or (_WAIT if reply.status == 429 else None) if outcome == "deferred" else None


def _of_status(status: int) -> Outcome:
    if status in (408, 425, 429) or status >= 500:
        return "deferred"
    if 300 <= status < 400 or status in (401, 403, 404, 410):
        return "refused"  # moved away, gone, or its key is wrong: whoever entered the address must look at it
    return "sender_fault"


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _told(first: str, body: bytes) -> str:
    words = " ".join(body.decode("utf-8", "replace").split())
    return f"{first} {''.join(sign for sign in words if sign.isprintable())}".strip()[:400]


def as_json(value: Mapping[str, Any]) -> bytes:
    """A body as UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


JSON_BODY: Mapping[str, str] = {"Content-Type": "application/json; charset=utf-8"}


def fitting(letter: Letter, most: int) -> str:
    """Subject and text in at most ``most`` bytes of UTF-8; too long a text loses lines before its last three, which
    hold the links."""
    lines = letter.text.strip().split("\n")
    body, tail = lines[:-3], lines[-3:]
    while body and len("\n".join([letter.subject, *body, "…", *tail]).encode()) > most:
        body.pop()
    cut = len(body) + 3 < len(lines)
    text = "\n".join([letter.subject, *body, *(["…"] if cut else []), *tail])
    return text if len(text.encode()) <= most else text.encode()[:most].decode("utf-8", "ignore")


def code_of(said: Mapping[str, Any], *names: str) -> int | None:
    """The first whole number under one of ``names``."""
    for name in names:
        value = said.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def masked_query(url: str) -> str:
    """A robot's address as it may be shown: host, and the last four signs of its key."""
    return f"{urlsplit(url).hostname} …{url[-4:]}"
