"""A client of the API for programs in Python: one file, the standard library alone (docs/api.md).

api = Client("https://match.example", key)
for patent in api.rows("/patents", q="鞋底"): ...
done = api.act("/demands", {"title": …, "text": …})
demand = api.look(done.location)
api.act("/demands/5/edit", {…}, match=demand.mark)

A receiver of webhooks checks what came: event = verified(secret, request.headers, request.body)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

__all__ = ["Client", "Done", "Event", "Forged", "Looked", "Problem", "verified"]
_ROOT = "/api/v1"
_AGAIN = (429, 503)  # answered with Retry-After: the same call may be sent once more
_LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a body or a query that does not fit: ``/field`` or ``?/name``."""

    pointer: str
    code: str
    detail: str


class Problem(Exception):
    """What the API refused: HTTP ``status``, stable ``code``, the sentence ``detail``, and the ``places``."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        self.status, self.code = status, str(told.get("code", ""))
        self.detail = str(told.get("detail", ""))
        self.places = tuple(
            Place(str(each.get("pointer", "")), str(each.get("code", "")), str(each.get("detail", "")))
            for each in told.get("errors", ())
        )
        super().__init__(f"{status} {self.code}: {self.detail}")


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing as it was read; ``mark`` is its ETag, which a change is given as ``match``."""

    body: Any
    mark: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act: numbers of the record it led to, where the API shows it, what the page would say."""

    record: Mapping[str, Any]
    location: str
    notices: tuple[str, ...]


class Client:
    """Calls one installation by one key. ``language``: of sentences, zh or en; ``tries``: of a call that is busy.

    Raises ``ValueError`` for an address that is neither http nor https.
    """

    def __init__(self, address: str, key: str, language: str = "zh", tries: int = 3, seconds: float = 60.0) -> None:
        if urlsplit(address).scheme not in ("http", "https"):
            raise ValueError(f"an address begins with http:// or https://, not {address!r}")
        self._root, self._tries, self._seconds = address.rstrip("/") + _ROOT, max(1, tries), seconds
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}

    def look(self, path: str, **query: object) -> Looked:
        """One thing. Raises ``Problem``, and ``OSError`` when nobody answers."""
        text, headers = self._call("GET", path, query=query)
        return Looked(json.loads(text), headers.get("ETag", ""))

    def rows(self, path: str, **query: object) -> Iterator[dict[str, Any]]:
        """Every row of a list, fetched piece by piece. Raises as ``look``."""
        cursor = ""
        while True:
            piece = self.look(path, **query, **({"cursor": cursor} if cursor else {})).body
            yield from piece["items"]
            cursor = piece["next"] or ""
            if not cursor:
                return

    def act(self, path: str, body: Mapping[str, Any] | None = None, *, match: str = "", once: str = "") -> Done:
        """Do one act, once however often it must be sent: under the key ``once``, or a new one. Raises as ``look``."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": once or secrets.token_urlsafe(18)}
        if match:
            headers["If-Match"] = match
        text, _ = self._call("POST", path, json.dumps(body or {}, ensure_ascii=False).encode(), headers)
        told = json.loads(text)
        return Done(told["record"] or {}, told["location"] or "", tuple(each["text"] for each in told["notices"]))

    def _call(
        self, method: str, path: str, data: bytes | None = None, headers: Mapping[str, str] = {},
        query: Mapping[str, object] = {},
    ) -> tuple[bytes, Mapping[str, str]]:  # fmt: skip
        asked = f"?{urlencode(query)}" if query else ""
        address = self._root + path.removeprefix(_ROOT) + asked
        for left in range(self._tries - 1, -1, -1):
            request = Request(address, data, {**self._headers, **headers}, method=method)
            try:
                answer: HTTPResponse
                with urlopen(request, timeout=self._seconds) as answer:  # nosec B310 - http or https, seen to when it was made
                    return answer.read(), dict(answer.headers.items())
            except HTTPError as refused:
                with refused:
                    if refused.code not in _AGAIN or not left:
                        raise Problem(refused.code, _told(refused.read())) from None
                    time.sleep(min(_LONGEST_WAIT, float(refused.headers.get("Retry-After") or 1)))
        raise AssertionError("unreachable: the last try answers or raises")


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


class Forged(ValueError):
    """A post that was not signed with the secret, was changed on its way, or is too old."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a webhook tells. ``id`` stays the same when an event is posted again: take each once.

    ``kind`` is message, deal, licence, push or registration; ``subject`` kind and number of what it is about; ``at``
    when it came about (ISO 8601); ``sentence`` says it by language, zh and en.
    """

    id: str
    kind: str
    at: str
    subject: tuple[str, int]
    sentence: Mapping[str, str]


def verified(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None, seconds: float = 300.0
) -> Event:
    """The event of a post, whose signature holds and is at most ``seconds`` off ``now``; raises ``Forged``.

    ``body`` is what came, byte for byte. Names of ``headers`` are read in any case.
    """
    plain = {name.lower(): value for name, value in headers.items()}
    stamp, signature = plain.get("x-matchhub-timestamp", ""), plain.get("x-matchhub-signature", "")
    right = "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), signature.encode()):
        raise Forged("the signature does not fit")
    if not stamp.isascii() or not stamp.isdigit() or abs((time.time() if now is None else now) - int(stamp)) > seconds:
        raise Forged("the post is too old, or from a clock that is off")
    said = _told(body)
    try:
        subject = str(said["subject"]["kind"]), int(said["subject"]["id"])
        return Event(str(said["id"]), str(said["kind"]), str(said["at"]), subject, dict(said["sentence"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise Forged("what was signed is no event") from fault
