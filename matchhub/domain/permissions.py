"""Who may do what: roles and acts, read from the one table ``permissions.toml`` beside this file.

An act is ``subject.verb`` (``demand.post``); the table names the roles that may do it. Everything that judges a person
asks ``may``; nothing compares roles. The law behind it is Patent Law art. 79 (the bureau's role reads and confirms, it
never pushes) and the rule that money rows need two people of two organisations (DOMAIN.md 4).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, get_args

from matchhub.domain.organisations import OrganisationKind

# The two actors without an account; the table cannot give or take anything from them.
VISITOR: Final = "visitor"
SYSTEM: Final = "system"
_EVERYBODY, _SIGNED_IN = "everybody", "signed in"
_NAME = re.compile(r"[a-z]+(_[a-z]+)*")


class TableInvalid(ValueError):
    """The table of permissions contradicts itself; the message names the line."""


class UnknownAct(KeyError):
    """Code asks for an act that the table does not hold."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role: kind of organisation it acts for, page it lands on, whether it registers itself, is added by hand."""

    name: str
    organisation: OrganisationKind
    landing: str
    registers: bool = False
    appointed: bool = True


@dataclass(frozen=True, slots=True)
class Permissions:
    """The table as read: ``roles`` in the order shown, ``acts`` with the roles that may do them, and ``unconfirmed``:
    the acts, beside a visitor's, of an account for whose organisation nobody has confirmed that it speaks."""

    roles: Mapping[str, Role]
    acts: Mapping[str, frozenset[str]]
    unconfirmed: frozenset[str] = frozenset()

    def roles_of(self, act: str) -> frozenset[str]:
        """Roles that may do ``act``, the visitor among them where it is open to everybody; raises ``UnknownAct``."""
        if act not in self.acts:
            raise UnknownAct(act)
        return self.acts[act]

    def may(self, role: str, act: str) -> bool:
        """Whether ``role`` may do ``act``; the system may do everything the table holds. Raises ``UnknownAct``."""
        return role in self.roles_of(act) or role == SYSTEM

    def may_unconfirmed(self, role: str, act: str) -> bool:
        """Whether an account of ``role`` may do ``act`` before its confirmation. Raises ``UnknownAct``."""
        return self.may(role, act) and (self.may(VISITOR, act) or act in self.unconfirmed)


def read_permissions(text: str) -> Permissions:
    """Read a table of permissions; raises ``TableInvalid`` where it names what it does not define."""
    data = tomllib.loads(text)
    roles = {name: _role(name, said) for name, said in data["roles"].items()}
    kinds = [role.organisation for role in roles.values() if role.registers]
    if not kinds or len(kinds) > len(set(kinds)):
        raise TableInvalid("of at least one kind of organisation, one role must register itself")
    acts = {act: _granted(act, names, roles) for act, names in _flat(data["acts"])}
    unconfirmed = frozenset(data.get("unconfirmed", {}).get("acts", ()))
    if unknown := unconfirmed - acts.keys():
        raise TableInvalid(f"unconfirmed: no such acts {sorted(unknown)}")
    return Permissions(roles, acts, unconfirmed)


def _role(name: str, said: Mapping[str, Any]) -> Role:
    kind = said["organisation"]
    if name in (VISITOR, SYSTEM) or not _NAME.fullmatch(name):
        raise TableInvalid(f"no role may be called {name}")
    if kind not in get_args(OrganisationKind):
        raise TableInvalid(f"{name}: unknown kind of organisation {kind}")
    registers = said.get("registers", False)
    return Role(name, kind, said["landing"], registers, said.get("appointed", not registers))


def _flat(acts: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    for subject, verbs in acts.items():
        if not isinstance(verbs, dict):
            raise TableInvalid(f"{subject}: an act is called subject.verb")
        for verb, names in verbs.items():
            if not isinstance(names, list):
                raise TableInvalid(f"{subject}.{verb}: an act is called subject.verb and lists its roles")
            yield f"{subject}.{verb}", names


def _granted(act: str, names: list[str], roles: Mapping[str, Role]) -> frozenset[str]:
    if names == [_EVERYBODY]:
        return frozenset({VISITOR, *roles})
    if names == [_SIGNED_IN]:
        return frozenset(roles)
    if unknown := set(names) - set(roles):
        raise TableInvalid(f"{act}: unknown roles {sorted(unknown)}")
    if not names or len(set(names)) < len(names):
        raise TableInvalid(f"{act}: name each role once, and at least one")
    return frozenset(names)


@cache
def permissions() -> Permissions:
    """The table in force."""
    return read_permissions(files("matchhub.domain").joinpath("permissions.toml").read_text(encoding="utf-8"))


def role_names() -> tuple[str, ...]:
    """Every role that an account may have, in the order shown."""
    return tuple(permissions().roles)


def registering_role(kind: OrganisationKind) -> str:
    """The role of an account of an organisation of that kind that registers itself."""
    return next(role.name for role in permissions().roles.values() if role.registers and role.organisation == kind)


def appointed_roles() -> tuple[str, ...]:
    """Roles whose accounts are added by hand: all that do not register themselves, and those that do either."""
    return tuple(role.name for role in permissions().roles.values() if role.appointed)
