"""An act happens once: the key that came with a form or a call is kept in the transaction of its act (PROMISES.md P6).

Whoever sends the same again is answered the same; whoever sends it at the same moment waits for the first. The answer
is sealed with the installation's secret, which no copy of the database holds, because a page may show personal data.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from matchhub.db.tables import FormKey
from matchhub.errors import Conflict
from matchhub.services.kernel.unit import Unit

KEPT = timedelta(hours=24)
_SALT = 16  # bytes in front of a sealed answer


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: ``owner`` is the account or the visitor's browser, ``content`` tells the act and what it says."""

    owner: str
    key: str
    content: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How an act was answered. ``notices`` are pairs of kind and sentence."""

    status: int
    headers: Mapping[str, str]
    notices: tuple[tuple[str, str], ...]
    body: str


def kept_answer(unit: Unit, sent: Sent) -> Answer | None:
    """How the act with this key was answered; ``None`` when it was not done yet.

    Raises ``Conflict`` ``form_used_otherwise`` when the same key came with other content, and ``form_done_already``
    when the act was done and its answer was not kept.
    """
    chosen = select(FormKey).where(FormKey.owner == sent.owner, FormKey.key_hash == _hash(sent.key))
    row = unit.session.execute(chosen).scalar()
    if row is None:
        return None
    if not hmac.compare_digest(row.digest, _digest(unit, sent)):
        raise Conflict("form_used_otherwise")
    if row.answer is None:
        raise Conflict("form_done_already")
    kept = json.loads(_masked(unit, sent, row.answer[:_SALT], row.answer[_SALT:]))
    return Answer(kept["status"], kept["headers"], tuple((kind, text) for kind, text in kept["notices"]), kept["body"])


def reserve_key(unit: Unit, sent: Sent) -> Answer | None:
    """Take the key for the act of this unit; the answer when another one with the same key came first.

    On PostgreSQL the insert waits for a transaction that has the key; on SQLite the writers stand in line anyway.
    Raises as ``kept_answer`` does.
    """
    dialect = sqlite if unit.session.get_bind().dialect.name == "sqlite" else postgresql
    taken = (
        dialect.insert(FormKey)
        .values(owner=sent.owner, key_hash=_hash(sent.key), digest=_digest(unit, sent), used_at=unit.now)
        .on_conflict_do_nothing(index_elements=["owner", "key_hash"])
        .returning(FormKey.id)
    )
    if unit.session.execute(taken).scalar() is not None:
        return None
    return kept_answer(unit, sent)


def keep_answer(unit: Unit, sent: Sent, answer: Answer) -> None:
    """Keep the answer beside the key, in the transaction of the act."""
    salt = secrets.token_bytes(_SALT)
    sealed = salt + _masked(unit, sent, salt, json.dumps(asdict(answer), ensure_ascii=False).encode())
    chosen = update(FormKey).where(FormKey.owner == sent.owner, FormKey.key_hash == _hash(sent.key))
    unit.session.execute(chosen.values(answer=sealed))


def forget_keys(unit: Unit) -> int:
    """Forget the keys older than ``KEPT``; returns how many."""
    old = delete(FormKey).where(FormKey.used_at < unit.now - KEPT).returning(FormKey.id)
    return len(unit.session.execute(old).all())


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _digest(unit: Unit, sent: Sent) -> str:
    # With the secret, because a form may hold a password, which a plain digest would let somebody guess.
    return hmac.new(unit.secret.encode(), sent.content.encode(), hashlib.sha256).hexdigest()


def _masked(unit: Unit, sent: Sent, salt: bytes, text: bytes) -> bytes:
    """``text`` with a one-time stream laid over it; doing so twice gives it back."""
    seed = json.dumps([unit.secret, sent.owner, sent.key]).encode() + salt
    stream = hashlib.shake_256(seed).digest(len(text))
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))
