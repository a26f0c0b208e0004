"""Building a package: read in one state of the base, written whole or not at all, its digest put into the log."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from matchhub.dossier.packing import Packed, pack
from matchhub.errors import Refusal
from matchhub.services.claim.freezing import freeze
from matchhub.services.claim.package import Step, Wish, package_facts
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor


class PackageUnwritable(Refusal):
    """The file of a package cannot be written."""

    code = "package_unwritable"


@dataclass(frozen=True, slots=True)
class Built:
    """A package on disk: number of files, bytes, digests of zip and manifest, number of the claim that froze it."""

    files: int
    size: int
    sha256: str
    root: str
    claim: int


def build(
    runtime: Runtime, wish: Wish, out: Path, *, step: Step, actor: Actor = SYSTEM, claim: int | None = None
) -> Built:
    """Build the package that ``wish`` asks for into ``out``, readable by its owner alone, and freeze it.

    ``claim`` is the order that asked for it, if there is one. Raises ``NotAllowed``, ``NotFound("goal_unknown")``,
    ``FontMissing``, ``PackageUnwritable``.
    """
    with runtime.unit(actor, write=False) as unit:
        facts = package_facts(unit, wish, runtime.settings.checkpoints, step)
        made = pack(unit, facts, runtime.settings.operator, step)
    _write(out, made)
    with runtime.unit(actor) as unit:
        number = freeze(unit, facts, made.root, made.sha256, len(made.content), made.files, claim)
    return Built(made.files, len(made.content), made.sha256, made.root, number)


def _write(out: Path, made: Packed) -> None:
    part = out.with_name(f"{out.name}.{secrets.token_hex(4)}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.content)
        part.replace(out)
    except OSError as fault:
        with suppress(OSError):
            part.unlink()
        raise PackageUnwritable(file=str(out)) from fault
