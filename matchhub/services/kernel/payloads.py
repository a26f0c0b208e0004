"""What an entry of the log says, read so that a forged one cannot keep the rest from being checked."""

from __future__ import annotations

import json
from typing import Any


def said_in(payload: str) -> dict[str, Any]:
    """The values of an entry; none of them when somebody put in its place what is no such text."""
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
