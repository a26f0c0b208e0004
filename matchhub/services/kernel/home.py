"""The folder of an installation: made for its user alone, or refused in words where it cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

from matchhub.errors import SettingInvalid

# What every start reads and writes; one of them left by another user stops the start as the folder itself would.
_FILES = ("secret_key", "settings.env", "matchhub.db", "matchhub.db-wal", "matchhub.db-shm")


def keep_private() -> None:
    """Files and folders that this process makes from now on are its user's alone (0600 and 0700)."""
    os.umask(0o077)


def require_usable(home: Path) -> None:
    """Make the folder where it is missing, and see that this user can read and write in it.

    Raises ``SettingInvalid``: ``home_no_folder`` (a file is in the way), ``home_not_made`` (data ``reason``), or
    ``home_not_writable`` (data ``place``: the folder or a file in it that belongs to somebody else or to a disk that
    is only read).
    """
    # ``os.path`` and not ``Path.exists``, which raises where a folder above may not be entered.
    if blocked := next((each for each in (home, *home.parents) if _is_file(each)), None):
        raise SettingInvalid("home_no_folder", home=str(home), place=str(blocked))
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise SettingInvalid("home_not_made", home=str(home), reason=fault.strerror or "") from fault
    for place in (home, *(home / name for name in _FILES)):
        needed = os.R_OK | os.W_OK | (os.X_OK if place == home else 0)
        if os.path.exists(place) and not os.access(place, needed):
            raise SettingInvalid("home_not_writable", home=str(home), place=str(place))


def _is_file(place: Path) -> bool:
    return os.path.exists(place) and not os.path.isdir(place)
