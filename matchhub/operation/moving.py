"""``matchhub move``: the whole base carried to another engine, audited before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matchhub.errors import Conflict
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.carrying import carry_base
from matchhub.services.kernel.event_log import end_of_chain
from matchhub.services.kernel.running import require_stopped
from matchhub.services.kernel.runtime import Runtime, open_runtime


def move_base(runtime: Runtime, target_url: str) -> dict[str, Any]:
    """Carry every row to an empty database; evidence and all other files stay in the home, which serves it next.

    ``{"tables", "rows", "chain": {"entries", "head"}}``. Raises ``SettingInvalid`` for a wrong address, ``Conflict``:
    ``still_running``, ``move_same``, ``move_audit_failed`` (data ``found``) and what ``carry_base`` raises; the target
    is as empty as before then.
    """
    if target_url == runtime.settings.database_url:
        raise Conflict("move_same")
    require_stopped(runtime.home)
    before = _audited(runtime)
    target, _ = open_runtime(replace(runtime.settings, database_url=target_url), create=False)
    target.clock = runtime.clock
    try:
        carried = carry_base(runtime.engine, target.engine)
        after = _audited(target)
    finally:
        target.close()
    if after != before:
        raise Conflict("move_rows_differ", table="event_log")
    return {"tables": carried.tables, "rows": carried.rows, "chain": before}


def _audited(runtime: Runtime) -> dict[str, Any]:
    """The end of the chain of a base that passes its audit: chain, bound rows, rule pack and evidence files."""
    with runtime.unit(write=False) as unit:
        found = audit_base(unit)
        if not found.valid:
            raise Conflict("move_audit_failed", found=found.code)
        end = end_of_chain(unit)
    return {"entries": end.entries, "head": end.last_hash}
