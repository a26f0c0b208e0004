"""Packages on record: asked for by a person, built by the worker, downloaded, handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Claim, LogEntry
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.names import account_names
from matchhub.services.accounts.sessions import actor_of_account
from matchhub.services.claim.freezing import FROZEN, new_claim
from matchhub.services.claim.package import Wish, goal_of
from matchhub.services.counting.counts import question
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.jobs import last_seen
from matchhub.services.kernel.payloads import said_in
from matchhub.services.kernel.unit import Actor, Unit
from matchhub.services.kernel.whole_files import is_whole

FOLDER = "dossiers"
STEPS = ("ledgers", "samples", "evidence", "workbooks", "report", "packing")
QUIET = timedelta(minutes=2)  # as readiness has it
_LONGEST_NOTE = 500
_FROZEN = ("goal", "as_of", "root", "sha256", "unmasked")

_PUT_IN = ("sample.read", "log.read")  # acts of whoever builds that decide what a package holds


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One package as a page shows it; ``step`` of ``STEPS`` while it is built."""

    id: int
    goal: str
    policy: str
    as_of_on: date
    unmasked: bool
    state: str
    failure: str
    asked_at: datetime
    asked_by: str
    built_at: datetime | None
    entry_id: int | None
    root: str
    sha256: str
    size: int
    files: int
    handed_in_on: date | None
    handed_in_by: str
    note: str
    step: str


def ask_package(unit: Unit, wish: Wish) -> int:
    """Ask the worker for a package; one of the same wish that waits already is it. Returns its number.

    Raises ``NotAllowed``, ``NotFound("goal_unknown")``, ``Refusal("claim_day_to_come")``.
    """
    unit.require("claim.build")
    if wish.unmasked:
        unit.require("claim.unmask")
    if wish.as_of is not None and wish.as_of > unit.today:
        raise Refusal("claim_day_to_come", day=wish.as_of)
    asked = question(unit, wish.as_of)
    goal = goal_of(unit, asked, wish.goal).goal.key
    same = select(Claim.id).where(
        Claim.goal == goal, Claim.as_of_on == asked.as_of, Claim.unmasked == wish.unmasked,
        Claim.policy == asked.pack.key,
        Claim.state.in_(("waiting", "running")), Claim.recorded_by == unit.actor.account_id,
    )  # fmt: skip
    if (known := unit.session.execute(same).scalars().first()) is not None:
        return known
    row = new_claim(unit, goal, asked.pack.key, asked.as_of, wish.unmasked, "waiting")
    append_event(unit, "claim.asked", "claims", row.id, goal=goal, as_of=asked.as_of, unmasked=wish.unmasked)
    return row.id


def waiting_claims(unit: Unit) -> list[int]:
    """Numbers of the packages that wait, and of those that a dead process left."""
    chosen = select(Claim.id).where(Claim.state.in_(("waiting", "running"))).order_by(Claim.id)
    return list(unit.session.execute(chosen).scalars())


def lacks_worker(unit: Unit) -> bool:
    """Whether no worker gave a sign of life lately, so that what waits goes on waiting."""
    seen = last_seen(unit)
    return seen is None or seen > QUIET


def begin_claim(unit: Unit, claim_id: int) -> tuple[Wish, Actor] | None:
    """Take a package over, with who asked for it; None when it does not wait any more."""
    row = unit.session.get(Claim, claim_id, with_for_update=True)
    if row is None or row.state not in ("waiting", "running"):
        return None
    actor = actor_of_account(unit, row.recorded_by or 0)
    if actor is None:  # an account that was disabled meanwhile builds nothing
        fail_claim(unit, claim_id, "claim_failed")
        return None
    row.state = "running"
    return Wish(row.goal, row.as_of_on, row.unmasked), actor


def fail_claim(unit: Unit, claim_id: int, code: str) -> None:
    """Say what stopped a package."""
    row = unit.session.get(Claim, claim_id)
    assert row is not None
    row.state, row.failure = "failed", code
    append_event(unit, "claim.failed", "claims", claim_id, code=code)


def hand_in(unit: Unit, claim_id: int, on: date, note: str) -> None:
    """Note that a package was handed in, once.

    Raises ``NotFound("claim_not_found")``, ``Conflict`` ``claim_not_built``, ``claim_handed_in``,
    ``package_damaged``, ``Refusal`` ``claim_day_to_come``, ``claim_day_before``.
    """
    unit.require("claim.hand_in")
    row = _row(unit, claim_id)
    if row.built_at is None:
        raise Conflict("claim_not_built")
    if row.handed_in_on is not None:
        raise Conflict("claim_handed_in", day=row.handed_in_on)
    file = place_of(unit.home, claim_id)
    built_here = file.is_file()  # one that was built elsewhere is not kept here
    if not _is_frozen(unit, row) or (built_here and not is_whole(file, row.sha256 or "")):
        raise Conflict("package_damaged", id=claim_id)
    if on > unit.today:
        raise Refusal("claim_day_to_come", day=on)
    if on < unit.day_of(row.built_at):
        raise Refusal("claim_day_before", day=unit.day_of(row.built_at))
    row.handed_in_on, row.handed_in_at, row.handed_in_by = on, unit.now, unit.actor.account_id
    row.note = note.strip()[:_LONGEST_NOTE] or None
    append_event(unit, "claim.handed_in", "claims", claim_id, day=on, root=row.root)


