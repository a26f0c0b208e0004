"""What stays of a package when it is built: a row, and an entry in the log that names the digest of its manifest."""

from __future__ import annotations

from datetime import date

from matchhub.db.tables import Claim
from matchhub.services.claim.package import PackageFacts
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit

FROZEN = "claim.frozen"


def freeze(
    unit: Unit, facts: PackageFacts, root: str, sha256: str, size: int, files: int, claim_id: int | None = None
) -> int:
    """Put a built package on record: its entry in the log names the digest of its manifest. Returns its number."""
    unit.require("claim.build")
    row = unit.session.get(Claim, claim_id) if claim_id is not None else None
    if row is None:
        row = new_claim(unit, facts.goal.goal.key, facts.pack.key, facts.as_of, facts.wish.unmasked, "running")
    row.policy = facts.pack.key  # the one in force may have changed since the package was asked for
    row.built_at = facts.read_at  # what is changed while the files are made is changed since
    row.state, row.root, row.sha256, row.size, row.files = "built", root, sha256, size, files
    last = facts.log.head["last_id"]
    row.entry_id = last if isinstance(last, int) else None
    append_event(
        unit,
        FROZEN,
        "claims",
        row.id,
        goal=row.goal,
        as_of=row.as_of_on,
        policy_digest=facts.pack.digest,
        root=root,
        sha256=sha256,
        last_hash=facts.log.head["last_hash"],
        unmasked=row.unmasked,
        strict={each.threshold.key: each.count.strict for each in facts.goal.thresholds},
    )
    return row.id


def new_claim(unit: Unit, goal: str, policy: str, as_of: date, unmasked: bool, state: str) -> Claim:
    """A new row for a package in this state."""
    row = Claim(
        goal=goal,
        policy=policy,
        as_of_on=as_of,
        unmasked=unmasked,
        state=state,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    return row
