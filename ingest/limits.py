"""Whether this system can limit a process that reads a risky file."""

from __future__ import annotations

from importlib import import_module


def can_limit() -> bool:
    """True where a process may limit its own memory, time and disk (``resource``, on Unix).

    Elsewhere a hostile file is stopped by the time its reader may take, and by that alone.
    """
    try:
        import_module("resource")
    except ImportError:
        return False
    return True