def list_claims(unit: Unit) -> list[ClaimView]:
    """All packages, the newest first."""
    unit.require("claim.read")
    return _views(unit, list(unit.session.execute(select(Claim).order_by(Claim.id.desc())).scalars()))


def claim_view(unit: Unit, claim_id: int) -> ClaimView:
    """One package; ``NotFound("claim_not_found")``."""
    unit.require("claim.read")
    return _views(unit, [_row(unit, claim_id)])[0]


def package_file(unit: Unit, claim_id: int) -> Path:
    """The zip of a package in the home, to be handed to the actor.

    Raises ``NotFound`` where there is none, ``Conflict("package_damaged")`` for one that is not what was built,
    ``NotAllowed`` for one that holds what the actor may not see: persons, or, built by somebody who sees more, the
    records drawn for a spot check and entries of the log about accounts.
    """
    file = built_file(unit, claim_id)
    builder = actor_of_account(unit, _row(unit, claim_id).recorded_by or 0)  # None: unknown or disabled by now
    if any((builder is None or builder.may(act)) and not unit.may(act) for act in _PUT_IN):
        raise NotAllowed(role=unit.actor.role)
    return file


def built_file(unit: Unit, claim_id: int) -> Path:
    """The zip of a package as it was built, which this platform reads again.

    Raises ``NotFound``, ``NotAllowed`` for one with persons, ``Conflict("package_damaged")``.
    """
    unit.require("claim.read")
    row = _row(unit, claim_id)
    if row.unmasked and not unit.may("claim.unmask"):
        raise NotAllowed(role=unit.actor.role)
    file = place_of(unit.home, claim_id)
    if row.built_at is None or not file.is_file():
        raise NotFound("package_not_found", id=claim_id)
    if not _is_frozen(unit, row) or not is_whole(file, row.sha256 or ""):
        raise Conflict("package_damaged", id=claim_id)
    return file


def rules_of(unit: Unit, claim_id: int) -> str:
    """SHA-256 of the rule pack that a package was built by, as the log has it; "" where it says nothing."""
    unit.require("claim.read")
    return str(_said_when_frozen(unit, claim_id).get("policy_digest", ""))


def _is_frozen(unit: Unit, row: Claim) -> bool:
    """Whether the log says of a package what its row says: the row alone could be changed together with the file."""
    told = _said_when_frozen(unit, row.id)
    own = row.goal, row.as_of_on.isoformat(), row.root, row.sha256, row.unmasked
    return tuple(told.get(name) for name in _FROZEN) == own


def _said_when_frozen(unit: Unit, claim_id: int) -> dict[str, Any]:
    chosen = select(LogEntry.payload).where(
        LogEntry.verb == FROZEN, LogEntry.subject_kind == "claims", LogEntry.subject_id == claim_id
    )
    payload = unit.session.execute(chosen.order_by(LogEntry.id.desc()).limit(1)).scalar()
    return said_in(payload) if payload else {}


def place_of(home: Path, claim_id: int) -> Path:
    """Where the zip of a package lies; beside it, while it is built, a file that tells the step."""
    return home / FOLDER / f"{claim_id}.zip"


def tell_step(home: Path, claim_id: int, step: str) -> None:
    """Note how far a package is, for the page that waits for it; "" when nothing goes on."""
    file = place_of(home, claim_id).with_suffix(".step")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if step:
        file.write_text(step, "ascii")
    else:
        file.unlink(missing_ok=True)


def _step(home: Path, claim_id: int) -> str:
    try:
        said = place_of(home, claim_id).with_suffix(".step").read_text("ascii")
    except OSError:
        return ""
    return said if said in STEPS else ""


def _row(unit: Unit, claim_id: int) -> Claim:
    row = unit.session.get(Claim, claim_id)
    if row is None:
        raise NotFound("claim_not_found", id=claim_id)
    return row


def _views(unit: Unit, rows: list[Claim]) -> list[ClaimView]:
    names = account_names(unit, [each for row in rows for each in (row.recorded_by, row.handed_in_by)])
    return [
        ClaimView(
            id=row.id,
            goal=row.goal,
            policy=row.policy,
            as_of_on=row.as_of_on,
            unmasked=row.unmasked,
            state=row.state,
            failure=row.failure or "",
            asked_at=row.recorded_at,
            asked_by=names.get(row.recorded_by or 0, ""),
            built_at=row.built_at,
            entry_id=row.entry_id,
            root=row.root or "",
            sha256=row.sha256 or "",
            size=row.size or 0,
            files=row.files or 0,
            handed_in_on=row.handed_in_on,
            handed_in_by=names.get(row.handed_in_by or 0, ""),
            note=row.note or "",
            step=_step(unit.home, row.id) if row.state == "running" else "",
        )
        for row in rows
    ]
