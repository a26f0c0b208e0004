"""Packages that people asked for on the page: built by the worker one after another, kept in the home."""

from __future__ import annotations

import logging

from matchhub.dossier.building import build
from matchhub.errors import Refusal
from matchhub.services.claim.claims import begin_claim, fail_claim, place_of, tell_step, waiting_claims
from matchhub.services.kernel.locks import held
from matchhub.services.kernel.runtime import Runtime

log = logging.getLogger("matchhub.dossier")


def build_waiting(runtime: Runtime) -> int:
    """Build every package that waits, and those a dead process left; returns how many were dealt with here."""
    with runtime.unit(write=False) as unit:
        waiting = waiting_claims(unit)
    return sum(_build_held(runtime, claim) for claim in waiting)


def _build_held(runtime: Runtime, claim: int) -> bool:
    file = place_of(runtime.home, claim)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(file.with_suffix(".lock"), wait=False) as mine:
        if not mine:
            return False
        with runtime.unit() as unit:
            begun = begin_claim(unit, claim)
        if begun is None:
            return False
        wish, actor = begun
        try:
            build(runtime, wish, file, step=lambda step: tell_step(runtime.home, claim, step), actor=actor, claim=claim)
        except Refusal as refusal:
            _fail(runtime, claim, refusal.code)
        except Exception:
            log.exception("package %s failed", claim)
            _fail(runtime, claim, "claim_failed")
    tell_step(runtime.home, claim, "")
    file.with_suffix(".lock").unlink(missing_ok=True)
    return True


def _fail(runtime: Runtime, claim: int, code: str) -> None:
    with runtime.unit() as unit:
        fail_claim(unit, claim, code)
