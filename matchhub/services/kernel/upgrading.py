"""A backup before every upgrade: what a new version makes of the tables can be taken back by ``matchhub restore``."""

from __future__ import annotations

import logging
from pathlib import Path

from matchhub.services.kernel.backup import make_backup
from matchhub.services.kernel.runtime import Runtime, newest_schema

log = logging.getLogger("matchhub.upgrade")


def backup_before_upgrade(runtime: Runtime) -> Path:
    """Write a backup of a base of an older schema beside the nightly ones, which no plan deletes; returns the file.

    Raises ``FileRefused`` where none can be made, so that nothing is upgraded that could not be put back.
    """
    folder = runtime.settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    moment = runtime.clock().strftime("%Y%m%dT%H%M%S")
    file = folder / f"before-{newest_schema()}-{moment}.tar"
    made = make_backup(runtime, file)
    log.warning("upgrading to schema %s: backup %s, %s bytes", newest_schema(), file, made["bytes"])
    return file
