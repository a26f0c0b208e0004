"""The numbers of the law as dated packs: one TOML file per measure, named by its key.

``load_pack`` reads and checks one; a successor measure or another city's is a new file beside it, not new code.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import lru_cache
from importlib import resources

from matchhub.domain.rules import RulePack
from matchhub.errors import SettingInvalid
from matchhub.policy.reading import pack_of

_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")


def pack_keys() -> tuple[str, ...]:
    """Keys of the packs that ship, in order."""
    folder = resources.files(__name__)
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


@lru_cache(maxsize=8)
def load_pack(key: str) -> RulePack:
    """The rule pack ``key``, checked, with the SHA-256 of its file as ``digest``.

    Raises ``SettingInvalid`` with code ``policy_unknown`` (no such pack; data ``known``) or ``policy_invalid``.
    """
    known = pack_keys()
    if not _KEY.fullmatch(key) or key not in known:
        raise SettingInvalid("policy_unknown", policy=key, known=", ".join(known))
    return read_pack(key, (resources.files(__name__) / f"{key}.toml").read_bytes())


def pack_text(key: str) -> str:
    """The file of the pack ``key`` as it is written; raises as ``load_pack`` does."""
    load_pack(key)
    return (resources.files(__name__) / f"{key}.toml").read_text("utf-8")


def read_pack(key: str, content: bytes) -> RulePack:
    """The pack written in ``content``; ``SettingInvalid`` ``policy_invalid`` (data ``where``, ``fault``) when wrong."""
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except ValueError as fault:
        raise SettingInvalid("policy_invalid", policy=key, where="file", fault=str(fault)) from fault
    return pack_of(key, raw, hashlib.sha256(content).hexdigest())
