"""Where packs lie: in ``packs`` of the home, then in the package; each a file ``KEY.toml`` or a folder ``KEY``.

A pack may take whole tables from another one (``extends``): what it writes itself stands in the place of the other's.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from matchhub.errors import SettingInvalid
from matchhub.policy.places import line_of, line_said, lines_of
from matchhub.policy.section import PackFault

FOLDER = "packs"  # in the home
_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_OWN = ("key", "title_zh", "title_en", "document", "extends")  # never taken from another pack
_DEEPEST = 5


class PackInvalid(SettingInvalid):
    """A pack that cannot be read: code of the fault, with policy, file, line and place."""

    code = "pack_unreadable"


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its name and what it holds."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What files say together: the tables, where each stands (file and line by path), and the digest of all of it."""

    raw: dict[str, Any]
    places: dict[str, tuple[str, dict[str, int]]]
    digest: str
    text: str

    def refusal(self, policy: str, fault: PackFault) -> PackInvalid:
        """The refusal of a fault with its file and line."""
        top = re.split(r"[.\[]", fault.where, maxsplit=1)[0]
        file, lines = self.places.get(top) or next(iter(self.places.values()), ("", {}))
        return PackInvalid(
            fault.code,
            policy=policy,
            file=file,
            line=line_of(fault.where, lines),
            where=fault.where or "—",
            **fault.data,
        )


def pack_keys(home: Path | None = None) -> tuple[str, ...]:
    """Keys of the packs that can be asked, in order."""
    return tuple(sorted({key for place in shelves(home) for key in _keys_in(place)}))


def files_of(key: str, home: Path | None = None) -> tuple[PackFile, ...]:
    """The files of a pack; ``SettingInvalid`` ``policy_unknown`` (data ``known``) when there is none of that key."""
    if _KEY.fullmatch(key):
        for place in shelves(home):
            if (file := place / f"{key}.toml").is_file():
                return (PackFile(file.name, file.read_bytes()),)
            if (folder := place / key).is_dir() and (found := _in_folder(folder)):
                return found
    raise SettingInvalid("policy_unknown", policy=key, known=", ".join(pack_keys(home)))


def shelves(home: Path | None) -> list[Traversable]:
    """The folders that packs lie in: the home's own first, then the one shipped with the package."""
    shipped = resources.files("matchhub.policy")
    own = home / FOLDER if home is not None else None
    return [own, shipped] if own is not None and own.is_dir() else [shipped]


def _keys_in(place: Traversable) -> list[str]:
    found = []
    for each in place.iterdir():
        key = each.name.removesuffix(".toml")
        if _KEY.fullmatch(key) and ((each.name != key and each.is_file()) or (each.is_dir() and _in_folder(each))):
            found.append(key)
    return found


def _in_folder(folder: Traversable) -> tuple[PackFile, ...]:
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(PackFile(f"{folder.name}/{each.name}", each.read_bytes()) for each in files)


def written(key: str, files: tuple[PackFile, ...], home: Path | None = None, deep: int = 0) -> Written:
    """What the files of a pack say, with what it takes from another one; ``PackInvalid``."""
    raw: dict[str, Any] = {}
    places: dict[str, tuple[str, dict[str, int]]] = {}
    for file in files:
        said, lines = _parsed(key, file)
        for name, value in said.items():
            if name in raw:
                raise PackInvalid(
                    "pack_twice", policy=key, file=file.name, line=line_of(name, lines), where=name, value=name
                )
            raw[name], places[name] = value, (file.name, lines)
    digest = hashlib.sha256(b"".join(file.content for file in files)).hexdigest()
    text = "\n".join(file.content.decode("utf-8") for file in files)
    if "extends" not in raw:
        return Written(raw, places, digest, text)
    own = Written(raw, places, digest, text)
    base_key = raw.pop("extends")
    if not isinstance(base_key, str) or deep >= _DEEPEST or base_key == key or base_key not in pack_keys(home):
        raise own.refusal(key, PackFault("pack_base_unknown", "extends", value=str(base_key)[:60]))
    base = written(base_key, files_of(base_key, home), home, deep + 1)
    taken = {name: value for name, value in base.raw.items() if name not in _OWN and name not in raw}
    return Written(
        raw | taken,
        places | {name: base.places[name] for name in taken},
        hashlib.sha256(f"{digest} {base.digest}".encode()).hexdigest(),
        f"{text}\n# --- {base_key} ---\n{base.text}",
    )


def pack_chain(key: str, home: Path | None = None) -> tuple[tuple[PackFile, ...], ...]:
    """The files of a pack, then those of the pack it takes tables from, and so on; raises as ``files_of`` does."""
    files = files_of(key, home)
    bases = (_parsed(key, file)[0].get("extends") for file in files)
    base = next((each for each in bases if each), None)
    return (files, *(pack_chain(base, home) if base else ()))


def _parsed(key: str, file: PackFile) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        text = file.content.decode("utf-8")
        return tomllib.loads(text), lines_of(text)
    except ValueError as fault:
        raise PackInvalid(
            "pack_unreadable",
            policy=key,
            file=file.name,
            line=line_said(str(fault)),
            where="file",
            said=str(fault)[:200],
        ) from fault
