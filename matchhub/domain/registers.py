"""Registers (专利登记簿、公报) that a patent's page leads to by number, as ``registers.toml`` names them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Register:
    """One register: the key of its name (label group ``register``) and the template of its address."""

    key: str
    address: str


@dataclass(frozen=True, slots=True)
class RegisterLink:
    """Where one patent is found in a register; ``by_number`` False: the search page, the number is typed there."""

    key: str
    address: str
    by_number: bool


@lru_cache(maxsize=1)
def registers() -> tuple[Register, ...]:
    """Every register, in the order of the file."""
    text = resources.files("matchhub.domain").joinpath("registers.toml").read_text(encoding="utf-8")
    return tuple(Register(each["key"], each["address"]) for each in tomllib.loads(text)["registers"])


def register_links(
    application: str | None, publication: str | None, known: Iterable[Register] | None = None
) -> tuple[RegisterLink, ...]:
    """Addresses of a patent in the registers; those that need a number it lacks are left out."""
    numbers = {"application": (application or "").replace(".", ""), "publication": publication or ""}
    links = []
    for each in registers() if known is None else known:
        needed = [name for name in numbers if f"{{{name}}}" in each.address]
        if all(numbers[name] for name in needed):
            address = each.address
            for name in needed:
                address = address.replace(f"{{{name}}}", quote(numbers[name], safe=""))
            links.append(RegisterLink(each.key, address, bool(needed)))
    return tuple(links)
